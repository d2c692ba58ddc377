"""Records of runs as the engine would tell them, for the tests of views, painters and pages."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from app.document.record import RunRecord
from engine.events import Block, Facts, Layer, Measured, Reading, RunEnded, RunStarted
from engine.probes.attention import AttentionMap, AttentionWeights
from engine.probes.coefficients import Slopes
from engine.probes.convolutions import LayerFilters, LayerMaps, LayerwiseFilters, LayerwiseMaps
from engine.probes.fitted_functions import FittedValues, Surface
from engine.probes.forecasts import ForecastWindow
from engine.probes.gradients import Norms
from engine.probes.image_predictions import PredictedImages
from engine.probes.predictions import ConfusionMatrix, PredictedClasses, PredictedNumbers
from engine.probes.probe import Probe
from engine.probes.states import StateCourse, StateCourses
from engine.probes.texts import PredictedTags, PredictedTexts
from engine.probes.writing import FilledTexts, TranslatedTexts, WrittenTexts

IMAGES = Facts("image", (1, 8, 8), (), "classes", ("label",), tuple("0123456789"))
PLANE = Facts("vector", (2,), ("x1", "x2"), "classes", ("class",), ("A", "B", "C"))
LINE = Facts("vector", (1,), ("x",), "numbers", ("y",))
TABLE = Facts("vector", (4,), ("a", "b", "c", "d"), "numbers", ("price", "weight"))
HEIGHTS = Facts("vector", (2,), ("x1", "x2"), "numbers", ("z",))
TEXTS = Facts("tokens", (8,), (), "classes", ("label",), ("bad", "good"), "classification", ("attention",))
TAGS = Facts("tokens", (8,), (), "tags", ("tag",), ("O", "B-place", "I-place"), "tagging", ("recurrent",))
WRITING = Facts("tokens", (8,), (), "tokens", ("text",), (), "language_modelling", ("attention",))
GAPS = Facts("tokens", (8,), (), "tokens", ("text",), (), "masked_language_modelling", ("attention",))
PAIRS = Facts("tokens", (8,), (), "translation", ("Spanish",), (), "translation", ("attention",))
COURSE = Facts("series", (24, 2), ("load", "heat"), "numbers", ("load +1", "load +2"), (), "forecasting")
SOUNDS = Facts("series", (9, 1), ("x",), "classes", ("label",), ("a", "b"), "classification", ("recurrent",))
LINEAR = Facts("vector", (4,), ("a", "b", "c", "d"), "numbers", ("price", "weight"), (), "", ("linear",))
LOGISTIC = Facts("vector", (3,), ("a", "b", "c"), "classes", ("kind",), ("x", "y", "z"), "", ("linear",))
PLAIN = (IMAGES, PLANE, LINE, TABLE, HEIGHTS, LINEAR, LOGISTIC)
SEQUENCES = (TEXTS, TAGS, WRITING, GAPS, PAIRS, COURSE, SOUNDS)
EVERY = (*PLAIN, *SEQUENCES)
LAYERS = (Layer("dense 1", "Linear", (16,), 64, 48), Layer("output", "Linear", (3,), 51, 48))


def started(facts: Facts, step: int = 0, name: str = "Run") -> RunStarted:
    return RunStarted("runs/1", name, step, 8, 20, "CPU", 115, LAYERS, facts)


def numbers(epochs: int = 8, metric: str = "accuracy") -> Measured:
    random = np.random.default_rng(0)
    steps = 20 * epochs
    loss = (2 * np.exp(-np.arange(steps) / 50) * random.uniform(0.8, 1.2, steps)).astype(np.float32)
    falling = (2 * np.exp(-np.arange(1, epochs + 1) / 3)).astype(np.float32)
    blocks = (
        Block("loss", 1, 1, loss),
        Block("learning_rate", 1, 1, np.full(steps, 0.01, np.float32)),
        Block("train.loss", 20, 20, falling),
        Block("validation.loss", 20, 20, falling * np.float32(1.2)),
        Block(f"validation.{metric}", 20, 20, 1 - falling / 3),
    )
    return Measured(blocks, steps, epochs, 3.0, 900.0)


def readings(facts: Facts) -> list[Reading]:
    """Return readings of known values for the probes that fit the data; real ones are in `views.toys`."""
    return [Reading(PROBE_OF[type(found)], 160, found) for found in (*_plain(facts), *_of_sequences(facts))]


PROBE_OF = {probe.record(): kind for kind, probe in Probe.kinds().items()}


def _plain(facts: Facts) -> Iterator[object]:
    random = np.random.default_rng(1)
    classes = max(len(facts.classes), 1)
    rows = np.arange(30)
    truth, predicted = random.integers(0, classes, 30), random.integers(0, classes, 30)
    yield Norms(
        ("dense_1.weight", "dense_1.bias", "output.weight", "output.bias"),
        np.array([0.5, 0.01, 0.2, 0.0], np.float32),
        np.array([3, 0.1, 2, 0.2], np.float32),
    )
    if "linear" in (facts.network or ()):
        size = (max(classes - (classes == 2), 1), len(facts.input_names))
        slope, effect = (random.normal(size=size).astype(np.float32) for _ in range(2))
        yield Slopes(slope, effect, np.full(size, np.nan if facts.classes else 0.7, np.float32))
    if facts.target_kind == "classes":
        yield ConfusionMatrix(random.integers(0, 9, (classes, classes)))
        probabilities = random.dirichlet(np.ones(classes), 30).astype(np.float32)
        yield PredictedClasses(probabilities, truth, rows)
    elif facts.target_kind == "numbers":
        true = random.normal(size=(30, len(facts.target_names))).astype(np.float32)
        yield PredictedNumbers(true, true * np.float32(0.8), rows)
    if facts.input_kind == "image":
        sure, loss = (random.random(30).astype(np.float32) for _ in range(2))
        pixels = random.integers(0, 255, (30, 8, 8, 1)).astype(np.uint8)
        yield PredictedImages(pixels, truth, predicted, sure, loss, rows)
        shades = random.integers(0, 255, (2, 8, 8)).astype(np.uint8)
        layers = (
            LayerMaps("layer_1", "convolution", shades, np.array([1, 0]), -1.0, 2.0),
            LayerMaps("layer_2", "pooling", shades, np.array([1, 0]), -1.0, 2.0),
        )
        yield LayerwiseMaps(pixels[0], layers, int(truth[0]), int(predicted[0]))
        yield LayerwiseFilters((LayerFilters("layer_1", shades[:, :3, :3]),))
    if facts.input_shape == (2,):
        cells = random.random((12, 10)).astype(np.float32)
        winner = random.integers(0, classes, (12, 10)).astype(np.uint8)
        plane = {"winner": winner, "confidence": cells} if facts.classes else {"value": cells}
        yield Surface(
            x0=np.array([-1, 1], np.float32),
            x1=np.array([-2, 2], np.float32),
            points=random.uniform(-1, 1, (30, 2)).astype(np.float32),
            labels=truth,
            part=random.integers(0, 2, 30).astype(np.uint8),
            **plane,
        )
    if facts.input_shape == (1,):
        x = np.linspace(-1, 1, 50, dtype=np.float32)
        part = (np.arange(25) % 4 == 0).astype(np.uint8)
        yield FittedValues(x, np.sin(x)[:, None], x[::2], np.cos(x[::2])[:, None], part)


def _of_sequences(facts: Facts) -> Iterator[object]:
    """Yield what the probes of texts and series say, whatever fits."""
    if facts not in SEQUENCES:
        return
    random = np.random.default_rng(1)
    line = ("␣[START]", "␣New", "␣York", "ish", "␣[END]")
    some = random.random((2, 8)).astype(np.float32)
    guesses = tuple(token.replace("New", "Old") for token in line)
    rows, codes = np.array([3, 9]), np.array([[1, 2, 0, -1], [0, 0, 1, 2]])
    yield PredictedTexts(
        (line, line), some, np.array([0, 1]), np.array([0, 0]), some[:, 0], some[:, 1], rows, "saliency"
    )
    sentences = (("New", "York", "now"), ("in", "the", "New", "York"))
    yield PredictedTags(sentences, codes, codes[::-1].copy(), rows)
    yield WrittenTexts(("Once upon a time", "Once more ↵ upon"), 4)
    gaps = np.array([[0, 1, 0, 1, 0, 0, 0, 0]] * 2, np.bool_)
    yield FilledTexts((line, line), gaps, (guesses, guesses), some)
    yield TranslatedTexts(("And God saw it.", "Yes."), ("Y vio Dios", ""), ("Y lo vió Dios.", "Sí."), rows)
    weights = (random.dirichlet(np.ones(5), size).astype(np.float32) for size in ((2, 5), (2, 2)))
    yield AttentionWeights(
        (
            AttentionMap("encoder.block_1.attention", next(weights), line, line),
            AttentionMap("decoder.block_1.cross", next(weights), ("␣[START]", "␣Nueva"), line),
        )
    )
    states, gate = random.normal(size=(3, 6)), random.random((3, 6))
    yield StateCourses(
        ("1", "2", "3"),
        (
            StateCourse("body.layer_1.ahead", "hidden", states.astype(np.float32)),
            StateCourse("body.layer_1.ahead", "forget", gate.astype(np.float32)),
        ),
    )
    course = random.normal(size=(30, 1)).astype(np.float32)
    times = tuple(f"hour {row}" for row in range(200, 230))
    said = course[24:] * np.float32(0.9)
    yield ForecastWindow(course[:24], course[24:], said, 224, times, ("load",))


def record(facts: Facts = IMAGES, epochs: int = 8, name: str = "Run", *, ended: bool = False) -> RunRecord:
    made = RunRecord()
    made.apply(started(facts, name=name))
    made.apply(numbers(epochs, "accuracy" if facts.classes else "r2"))
    for event in readings(facts):
        made.apply(event)
    if ended:
        made.apply(RunEnded("finished", 20 * epochs, epochs, "All epochs are done.", {}))
    return made
