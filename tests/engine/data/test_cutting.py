"""The rule of batches whose size is edited: of every epoch each example is learnt from once, in its order."""

from __future__ import annotations

from itertools import pairwise
from typing import Literal

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from engine.data.batches import BatchSize, Cutting, order
from engine.timetable import Timetable
from engine.training.batches import TrainingBatches

EPOCHS, SEED = 6, 4
SIZES = st.one_of(st.integers(1, 40), st.just("all"))


@st.composite
def edited(draw: st.DrawFn) -> Cutting:
    """Return some examples, cut by sizes that were edited at any steps."""
    count = draw(st.integers(1, 30))
    steps = draw(st.lists(st.integers(1, 60), max_size=4, unique=True))
    return Cutting(count, tuple((step, draw(SIZES)) for step in (0, *sorted(steps))))


def walked(cutting: Cutting) -> list[list[int]]:
    """Return at which sizes batches are taken, epoch by epoch, by going through all steps one by one."""
    epochs: list[list[int]] = []
    step, sizes = 0, dict(cutting.sizes)
    size: BatchSize = sizes[0]
    for _ in range(EPOCHS):
        left, taken = cutting.count, []
        while left:
            size = sizes.get(step, size)
            taken.append(left if size == "all" else min(size, left))
            left, step = left - taken[-1], step + 1
        epochs.append(taken)
    return epochs


@given(edited())
def test_that_no_example_of_an_epoch_is_left_out_or_met_twice(cutting: Cutting) -> None:
    rows = torch.arange(cutting.count)
    batches = TrainingBatches((rows, rows), cutting=cutting, seed=SEED, device=torch.device("cpu"))
    step = 0
    for epoch, sizes in enumerate(walked(cutting)):
        met = [batches.of(step + place)[1].tolist() for place in range(len(sizes))]
        assert [len(batch) for batch in met] == sizes == [batches.size(step + i) for i in range(len(sizes))]
        seen = [row for batch in met for row in batch]
        # one batch of all is the same whatever their order
        wanted = order(cutting.count, cutting.count, SEED, epoch)[0].tolist() if len(sizes) > 1 else None
        assert seen == wanted if wanted else sorted(seen) == rows.tolist()
        step += len(sizes)


@given(edited())
def test_that_the_timetable_says_where_every_epoch_ends(cutting: Cutting) -> None:
    epochs, table = walked(cutting), cutting.timetable
    ends = np.cumsum([0, *(len(sizes) for sizes in epochs)]).tolist()
    assert [table.end(epoch) for epoch in range(EPOCHS + 1)] == ends
    steps = range(ends[-1])
    assert [table.epoch(step) for step in steps] == [sum(end <= step for end in ends[1:]) for step in steps]
    assert [table.ends_epoch(step) for step in steps] == [step in ends for step in steps]
    # the last step is left out: what comes after it may be cut otherwise
    done = table.epochs(np.arange(ends[-1]))
    np.testing.assert_allclose(done[ends[:-1]], range(EPOCHS), atol=1e-12)
    assert all(one < other for one, other in pairwise(done.tolist()))
    np.testing.assert_allclose([table.step_at(float(one)) for one in done], steps, atol=1e-6)
    np.testing.assert_allclose([table.progress(step, EPOCHS) * EPOCHS for step in steps], done, atol=1e-12)


@given(edited())
def test_that_a_batch_that_ends_an_epoch_counts_by_its_examples(cutting: Cutting) -> None:
    full, size, step = [], cutting.sizes[0][1], 0
    for sizes in walked(cutting):
        for _ in sizes:
            size = dict(cutting.sizes).get(step, size)
            full.append(cutting.count if size == "all" else min(size, cutting.count))
            step += 1
    shares = cutting.timetable.shares(np.arange(1, step + 1))
    taken = np.concatenate(walked(cutting)) / full
    # where an epoch has one batch its losses are of all examples, and none is smaller than the others
    alone = np.array(full) == cutting.count
    np.testing.assert_allclose(shares[~alone], taken[~alone])


@given(st.integers(1, 500), st.integers(1, 300), st.integers(1, 40))
def test_that_with_one_size_all_is_as_it_ever_was_to_the_bit(count: int, size: int, epochs: int) -> None:
    table = Cutting(count, ((0, size),)).timetable
    each = -(-count // size)
    assert table == Timetable.even(each, table.stretches[0].last_batch)
    steps = range(0, each * epochs + 1, max(each // 3, 1))
    assert [table.progress(step, epochs) for step in steps] == [step / (each * epochs) for step in steps]
    assert [float(table.epochs(step)) for step in steps] == [step / each for step in steps]


@pytest.mark.parametrize("sizes", [(8, 3), (3, 8), (8, "all"), ("all", 4), (5, 1)])
def test_that_a_schedule_goes_on_without_a_leap(sizes: tuple[int | Literal["all"], ...]) -> None:
    before, after = (Cutting(50, tuple(zip((0, 9), sizes[:count], strict=False))) for count in (1, 2))
    assert before.timetable.progress(9, 20) == pytest.approx(after.timetable.progress(9, 20), rel=1e-12)
