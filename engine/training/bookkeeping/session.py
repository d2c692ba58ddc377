"""A session: one run on its way, with all that hangs off the loop: reports, pauses, checkpoints."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import numpy as np
import torch

from engine.events import Block, Event, Measured, RunEnded, State, StateChanged, Warned
from engine.training.assemble import Assembly
from engine.training.bookkeeping.clock import Clock
from engine.training.bookkeeping.epochs import BEST, Epochs
from engine.training.bookkeeping.pictures import Pictures
from engine.training.checkpoint import Checkpoint
from engine.training.control import Control, Wishes
from engine.training.evaluate import evaluate
from engine.training.learner import Learner, Readings

SHORT = 2.0
"""Seconds between two checkpoints at least, so that epochs of milliseconds do not each write one."""
LONG = 30.0
"""Seconds between two checkpoints at most."""
SAVING_SHARE = 0.05
"""The part of the time that writing checkpoints may take, as long as they are not older than `LONG`."""

Save = Callable[[Checkpoint], None]


@dataclass(frozen=True)
class Outcome:
    """How the run ends and why, as a sentence for the person."""

    state: State
    why: str


class Session:
    """The state of a run between its first and last event; `outcome` is set when it is to end."""

    def __init__(
        self,
        assembly: Assembly,
        start: Checkpoint | None,
        control: Control,
        save: Save,
        earlier: Mapping[str, Sequence[float]],
    ) -> None:
        """Stand at `start`, or before the first step. Raises Invalid when it is not of this experiment."""
        self.assembly, self.control, self._save = assembly, control, save
        self.learner, self.epochs = Learner(assembly), Epochs(assembly)
        self.decisions: dict[str, Any] = {"threads": torch.get_num_threads()}
        self.outcome: Outcome | None = None
        self._waiting: list[Readings] = []
        self._last_good: int | None = None
        if start is not None:
            self._load(start, earlier)
        self.pictures = Pictures(assembly, self.learner, assembly.experiment.probes)
        self.clock = Clock(0.0 if start is None else start.seconds, self.learner.step)
        self._newest = self._safe = self._snapshot()
        self._saved_at, self._saved_epoch, self._patience = perf_counter(), self.learner.epoch, SHORT
        self._conclude()
        if start is None and assembly.experiment.start.source:
            self.checkpoint()  # from now on the run can go on without the file the weights came from

    @property
    def threads(self) -> int:
        """Return the number of threads the run was begun with, on which the last bits depend."""
        return int(self.decisions["threads"])

    def over(self) -> bool:
        """Return whether the run is to end."""
        return self.outcome is not None

    # --- a step ----------------------------------------------------------------------------------------

    def advance(self) -> None:
        """Take one step, and measure where it ends an epoch."""
        learner = self.learner
        learner.advance()
        if learner.at_epoch_end:
            self._close_epoch()
        elif learner.full:
            self.clock.hurry()
        if self.control.attention:
            self.control.stepped(learner.at_epoch_end)

    def _close_epoch(self) -> None:
        self._read()
        if self.over():
            return
        if not self.epochs.close(self.learner.close_epoch()):
            self._break(self.learner.step, f"Some weights became infinite at step {self.learner.step}")
            return
        self._conclude()
        if self._checkpoint_due():
            self.clock.hurry()

    def _conclude(self) -> None:
        """End the run where a rule says so, said so before this session, or all epochs are done."""
        epoch, epochs = self.learner.epoch, self.assembly.epochs
        if "ended" not in self.decisions and self.learner.at_epoch_end and epoch > 0:
            done = f"All {epochs} epochs are done." if epochs > 1 else "The epoch is done."
            why = done if epoch >= epochs else self.epochs.verdict(self.clock.seconds)
            if why is not None:
                self.decisions["ended"] = why
        if "ended" in self.decisions:
            self.outcome = Outcome("finished", self.decisions["ended"])

    def _read(self) -> None:
        """Take over the losses since the last reading; the first that is not finite ends the run."""
        readings = self.learner.read()
        if not readings.losses:
            return
        broken = readings.broken
        if broken is not None:
            readings = readings.until(broken)
            loss = readings.losses[-1]
            self._break(
                broken - 1, f"The loss became {'NaN' if loss != loss else 'infinite'} at step {broken}"
            )
        elif self.learner.step > self._newest.step:
            self._safe = self._newest
        self._waiting.append(readings)

    def _break(self, bad: int, what: str) -> None:
        """End the run because the weights after step `bad` are of no use."""
        self._last_good = max(0, bad - 1)
        kept = f"The weights of step {self._last_good} are kept, the last whose loss was finite."
        cure = "A lower learning rate or gradient clipping may help."
        if not self._last_good:  # the run keeps no weights of its start: they have learnt nothing
            kept = "No weights are kept: nothing had been learnt before."
            cure = "A lower learning rate, gradient clipping or smaller inputs and targets may help."
        why = f"{what}. {kept} {cure}"
        self.outcome = Outcome("failed", why)

    # --- what is said ----------------------------------------------------------------------------------

    def report(self) -> Iterator[Event]:
        """Say the numbers since the last report; take pictures and write a checkpoint where they are due."""
        if not self.over():
            self._read()
        yield from self._measured()
        if not self.over():
            if self.pictures.due(now := perf_counter()):
                yield from self.pictures.take(now)
            if self._checkpoint_due():
                self.checkpoint()

    def _measured(self) -> Iterator[Event]:
        waiting, self._waiting = self._waiting, []
        blocks = self.epochs.blocks()
        if waiting:
            blocks = (
                _block("loss", waiting, [readings.losses for readings in waiting]),
                _block("learning_rate", waiting, [readings.learning_rates for readings in waiting]),
                _block("gradient_norm", waiting, [readings.gradient_norms for readings in waiting]),
                *blocks,
            )
        speed = self.clock.speed(self.learner.step)
        if blocks:
            yield Measured(blocks, self.learner.step, self.learner.epoch, self.clock.seconds, speed)

    # --- what others want ------------------------------------------------------------------------------

    def attend(self) -> Iterator[Event]:
        """Heed the control: answer questions, watch other probes, hold while paused, end."""
        wishes = self.control.wishes()
        yield from self._heed(wishes)
        if not wishes.hold or self.over():
            return
        yield from self.report()
        if self.over():
            return
        yield from self.pictures.take()
        self.checkpoint()
        self.clock.hold()
        yield StateChanged("paused", self.learner.step)
        while wishes.hold and not self.over():
            self.control.wait()
            wishes = self.control.wishes()
            yield from self._heed(wishes)
        self.clock.go_on()
        if not self.over():
            yield StateChanged("running", self.learner.step)

    def _heed(self, wishes: Wishes) -> Iterator[Event]:
        for question in wishes.questions:
            question()
        if wishes.ending == "stop":
            self.outcome = Outcome(
                "stopped", f"Stopped after step {self.learner.step}; what was learnt is kept."
            )
        elif wishes.ending == "interrupt":
            self.outcome = Outcome(
                "interrupted", f"Interrupted after step {self.learner.step}; it can be resumed."
            )
        elif wishes.probes is not None:
            self.pictures.watch(wishes.probes)
            yield from self.pictures.take()

    # --- checkpoints -----------------------------------------------------------------------------------

    def checkpoint(self) -> None:
        """Write a checkpoint of this very step."""
        begun = perf_counter()
        self._newest = self._snapshot()
        self._save(self._newest)
        self._saved_at, self._saved_epoch = perf_counter(), self.learner.epoch
        self._patience = min(LONG, max(SHORT, (self._saved_at - begun) / SAVING_SHARE))

    def _checkpoint_due(self) -> bool:
        age = perf_counter() - self._saved_at
        return age >= LONG or (age >= self._patience and self.learner.epoch > self._saved_epoch)

    def _snapshot(self) -> Checkpoint:
        tensors = self.learner.tensors() | self.epochs.tensors()
        return Checkpoint(self.learner.step, self.clock.seconds, tensors, dict(self.decisions))

    def _load(self, start: Checkpoint, earlier: Mapping[str, Sequence[float]]) -> None:
        best = {name: tensor for name, tensor in start.tensors.items() if name.startswith(BEST)}
        own = {name: tensor for name, tensor in start.tensors.items() if name not in best}
        self.learner.load(start.step, own)
        self.epochs.load(self.learner.epoch, best, earlier)
        self.decisions.update(start.decisions)

    # --- the end ---------------------------------------------------------------------------------------

    def finish(self) -> Iterator[Event]:
        """Write the last checkpoint, load the weights that are kept and say how it ended."""
        outcome = self.outcome
        assert outcome is not None
        if outcome.state != "failed":
            self._read()
            outcome = self.outcome or outcome
        yield from self._measured()
        if self._last_good is not None:
            yield Warned(self.learner.step, outcome.why)
            self._go_back(self._last_good)
        self.checkpoint()
        scores = {}
        if outcome.state != "interrupted":
            self.epochs.restore_best()
            yield from self.pictures.take_kept(self._kept_step())
            scores = self._scores()
        yield RunEnded(outcome.state, self.learner.step, self.learner.epoch, outcome.why, scores)

    def _go_back(self, step: int) -> None:
        """Take the last checkpoint before `step` and repeat the steps from there, number by number."""
        learner, source = self.learner, self._newest if self._newest.step <= step else self._safe
        learner.load(
            source.step,
            {name: tensor for name, tensor in source.tensors.items() if not name.startswith(BEST)},
        )
        while learner.step < step:
            learner.advance()
            if learner.at_epoch_end or learner.full:
                learner.read()
            if learner.at_epoch_end:
                learner.close_epoch()
        learner.read()

    def _kept_step(self) -> int:
        """Return the step whose weights are kept: the end of the best epoch, or the last one."""
        best = self.epochs.best_epoch
        return self.learner.step if best is None else best * self.assembly.plan.steps_per_epoch

    def _scores(self) -> dict[str, dict[str, float]]:
        """Return loss and metrics of the kept weights; the test part is left for the person to ask for."""
        assembly = self.assembly
        fitting = assembly.experiment.scores_for(assembly.prepared.description)
        metrics = [metric for metric in fitting if metric.scalar]
        found = {
            part: evaluate(assembly.model, assembly.prepared.part(part), metrics, self.threads)
            for part in assembly.inputs
        }
        return {part: {"loss": one.loss, **one.metrics} for part, one in found.items()}


def _block(name: str, readings: Sequence[Readings], values: Sequence[Sequence[float]]) -> Block:
    return Block(name, readings[0].first, 1, np.concatenate([np.array(some, np.float32) for some in values]))
