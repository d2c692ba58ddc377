"""Threads: how many of them a run on the processor computes with.

A pure rule of the work in a step, not a measurement: the same experiment on the same machine then always gets
the same number, on which the last bits of its results depend. It is recorded with the run and kept when the
run goes on elsewhere.
"""

from __future__ import annotations

import psutil
import torch

from engine.training.plan import Plan

WORK_PER_THREAD = 64_000_000
"""Multiply-adds of a step that make a thread worth its while.

Below, handing out the work costs more than it saves, as waiting threads sleep: on two cores, steps of 38
million (MLP 4×512, batch 32) ran 196 and 216 times a second with one thread, 214 and 94 times with two; steps
of 614 million (batch 512) 27 and 25 times with one, 46 and 42 with two. Where every core computes, the window
and the display also take their time out of the training: with two threads at 38 million, drawing cost 19 %.
"""
_FEW_CORES = 4
"""From so many cores on, one is left to the window and to the rest of the machine."""


def threads_for(plan: Plan) -> int:
    """Return the number of threads for training as planned on the processor of this machine.

    Formula: multiply-adds of an example × examples in a batch / WORK_PER_THREAD, at least 1, at most the
    cores to be had.
    """
    return threads_of(plan.step_work, available())


def threads_of(work: int, cores: int) -> int:
    """Return the number of threads for a step of `work` multiply-adds on a machine with `cores` to be had."""
    spare = 1 if cores >= _FEW_CORES else 0
    return max(1, min(work // WORK_PER_THREAD, cores - spare))


def available() -> int:
    """Return how many cores may be used: those that exist, or fewer where the environment allows fewer."""
    # Real cores: two threads on one share the units that multiply.
    # on some systems psutil cannot tell real cores and says None
    return max(1, min(torch.get_num_threads(), psutil.cpu_count(logical=False) or 1))
