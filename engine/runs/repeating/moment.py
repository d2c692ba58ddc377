"""A moment of a run: its network as it was after any step, from a checkpoint and the steps that followed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.choices import Invalid, Message, Problem
from engine.data.description import Description
from engine.data.source import Report, silent
from engine.events import Reading
from engine.experiment import Experiment
from engine.probes.probe import Probe
from engine.runs import checkpoints
from engine.runs.folder import RunFolder
from engine.runs.kept import Weights
from engine.runs.reading import last_step
from engine.runs.repeating.original import opened

if TYPE_CHECKING:
    from engine.runs.preparation import MakePlan
    from engine.training.assemble import Assembly
    from engine.training.learner import Learner
    from engine.training.model import Model


class KeptMoment:
    """The weights of moments, the newest kept: who types a row asks again with every letter."""

    def __init__(self, make_plan: MakePlan) -> None:
        """Plan runs by `make_plan`."""
        self._make_plan = make_plan
        self._newest: tuple[tuple[str, int], Model] | None = None

    def weights(self, folder: RunFolder, step: int, report: Report) -> Weights:
        """Return the weights that are judged after a step of a run. Raises Invalid where it never took it."""
        key = str(folder.path), step
        if self._newest is not None and self._newest[0] == key:
            return _Remembered(self._newest[1])
        self._newest = None  # before the next is made: two large networks need not fit into memory
        return _Remembering(
            WeightsAt(folder, step, self._make_plan, report), lambda made: self._keep(key, made)
        )

    def _keep(self, key: tuple[str, int], made: Model) -> None:
        self._newest = key, made


@dataclass(frozen=True)
class _Remembered:
    made: Model

    def model(self, experiment: Experiment, description: Description) -> Model:
        return self.made


@dataclass(frozen=True)
class _Remembering:
    weights: WeightsAt
    keep: Callable[[Model], None]

    def model(self, experiment: Experiment, description: Description) -> Model:
        made = self.weights.model(experiment, description)
        self.keep(made)
        return made


def refuse_other_steps(folder: RunFolder, step: int) -> None:
    """Raise Invalid where the run never took that step."""
    known = last_step(folder)
    if not 0 <= step <= known:
        why = Message("this run has steps 0 to {known}, not {step}", known=known, step=step)
        raise Invalid([Problem("step", why)])


class WeightsAt:
    """The weights that are judged after a step of a run."""

    def __init__(self, folder: RunFolder, step: int, make_plan: MakePlan, report: Report = silent) -> None:
        """Raise Invalid where the run never took that step."""
        refuse_other_steps(folder, step)
        self._folder, self._step, self._make_plan, self._report = folder, step, make_plan, report

    def model(self, experiment: Experiment, description: Description) -> Model:
        """Return the network with these weights.

        The steps since the nearest checkpoint are taken again, from the same data with the same random
        numbers: on a processor the weights are those of then to the bit. The folder stays as it is, and the
        run may be in training meanwhile. Raises Invalid where the data has changed.
        """
        with self.standing(experiment) as (assembly, _):
            return assembly.model

    def readings(self, experiment: Experiment, probes: Sequence[Probe]) -> tuple[Reading, ...]:
        """Return what the probes that fit the data measure of the network at that moment; see `model`."""
        from engine.training.bookkeeping.probing import Probing

        with self.standing(experiment, watched=any(probe.needs_gradient for probe in probes)) as moment:
            assembly, learner = moment
            return tuple(Probing(assembly, learner, probes).take())

    @contextmanager
    def standing(
        self, experiment: Experiment, *, watched: bool = False
    ) -> Iterator[tuple[Assembly, Learner]]:
        """Give the run as it stood after the step, with the threads that last bits depend on.

        `watched`: with the gradient of that step.
        """
        from engine.training.repeating.moment import replayed

        folder, step = self._folder, self._step
        # the gradient of a step is that of a step that is taken again
        until = step - 1 if watched and step else step
        start = next(checkpoints.readable(folder, until), None)
        if start is None and experiment.start.source:
            start = next(checkpoints.readable(folder, step), None)
        if start is None and experiment.start.source:
            why = "lies before the oldest checkpoint, and the weights that the run began with are not kept"
            raise Invalid([Problem("step", why)])
        first = 0 if start is None else start.step

        def tell(now: int) -> None:
            self._report(0.5 + 0.4 * (now - first) / max(step - first, 1), "Taking the steps again")

        with opened(folder, experiment, self._make_plan, self._report) as run:
            yield replayed(run, start, step, tell, watched=watched)
