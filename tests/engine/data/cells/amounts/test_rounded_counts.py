"""Counts as shops round them: 500+ beside 2万+ of the same are numbers, a single one as well by its type."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import pytest

from engine.data.cells.recognition import CellStyle, recognise

COUNTS: tuple[tuple[Sequence[str], Sequence[float]], ...] = (
    (["500+人付款", "2万+人付款", "300+人付款"], [500, 20_000, 300]),
    (["已售1.2万件", "已售3000+件", "已售10万+件"], [12_000, 3_000, 100_000]),
    (["3000+条评价", "1万+条评价", "2千多条评价"], [3_000, 10_000, 2_000]),
    (["1.5k+ sold", "1,000+ sold", "2 sold"], [1_500, 1_000, 2]),
    (["2M downloads", "1 download", "500K downloads"], [2e6, 1, 5e5]),
    (["1.2 million views", "900 thousand views", "800 views"], [1.2e6, 9e5, 800]),
    (["约500人", "超过1万人", "近3000人"], [500, 10_000, 3_000]),
    (["1.2w+人想要", "300+人想要", "88人想要"], [12_000, 300, 88]),
)


@pytest.mark.parametrize(("words", "numbers"), COUNTS, ids=lambda one: str(one[0]))
def test_that_counts_of_several_sizes_are_read_freely_and_kept_by_their_type(
    words: Sequence[str], numbers: Sequence[float]
) -> None:
    found = recognise("a", pd.Series([*words] * 10, dtype=object, name="a"))
    assert found.column.tolist() == [*numbers] * 10
    assert found.kind == "measure"
    for word, number in zip(words, numbers, strict=True):
        alone = recognise("a", pd.Series([word], dtype=object, name="a"), CellStyle(kind="measure"))
        assert alone.column.tolist() == [number], word


@pytest.mark.parametrize(
    "words",
    [["18+", "12+", "7+"], ["5+ years", "3+ years", "10+ years"], ["Group 1", "Group 2", "Group 3"]],
    ids=lambda one: one[0],
)
def test_that_open_classes_and_names_stay_words(words: Sequence[str]) -> None:
    found = recognise("a", pd.Series([*words] * 10, dtype=object, name="a"))
    assert found.kind is None
    assert found.column.tolist() == [*words] * 10


def test_that_money_keeps_its_own_form() -> None:
    found = recognise("a", pd.Series(["$1.2M", "$850K", "$900"] * 10, dtype=object, name="a"))
    assert found.kind is None
    assert found.column.tolist()[:3] == [1.2e6, 8.5e5, 900]


def test_that_ranges_by_thousands_are_read_in_ones_at_both_ends() -> None:
    cells = pd.Series(["8千-1.2万", "6-8千", "1-1.5万", "3-5千克"], dtype=object, name="a")
    read = recognise("a", cells, CellStyle(kind="range")).column
    assert read.tolist()[:3] == [10_000, 7_000, 12_500]
