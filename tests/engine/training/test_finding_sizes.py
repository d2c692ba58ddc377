"""The largest batch that fits: found by doubling and halving, with weights and memory left as they were."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch

from engine.training.assemble import Assembly
from engine.training.finding import sizes
from engine.training.finding.sizes import alone, try_sizes
from engine.training.finding.sizes_tried import SizesTried, SizeTried
from tests.engine.training.support import CNN, MLP, assembled, experiment_of


def assembly_of(values: Any = CNN, **changes: Any) -> Assembly:
    return assembled(alone(experiment_of(values, **changes)))


def holding(monkeypatch: pytest.MonkeyPatch, memory: Callable[[int], int], seconds: float = 0.01) -> None:
    """Let steps hold so much memory by their size, and take so long an example."""
    monkeypatch.setattr(
        sizes._Attempt, "_steps", lambda self, size: (memory(size), seconds * size if seconds else 0.0)
    )


def test_that_all_examples_are_one_batch_where_memory_is_enough() -> None:
    assembly = assembly_of(MLP)
    heard: list[SizesTried] = []
    found = try_sizes(assembly, tell=heard.append)
    assert [one.size for one in found.tried] == [1, 2, 4, 8, 16, 32, 64, 128, 140]
    assert found.largest == 140 == found.most
    assert "All training examples" in found.why
    assert [len(one.tried) for one in heard] == list(range(1, 10))
    assert all(not one.why for one in heard)


@pytest.mark.parametrize("fitting", [1, 2, 3, 37, 100, 139])
def test_that_the_largest_is_found_to_one_part_in_sixteen(
    fitting: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    holding(monkeypatch, lambda size: 1_000_000 * size)
    found = try_sizes(assembly_of(MLP), limit=1_000_000 * fitting)
    assert found.largest is not None
    assert fitting - max(1, fitting // 16) <= found.largest <= fitting
    assert all(one.fits == (one.size <= fitting) for one in found.tried)
    # and each size once
    assert len({one.size for one in found.tried}) == len(found.tried)


def test_that_no_size_is_tried_whose_memory_the_machine_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def memory(size: int) -> int:
        asked.append(size)
        return 1_000_000 * size

    holding(monkeypatch, memory)
    try_sizes(assembly_of(MLP), limit=50_000_000)
    # only 2 after 1 is not foretold by two sizes before it
    assert max(asked) <= 50


def test_that_memory_that_runs_out_is_a_size_that_does_not_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    def steps(self: object, size: int) -> tuple[int, float]:
        if size > 20:
            raise RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried ...")
        return 0, 0.001

    monkeypatch.setattr(sizes._Attempt, "_steps", steps)
    assert try_sizes(assembly_of(MLP)).largest == 20


def test_that_too_little_for_one_example_is_told() -> None:
    found = try_sizes(assembly_of(), limit=1000)
    assert found.largest is None
    assert found.suggested is None
    assert "not enough for a single example" in found.why


def test_that_a_long_step_ends_the_search(monkeypatch: pytest.MonkeyPatch) -> None:
    holding(monkeypatch, lambda size: size, seconds=3.0)
    found = try_sizes(assembly_of(MLP))
    assert found.largest == 4
    assert "a step of 4 takes 12 seconds" in found.why


def test_that_memory_grows_with_the_batch_as_layers_put_out_numbers() -> None:
    found = {one.size: one.memory for one in try_sizes(assembly_of(), limit=10**9).tried}
    # of two sizes twice apart the examples' share doubles; weights and their gradient do not
    assert 1.7 < (found[256] - found[1]) / (found[128] - found[1]) < 2.3
    half = assembly_of(training={**CNN["training"], "precision": "bfloat16"})
    less = {one.size: one.memory for one in try_sizes(half, limit=10**9).tried}
    assert less[256] < found[256]


def test_that_what_is_tried_leaves_no_trace() -> None:
    threads = torch.get_num_threads()
    first, second = (try_sizes(assembly_of(MLP)) for _ in range(2))
    assert [one.memory for one in first.tried] == [one.memory for one in second.tried]
    assert torch.get_num_threads() == threads


def test_that_who_listens_may_end_it() -> None:
    class EnoughError(Exception):
        pass

    def tell(tried: SizesTried) -> None:
        if len(tried.tried) == 3:
            raise EnoughError

    with pytest.raises(EnoughError):
        try_sizes(assembly_of(MLP), tell=tell)


@pytest.mark.parametrize(
    ("each", "card", "wanted"),
    [
        # seconds of an example by size
        ({1: 9.0, 2: 5.0, 4: 3.0, 8: 2.1, 16: 2.0, 32: 2.2}, False, 8),
        ({1: 9.0, 2: 5.0, 4: 3.0, 8: 2.1, 16: 2.0, 32: 2.2}, True, 32),
        ({1: 1.0, 2: 1.0}, False, 1),
    ],
)
def test_which_size_is_suggested(each: dict[int, float], card: bool, wanted: int) -> None:
    tried = tuple(SizeTried(size, size, size * seconds, True) for size, seconds in each.items())
    found = SizesTried((*tried, SizeTried(64, 64, 0.0, False)), 40, 100, card)
    assert found.suggested == wanted
    assert found.largest == max(each)


@pytest.mark.gpu
def test_that_a_card_is_filled() -> None:
    from engine.training.devices import pick

    card = pick("cuda")
    experiment = experiment_of(CNN, training={**CNN["training"], "device": "cuda"})
    found = try_sizes(assembled(alone(experiment), device=card), limit=30_000_000)
    assert found.card
    assert found.largest is not None
    assert found.suggested == found.largest
