"""The making of the picture that the network gets of a drawing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.predict.board import SIDE
from app.predict.normalized import as_trained, centred, cropped, shrunk, thickened, upright


def test_that_an_empty_board_gives_an_empty_picture() -> None:
    assert not as_trained(np.zeros((SIDE, SIDE), np.uint8), 8, 8).any()


@given(st.integers(1, 40), st.integers(1, 40), st.integers(1, 12), st.integers(1, 12))
def test_that_shrinking_keeps_the_mean_and_constants(
    height: int, width: int, rows: int, columns: int
) -> None:
    random = np.random.default_rng(height * 41 + width)
    picture = random.random((height, width))
    np.testing.assert_allclose(shrunk(picture, rows, columns).mean(), picture.mean(), rtol=1e-9)
    np.testing.assert_allclose(shrunk(np.full((height, width), 0.7), rows, columns), 0.7)


@given(st.integers(0, SIDE - 60), st.integers(0, SIDE - 60), st.sampled_from([8, 28]))
def test_that_where_something_is_drawn_makes_no_difference(top: int, left: int, side: int) -> None:
    shape = np.zeros((SIDE, SIDE), np.uint8)
    shape[top : top + 60, left : left + 30] = 255
    there = np.zeros_like(shape)
    there[100:160, 120:150] = 255
    np.testing.assert_array_equal(as_trained(shape, side, side), as_trained(there, side, side))


def test_that_the_weight_of_a_drawing_stands_in_the_middle() -> None:
    shape = np.zeros((SIDE, SIDE), np.uint8)
    shape[10:90, 20:50] = 255
    small = centred(shape, 28, 28).astype(float)
    middle = (small.sum(axis=1) * np.arange(28)).sum() / small.sum()
    assert abs(middle - 13.5) < 0.6


def stroked(*lines: tuple[tuple[float, float], tuple[float, float]], width: float = 24) -> np.ndarray:
    """Return straight strokes between points (x, y) on the board."""
    y, x = np.mgrid[:SIDE, :SIDE].astype(float)
    drawn = np.zeros((SIDE, SIDE), np.uint8)
    for (x0, y0), (x1, y1) in lines:
        along = np.clip(
            ((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / ((x1 - x0) ** 2 + (y1 - y0) ** 2), 0, 1
        )
        far = np.hypot(x - x0 - along * (x1 - x0), y - y0 - along * (y1 - y0))
        drawn[far <= width / 2] = 255
    return drawn


ONE = stroked(((140, 50), (140, 230)))
FOUR = stroked(((150, 40), (70, 160)), ((70, 160), (200, 160)), ((165, 110), (165, 240)))
SEVEN = stroked(((80, 50), (190, 50)), ((190, 50), (120, 230)))


@pytest.mark.parametrize("drawn", [ONE, FOUR, SEVEN])
@pytest.mark.parametrize("width", [0.5, 1.0])
def test_that_tiny_digits_are_as_tall_as_the_picture_and_have_the_ink_of_training(
    drawn: np.ndarray, width: float
) -> None:
    from sklearn.datasets import load_digits

    made = as_trained(drawn, 8, 8)
    known = load_digits().images * (255 / 16)
    assert made.any(axis=1).all()
    assert not made[:, [0, 7]].any()
    assert made.max() == 255
    ink = known.sum(axis=(1, 2))
    assert np.quantile(ink, 0.01) * 0.8 <= made.sum() <= np.quantile(ink, 0.99) * 1.2


def test_that_the_width_of_the_brush_makes_little_difference_to_a_tiny_digit() -> None:
    thin = as_trained(stroked(((80, 50), (190, 50)), ((190, 50), (120, 230)), width=16), 8, 8)
    assert abs(int(thin.sum()) - int(as_trained(SEVEN, 8, 8).sum())) < 0.2 * int(thin.sum())


def test_that_tiny_pixels_count_the_ink_of_sixteen() -> None:
    counts = as_trained(FOUR, 8, 8) / (255 / 16)
    np.testing.assert_allclose(counts, np.round(counts), atol=0.1)


def test_that_a_leaning_stroke_stands_upright() -> None:
    leaning = stroked(((180, 40), (100, 240)))
    straight = cropped(upright(leaning))
    assert straight.shape[1] < 0.5 * cropped(leaning).shape[1]


def test_that_strokes_come_nearer_to_the_wanted_ink_and_never_vanish() -> None:
    bar = np.zeros((32, 32), np.bool_)
    bar[4:28, 15:17] = True
    assert int(thickened(bar, 200).sum()) - int(bar.sum()) > 40
    assert thickened(bar, 1).any()


def test_that_drawn_digits_are_recognised_by_what_was_trained_on_scanned_ones() -> None:
    from sklearn.datasets import load_digits
    from sklearn.svm import SVC

    digits = load_digits()
    judge = SVC(C=10, gamma=0.08).fit(digits.data / 16, digits.target)
    made = np.stack([as_trained(drawn, 8, 8).reshape(-1) / 255 for drawn in (FOUR, SEVEN)])
    assert judge.predict(made).tolist() == [4, 7]
