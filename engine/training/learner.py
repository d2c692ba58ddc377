"""The learner: everything that a step changes, and all that the next steps depend on.

Nothing here looks at a clock, waits for the device before it is read, or depends on when that is, so that a
run comes out the same however it is paused, watched or cut into blocks. The step itself stands in `loop`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import hypot, isfinite

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.augmentations.augmentation import Augmentation
from engine.choices import Invalid, Message, Problem
from engine.data.batches import Cutting
from engine.data.memory import lies_on_disk
from engine.edits import Recipe
from engine.experiment import Experiment
from engine.learning.averaging import RunProgress
from engine.learning.groups import by_entry, decays, rates
from engine.learning.losses.loss import LossOfClasses
from engine.learning.optimizers.optimizer import State, Values
from engine.tasks.task import Batch, Objective
from engine.training.assemble import Assembly, Flat
from engine.training.augmenting import augmenter
from engine.training.batches import TrainingBatches
from engine.training.judged import MEAN, JudgedWeights
from engine.training.model import fill
from engine.training.precision import LossScaling

CAPACITY = 1024
"""How many steps may be taken before their losses have to be read."""


@dataclass(frozen=True)
class StepSeries:
    """What the steps from `first` on were like: by the name of the series, one value for each step."""

    first: int
    values: Mapping[str, list[float]]

    @property
    def broken(self) -> int | None:
        """Return the first step whose loss is not finite, if there is one."""
        losses = enumerate(self.values["loss"], self.first)
        return next((step for step, loss in losses if not isfinite(loss)), None)

    def until(self, step: int) -> StepSeries:
        """Return the values up to and including `step`."""
        end = step - self.first + 1
        return StepSeries(self.first, {name: values[:end] for name, values in self.values.items()})


class Learnt:
    """The parameters that follow one objective, and what their optimizer remembers."""

    def __init__(self, objective: Objective, flat: Flat, experiment: Experiment) -> None:
        """Stand before the first step. `flat` holds these parameters alone."""
        self.objective, self.flat = objective, flat
        self.adopt(experiment)
        self.state: State = self.optimizer.start(flat.parameters, flat.layout)
        self.gradient_seen: Tensor | None = None
        scaled = experiment.training.precision == "float16"
        self.scaling = LossScaling() if scaled else None
        # made once and filled anew: a vector of this size for every step would cost time and memory
        self._weights = torch.zeros_like(flat.parameters)

    def adopt(self, experiment: Experiment) -> None:
        """Go on by other regularizers and other settings of the same rule, which remembers what it did."""
        self.regularizers, self.courses, flat = experiment.regularizers, experiment.courses, self.flat
        self.optimizer = self.objective.optimizer or experiment.optimizer
        self.settings: dict[str, float] = dict(self.optimizer)
        self._needs_weights = self.optimizer.uses_weights or bool(self.regularizers)
        found, shrinking = rates(experiment.groups, flat.layout), decays(experiment.groups, flat.layout)
        # None where nothing differs: numbers instead of vectors cost less time, and are what they were
        self._rates = by_entry(found, flat.parameters) if any(one != 1 for one in found.values()) else None
        usual = all(factor == place.decays for place, factor in shrinking.items())
        self._decays = None if usual else by_entry(shrinking, flat.parameters)
        biases = any(factor != 0 for place, factor in shrinking.items() if not place.decays)
        self._shrinking_biases = biases

    def along(self, factors: Sequence[float]) -> dict[str, float]:
        """Return the optimizer's settings where schedules have these factors, that of the rate first."""
        values = {**self.settings, "learning_rate": self.settings["learning_rate"] * factors[0]}
        for course, factor in zip(self.courses, factors[1:], strict=True):
            if name := course.setting_of(self.optimizer):
                values[name] = course.value(self.settings[name], factor)
        return values

    def values(self, factors: Sequence[float]) -> Values:
        """Return the settings of a step as `along` does, by entry where they differ between groups."""
        values: dict[str, float | Tensor] = {**self.along(factors)}
        for name, by_group in (("learning_rate", self._rates), ("weight_decay", self._decays)):
            if by_group is not None and name in values:
                values[name] = by_group * values[name]
        return values

    def weights(self) -> Tensor:
        """Return the parameters with biases and gains as 0; zeros where nobody looks at them."""
        if self._needs_weights:
            torch.mul(self.flat.parameters, self.flat.mask, out=self._weights)
        return self._weights

    def decaying(self, weights: Tensor) -> Tensor:
        """Return what weight decay acts on: `weights`, or all parameters where a group lets biases shrink."""
        return self.flat.parameters.clone() if self._shrinking_biases else weights

    def ahead(self) -> Tensor:
        """Return the parameters that are judged: those that are stepped, unless the optimizer has a mean."""
        lead, pace = self.optimizer.lead(self.state, self.settings), self.flat.pace
        if lead is None:
            return self.flat.parameters
        # as its changes: what moves at a tenth of the pace is ahead by a tenth
        return self.flat.parameters + (lead if pace is None else lead * pace)

    def tensors(self) -> dict[str, Tensor]:
        """Return what the optimizer remembers, by its name in checkpoints."""
        # nameless where there is one objective: checkpoints were written before there could be several
        prefix = f"state.{self.objective.name}." if self.objective.name else "state."
        found = {prefix + name: tensor for name, tensor in self.state.items()}
        if self.scaling is not None:
            # `state` begins the prefix: what an optimizer remembers has no such name
            found |= {f"{prefix}loss_{name}": tensor for name, tensor in self.scaling.tensors().items()}
        return found


class Learner:
    """A network that learns step by step. `step` counts the updates made."""

    def __init__(self, assembly: Assembly) -> None:
        """Stand before the first step, with the weights as they were assembled."""
        chosen, self.model, self.flat = assembly.experiment, assembly.model, assembly.flat
        self.step, self.watches_gradient = 0, False
        self.precision = chosen.training.precision
        self.seed, self.device = chosen.seed, assembly.device.torch
        self.learnt = tuple(
            Learnt(objective, assembly.flat.of(objective), chosen) for objective in chosen.task.objectives()
        )
        self.judged = JudgedWeights(assembly, self.learnt)
        self._sampling = chosen.training.sampling
        self._batches = TrainingBatches(
            assembly.training,
            cutting=Cutting(len(assembly.targets["train"]), ((0, chosen.training.batch_size),)),
            seed=chosen.seed,
            device=self.device,
            chances=_chances(assembly, chosen),
            on_disk=lies_on_disk(assembly.prepared.train.inputs),
        )
        self._assembly, self._buffers = assembly, assembly.buffers
        self._augmentations: tuple[Augmentation, ...] | None = None
        self._measured: Mapping[str, Sequence[float]] = {}
        self.follow(Recipe(chosen))
        # Losses and norms of many steps wait on the device: to read each would make every step wait for it.
        self._unread = torch.zeros((2 * len(self.learnt), CAPACITY), device=self.device)
        # Cut once: on a card, to index a tensor takes as long as a small kernel.
        self._slots = list(zip(*(row.unbind() for row in self._unread), strict=True))
        self._read = 0
        self._loss_sum = 0.0

    def follow(self, recipe: Recipe) -> None:
        """Go on by what the recipe holds where it stands, which differs in what is live; all must be read.

        What was learnt and what optimizers remember stays. The schedule stretches over the epochs there are
        now.
        """
        experiment = recipe.experiment
        self.model.adopt(experiment)
        self._weights = _class_weights(self._assembly, experiment)
        if (cutting := Cutting(self._batches.count, recipe.batch_sizes)) != self._batches.cutting:
            self._batches.cut_by(cutting)
        self.timetable, self._epochs = self._batches.cutting.timetable, experiment.training.epochs
        self._steps = self.timetable.end(self._epochs)
        self._schedules = (experiment.schedule, *(course.schedule for course in experiment.courses))
        size, most = experiment.training.micro_batch, self.batch_size
        self.at_once = most if size == "whole" else min(size, most)
        """So many examples of a batch are worked out at once, at most."""
        self.hear(self._measured)
        for one in self.learnt:
            one.adopt(experiment)
        self._averaging = experiment.training.averaging
        self.judged.adopt(self._averaging)
        if experiment.training.sampling != self._sampling:
            self._sampling = experiment.training.sampling
            self._batches.draw_by(_chances(self._assembly, experiment))
        # only where they change: what black and white are is worked out from all of the training part
        if experiment.augmentations != self._augmentations:
            self._augmentations, assembly = experiment.augmentations, self._assembly
            self._augment = augmenter(
                experiment.augmentations, assembly.prepared, assembly.inputs["train"], self.device
            )

    @property
    def epoch(self) -> int:
        """Return how many epochs are complete."""
        return self.timetable.epoch(self.step)

    @property
    def at_epoch_end(self) -> bool:
        """Return whether the last step was the last of its epoch."""
        return self.timetable.ends_epoch(self.step)

    @property
    def batch_size(self) -> int:
        """Return how many examples a full batch has now."""
        return self._batches.cutting.largest

    @property
    def progress(self) -> RunProgress:
        """Return how far the run is."""
        return RunProgress(self.step, self._steps, self.epoch, self._epochs, self.at_epoch_end)

    @property
    def full(self) -> bool:
        """Return whether the losses must be read before the next step."""
        return self.step - self._read == CAPACITY

    @property
    def gradient(self) -> Tensor | None:
        """Return a copy of the flat gradient of the last step, None unless somebody watched it."""
        seen = [one.gradient_seen for one in self.learnt if one.gradient_seen is not None]
        return torch.cat(seen) if seen else None

    @property
    def skipped(self) -> int:
        """Return how many steps were skipped, as their gradients were too large for float16."""
        return sum(one.scaling.skipped for one in self.learnt if one.scaling is not None)

    def batch(self) -> Batch:
        """Return what the next step learns from, on the device and augmented."""
        inputs, targets, *weights = self._batches.of(self.step)
        plain = self.model.batch(inputs, targets)
        batch = self._augment(replace(plain, weights=weights[0]) if weights else plain)
        return batch if self._weights is None else replace(batch, class_weights=self._weights)

    def rate_factor(self, step: int) -> float:
        """Return the schedule's factor on the learning rate in `step`, counted from 0."""
        return self._factor(0, step)

    def factors(self, step: int) -> tuple[float, ...]:
        """Return the factors of all schedules in `step`: of the learning rate, then of the courses."""
        courses = (self._factor(number, step) for number in range(1, len(self._schedules)))
        return (self.rate_factor(step), *courses)

    def _factor(self, number: int, step: int) -> float:
        factor = self._schedules[number].factor(self.timetable.progress(step, self._epochs))
        heard = self._heard[number]
        return factor * heard[self.timetable.epoch(step)] if heard else factor

    def hear(self, series: Mapping[str, Sequence[float]]) -> None:
        """Let schedules listen to what was measured so far, one value an epoch; most do not."""
        self._measured, self._heard = series, tuple(one.heard(series) for one in self._schedules)

    def finish_step(self) -> None:
        """Count the step that has just been taken, and take its weights up where they are averaged."""
        self.step += 1
        if self.judged.averages:
            self.judged.note_step(self.progress)

    def note(self, number: int, loss: Tensor) -> None:
        """Keep what the objective of that number came to in this step, on the device; nothing waits."""
        gradient = self.learnt[number].flat.gradient
        loss_slot, norm_slot = self._slots[self.step - self._read][2 * number : 2 * number + 2]
        loss_slot.copy_(loss)
        torch.linalg.vector_norm(gradient, out=norm_slot)
        if self.watches_gradient:
            # a copy, as the next objective or step zeroes the vector
            self.learnt[number].gradient_seen = gradient.clone()

    def read(self) -> StepSeries:
        """Return what the steps since the last reading were like; waits for the device."""
        first, self._read = self._read, self.step
        rows = self._unread[:, : self.step - first].tolist()
        values = self._series(rows[::2], self._settings_of(range(first, self.step)), rows[1::2])
        for step, loss in enumerate(values["loss"], first):
            # weighted: the last batch of an epoch may be smaller
            self._loss_sum += loss * self._batches.size(step)
        return StepSeries(first + 1, values)

    def close_epoch(self) -> float:
        """Return the mean loss over the examples of the epoch that has just been read, and begin the next."""
        mean, self._loss_sum = self._loss_sum / self._batches.count, 0.0
        return mean

    def tensors(self) -> dict[str, Tensor]:
        """Return copies on the CPU of all that the next steps depend on. Everything must have been read."""
        loss_sum = torch.tensor(self._loss_sum, dtype=torch.float64)
        # a copy also on the processor, where the next step changes these tensors in place
        return {"epoch.loss_sum": loss_sum} | {
            name: tensor.detach().to("cpu", copy=True) for name, tensor in self._owned().items()
        }

    def load(self, step: int, tensors: Mapping[str, Tensor]) -> None:
        """Stand where `tensors` were taken; raises Invalid when they are another network's or optimizer's."""
        if not 0 <= step <= self._steps:
            why = Message(
                "the checkpoint is of step {step}, but this run has {steps}", step=step, steps=self._steps
            )
            raise Invalid([Problem("", why)])
        loss_sum = torch.zeros((), dtype=torch.float64)
        # it may have been written before an edit of the same step that began a mean, or ended it
        self.judged.hold_mean(MEAN in tensors)
        fill({**self._owned(), "epoch.loss_sum": loss_sum}, tensors, "checkpoint")
        self.step, self._read, self._loss_sum = step, step, float(loss_sum)
        self.judged.adopt(self._averaging)

    def _owned(self) -> dict[str, Tensor]:
        buffers = {f"buffer.{name}": tensor for name, tensor in self._buffers.items()}
        state = {name: tensor for one in self.learnt for name, tensor in one.tensors().items()}
        return {"parameters": self.flat.parameters, **buffers, **state, **self.judged.tensors()}

    def _settings_of(self, steps: range) -> dict[str, list[float]]:
        """Return what followed a schedule in these steps: the learning rate, and what has a course."""
        learnt = self.learnt[0]
        names = {"learning_rate": "learning_rate"}
        names |= {
            course.kind: name for course in learnt.courses if (name := course.setting_of(learnt.optimizer))
        }
        values = [learnt.along(self.factors(step)) for step in steps]
        return {series: [one[name] for one in values] for series, name in names.items()}

    def _series(
        self, losses: list[list[float]], settings: dict[str, list[float]], norms: list[list[float]]
    ) -> dict[str, list[float]]:
        """Return the series of steps: of several objectives the losses together, and each by its name."""
        if len(self.learnt) == 1:
            return {"loss": losses[0], **settings, "gradient_norm": norms[0]}
        return {
            "loss": [sum(each) for each in zip(*losses, strict=True)],
            **settings,
            # parts of one vector: the squares of their lengths add up
            "gradient_norm": [hypot(*each) for each in zip(*norms, strict=True)],
            **{f"loss_{one.objective.name}": own for one, own in zip(self.learnt, losses, strict=True)},
        }


def _class_weights(assembly: Assembly, experiment: Experiment) -> Tensor | None:
    """Return what the examples of each class count, (K,) on the device, by those of the training part."""
    loss = experiment.loss
    if not isinstance(loss, LossOfClasses) or not loss.class_weights.weighs:
        return None
    weights = loss.class_weights.weights(_counts(assembly))
    return torch.tensor(weights, dtype=torch.float32, device=assembly.device.torch)


def _chances(assembly: Assembly, experiment: Experiment) -> NDArray[np.float64] | None:
    """Return how likely each training example is drawn, (N,); None where each occurs once an epoch."""
    sampling = experiment.training.sampling
    if not sampling.draws:
        return None
    by_class, classes = sampling.chances(_counts(assembly)), assembly.targets["train"].cpu().numpy()
    found: NDArray[np.float64] = by_class[classes]
    return found


def _counts(assembly: Assembly) -> NDArray[np.int64]:
    """Return how often each class, or tag, occurs in the training part, (K,)."""
    targets = assembly.targets["train"]
    # without the places at which there is nothing to be said
    found = targets[targets >= 0].long().bincount(minlength=assembly.description.targets.size)
    counts: NDArray[np.int64] = found.cpu().numpy()
    return counts
