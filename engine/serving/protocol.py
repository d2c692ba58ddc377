"""Protocol: what window and engine say to each other. Meaning only; `frames` knows how it travels.

**Start.** `python -m engine serve` says Hello at once and takes requests from then on; Ready follows when
torch is there (or EngineFailed, when it cannot be loaded). `python -m engine inspect` says Hello and answers
Inspect alone, without torch. Both end when their stdin ends or on Quit; a run in training is then
checkpointed and marked interrupted. Killing either process loses nothing that was saved.

**Requests** carry a command and a number that the window chooses. The engine answers each with exactly one
Answer, Refused or Cancelled of that number, and may say Working before, and SoFar with what it knows already.
Train and Resume are answered with the run's folder as soon as the folder is there; what goes wrong later is
told by RunEnded. One run trains at a time: a second Train is Refused. The other requests are answered between
two steps of a run in training, or at once.

**Events** of the run in training come unasked, as RunEvent. Numbers (Measured) are merged while they wait and
come at most thirty times a second, without loss; of readings only the newest of a probe comes. When the
window takes nothing for a second, the waiting numbers and readings are dropped and Missed is said instead:
read the run's history after the last step you have. RunStarted comes again after Resume: values that you
have beyond its `step` are void.

**Transport.** Pause, Release, Continue, Advance, SetPace, Stop and Watch concern the run in training and are
not answered; StateChanged and RunEnded tell what became of them. They may be sent as soon as Train has been.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar, get_args

from typing_extensions import get_original_bases

from engine.choices import Problem
from engine.data.inspection.records import Inspection
from engine.events import Edited, Event
from engine.inference.results import Augmented, Checked, Looked, Predicted, SelfTest, Sketched
from engine.runs.history.packing import records_in
from engine.runs.history.readings import FOUND
from engine.runs.repeating.proof import Proof
from engine.runs.scoring.scores import Evaluated
from engine.training.finding.sizes_tried import SizesTried
from engine.training.finding.tried import RatesTried

R = TypeVar("R")

# --- what the window says -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Command(Generic[R]):
    """What the window asks for, and is answered with an R. It travels in a Request."""


@dataclass(frozen=True)
class Train(Command[str]):
    """Create a run of this experiment (paths absolute) below the runs folder and train it.

    `paused`: it waits before its first step, with everything made and its first readings shown.
    """

    experiment: Mapping[str, Any]
    runs: str
    paused: bool = False


@dataclass(frozen=True)
class Resume(Command[str]):
    """Go on with an interrupted, stopped or failed run from its last checkpoint.

    With `epochs` until so many are done, also with a finished one. `told`: settings of its data that are
    otherwise now, as its path where it was moved.
    """

    folder: str
    told: Mapping[str, Any] = field(default_factory=dict)
    epochs: int | None = None


@dataclass(frozen=True)
class EditRun(Command[Edited]):
    """Let settings of the run in training, by path, have other values from its next step on, all or none."""

    values: Mapping[str, Any]


@dataclass(frozen=True)
class Pause:
    """Hold the run before its next step."""


@dataclass(frozen=True)
class Release:
    """Hold the run, and give the memory back that it holds, of the card or of the machine.

    All of it is kept in a checkpoint. Whatever lets the run go on takes the memory back; where there is no
    room, StateChanged says why and the run stays paused.
    """


@dataclass(frozen=True)
class Continue:
    """Go on with the paused run."""


@dataclass(frozen=True)
class Advance:
    """Take so many steps (and then pause); with `epoch`, go to the end of the epoch."""

    steps: int = 1
    epoch: bool = False


@dataclass(frozen=True)
class SetPace:
    """Take at most so many steps a second from now on, in later runs too; None: as many as possible."""

    steps_per_second: float | None = None


@dataclass(frozen=True)
class Stop:
    """End the run now and keep what was learnt; without `keep` nothing is worked out that nobody wants."""

    keep: bool = True


@dataclass(frozen=True)
class Watch:
    """Measure these probes from now on (choices of the probes family as mappings), and no others."""

    probes: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Sketch(Command[Sketched]):
    """Tell the layers and the cost of the experiment's network."""

    experiment: Mapping[str, Any]


@dataclass(frozen=True)
class Augment(Command[Augmented]):
    """Show some training pictures as the experiment's augmentations change them."""

    experiment: Mapping[str, Any]


@dataclass(frozen=True)
class Evaluate(Command[Evaluated]):
    """Work out the metrics of a run's kept weights on a part of its split.

    With `path`, on a new file or folder whose answers are known. `told`: settings of the run's source that
    are otherwise, as where its data lies now, or how the new file is read. `step`: with the weights as they
    were after that step, not the kept ones.
    """

    folder: str
    part: str
    path: str | None = None
    told: Mapping[str, Any] = field(default_factory=dict)
    step: int | None = None


@dataclass(frozen=True)
class Predict(Command[Predicted]):
    """Predict with a run's kept weights. Exactly one of the inputs is given.

    `path`: a file of rows, texts or series, a picture or a folder of such; `rows`: one mapping of column to
    value per row; `pixels`: uint8 (N, height, width) or (N, height, width, 3). For a forecast none need be
    given: it then begins where the run's data ends. `writing`: settings of `inference/writing.py`, where the
    task writes texts; `told`: settings of the run's source that are to be otherwise when the file is read;
    `step`: with the weights as they were after that step, not the kept ones.
    """

    folder: str
    path: str | None = None
    rows: tuple[Mapping[str, Any], ...] | None = None
    # Any: pydantic knows no arrays; what it is is checked where it is used
    pixels: Any = None
    writing: Mapping[str, Any] = field(default_factory=dict)
    told: Mapping[str, Any] = field(default_factory=dict)
    step: int | None = None


@dataclass(frozen=True)
class FindBatch(Command[SizesTried]):
    """Find the largest batch of the experiment that fits into memory; nothing of a run changes.

    SoFar is said after every size.
    """

    experiment: Mapping[str, Any]


@dataclass(frozen=True)
class LookBack(Command[Looked]):
    """Tell what probes measure of a run's network as it was after a step; see `Watch` for the probes.

    `told` are settings of the run's data that hold from now on, its path above all, where that has changed.
    """

    folder: str
    step: int
    probes: tuple[Mapping[str, Any], ...]
    told: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class FindRate(Command[RatesTried]):
    """Try learning rates on the experiment's network and data; nothing of a run changes.

    `run`: the folder of a run from whose newest weights the test begins; else from those that the experiment
    begins with. SoFar is said after every step.
    """

    experiment: Mapping[str, Any]
    run: str | None = None


@dataclass(frozen=True)
class Prove(Command[Proof]):
    """Take the steps of a run again, leaving off at random ones, and compare all bit by bit.

    Nothing of the run changes. SoFar is said at each of its checkpoints.
    """

    folder: str


@dataclass(frozen=True)
class ListChecks(Command[SelfTest]):
    """Tell what the self-test tries."""


@dataclass(frozen=True)
class Check(Command[Checked]):
    """Try one check of the self-test, with files below the folder `place` alone."""

    name: str
    place: str


@dataclass(frozen=True)
class Inspect(Command[Inspection]):
    """Read the data of an experiment and tell what it is (inspector only)."""

    experiment: Mapping[str, Any]


@dataclass(frozen=True)
class Cancel:
    """Give up the request of that number, where it has not been answered."""

    number: int


@dataclass(frozen=True)
class Quit:
    """Checkpoint, mark the run interrupted and exit; the end of stdin means the same."""


@dataclass(frozen=True)
class Request:
    """A command in its envelope: the window chooses the number, and every answer carries it."""

    number: int
    command: Command[Any]


Steering = Pause | Release | Continue | Advance | SetPace | Stop | Watch
"""What concerns the run in training and is not answered."""
FromWindow = Request | Steering | Cancel | Quit
"""What the window says."""

# --- what the engine says ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Hello:
    """The process is there and takes requests."""

    version: str
    process: int


@dataclass(frozen=True)
class EngineFailed:
    """The engine cannot work at all, for instance because torch cannot be loaded; it exits."""

    why: str


@dataclass(frozen=True)
class Ready:
    """The engine can train. `device` in words ("NVIDIA H200", "CPU, 2 threads"); memory in bytes."""

    version: str
    torch: str
    device: str
    memory_used: int
    memory_total: int


@dataclass(frozen=True)
class RunEvent:
    """An event of the run in `folder`."""

    folder: str
    event: Event


@dataclass(frozen=True)
class Missed:
    """Numbers and readings of this run up to `step` were dropped: read them from its history."""

    folder: str
    step: int


@dataclass(frozen=True)
class DeviceMemory:
    """Memory of the device in bytes, said at most once a second while training."""

    used: int
    total: int


@dataclass(frozen=True)
class Working:
    """A request is being worked on."""

    number: int
    share: float
    words: str


@dataclass(frozen=True)
class SoFar:
    """What is known so far of what a request asks for: the texts that are written, the rates tried."""

    number: int
    # whole and no additions: of SoFar only the newest waits in the outbox
    value: Any


@dataclass(frozen=True)
class Answer:
    """The result of a request: what its command is answered with (`answered_with`)."""

    number: int
    value: Any


@dataclass(frozen=True)
class Refused:
    """The request cannot be done; every problem with its place."""

    number: int
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Cancelled:
    """The request was given up."""

    number: int


Saying = (
    Hello
    | Ready
    | EngineFailed
    | RunEvent
    | Missed
    | DeviceMemory
    | Working
    | SoFar
    | Answer
    | Refused
    | Cancelled
)
"""What the engine says."""

# --- the records that may travel -----------------------------------------------------------------------


# below all commands: it is drawn up once, when the module is loaded
COMMANDS: tuple[type[Command[Any]], ...] = tuple(Command.__subclasses__())
"""Every command: a class above is all there is to a new one, but for the process that answers it."""


def answered_with(command: type[Command[R]]) -> type[R]:
    """Return the class of what a command is answered with."""
    (base,) = get_original_bases(command)  # the bases as written: at run time Command[X] is Command
    answer: type[R] = get_args(base)[0]
    return answer


# a closed table: what cannot be reached from these is refused by either side
RECORDS = records_in(FromWindow, Saying, *COMMANDS, *map(answered_with, COMMANDS), *FOUND.values())
