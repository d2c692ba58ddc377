"""Suggestions: which task, loss and architecture fit data of another kind. Needs no torch and no data."""

from __future__ import annotations

from engine.architectures.architecture import Architecture
from engine.choices import Family
from engine.data.description import InputKind, OutputForm, TargetKind
from engine.experiment import Experiment
from engine.learning.losses import Loss
from engine.tasks.task import Task

USUAL: dict[tuple[InputKind, OutputForm], str] = {
    ("vector", "example"): "mlp",
    ("image", "example"): "cnn",
    ("series", "example"): "lstm",
    ("tokens", "example"): "embedding_bag",
    ("tokens", "place"): "lstm",
    ("tokens", "next"): "transformer_decoder",
    ("tokens", "translation"): "transformer",
}
"""The architecture to begin with, by what goes in and what comes out."""


def fitted(
    experiment: Experiment, inputs: InputKind, targets: tuple[TargetKind, ...], usual: str = ""
) -> Experiment:
    """Return the experiment with what does not fit such data replaced by what is usual for it.

    `targets` are the kinds of target the data has, the likeliest first; `usual` is the kind of task it is
    for, where one is known. Without, what fits stays as it is.
    """
    task = Family.every["tasks"][usual]() if usual else _task(experiment.task, inputs, targets)
    return consistent(experiment.replaced(task=task), inputs)


def consistent(experiment: Experiment, inputs: InputKind | None) -> Experiment:
    """Return the experiment with loss, metrics and architecture made to fit its task, and inputs if known."""
    task = experiment.task
    changes: dict[str, object] = {}
    if task.target not in experiment.loss.accepts:
        changes["loss"] = _loss(task)
    metrics = tuple(metric for metric in experiment.metrics if task.target in metric.accepts)
    if metrics != experiment.metrics:
        changes["metrics"] = metrics
    if inputs is not None and not _fits(experiment.architecture, inputs, task.form):
        changes["architecture"] = _architecture(inputs, task.form, experiment.architecture)
    return experiment.replaced(**changes) if changes else experiment


def _task(task: Task, inputs: InputKind, targets: tuple[TargetKind, ...]) -> Task:
    if inputs in task.inputs and task.target in targets:
        return task
    for target in targets:
        for other in Family.every["tasks"].values():
            if other.target == target and inputs in other.inputs:  # type: ignore[attr-defined]
                return other()  # type: ignore[return-value]
    return task


def _loss(task: Task) -> Loss:
    return Family.every["losses"][task.default_loss]()  # type: ignore[return-value]


def _architecture(inputs: InputKind, form: OutputForm, present: Architecture) -> Architecture:
    family = Family.every["architectures"]
    kinds = [USUAL.get((inputs, form), ""), *family]
    for kind in kinds:
        if kind in family and _fits(family[kind], inputs, form):  # type: ignore[arg-type]
            return family[kind]()  # type: ignore[return-value]
    return present


def _fits(choice: Architecture | type[Architecture], inputs: InputKind, form: OutputForm) -> bool:
    return inputs in choice.accepts and form in choice.forms
