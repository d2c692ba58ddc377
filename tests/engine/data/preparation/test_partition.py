"""Partition and order of batches: sizes, proportions, determinism."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.choices import Invalid
from engine.data.batches import batches_per_epoch, order, shuffled
from engine.data.preparation.partition import partition
from engine.data.split import Split

SPLITS = [Split(), Split(train=0.6, validation=0.2, test=0.2), Split(train=0.8, validation=0.2, test=0.0)]


@given(
    st.lists(st.integers(0, 6), min_size=30, max_size=400),
    st.sampled_from(SPLITS),
    st.integers(0, 10),
    st.booleans(),
)
def test_that_every_row_is_in_exactly_one_part(
    codes: list[int], split: Split, seed: int, stratified: bool
) -> None:
    rows = np.arange(len(codes), dtype=np.int64) * 3
    split = split.replaced(stratified=stratified)
    parts = partition(rows, np.array(codes), split, seed)
    together = np.concatenate(list(parts.values()))
    assert sorted(together.tolist()) == rows.tolist()
    assert all((np.diff(part) > 0).all() for part in parts.values())


@given(st.lists(st.integers(0, 6), min_size=30, max_size=400), st.sampled_from(SPLITS), st.integers(0, 10))
def test_that_each_class_gets_its_share_rounded_and_at_least_one_in_training(
    codes: list[int], split: Split, seed: int
) -> None:
    classes = np.array(codes)
    parts = partition(np.arange(len(codes)), classes, split, seed)
    for name, share in (("train", split.train), ("validation", split.validation), ("test", split.test)):
        for code in np.unique(classes):
            count, ideal = (classes[parts[name]] == code).sum(), share * (classes == code).sum()
            assert abs(count - ideal) <= 1 + 1e-9
    assert set(classes[parts["train"]]) == set(codes)


@given(st.lists(st.integers(0, 6), min_size=60, max_size=400), st.sampled_from(SPLITS))
def test_that_rounding_of_classes_does_not_add_up_in_the_sizes_of_the_parts(
    codes: list[int], split: Split
) -> None:
    parts = partition(np.arange(len(codes)), np.array(codes), split, 0)
    alone = sum(codes.count(code) == 1 for code in set(codes))
    for name, share in (("train", split.train), ("validation", split.validation), ("test", split.test)):
        assert abs(len(parts[name]) - share * len(codes)) <= 2 + alone


def test_that_large_classes_are_divided_exactly() -> None:
    codes = np.repeat([0, 1, 2], [200, 100, 40])
    parts = partition(np.arange(340), codes, Split(), 7)
    assert np.bincount(codes[parts["train"]]).tolist() == [140, 70, 28]
    assert np.bincount(codes[parts["validation"]]).tolist() == [30, 15, 6]
    assert np.bincount(codes[parts["test"]]).tolist() == [30, 15, 6]


def test_that_the_seed_alone_decides_and_the_numbers_are_the_same_everywhere() -> None:
    assert shuffled(10, 0, "split").tolist() == shuffled(10, 0, "split").tolist()
    assert shuffled(10, 0, "split").tolist() != shuffled(10, 1, "split").tolist()
    assert shuffled(8, 5, "order", 3).tolist() == RECORDED


RECORDED = [4, 2, 7, 3, 0, 1, 6, 5]


def test_that_a_part_left_empty_names_its_setting() -> None:
    with pytest.raises(Invalid) as refused:
        partition(np.arange(4), None, Split(train=0.9, validation=0.05, test=0.05), 0)
    assert {problem.path for problem in refused.value.problems} == {"split.validation", "split.test"}


def test_that_classes_of_one_example_each_are_named_as_the_reason() -> None:
    with pytest.raises(Invalid, match="so few examples each"):
        partition(np.arange(60), np.arange(60), Split(), 0)


def test_that_a_test_share_of_zero_is_no_empty_part() -> None:
    parts = partition(np.arange(10), None, Split(train=0.8, validation=0.2, test=0.0), 0)
    assert [len(part) for part in parts.values()] == [8, 2, 0]


@given(st.integers(1, 500), st.integers(1, 200), st.integers(0, 5), st.integers(0, 50))
def test_that_an_epoch_shows_every_example_once(count: int, size: int, seed: int, epoch: int) -> None:
    batches = order(count, size, seed, epoch)
    assert sorted(np.concatenate(batches).tolist()) == list(range(count))
    assert len(batches) == batches_per_epoch(count, size)
    assert all(len(batch) == size for batch in batches[:-1])


def test_that_epochs_differ_and_the_full_batch_stays_in_order() -> None:
    first, second = order(100, 10, 0, 1), order(100, 10, 0, 2)
    assert np.concatenate(first).tolist() != np.concatenate(second).tolist()
    assert [batch.tolist() for batch in order(5, "all", 0, 3)] == [[0, 1, 2, 3, 4]]


def test_that_the_order_is_uniform_over_all_permutations() -> None:
    """24 permutations of 4; chi-square with 23 degrees of freedom stays below its 0.9999 quantile of 59."""
    counts: dict[tuple[int, ...], int] = {}
    for epoch in range(4800):
        found = tuple(shuffled(4, 1, "order", epoch).tolist())
        counts[found] = counts.get(found, 0) + 1
    assert sum((count - 200) ** 2 / 200 for count in counts.values()) < 59


PUBLISHED = np.array(["train"] * 80 + ["test"] * 20)


def test_that_a_published_test_part_is_kept_and_the_rest_divided_by_the_other_shares() -> None:
    parts = partition(np.arange(100), np.arange(100) % 4, Split(), 0, PUBLISHED)
    assert parts["test"].tolist() == list(range(80, 100))
    assert abs(len(parts["validation"]) - 80 * 0.15 / 0.85) <= 1
    assert sorted(np.concatenate([parts["train"], parts["validation"]]).tolist()) == list(range(80))


def test_that_all_published_parts_are_kept() -> None:
    published = np.array(["train", "validation", "test", ""] * 10)
    parts = partition(np.arange(40) * 2, None, Split(), 0, published)
    assert all((parts[part] // 2 % 4 == index).all() for part, index in (("validation", 1), ("test", 2)))
    assert len(parts["train"]) == 20


def test_that_published_parts_are_joined_where_the_split_says_so() -> None:
    split = Split(published=False)
    found = partition(np.arange(100), None, split, 3, PUBLISHED)
    alone = partition(np.arange(100), None, split, 3)
    assert all(np.array_equal(found[part], alone[part]) for part in found)


def test_that_data_with_nothing_but_a_test_part_leaves_nothing_to_learn_from() -> None:
    with pytest.raises(Invalid) as raised:
        partition(np.arange(10), None, Split(), 0, np.array(["test"] * 10))
    assert {problem.path for problem in raised.value.problems} == {"split.train", "split.validation"}
