"""Suggestions: which task, loss and architecture fit data of another kind. Needs no torch and no data."""

from __future__ import annotations

from collections.abc import Mapping
from math import asin, degrees, floor

from engine.architectures.architecture import Architecture
from engine.data.cells.column_types import NUMERIC
from engine.data.description import InputKind, OutputForm, TargetKind
from engine.data.modality import modality_of
from engine.data.source import Source
from engine.experiment import Experiment
from engine.learning.losses.loss import Loss
from engine.tasks.task import Task

_PHOTOGRAPHS: Mapping[str, object] = {
    "architecture": {
        "kind": "cnn",
        "channels": (16, 32, 64, 128),
        "normalization": "batch",
        "global_pooling": "max",
        "dense": (),
    },
    "start": {"begin": "drawn_things"},
    "optimizer": {"kind": "adam", "learning_rate": 0.002},
    "schedule": {"kind": "cosine"},
    "training": {"batch_size": 16, "epochs": 60},
}
"""What a few hundred photographs of one's own are learnt with (`tests/benchmarks/measure_photographs.py`)."""


_SHIFT, _SHIFTED = 4, 16
"""Pixels of the largest shift, and the share of the shorter side that it is at most: a sixteenth."""


def fitted(
    experiment: Experiment, inputs: InputKind, targets: tuple[TargetKind, ...], usual: str = ""
) -> Experiment:
    """Return the experiment with what does not fit such data replaced by what is usual for it.

    `targets` are the kinds of target the data has, the likeliest first; `usual` is the kind of task it is
    for, where one is known. Without, what fits stays as it is.
    """
    task = Task.kinds()[usual]() if usual else _task(experiment.task, inputs, targets)
    return consistent(experiment.replaced(task=task), inputs)


def begun(source: Source, name: str) -> Experiment:
    """Return the experiment to begin with for data of one's own: what suits such data, as far as is known.

    A network for a few hundred photographs begins where those of this size learn: normalized, with the
    largest value of each filter over the picture, so that it does not matter where a thing stands.
    """
    blank = Experiment(name=name, data=source)
    if source.holds is None:
        return blank
    modality = modality_of(source.holds)
    fitting = fitted(blank, modality.receives, modality.predicts, source.suits)
    recipe = _photographs(source) if source.kind == "images" else {}
    return Experiment.model_validate({**fitting.model_dump(), **recipe})


def _photographs(source: Source) -> Mapping[str, object]:
    """Return the recipe for photographs, with a shift and an angle that leave in sight what they show.

    A shift of 4 pixels is a quarter of 16. A picture that is turned by an angle α moves sideways at the ends
    of its longer side by half of that side times the sine of α: 30° move them by a quarter of a square, and
    out of a picture that is six times as tall as wide.

    Formula: sin α = ½ · shorter side / longer side, so that the ends move by a quarter of the shorter side
    """
    from engine.data.images.read.survey import usual_size

    size = usual_size(str(getattr(source, "path", "")))
    shorter, longer = min(size), max(size)
    most = max(1, min(_SHIFT, shorter // _SHIFTED))
    # 1e-9: the arcsine of a half is a little less than 30°
    angle = max(1, floor(degrees(asin(0.5 * shorter / longer)) + 1e-9))
    changes = [
        {"kind": "flip"},
        {"kind": "shift", "most": most, "fill": "edge"},
        {"kind": "rotate", "most": angle, "fill": "edge"},
    ]
    return {**_PHOTOGRAPHS, "augmentations": tuple(changes)}


def following(before: Experiment, after: Experiment) -> Experiment:
    """Return `after` with what the person meant by the change: choices that depend on it are made to fit.

    Other data, text for a table, brings a task and an architecture for it; another task brings its loss,
    metrics and form of network; and a type by hand of the column to be predicted says which task that is.
    """
    holds = after.data.holds
    modality = None if holds is None else modality_of(holds)
    if modality is not None and holds is not before.data.holds:
        return fitted(after, modality.receives, modality.predicts, after.data.suits)
    received = None if modality is None else modality.receives
    if after.task.kind != before.task.kind:
        return consistent(after, received)
    meant = _meant_by_type(before.data, after.data)
    if meant is not None and received is not None and meant != after.task.target:
        return fitted(after, received, (meant,))
    if after.architecture.kind != before.architecture.kind and after.start.begin != "nothing":
        return after.replaced(start=after.start.replaced(begin="nothing"))  # they are another network's
    return after


def _meant_by_type(before: Source, after: Source) -> TargetKind | None:
    """Return as what the only target is learnt by the type that it was given now; None where it was not."""
    target = getattr(after, "target", None)
    if not isinstance(target, tuple) or len(target) != 1:
        return None
    was, now = (dict(getattr(source, "types", {})).get(target[0]) for source in (before, after))
    if now == was or now is None:
        return None
    return "numbers" if now in NUMERIC else "classes" if now == "category" else None


def consistent(experiment: Experiment, inputs: InputKind | None) -> Experiment:
    """Return the experiment with loss, metrics and architecture made to fit its task, and inputs if known."""
    task = experiment.task
    changes: dict[str, object] = {}
    if task.target not in experiment.loss.accepts:
        changes["loss"] = _loss(task)
    metrics = tuple(metric for metric in experiment.metrics if task.target in metric.accepts)
    if metrics != experiment.metrics:
        changes["metrics"] = metrics
    if inputs is not None and not _stays(experiment.architecture, inputs, task.form):
        changes["architecture"] = _architecture(inputs, task.form, experiment.architecture)
    return experiment.replaced(**changes) if changes else experiment


def _task(task: Task, inputs: InputKind, targets: tuple[TargetKind, ...]) -> Task:
    if inputs in task.accepts and task.target in targets:
        return task
    for target in targets:
        for other in Task.kinds().values():
            if other.target == target and inputs in other.accepts:
                return other()
    return task


def _loss(task: Task) -> Loss:
    return Loss.kinds()[task.default_loss]()


def _architecture(inputs: InputKind, form: OutputForm, present: Architecture) -> Architecture:
    """Return the one to begin with, or else the first that fits."""
    fitting = [choice for choice in Architecture.kinds().values() if _fits(choice, inputs, form)]
    usual = [choice for choice in fitting if (inputs, form) in choice.usual_for]
    return next((choice() for choice in (*usual, *fitting)), present)


def _stays(present: Architecture, inputs: InputKind, form: OutputForm) -> bool:
    """Return whether an architecture is left as it is.

    It fits, and somebody has chosen it: one that nobody has touched gives way to what is usual for such data.
    """
    untouched = present == Experiment.model_fields["architecture"].default
    usual = any((inputs, form) in choice.usual_for for choice in Architecture.kinds().values())
    return _fits(present, inputs, form) and not (
        untouched and usual and (inputs, form) not in type(present).usual_for
    )


def _fits(choice: Architecture | type[Architecture], inputs: InputKind, form: OutputForm) -> bool:
    return inputs in choice.accepts and form in choice.forms
