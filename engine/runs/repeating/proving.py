"""Proving that a run can be left and gone on with at any step: it is, and all is compared bit by bit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from engine.choices import Invalid, Message, Problem
from engine.data.source import Report, silent
from engine.randomness import generator
from engine.runs import checkpoints
from engine.runs.data.moved import experiment_of
from engine.runs.folder import RunFolder
from engine.runs.history.reader import HistoryReader
from engine.runs.repeating.original import opened
from engine.runs.repeating.proof import Proof

if TYPE_CHECKING:
    from engine.runs.preparation import MakePlan
    from engine.training.repeating.proving import Deviation

_INTERRUPTIONS = 8
"""So often, at least, all is thrown away in the middle, spread over the whole run."""
_READING = 0.1
"""The share of the progress that reading the data is."""


def prove(
    folder: RunFolder,
    make_plan: MakePlan,
    report: Report = silent,
    tell: Callable[[Proof], None] = lambda proof: None,
) -> Proof:
    """Take the steps of a run again up to its newest checkpoint, leaving off at random ones, and compare.

    At each interruption network, optimizer and data are thrown away, and made anew from the bytes of a
    checkpoint, as by a process that goes on after a kill. The loss of every step must be that of the history,
    and weights, buffers and optimizer at each checkpoint those in the folder, to the bit. Nothing of the run
    changes; it may be in training. Takes about as long as the training. Raises Invalid where nothing can be
    repeated: no checkpoint, other data.
    """
    ends = checkpoints.steps(folder)
    if not ends:
        raise Invalid([Problem("", "this run has no checkpoint yet, so there is nothing to compare with")])
    experiment = experiment_of(folder)
    start = next(checkpoints.readable(folder, ends[0]), None) if experiment.start.source else None
    first = 0 if start is None else start.step
    proof = Proof(first, first, ends[-1])

    def note(step: int) -> None:
        # also where the request is given up: it then raises
        share = (step - first) / max(proof.last - first, 1)
        report(_READING + (1 - _READING) * share, "Taking the steps again")

    from engine.training.repeating.proving import BetweenCheckpoints, repeated

    with HistoryReader(folder.history) as history:
        losses = history.column("loss").values
    with opened(folder, experiment, make_plan, report) as run:
        for step in ends:
            end = next(checkpoints.readable(folder, step), None)
            if end is None or end.step != step or end is start:
                continue  # damaged, or thinned out since by a run in training
            left = _interruptions(experiment.seed, proof.step, step, proof.last - first)
            different = repeated(BetweenCheckpoints(start, end, left), run, losses, note)
            if different is not None:
                return _refuted(proof, different, left)
            met = proof.checkpoints + 1
            proof = replace(proof, step=step, interruptions=(*proof.interruptions, *left), checkpoints=met)
            tell(proof)
            start = end
    return _proved(proof)


def _interruptions(seed: int, first: int, last: int, steps: int) -> tuple[int, ...]:
    """Return at which steps between two checkpoints to leave off, drawn by the seed of the run."""
    count = -(-_INTERRUPTIONS * (last - first) // max(steps, 1))
    between = np.arange(first + 1, last)
    drawn = generator(seed, "prove", last).choice(between, min(count, len(between)), replace=False)
    return tuple(sorted(int(step) for step in drawn))


def _proved(proof: Proof) -> Proof:
    why = Message(
        "Exact. The steps {first:,} to {last:,} were taken again, and at {count} of them all was thrown away "
        "and gone on with from a checkpoint. Each loss, and all that the checkpoints of the run hold "
        "({checkpoints}), came out the same to the last bit.",
        first=proof.first + 1,
        last=proof.step,
        count=len(proof.interruptions),
        checkpoints=proof.checkpoints,
    )
    return replace(proof, exact=True, why=why)


def _refuted(proof: Proof, different: Deviation, left: Sequence[int]) -> Proof:
    why = Message(
        "Not exact. At step {step:,} {what} came out otherwise, by up to {most}. On another machine or "
        "graphics card, or with other versions of the libraries, the last digits may differ; else they "
        "should not.",
        step=different.step,
        what=different.what,
        most=f"{different.most:.3g}",
    )
    passed = tuple(step for step in left if step < different.step)
    return replace(proof, step=different.step, interruptions=(*proof.interruptions, *passed), why=why)
