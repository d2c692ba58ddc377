"""The largest batch that fits: doubled until memory is not enough, then halved in between."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import accumulate
from math import log2
from time import perf_counter

import torch

from engine.choices import Message
from engine.experiment import Experiment
from engine.training.assemble import Assembly
from engine.training.devices import Device, free_memory, is_out_of_memory, settled
from engine.training.finding.sizes_tried import SizesTried, SizeTried
from engine.training.footprint import BYTES, COPIES, bytes_held, numbers_held
from engine.training.learner import Learner
from engine.training.loop import take_step
from engine.training.threads import available, threads_of

_FEWEST, _MOST = 3, 50
"""So many steps are timed at least and at most, after one in which memory is taken for the first time."""
_BRIEF, _ENOUGH = 0.2, 1.0
"""Seconds that steps are timed for where they are short, and after which no more are timed at all."""
_LONGEST = 10.0
"""After a step of so many seconds no larger size is tried: nobody would wait for it."""
_SHARE = 0.8
"""The part of free memory that a step may hold on a processor; the rest is for other programs."""
_FINE = 16
"""The search ends where the largest size that fits is known to one part in so many."""


def alone(experiment: Experiment) -> Experiment:
    """Return the experiment with single examples, so that nothing is refused before it is tried."""
    return _with_size(experiment, 1)


def try_sizes(
    assembly: Assembly, limit: int | None = None, tell: Callable[[SizesTried], None] = lambda tried: None
) -> SizesTried:
    """Return memory and time of a step for batches of 1, 2, 4 ... examples, and the largest that fits.

    `limit`: bytes that a step may hold, all weights among them; None: what is free on the device. On a
    processor a size that would need more is not tried, but told by what the sizes before it held. The
    assembly is used up, and nothing else changes. `tell` hears after each size; what it raises ends the
    search.
    """
    device, most = assembly.device, assembly.description.train
    free = free_memory(device)
    limit = min(free if device.kind == "cuda" else int(free * _SHARE), free if limit is None else limit)
    tried: list[SizeTried] = []

    def found(why: str = "") -> SizesTried:
        return SizesTried(tuple(tried), limit, most, device.kind == "cuda", why)

    attempt = _Attempt(assembly, limit)
    low, high, size = 0, most + 1, 1
    while size > low:
        one = attempt.of(size, tried)
        tried.append(one)
        tell(found())
        if one.fits:
            low = size
            if one.seconds > _LONGEST and high > most:
                why = "Larger ones were not tried: a step of {size:,} takes {seconds:.0f} seconds."
                return found(Message(why, size=size, seconds=one.seconds))
        else:
            high = size
        size = _next(low, high, most)
    if low == most:
        return found("All training examples fit into one batch.")
    if low == 0:
        return found("The memory is not enough for a single example: choose a smaller network.")
    return found(
        Message("More than {size:,} examples do not fit into {limit:.1f} GB.", size=low, limit=limit / 1e9)
    )


def _next(low: int, high: int, most: int) -> int:
    """Return the size to try where `low` fits and `high` does not; `low` where that is fine enough."""
    if high > most:
        return min(2 * low, most)
    return low if high - low <= max(1, low // _FINE) else (low + high) // 2


class _Attempt:
    """Steps with batches of one size after the other, each from the same weights."""

    def __init__(self, assembly: Assembly, limit: int) -> None:
        self._assembly, self._limit = assembly, limit
        self._weights = assembly.flat.parameters.clone()
        # what training holds all the time, beside the data
        self._before = assembly.plan.blueprint.parameters * COPIES * BYTES

    def of(self, size: int, earlier: list[SizeTried]) -> SizeTried:
        """Return what some steps of that size held and took."""
        expected = self._expected(size, earlier)
        # a card says itself that its memory is not enough; a machine without memory ends programs instead
        if self._assembly.device.kind == "cpu" and expected > self._limit:
            return SizeTried(size, expected, 0.0, False)
        try:
            memory, seconds = self._steps(size)
        except RuntimeError as error:
            if not is_out_of_memory(error):
                raise
            memory, seconds = max(expected, self._limit), 0.0
        if self._assembly.device.kind == "cuda":
            torch.cuda.empty_cache()
        fits = seconds > 0 and memory <= self._limit
        return SizeTried(size, memory, seconds, fits)

    def _expected(self, size: int, earlier: list[SizeTried]) -> int:
        """Return what a size needs at least, or as the two largest before it say, whichever is more."""
        plan, device = self._assembly.plan, self._assembly.device
        certain = int(numbers_held(plan, device) * bytes_held(plan) * size)
        known = sorted((one for one in earlier if one.fits), key=lambda one: one.size)[-2:]
        if len(known) < 2:
            return certain
        one, other = known
        slope = max(0.0, (other.memory - one.memory) / (other.size - one.size))
        return max(certain, other.memory + int(slope * (size - other.size)))

    def _steps(self, size: int) -> tuple[int, float]:
        assembly = self._assembly
        with torch.no_grad():
            assembly.flat.parameters.copy_(self._weights)
        plan = replace(assembly.plan, experiment=_with_size(assembly.experiment, size))
        threads = threads_of(plan.step_work, available())
        with settled(assembly.device, threads):
            learner, seconds = Learner(replace(assembly, plan=plan)), list[float]()
            assembly.model.set_training(True)

            def step() -> None:
                take_step(learner)
                learner.read()  # waits for the device

            begun = perf_counter()
            # the first, in which memory is taken for the first time, is not timed unless it is long
            memory = _memory_of(assembly.device, step)
            first = perf_counter() - begun
            while first + sum(seconds) < _ENOUGH and (
                len(seconds) < _FEWEST or (sum(seconds) < _BRIEF and len(seconds) < _MOST)
            ):
                begun = perf_counter()
                step()
                seconds.append(perf_counter() - begun)
        # the shortest: others of the machine can only make a step longer
        return self._before + memory, min(seconds, default=first)


def _with_size(experiment: Experiment, size: int) -> Experiment:
    training = experiment.training.replaced(batch_size=size, micro_batch="whole")
    return experiment.replaced(training=training)


def _memory_of(device: Device, step: Callable[[], None]) -> int:
    """Return the most bytes that a step holds at once, beside what stood before it."""
    if device.kind == "cuda":
        before = torch.cuda.memory_allocated(device.torch)
        torch.cuda.reset_peak_memory_stats(device.torch)
        step()
        return torch.cuda.max_memory_allocated(device.torch) - before
    # What the process holds says less: memory that tensors gave back stays with it for the next ones.
    with torch.profiler.profile(
        activities=[torch.profiler.ProfilerActivity.CPU], profile_memory=True
    ) as profiler:
        step()
    results = profiler.profiler
    assert results is not None
    taken = [event for event in results.kineto_results.events() if event.name() == "[memory]"]
    sums = accumulate(event.nbytes() for event in sorted(taken, key=lambda event: event.start_ns()))
    return max(sums, default=0)


def share_of(tried: SizesTried) -> float:
    """Return about how far a search is."""
    last = tried.tried[-1]
    if not all(one.fits for one in tried.tried):
        # what is left is some halving
        return 0.9
    return 0.9 * log2(last.size + 1) / log2(tried.most + 1)
