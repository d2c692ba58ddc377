"""Protocol: what window and engine say to each other. Meaning only; `frames` knows how it travels.

Requests carry a number; the engine answers each with exactly one Answer, Refused or Cancelled, and may say
Working in between. Events of the run in training come unasked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.choices import Problem
from engine.events import Event

# --- what the window says -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Train:
    """Create a run of this experiment (paths absolute) below the runs folder and train it."""

    request: int
    experiment: Mapping[str, Any]
    runs: str


@dataclass(frozen=True)
class Resume:
    """Go on with an interrupted, stopped or failed run from its last checkpoint."""

    request: int
    folder: str


@dataclass(frozen=True)
class Pause:
    """Hold the run before its next step."""


@dataclass(frozen=True)
class Continue:
    """Go on with the paused run."""


@dataclass(frozen=True)
class Advance:
    """Take so many steps (and then pause); with `epoch`, go to the end of the epoch."""

    steps: int = 1
    epoch: bool = False


@dataclass(frozen=True)
class Stop:
    """End the run now and keep what was learnt."""


@dataclass(frozen=True)
class Watch:
    """Measure these probes from now on (choices of the probes family as mappings), and no others."""

    probes: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Sketch:
    """Tell the layers and the cost of the experiment's network (answer: `Sketched`)."""

    request: int
    experiment: Mapping[str, Any]


@dataclass(frozen=True)
class Evaluate:
    """Work out the metrics of a run's kept weights on a part of its split (answer: `Evaluated`)."""

    request: int
    folder: str
    part: str


@dataclass(frozen=True)
class Predict:
    """Predict with a run's kept weights (answer: `Predicted`). Exactly one of the inputs is given.

    `path`: a file of rows, a picture or a folder of pictures; `rows`: one mapping of column to value per
    row; `pixels`: uint8 (N, height, width) or (N, height, width, 3).
    """

    request: int
    folder: str
    path: str | None = None
    rows: tuple[Mapping[str, Any], ...] | None = None
    pixels: Any = None


@dataclass(frozen=True)
class Inspect:
    """Read the data of an experiment and tell what it is (inspector only; answer: `Inspection`)."""

    request: int
    experiment: Mapping[str, Any]


@dataclass(frozen=True)
class Cancel:
    """Give up the request of that number, where it has not been answered."""

    request: int


@dataclass(frozen=True)
class Quit:
    """Checkpoint, mark the run interrupted and exit; the end of stdin means the same."""


Command = Train | Resume | Pause | Continue | Advance | Stop | Watch | Sketch | Evaluate | Predict | Inspect | Cancel | Quit

# --- what the engine says ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Ready:
    """The engine can train. `device` in words ("NVIDIA H200", "CPU, 2 threads"); memory in bytes."""

    version: str
    torch: str
    device: str
    memory_used: int
    memory_total: int


@dataclass(frozen=True)
class Said:
    """An event of the run in `folder`."""

    folder: str
    event: Event


@dataclass(frozen=True)
class Memory:
    """Memory of the device in bytes, said at most once a second while training."""

    used: int
    total: int


@dataclass(frozen=True)
class Working:
    """A request is being worked on."""

    request: int
    share: float
    words: str


@dataclass(frozen=True)
class Answer:
    """The result of a request, one of the records below (or the folder of a run, for Train and Resume)."""

    request: int
    value: Any


@dataclass(frozen=True)
class Refused:
    """The request cannot be done; every problem with its place."""

    request: int
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Cancelled:
    """The request was given up."""

    request: int


Saying = Ready | Said | Memory | Working | Answer | Refused | Cancelled
