"""The learner: one step after another, and everything that a step changes.

Nothing here looks at a clock, waits for the device or depends on when its numbers are read, so that a run
comes out the same however it is paused, watched or cut into blocks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite

import numpy as np
import torch
from torch import Tensor

from engine.choices import Invalid, Problem
from engine.data.batches import order
from engine.learning.optimizers import State
from engine.randomness import derive
from engine.training.assemble import Assembly
from engine.training.augmenting import augmenter
from engine.training.devices import seed_step
from engine.training.model import fill

CAPACITY = 1024
"""How many steps may be taken before their losses have to be read."""


@dataclass(frozen=True)
class Readings:
    """What the steps from `first` on were like: one entry per step."""

    first: int
    losses: list[float]
    gradient_norms: list[float]
    learning_rates: list[float]

    @property
    def broken(self) -> int | None:
        """Return the first step whose loss is not finite, if there is one."""
        return next((self.first + i for i, loss in enumerate(self.losses) if not isfinite(loss)), None)

    def until(self, step: int) -> Readings:
        """Return the readings up to and including `step`."""
        end = step - self.first + 1
        return Readings(self.first, self.losses[:end], self.gradient_norms[:end], self.learning_rates[:end])


class Learner:
    """A network that learns step by step. `step` counts the updates made."""

    def __init__(self, assembly: Assembly) -> None:
        """Stand before the first step, with the weights as they were assembled."""
        flat, chosen = assembly.flat, assembly.experiment
        self.step = 0
        self.steps_per_epoch = assembly.plan.steps_per_epoch
        self.gradient: Tensor | None = None
        """A copy of the flat gradient of the last step, made only while somebody watches it."""
        self.watches_gradient = False
        self._assembly, self._flat, self._chosen = assembly, flat, chosen
        self._steps = assembly.epochs * assembly.plan.steps_per_epoch
        self._inputs, self._targets = assembly.inputs["train"], assembly.targets["train"]
        self._augment = augmenter(chosen.augmentations, assembly.prepared, self._inputs)
        self._device = assembly.device.torch
        self._settings: dict[str, float] = {
            name: getattr(chosen.optimizer, name) for name in type(chosen.optimizer).model_fields
        }
        self._state: State = chosen.optimizer.start(flat.parameters)
        self._weights = torch.zeros_like(flat.parameters)
        self._needs_weights = chosen.optimizer.uses_weights or bool(chosen.regularizers)
        self._epoch = -1
        self._batches: tuple[Tensor, ...] = ()
        self._sizes: tuple[int, ...] = ()
        self._unread = torch.zeros((2, CAPACITY), device=self._device)
        self._slots = list(zip(*(row.unbind() for row in self._unread), strict=True))
        self._rates: list[float] = []
        self._loss_sum = 0.0

    @property
    def epoch(self) -> int:
        """Return how many epochs are complete."""
        return self.step // self.steps_per_epoch

    @property
    def at_epoch_end(self) -> bool:
        """Return whether the last step was the last of its epoch."""
        return self.step % self.steps_per_epoch == 0

    @property
    def full(self) -> bool:
        """Return whether the losses must be read before the next step."""
        return len(self._rates) == CAPACITY

    def advance(self) -> None:
        """Take the next batch and update the weights once.

        Formula: g = ∇ mean over the batch of L, θ ← θ + pace ⊙ change(g), with the learning rate times the
        schedule's factor at the share of steps done; pace is 1 but in fine-tuning (Howard and Ruder,
        Universal Language Model Fine-tuning for Text Classification, 2018, discriminative fine-tuning).
        """
        flat, chosen, model = self._flat, self._chosen, self._assembly.model
        seed_step(self._device, derive(chosen.seed, "step", self.step))
        loss = model.losses(self._augment(model.batch(*self._batch()))).mean()
        flat.gradient.zero_()
        loss.backward()  # type: ignore[no-untyped-call]
        with torch.no_grad():
            self._note(loss)
            gradient = flat.gradient
            if self._needs_weights:
                torch.mul(flat.parameters, flat.mask, out=self._weights)
            for regularizer in chosen.regularizers:
                gradient = regularizer.adjust(gradient, self._weights)
            values = {**self._settings, "learning_rate": self._rates[-1]}
            change = chosen.optimizer.update(gradient, self._state, values, self._weights)
            flat.parameters.add_(change if flat.pace is None else change * flat.pace)
        self.step += 1

    def read(self) -> Readings:
        """Return what the steps since the last reading were like; waits for the device."""
        count = len(self._rates)
        losses, norms = self._unread[:, :count].tolist()
        first = self.step - count
        for position, loss in enumerate(losses, first):
            self._loss_sum += loss * self._sizes[position % self.steps_per_epoch]
        rates, self._rates = self._rates, []
        return Readings(first + 1, losses, norms, rates)

    def close_epoch(self) -> float:
        """Return the mean loss over the examples of the epoch that has just been read, and begin the next."""
        mean, self._loss_sum = self._loss_sum / len(self._targets), 0.0
        return mean

    def tensors(self) -> dict[str, Tensor]:
        """Return copies on the CPU of all that the next steps depend on. Everything must have been read."""
        loss_sum = torch.tensor(self._loss_sum, dtype=torch.float64)
        return {"epoch.loss_sum": loss_sum} | {
            name: tensor.detach().to("cpu", copy=True) for name, tensor in self._owned().items()
        }

    def load(self, step: int, tensors: Mapping[str, Tensor]) -> None:
        """Stand where `tensors` were taken; raises Invalid when they are another network's or optimizer's."""
        if not 0 <= step <= self._steps:
            raise Invalid([Problem("", f"the checkpoint is of step {step}, but this run has {self._steps}")])
        loss_sum = torch.zeros((), dtype=torch.float64)
        fill({**self._owned(), "epoch.loss_sum": loss_sum}, tensors, "checkpoint")
        self.step, self._rates, self._loss_sum = step, [], float(loss_sum)
        self._shuffle(min(self.epoch, self._assembly.epochs - 1))

    def _owned(self) -> dict[str, Tensor]:
        buffers = {f"buffer.{name}": tensor for name, tensor in self._assembly.buffers.items()}
        state = {f"state.{name}": tensor for name, tensor in self._state.items()}
        return {"parameters": self._flat.parameters, **buffers, **state}

    def _batch(self) -> tuple[Tensor, Tensor]:
        epoch, position = divmod(self.step, self.steps_per_epoch)
        if epoch != self._epoch:
            self._shuffle(epoch)
        if not self._batches:
            return self._inputs, self._targets
        index = self._batches[position]
        return self._inputs.index_select(0, index), self._targets.index_select(0, index)

    def _shuffle(self, epoch: int) -> None:
        """Lay out the batches of an epoch. A single batch holds every example as it lies, without a copy."""
        count = len(self._targets)
        self._epoch = epoch
        if self.steps_per_epoch == 1:
            self._sizes = (count,)
            return
        batches = order(count, self._chosen.training.batch_size, self._chosen.seed, epoch)
        self._sizes = tuple(len(batch) for batch in batches)
        whole = torch.tensor(np.concatenate(batches), device=self._device)
        self._batches = torch.split(whole, list(self._sizes))

    def _note(self, loss: Tensor) -> None:
        loss_slot, norm_slot = self._slots[len(self._rates)]
        loss_slot.copy_(loss)
        torch.linalg.vector_norm(self._flat.gradient, out=norm_slot)
        factor = self._chosen.schedule.factor(self.step / self._steps)
        self._rates.append(self._settings["learning_rate"] * factor)
        if self.watches_gradient:
            self.gradient = self._flat.gradient.clone()
