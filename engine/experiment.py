"""Experiment: everything chosen for a run, as one immutable value. The form edits it, the engine runs it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import model_validator

from engine import architectures, augmentations, learning, probes, tasks  # noqa: F401 - fills the families
from engine.architectures.architecture import Architecture
from engine.architectures.mlp import Mlp
from engine.augmentations.augmentation import Augmentation
from engine.choices import Invalid, Message, Problem, Record, Setting, located
from engine.data import rooms  # noqa: F401 - fills the family of sources
from engine.data.about import About, Suited
from engine.data.description import Description, Outputs
from engine.data.preprocessing import Preprocessing
from engine.data.recipe import DataRecipe
from engine.data.sample import Sample
from engine.data.source import Source
from engine.data.split import Split
from engine.learning.averaging import Averaging, NoAveraging
from engine.learning.courses import SettingCourse
from engine.learning.groups import ParameterGroup
from engine.learning.initializers.by_layer import LayerInitializer
from engine.learning.initializers.initializer import Initializer
from engine.learning.initializers.scaled import HeNormal
from engine.learning.losses.classes import CrossEntropy
from engine.learning.losses.loss import Loss
from engine.learning.metrics import Metric
from engine.learning.optimizers.adam import Adam
from engine.learning.optimizers.optimizer import Optimizer
from engine.learning.recovery import Recovery, StopAndSay
from engine.learning.regularizers.regularizer import Regularizer
from engine.learning.sampling import ClassSampling, EachOnce
from engine.learning.schedules import Constant, Schedule
from engine.learning.start import Start
from engine.learning.stopping import StoppingRule
from engine.probes.probe import Probe
from engine.tasks.classification import Classification
from engine.tasks.task import Task

_READ = "the examples are read and divided once, when a run begins"
_BUILT = "the weights have the shapes of this network"
_STARTED = "weights start once, and what is frozen has no gradient"

Precision = Literal["float32", "bfloat16", "float16"]
"""The numbers in which the network of a step is worked out."""

FORMAT = 1
"""The version of the experiment file that this program writes."""


class Training(Record):
    """How long and on what the network is trained."""

    batch_size: Annotated[
        Annotated[
            int,
            Setting("Examples", "Examples per update.", least=1, most=1_000_000),
        ]
        | Literal["all"],
        Setting(
            "Batch size",
            'Examples per update, at most all there are; "all" takes every one at once (full batch).',
            live=True,
            finder="batch",
        ),
    ] = 32
    epochs: Annotated[
        int,
        Setting(
            "Epochs",
            "How often every training example is seen.",
            least=1,
            most=1_000_000,
            log=True,
            live=True,
        ),
    ] = 30
    sampling: Annotated[
        ClassSampling,
        Setting(
            "Sampling",
            "How often the examples of each class are met in an epoch.",
            targets=("classes",),
        ),
    ] = EachOnce()
    keep: Annotated[
        Literal["best", "last"],
        Setting(
            "Weights kept",
            "Which weights the run keeps at its end.",
            options={"best": "lowest validation loss", "last": "after the last step"},
            stays="the best weights are kept from the first epoch on, or never",
        ),
    ] = "best"
    ends: Annotated[
        Literal["any", "all"],
        Setting(
            "Stopping rules",
            "Where there are several: whether one of them ends the run, or all must say so at once.",
            options={"any": "one is enough", "all": "all at once"},
            live=True,
        ),
    ] = "any"
    averaging: Annotated[
        Averaging,
        Setting(
            "Averaging", "Judge and keep a mean of the weights over many steps instead of the last ones."
        ),
    ] = NoAveraging()
    recovery: Annotated[
        Recovery,
        Setting("When numbers break", "What is done where the loss becomes NaN or infinite, or leaps."),
    ] = StopAndSay()
    micro_batch: Annotated[
        Annotated[int, Setting("Examples", "Examples worked out at once.", least=1, most=1_000_000)]
        | Literal["whole"],
        Setting(
            "Micro-batch",
            "Examples of a batch that are worked out at once; their gradients are added up, so that a large "
            "batch fits into little memory. Batch normalization takes its statistics from each part.",
            live=True,
        ),
    ] = "whole"
    precision: Annotated[
        Precision,
        Setting(
            "Precision",
            "The numbers in which layers are worked out while training. Those of 16 bits take half the "
            "memory and, where the device is made for them, a fraction of the time; weights and scores "
            "stay float32.",
            options={
                "float32": "float32, single precision",
                "bfloat16": "bfloat16, fewer digits",
                "float16": "float16, for GPUs: smaller range, the loss is scaled",
            },
            stays="what a run remembers was worked out in these numbers",
        ),
    ] = "float32"
    activation_checkpointing: Annotated[
        bool,
        Setting(
            "Activation checkpointing",
            "Keeps of each block of layers only what goes in, and works the rest out once more on the way "
            "back: the same results in less memory, for a third to twice as much more time.",
            live=True,
        ),
    ] = False
    moments: Annotated[
        int,
        Setting(
            "Moments kept",
            "Disk space for checkpoints from which earlier moments of the run are brought back; "
            "with 0 only the newest two are kept.",
            least=0,
            most=1_000_000,
            unit="MB",
            live=True,
        ),
    ] = 100
    device: Annotated[
        Literal["auto", "cpu", "cuda"],
        Setting(
            "Device",
            "Where the network is trained.",
            options={
                "auto": "GPU if there is one",
                "cpu": "CPU, the processor",
                "cuda": "CUDA, an NVIDIA GPU",
            },
            stays="everything of a run lies on one device",
        ),
    ] = "auto"


class Experiment(Record):
    """Everything chosen for a run. Sections left out take their defaults; the loss follows the task."""

    format: Annotated[int, Setting("Format", "Version of the experiment file.", least=1, role="hidden")] = (
        FORMAT
    )
    name: Annotated[
        str,
        Setting("Name", "What this experiment is called.", least=1, most=120, stays="a run keeps its name"),
    ] = "Untitled"
    seed: Annotated[
        int,
        Setting(
            "Seed",
            "Fixes every random number: same seed, same run.",
            least=0,
            most=2**53,
            stays="the random numbers of a run follow from one seed",
        ),
    ] = 0
    data: Annotated[Source, Setting("Data", "Where the examples come from.", stays=_READ)] = Sample()
    split: Annotated[Split, Setting("Split", "Training, validation and test part.", stays=_READ)] = Split()
    preprocessing: Annotated[
        Preprocessing, Setting("Preprocessing", "How columns and pictures become numbers.", stays=_READ)
    ] = Preprocessing()
    augmentations: Annotated[
        tuple[Augmentation, ...],
        Setting("Augmentation", "Changes of the training examples, drawn anew in every step.", most=20),
    ] = ()
    task: Annotated[Task, Setting("Task", "What is to be learnt.", stays=_BUILT)] = Classification()
    architecture: Annotated[
        Architecture, Setting("Architecture", "The form of the network.", stays=_BUILT)
    ] = Mlp()
    initializer: Annotated[Initializer, Setting("Initializer", "How the weights start.", stays=_STARTED)] = (
        HeNormal()
    )
    initializers: Annotated[
        tuple[LayerInitializer, ...],
        Setting(
            "Initializers by layer",
            "Layers that start otherwise than the initializer above says.",
            most=20,
            stays=_STARTED,
        ),
    ] = ()
    start: Annotated[
        Start,
        Setting(
            "Pretrained weights",
            "Weights from an earlier run or a file, and what of them is kept.",
            stays=_STARTED,
        ),
    ] = Start()
    loss: Annotated[Loss, Setting("Loss", "What a wrong prediction costs.", stays=_BUILT)] = CrossEntropy()
    optimizer: Annotated[
        Optimizer,
        Setting(
            "Optimizer",
            "How the weights change, given the gradient.",
            stays="what an optimizer remembers has the form of its kind",
        ),
    ] = Adam()
    groups: Annotated[
        tuple[ParameterGroup, ...],
        Setting("Parameter groups", "Layers that learn faster or slower, or shrink more or less.", most=20),
    ] = ()
    schedule: Annotated[Schedule, Setting("Schedule", "How the learning rate changes over the run.")] = (
        Constant()
    )
    courses: Annotated[
        tuple[SettingCourse, ...],
        Setting("Momentum and decay", "Other settings of the optimizer that change over the run.", most=2),
    ] = ()
    regularizers: Annotated[
        tuple[Regularizer, ...], Setting("Regularization", "What keeps weights or steps small.", most=20)
    ] = ()
    stopping: Annotated[
        tuple[StoppingRule, ...],
        Setting("Stopping", "What ends the run before its epochs are done.", most=20),
    ] = ()
    metrics: Annotated[
        tuple[Metric, ...],
        Setting(
            "Metrics",
            "Scores to follow; empty: those usual for the task.",
            most=20,
            stays="scores are followed from the first epoch on",
        ),
    ] = ()
    probes: Annotated[
        tuple[Probe, ...],
        Setting("Probes", "Extra measurements kept in the run's history.", most=20, role="hidden"),
    ] = ()
    training: Annotated[Training, Setting("Training", "How long and on what the network is trained.")] = (
        Training()
    )

    @model_validator(mode="before")
    @classmethod
    def _loss_of_the_task(cls, value: Any) -> Any:
        """Where no loss is given, take the one that is usual for the task."""
        if not isinstance(value, Mapping) or "loss" in value or "task" not in value:
            return value
        task = value["task"]
        kind = (
            task.kind if isinstance(task, Task) else task.get("kind") if isinstance(task, Mapping) else None
        )
        known = Task.kinds()[kind] if isinstance(kind, str) and kind in Task.kinds() else None
        return value if known is None else {**value, "loss": {"kind": known.default_loss}}

    def located(self, folder: Path) -> Self:
        """Return the same experiment with every path absolute, relative ones being taken from `folder`."""
        return located(self, folder.resolve())

    @property
    def recipe(self) -> DataRecipe:
        """Return what the data depends on."""
        return DataRecipe(self.data, self.split, self.preprocessing, self.task.target, self.seed)

    @property
    def scores(self) -> tuple[Metric, ...]:
        """Return the metrics to follow: those chosen, or those usual for the task."""
        if self.metrics:
            return self.metrics
        return tuple(Metric.kinds()[kind]() for kind in self.task.default_metrics)

    def scores_for(self, found: Description) -> tuple[Metric, ...]:
        """Return the metrics that such data has: parts of speech name no entities, and unequal classes have
        further ones, unless metrics were chosen.
        """
        asked = self.scores
        if not self.metrics and found.facts().unequal:
            known = {metric.kind for metric in asked}
            further = (kind for kind in self.task.unequal_metrics if kind not in known)
            asked = (*asked, *(Metric.kinds()[kind]() for kind in further))
        return tuple(metric for metric in asked if not metric.problems(self.about(found)))

    def about(self, found: Description | None = None) -> About:
        """Return what the choices have to go with: each other, and the data once it is known."""
        inputs, targets = (found.inputs, found.targets) if found is not None else (None, None)
        task = self.task
        return About(inputs, targets, task.title, task.target, task.form, self.measured, self.optimizer)

    def problems(self, found: Description | None = None) -> tuple[Problem, ...]:
        """Return what does not fit together among the choices and, once it is known, with the data.

        Every choice is asked that has something to say; which those are, nothing here names.
        """
        about = self.about(found)
        between = [
            problem.under(path) for path, choice in self._suited() for problem in choice.problems(about)
        ]
        mixing = [index for index, one in enumerate(self.augmentations) if one.mixes]
        between += [
            Problem(f"augmentations.{index}.kind", "examples can be mixed once only; remove it")
            for index in mixing[1:]
        ]
        kinds = [course.kind for course in self.courses]
        between += [
            Problem(f"courses.{index}.kind", "has a course already; remove one of them")
            for index, kind in enumerate(kinds)
            if kind in kinds[:index]
        ]
        if self.training.precision == "float16" and self.optimizer.looks_around:
            why = Message(
                "float16 scales the loss of one gradient a step, but {optimizer} asks for more of the loss: "
                "take bfloat16 or float32",
                optimizer=type(self.optimizer).title,
            )
            between.append(Problem("training.precision", why))
        return (*between, *(self._sizes(found) if found is not None else ()))

    def refuse_misfits(self, found: Description, under: str = "") -> None:
        """Raise Invalid with all that does not fit together, of the choices below the path `under`."""
        if problems := [problem for problem in self.problems(found) if problem.path.startswith(under)]:
            raise Invalid(problems)

    def _suited(self) -> Iterator[tuple[str, Suited]]:
        """Yield all that is chosen and may object, with its path."""
        yield from _suited_in(self, "")

    @property
    def measured(self) -> tuple[str, ...]:
        """Return the names of the series that have one value an epoch."""
        scores = (f"validation.{metric.key}" for metric in self.scores if metric.scalar)
        return ("train.loss", "validation.loss", *scores)

    def outputs(self, found: Description) -> Outputs:
        """Return what the network has to put out for such data."""
        return Outputs(self.loss.outputs(found.targets), self.task.form, found.targets.length)

    def _sizes(self, found: Description) -> list[Problem]:
        result = []
        if found.train == 0 or (found.validation == 0 and self.split.validation > 0):
            part = "train" if found.train == 0 else "validation"
            result.append(
                Problem(f"split.{part}", "leaves no example in this part: raise the share or add data")
            )
        return result


def _suited_in(record: Record, under: str) -> Iterator[tuple[str, Suited]]:
    """Yield what may object among the settings of a record, and of what is chosen there, with its path."""
    for name in type(record).model_fields:
        chosen = getattr(record, name)
        several = enumerate(chosen) if isinstance(chosen, tuple) else [("", chosen)]
        for index, one in several:
            path = f"{under}{name}" if index == "" else f"{under}{name}.{index}"
            if isinstance(one, Suited):
                yield path, one
            if isinstance(one, Record):
                yield from _suited_in(one, f"{path}.")
