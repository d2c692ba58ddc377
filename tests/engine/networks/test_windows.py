"""Windows: sizes of pictures against torch's own, and poolings against their definition."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional

from engine.networks.images.pooling import pooling
from engine.networks.images.windows import Window, remaining

NAMES = ("max", "min", "average")
PICTURES = torch.randn(2, 3, 9, 12, generator=torch.Generator().manual_seed(0))


@given(st.integers(1, 60), st.integers(1, 7), st.integers(1, 4), st.integers(0, 3))
def test_that_a_window_fits_as_often_as_torch_says(length: int, size: int, stride: int, padding: int) -> None:
    places = Window(size, stride, padding).over(length)
    if length + 2 * padding < size:
        assert places == 0
    else:
        found = functional.conv1d(torch.zeros(1, 1, length), torch.zeros(1, 1, size), None, stride, padding)
        assert places == found.shape[-1]


def test_that_nothing_remains_nothing() -> None:
    assert remaining((9, 3), [Window(2, 2)] * 2) == (2, 0)
    assert remaining((9, 3), [Window(2, 2), Window(2, 2), Window(5, 1, 2)]) == (2, 0)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("window", [Window(2, 2), Window(3, 2), Window(3, 1, 1), Window(3, 2, 1)], ids=str)
def test_that_pooling_keeps_what_it_says_of_every_window_and_nothing_of_the_padding(
    name: str, window: Window
) -> None:
    found = pooling(name, window)(PICTURES)
    sides = remaining(PICTURES.shape[2:], [window])
    assert found.shape[2:] == sides
    measure = {"max": torch.amax, "min": torch.amin, "average": torch.mean}[name]
    for row in range(sides[0]):
        for column in range(sides[1]):
            top, left = (at * window.stride - window.padding for at in (row, column))
            square = PICTURES[:, :, max(0, top) : top + window.size, max(0, left) : left + window.size]
            torch.testing.assert_close(found[:, :, row, column], measure(square, dim=(2, 3)))


def test_that_a_pooling_there_is_not_is_refused() -> None:
    with pytest.raises(KeyError):
        pooling("median", Window(2, 2))
