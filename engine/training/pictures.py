"""Pictures: when probes are measured, so that all of them together take little of the training time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from time import perf_counter

import torch

from engine.events import Pictured
from engine.probes.probe import Probe, Subject
from engine.training.assemble import Assembly
from engine.training.devices import generator_of
from engine.training.evaluate import evaluating, losses_tensors, predict_tensors
from engine.training.learner import Learner

SHARE = 0.05
"""The part of the time that probes may take."""
SHORTEST = 0.1
"""Seconds between two rounds of pictures at least: nobody sees more."""


class Pictures:
    """The probes of a run that are watched, and when they are due.

    After a round that took c seconds the next waits until c / SHARE seconds after its beginning.
    """

    def __init__(self, assembly: Assembly, learner: Learner, probes: Sequence[Probe]) -> None:
        """Watch the probes that fit the data; the first round is due at once."""
        self._assembly, self._learner = assembly, learner
        self._always = tuple(probes)
        self.watch(())

    def watch(self, probes: Sequence[Probe]) -> None:
        """Measure these, besides those the experiment names; a new round is due at once."""
        description = self._assembly.description
        both = dict.fromkeys((*self._always, *probes))
        self._probes = tuple(probe for probe in both if probe.fits(description))
        self._learner.watches_gradient = any(probe.needs_gradient for probe in self._probes)
        self._due = 0.0
        self._taken_at = -1

    def due(self, now: float) -> bool:
        """Return whether a round may be taken now."""
        return bool(self._probes) and now >= self._due

    def take(self, clock: Callable[[], float] = perf_counter) -> Iterator[Pictured]:
        """Measure every watched probe, unless that was done at this very step."""
        step = self._learner.step
        if step == self._taken_at:
            return
        self._taken_at = step
        begun = clock()
        for probe in self._probes:
            with evaluating(self._assembly.model), _same_generator(self._assembly.device.torch):
                arrays = probe.measure(self._subject())
            yield Pictured(probe.kind, step, arrays)
        self._due = begun + max(SHORTEST, (clock() - begun) / SHARE)

    def take_last(self) -> Iterator[Pictured]:
        """Measure at the end of the run: the weights that are kept may be those of an earlier step."""
        self._taken_at = -1
        yield from self.take()

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
