"""Small untrained networks of every sort, for probes to look at."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import torch

from engine.choices import Family
from engine.data.preparation.prepare import prepare_raw
from engine.data.prepared import Prepared
from engine.data.raw import Raw
from engine.data.series.raw import SeriesSet, Timeline
from engine.data.texts.raw import Corpus, TaggedTexts, TextPairs, Texts
from engine.experiment import Experiment
from engine.probes.probe import Probe, Subject
from engine.training.evaluate import evaluating, losses_tensors, predict_tensors
from tests.engine.training.support import CNN, MLP, Ran, assembled, experiment_of

CURVE = {
    "data": {"kind": "function"},
    "task": {"kind": "regression"},
    "training": {"epochs": 2},
}
PLANE = {"data": {"kind": "plane"}, "task": {"kind": "regression"}, "training": {"epochs": 2}}
DIABETES = {
    "data": {"kind": "sample", "name": "diabetes"},
    "task": {"kind": "regression"},
    "training": {"epochs": 2},
}
LINEAR = {**DIABETES, "architecture": {"kind": "linear"}}
IRIS = {
    "data": {"kind": "sample", "name": "iris"},
    "architecture": {"kind": "linear"},
    "training": {"epochs": 2},
}
PLAIN: dict[str, Any] = {"spirals": MLP, "digits": CNN, "curve": CURVE, "plane": PLANE, "diabetes": DIABETES}

FILMS = ("a very good film", "a truly bad film", "good fun", "not good at all", "bad bad bad", "so good") * 6
LABELS = np.array(["good", "bad", "good", "bad", "bad", "good"] * 6)
SENTENCE, TAGS = ("Anna", "lives", "in", "New", "York"), ("B-person", "O", "O", "B-place", "I-place")
RAW: dict[str, Raw] = {
    "texts": Texts(FILMS, LABELS, tuple(str(index) for index in range(len(FILMS)))),
    "tagged": TaggedTexts((SENTENCE, SENTENCE[::-1]) * 12, (TAGS, TAGS[::-1]) * 12, ("",) * 24),
    "pairs": TextPairs(FILMS, tuple(text.replace("good", "bueno") for text in FILMS), ("English", "Spanish")),
    "corpus": Corpus((" ".join(FILMS * 4),), ("book",)),
    "series": SeriesSet(
        tuple(np.sin(np.arange(5 + index % 7, dtype=np.float32)[:, None]) for index in range(36)),
        ("x",),
        LABELS,
        tuple(str(index) for index in range(36)),
    ),
    "timeline": Timeline(
        np.stack([np.sin(np.arange(300) / 5), np.cos(np.arange(300) / 9)], 1).astype(np.float32) * 7 + 3,
        ("load", "heat"),
        ("load",),
        np.array([f"hour {row}" for row in range(300)]),
        history=24,
        horizon=6,
    ),
}
SMALL = {"kind": "transformer_encoder", "width": 16, "heads": 2, "layers": 1}
SEQUENCES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "attention": ("texts", "classification", SMALL),
    "pooled": ("texts", "classification", {"kind": "lstm", "width": 8, "pooling": "attention"}),
    "saliency": ("texts", "classification", {"kind": "embedding_bag"}),
    "tagging": ("tagged", "tagging", {"kind": "lstm", "width": 8}),
    "writing": (
        "corpus",
        "language_modelling",
        {"kind": "transformer_decoder", "width": 16, "heads": 2, "layers": 1},
    ),
    "gaps": ("corpus", "masked_language_modelling", SMALL),
    "translation": ("pairs", "translation", {"kind": "transformer", "width": 16, "heads": 2, "layers": 1}),
    "series": ("series", "classification", {"kind": "gru", "width": 8}),
    "forecast": ("timeline", "forecasting", {"kind": "lstm", "width": 8}),
}


def untrained(case: str) -> Ran:
    sort, task, architecture = SEQUENCES[case]
    experiment: Experiment = experiment_of(
        {
            "task": {"kind": task},
            "architecture": architecture,
            "preprocessing": {"tokenizer": "words", "length": 12},
            "training": {"batch_size": 4},
        }
    )
    prepared: Prepared = prepare_raw(
        RAW[sort], experiment.split, experiment.preprocessing, experiment.task.target, experiment.seed
    )
    return Ran(assembled(experiment, prepared))


@cache
def toy(case: str) -> Ran:
    """Return an untrained network on small data of its sort, made once; nobody may change it."""
    if case in SEQUENCES:
        return untrained(case)
    return Ran(assembled(experiment_of({**PLAIN, "linear": LINEAR, "iris": IRIS}[case])))


TOYS = (*PLAIN, "linear", "iris", *SEQUENCES)

BEYOND = {("filled_gaps", "writing"), ("generated_texts", "gaps")}
"""A network that looks back alone has no place for gaps, nor the other way: views ask for the task."""


def probe_of(kind: str, **settings: Any) -> Any:
    return Family.every["probes"][kind](**settings)


def subject_of(ran: Ran, gradient: torch.Tensor | None = None) -> Subject:
    assembly = ran.assembly
    return Subject(
        data=assembly.prepared,
        network=assembly.model.network,
        device=assembly.device.torch,
        predict=lambda inputs: predict_tensors(assembly.model, inputs),
        losses=lambda inputs, targets: losses_tensors(assembly.model, inputs, targets),
        weights=assembly.flat.parameters,
        gradient=gradient,
        layout=tuple((place.name, place.start, place.end) for place in assembly.flat.layout),
    )


def found_by(probe: Probe, ran: Ran) -> Any:
    """Return what a probe finds, measured as a run measures it."""
    with evaluating(ran.assembly.model):
        return probe.measure(subject_of(ran))


def measured(ran: Ran, kind: str, **settings: Any) -> Any:
    return found_by(probe_of(kind, **settings), ran)
