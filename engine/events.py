"""Events: what the engine says about a run. A closed union of frozen records of plain numbers and arrays.

Numbers are said in blocks, never per step. The last event of a run says how it ended.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from engine.timetable import EpochStretch, Timetable

State = Literal["waiting", "queued", "running", "paused", "finished", "stopped", "interrupted", "failed"]
"""`waiting`: in the queue, no process works on it yet; `queued`: its process begins in a moment;
`stopped`: ended early by the person; `interrupted`: the process went away, the run can be resumed."""

ENDED: frozenset[State] = frozenset({"finished", "stopped", "interrupted", "failed"})
AT_REST: frozenset[State] = ENDED | {"waiting"}
"""No process works on such a run."""


@dataclass(frozen=True)
class Block:
    """Consecutive values of one series: value i belongs to step `first + i * stride`.

    Series of steps ("loss", "learning_rate") have stride 1; series of epochs ("train.loss",
    "validation.loss", "validation.accuracy") the number of steps in an epoch: another one from where the
    size of batches was edited on. Steps count from 1.
    """

    series: str
    first: int
    stride: int
    values: NDArray[np.float32]


LayerSort = Literal[
    "other", "convolution", "dense", "pooling", "normalization", "attention", "recurrent", "embedding"
]


@dataclass(frozen=True)
class Layer:
    """One layer of the network: its name, what it is, the shape it puts out for one example, its cost.

    `what` is a sentence for people; `sort` says the same for programs. `frozen`: how many of its parameters
    are not trained.
    """

    name: str
    what: str
    shape: tuple[int, ...]
    parameters: int
    multiply_adds: int
    frozen: int = 0
    sort: LayerSort = "other"


MOSTLY_ONE = 0.8
"""Share of the examples in one class from which on classes are called unequal."""


@dataclass(frozen=True)
class Facts:
    """What a view has to know of a run's data; `Description.facts` fills it.

    `input_kind` is "vector" (shape (features,), `input_names` one per feature), "image" (shape (channels,
    height, width)), "series" (shape (length, channels), `input_names` one per channel) or "tokens" (shape
    (length,)); `target_kind` is "classes", "labels" or "tags" (`classes` names them in index order),
    "numbers" (`target_names` one per number), "tokens" or "translation". Empty kinds: not known. `task` is
    the kind of the task, `network` what the network is made of ("convolution", "attention", "recurrent",
    "linear"); None: unknown. `standardized`: the loss is told in standard deviations of what is predicted,
    and `loss_factor` times as large in `loss_unit`; None where no single factor says it. `loss_unit` is what
    the loss is measured in before numbers are scaled, "" where it has no unit.
    `watched`: the part that the series called validation are of, "train" where there is no validation part.
    `class_shares`: the share of each of `classes` in the training part, where an example has one of them.
    """

    input_kind: str = ""
    input_shape: tuple[int, ...] = ()
    input_names: tuple[str, ...] = ()
    target_kind: str = ""
    target_names: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    task: str = ""
    network: tuple[str, ...] | None = None
    standardized: bool = False
    loss_factor: float | None = None
    watched: str = "validation"
    loss_unit: str = ""
    class_shares: tuple[float, ...] = ()

    @property
    def unequal(self) -> bool:
        """Return whether nearly all examples are of one class, so that accuracy says little."""
        return max(self.class_shares, default=0.0) >= MOSTLY_ONE

    @property
    def rarest(self) -> str:
        """Return the class with the fewest examples in training; "" where that is not known."""
        if len(self.class_shares) != len(self.classes) or not self.classes:
            return ""
        return self.classes[self.class_shares.index(min(self.class_shares))]


@dataclass(frozen=True)
class RunStarted:
    """A run begins or goes on at `step` (0 at its beginning).

    `parameters` counts all of them, `frozen` those that are not trained; `start` says in a sentence which
    pretrained weights were taken, where the experiment names some; `last_batch` is the share of a full batch
    that the last batch of an epoch has. Both this and `steps_per_epoch` are as the run was begun; `recut`
    are the stretches after the edits of the size of batches since. `simplest` has the scores, on the part
    that is followed, of guesses for which nothing has to be fitted ("majority" -> {"accuracy": 0.95}).
    """

    folder: str
    name: str
    step: int
    epochs: int
    steps_per_epoch: int
    device: str
    parameters: int
    layers: tuple[Layer, ...]
    facts: Facts = Facts()
    frozen: int = 0
    start: str = ""
    last_batch: float = 1.0
    simplest: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    recut: tuple[EpochStretch, ...] = ()

    @property
    def timetable(self) -> Timetable:
        """Return which step belongs to which epoch."""
        return Timetable.even(self.steps_per_epoch, self.last_batch).recut(self.recut)


@dataclass(frozen=True)
class Measured:
    """New values of some series, and where the run stands after them."""

    blocks: tuple[Block, ...]
    step: int
    epoch: int
    seconds: float
    steps_per_second: float


MOST_OF_A_KIND = 8
"""Readings of one kind of probe, each with other settings, that are kept beside one another."""


@dataclass(frozen=True)
class Reading:
    """What a probe found of the weights after `step`; it replaces the reading of that probe before.

    `probe` is its key: its kind, and settings that are not the usual ones. `found` is the record that its
    `measure` returns. The last reading of a run is of the weights that are kept, which may be those of an
    earlier step.
    """

    probe: str
    step: int
    found: Any


@dataclass(frozen=True)
class StateChanged:
    """The run was paused or goes on.

    `freed`: where it holds its memory no more while it is paused, how many bytes it gave back; `why`: why it
    is still paused where it was to go on, a sentence: there was no room for it.
    """

    state: State
    step: int
    freed: int | None = None
    why: str = ""


@dataclass(frozen=True)
class Edit:
    """From `step` on, that is for all updates after so many, a setting of the experiment has another value.

    `setting` is its path ("optimizer.learning_rate"), `before` and `value` are plain values as in JSON: of a
    choice its kind and settings, of a list of choices all of them. `because`: where the run made the edit by
    itself, as it went back to this step, a sentence for each time.
    """

    step: int
    setting: str
    before: Any
    value: Any
    because: tuple[str, ...] = ()


@dataclass(frozen=True)
class Edited:
    """The experiment of the run was edited at `step`; `edits` are all of that step, none where undone.

    `epochs`: how many the run is planned for now; `recut`: as in RunStarted, of now.
    """

    step: int
    edits: tuple[Edit, ...]
    epochs: int
    recut: tuple[EpochStretch, ...] = ()


@dataclass(frozen=True)
class WentBack:
    """The run went back to `step`: values beyond it are void. `text`: what broke, and what changes."""

    step: int
    epoch: int
    text: str


@dataclass(frozen=True)
class Warned:
    """Something a person should know, which does not end the run."""

    step: int
    text: str


@dataclass(frozen=True)
class Scoring:
    """The last step is taken, and what was learnt is judged: `share` is done, `words` say what is now."""

    share: float
    words: str


@dataclass(frozen=True)
class RunEnded:
    """The run is over. `why` is a sentence for the person; `scores` the final metrics by part."""

    state: State
    step: int
    epoch: int
    why: str
    scores: Mapping[str, Mapping[str, float]]


Event = RunStarted | Measured | Reading | StateChanged | Edited | WentBack | Warned | Scoring | RunEnded
