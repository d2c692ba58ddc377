"""Epochs: what is measured once an epoch, the best weights so far, and whether the run should end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

import numpy as np
import torch
from torch import Tensor

from engine.choices import Invalid, Message, Problem
from engine.events import Block
from engine.experiment import Experiment
from engine.learning.stopping import Standing, verdict_of
from engine.timetable import Timetable
from engine.training.assemble import Assembly
from engine.training.evaluate import evaluate, evaluate_tensors

BEST = "best."


class Epochs:
    """The series of a run that have one value an epoch, from its beginning on.

    Values are rounded to single precision, as the history keeps them, so that rules that end the run decide
    the same from the history as they did while it ran.
    """

    def __init__(self, assembly: Assembly) -> None:
        """Start before the first epoch."""
        self._assembly = assembly
        # a matrix has no curve over the epochs
        self._metrics = tuple(metric for metric in assembly.experiment.scores if metric.scalar)
        self.series: dict[str, list[float]] = {name: [] for name in assembly.experiment.measured}
        self._said = 0
        self.timetable = Timetable.even(assembly.plan.steps_per_epoch)
        """At which steps the epochs end."""
        self._best: dict[str, Tensor] = {}
        self.loss_since = -1
        """The step up to which losses were measured by another loss, which compare with none of today's."""

    def load(self, epoch: int, tensors: Mapping[str, Tensor], earlier: Mapping[str, Sequence[float]]) -> None:
        """Stand after `epoch` epochs with the series so far; longer ones are cut, shorter ones refused.

        `tensors` are those of a checkpoint, of which the best weights are taken.
        """
        for name, values in self.series.items():
            known = earlier.get(name, ())
            if len(known) < epoch:
                why = Message(
                    "the checkpoint stands after epoch {epoch}, but the history has {count} of {name}",
                    epoch=epoch,
                    count=len(known),
                    name=name,
                )
                raise Invalid([Problem("", why)])
            values[:] = [float(value) for value in known[:epoch]]
        self._said = epoch
        kept = {name: tensor for name, tensor in tensors.items() if name.startswith(BEST)}
        # none, too: where the run goes back to before its first epoch
        self._best = {name.removeprefix(BEST): tensor.clone() for name, tensor in kept.items()}
        if self._best:
            self._check_best()

    def close(self, train_loss: float) -> bool:
        """Measure the epoch that has just ended and keep its weights if they are the best.

        Returns whether the weights are sound: False when any of them is infinite or no number.
        """
        assembly = self._assembly
        inputs, targets = assembly.inputs["validation"], assembly.targets["validation"]
        found = evaluate_tensors(assembly.model, inputs, targets, self._metrics)
        values = [train_loss, found.loss, *found.metrics.values()]
        with np.errstate(over="ignore"):  # what does not fit is infinite, and meant so
            rounded = np.array(values, np.float32).tolist()
        for series, value in zip(self.series.values(), rounded, strict=True):
            series.append(value)
        if np.isfinite(found.loss):
            self._keep_best()
            return True
        # A loss that is not finite may be owed to the data; the run goes on while its weights are sound.
        return bool(assembly.flat.parameters.isfinite().all())

    def verdict(self, chosen: Experiment, seconds: float) -> str | None:
        """Return why the run should end after this epoch, or None."""
        steps = self.timetable.end(len(self.series["train.loss"]))
        standing = Standing(self.series, seconds, steps)
        return verdict_of(chosen.stopping, standing, every=chosen.training.ends == "all")

    def blocks(self) -> tuple[Block, ...]:
        """Return the values since the last call."""
        first, self._said = self._said, len(self.series["train.loss"])
        ends = [self.timetable.end(epoch) for epoch in range(first, self._said + 1)]
        # one block for epochs of the same length: where the size of batches was edited, lengths differ
        lengths = groupby(range(self._said - first), key=lambda index: ends[index + 1] - ends[index])
        stretches = [(length, list(some)) for length, some in lengths]
        return tuple(
            Block(
                name, ends[some[0] + 1], length, np.array(values[first:][some[0] : some[-1] + 1], np.float32)
            )
            for length, some in stretches
            for name, values in self.series.items()
        )

    @property
    def best_epoch(self) -> int | None:
        """Return the epoch (from 1) whose weights are kept, or None where the last ones are."""
        return int(self._best["epoch"]) if self._best else None

    def tensors(self) -> dict[str, Tensor]:
        """Return copies on the CPU of the best weights with their epoch; empty where there are none."""
        return {BEST + name: tensor.detach().to("cpu", copy=True) for name, tensor in self._best.items()}

    def restore_best(self) -> None:
        """Give the network the weights that are to be kept."""
        with torch.no_grad():
            for name, tensor in self._kept().items():
                if name in self._best:
                    tensor.copy_(self._best[name])

    def final_scores(self, threads: int) -> dict[str, dict[str, float]]:
        """Return loss and metrics of the kept weights; the test part is left for the person to ask for."""
        assembly = self._assembly
        fitting = assembly.experiment.scores_for(assembly.prepared.description)
        metrics = [metric for metric in fitting if metric.scalar]
        found = {
            part: evaluate(assembly.model, assembly.prepared.part(part), metrics, threads)
            for part in assembly.inputs
        }
        return {part: {"loss": one.loss, **one.metrics} for part, one in found.items()}

    def _keep_best(self) -> None:
        """Copy the weights if no epoch had a lower validation loss; of equal ones the first stays."""
        losses = self.series["validation.loss"]
        chosen = self._assembly.experiment.training.keep == "best"
        if not chosen or not self._assembly.prepared.description.validation:
            return  # the loss of the training part says nothing about which weights are best
        if self._best and self._compares() and losses[-1] >= self._best["loss"]:
            return
        kept = self._kept()
        if not self._best:
            # Made once: each better epoch is copied over the one before, and nothing is allocated in between.
            self._best = {name: torch.empty_like(tensor) for name, tensor in kept.items()}
        for name, tensor in kept.items():
            self._best[name].copy_(tensor.detach())
        self._best["loss"] = torch.tensor(losses[-1], dtype=torch.float64)
        self._best["epoch"] = torch.tensor(len(losses))

    def _compares(self) -> bool:
        """Return whether the loss of the best weights was measured by the loss that there is now."""
        return self.timetable.end(int(self._best["epoch"])) > self.loss_since

    def _kept(self) -> dict[str, Tensor]:
        buffers = {f"buffer.{name}": tensor for name, tensor in self._assembly.buffers.items()}
        return {"parameters": self._assembly.flat.parameters, **buffers}

    def _check_best(self) -> None:
        wanted = {**self._kept(), "loss": torch.tensor(0.0, dtype=torch.float64), "epoch": torch.tensor(0)}
        fits = wanted.keys() == self._best.keys() and all(
            wanted[name].shape == tensor.shape and wanted[name].dtype == tensor.dtype
            for name, tensor in self._best.items()
        )
        if not fits:
            raise Invalid([Problem("", "the checkpoint's best weights are those of another network")])
        device = self._assembly.device.torch
        for name in self._kept():
            self._best[name] = self._best[name].to(device)
