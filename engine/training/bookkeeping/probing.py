"""Probing: when probes are measured, so that all of them together take little of the training time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from math import inf
from time import perf_counter

import torch

from engine.events import Reading
from engine.probes.probe import Probe, Subject
from engine.training.assemble import Assembly
from engine.training.devices import generator_of
from engine.training.evaluate import evaluating, losses_tensors, predict_tensors
from engine.training.learner import Learner

SHARE = 0.05
"""The part of the time that probes may take."""
SHORTEST = 0.1
"""Seconds between two rounds of readings at least: nobody sees more."""


class Probing:
    """The probes of a run that are watched, and when each is due.

    A probe that took c seconds waits c · (number of probes) / SHARE seconds, so that a slow one delays no
    other and all together keep to their share.
    """

    def __init__(self, assembly: Assembly, learner: Learner, probes: Sequence[Probe]) -> None:
        """Watch the probes that fit the data; each is due at once."""
        self._assembly, self._learner = assembly, learner
        self._always = tuple(probes)
        # a dict and not a set, which has another order in every process
        self._ever: dict[Probe, None] = {}
        self.watch(())

    def watch(self, probes: Sequence[Probe]) -> None:
        """Measure these, besides those the experiment names; each is due at once."""
        description = self._assembly.description
        both = dict.fromkeys((*self._always, *probes))
        self._due = {probe: 0.0 for probe in both if probe.fits(description)}
        self._ever |= dict.fromkeys(self._due)
        self._taken_at: dict[Probe, int] = {}
        # Only then: a copy of the gradient costs a pass over all parameters in every step.
        self._learner.watches_gradient = any(probe.needs_gradient for probe in self._due)

    def due(self, now: float) -> bool:
        """Return whether some probe may be measured now."""
        return any(now >= at for at in self._due.values())

    def take(self, now: float = inf, clock: Callable[[], float] = perf_counter) -> Iterator[Reading]:
        """Measure every probe that is due at `now`, by default all, but none twice at one step."""
        step = self._learner.step
        for probe in [probe for probe, at in self._due.items() if now >= at]:
            if self._taken_at.get(probe) == step:
                continue
            first = probe not in self._taken_at
            self._taken_at[probe] = step
            begun = clock()
            with self._learner.judged.shown(step):
                found = self._measured(probe, step)
            yield found
            cost = clock() - begun
            # The first measurement also loads code and warms caches, up to a hundred times what it costs
            # later: a wait reckoned from it would leave the panel at step 0 for the whole of a short run.
            wait = cost if first else cost * len(self._due) / SHARE
            self._due[probe] = begun + max(SHORTEST, wait)

    def take_kept(self, step: int) -> Iterator[Reading]:
        """Measure everything at the end of the run, with the weights that are kept: those of `step`.

        Also what somebody has watched before and nobody watches now: whoever comes back after the end would
        find a picture of long before.
        """
        for probe in self._ever:
            # a gradient is of the last step and of no other: see `take_last`
            if not probe.needs_gradient:
                yield self._measured(probe, step)

    def take_last(self) -> Iterator[Reading]:
        """Measure what hangs on the gradient of the last step, while the weights of that step are there."""
        step = self._learner.step
        for probe in self._due:
            if probe.needs_gradient and self._taken_at.get(probe) != step:
                with self._learner.judged.shown(step):
                    yield self._measured(probe, step)

    def _measured(self, probe: Probe, step: int) -> Reading:
        with evaluating(self._assembly.model), _same_generator(self._assembly.device.torch):
            return Reading(probe.key, step, probe.measure(self._subject()))

    def _subject(self) -> Subject:
        assembly, model = self._assembly, self._assembly.model
        return Subject(
            data=assembly.prepared,
            network=model.network,
            device=model.device.torch,
            predict=lambda inputs: predict_tensors(model, inputs),
            losses=lambda inputs, targets: losses_tensors(model, inputs, targets),
            weights=assembly.flat.parameters,
            gradient=self._learner.gradient,
            layout=tuple((place.name, place.start, place.end) for place in assembly.flat.layout),
        )


@contextmanager
def _same_generator(device: torch.device) -> Iterator[None]:
    """Leave the device's default generator as it was, whatever draws from it inside."""
    generator = generator_of(device)
    state = generator.get_state()
    try:
        yield
    finally:
        generator.set_state(state)
