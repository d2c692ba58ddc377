"""What generators make up, against their formulas: where points lie; how they and the noise are spread."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from engine.data import rooms  # noqa: F401 - fills the family
from engine.data.generators.blobs import Blobs
from engine.data.generators.circles import Circles
from engine.data.generators.function import Function
from engine.data.generators.random_vectors import RandomVectors
from engine.data.generators.spirals import Spirals
from engine.data.source import Source
from engine.data.tables.raw import Table
from tests.engine.every import choices, label

Numbers = NDArray[np.float64]
Found = tuple[Any, Mapping[str, Any]]
"""By how much values differ from the formula, and what was drawn evenly, from 0 to 1."""
SAMPLES = 3000
DRAWN = [choice for choice in choices("data") if choice.drawn]


def frame_of(source: Source, seed: int = 0) -> pd.DataFrame:
    found = source.read(seed)
    assert isinstance(found, Table)
    return found.frame


def bell(values: Any) -> Numbers:
    """Numbers from 0 to 1 that are spread evenly where the values are from N(0, 1)."""
    return np.array([math.erf(value / math.sqrt(2)) for value in np.ravel(values)]) / 2 + 0.5


def turned(x: Any, y: Any) -> Any:
    """The angle of a point, as a share of a turn."""
    return np.arctan2(y, x) / (2 * np.pi) % 1


def blobs(source: Any, frame: pd.DataFrame) -> Found:
    codes = np.array([ord(name) - ord("A") for name in frame["class"]])
    angle = 2 * np.pi * codes / source.classes
    return [frame["x1"] - np.cos(angle), frame["x2"] - np.sin(angle)], {}


def circles(source: Any, frame: pd.DataFrame) -> Found:
    radius = np.where(frame["class"] == "A", 1, source.inner)
    return np.hypot(frame["x1"], frame["x2"]) - radius, {"angle": turned(frame["x1"], frame["x2"])}


def moons(source: Any, frame: pd.DataFrame) -> Found:
    """B is A upside down, moved by 1 to the right and by 1/2 up."""
    second = frame["class"] == "B"
    x, y = frame["x1"].where(~second, 1 - frame["x1"]), frame["x2"].where(~second, 0.5 - frame["x2"])
    return np.hypot(x, y) - 1, {"angle": 2 * turned(x, y)}


def spirals(source: Any, frame: pd.DataFrame) -> Found:
    x, y = (frame[name] * np.where(frame["class"] == "B", -1, 1) for name in ("x1", "x2"))
    along = (np.hypot(x, y) - 0.5) / (2 * source.turns)
    angle = 2 * np.pi * source.turns * along
    return [np.cos(angle) - x / np.hypot(x, y), np.sin(angle) - y / np.hypot(x, y)], {"along": along}


def square(frame: pd.DataFrame) -> dict[str, Any]:
    return {name: (frame[name] + 1) / 2 for name in ("x1", "x2")}


def xor(source: Any, frame: pd.DataFrame) -> Found:
    same = (frame["x1"] > 0) == (frame["x2"] > 0)
    return (frame["class"] == "A") != same, square(frame)


def plane(source: Any, frame: pd.DataFrame) -> Found:
    return frame["y"] - (2 * frame["x1"] + frame["x2"]) / 2, square(frame)


def bumps(source: Any, frame: pd.DataFrame) -> Found:
    """Hills and hollows take turns, in the order in which they stand in two rows of three."""
    height, centres = 0.0, [(-0.6, 0.5), (0, 0.6), (0.6, 0.5), (-0.6, -0.5), (0, -0.6), (0.6, -0.5)]
    for number, (x, y) in enumerate(centres):
        from_centre = np.hypot(frame["x1"] - x, frame["x2"] - y) / 0.25
        height = height + (-1) ** number * np.exp(-(from_centre**2) / 2)
    return frame["y"] - height, square(frame)


def function(source: Any, frame: pd.DataFrame) -> Found:
    x, pi = frame["x"], np.pi
    shapes = {
        "line": x / 2,
        "sine": np.sin(pi * x),
        "step": np.where(x > 0, 1, -1),
        "absolute": np.where(x > 0, x, -x),
        "polynomial": x * x * x / 2 - x,
        "bell": np.exp(-2 * x * x),
        "sinc": np.sin(2 * pi * x) / (2 * pi * x),
        "chirp": np.sin(pi * (x + 2) * (x + 2) / 2),
    }
    return frame["y"] - shapes[source.shape], {"x": (x + 2) / 4}


def random_vectors(source: Any, frame: pd.DataFrame) -> Found:
    spread = {"normal": bell, "uniform": np.ravel}
    drawn = {"inputs": spread[source.input_values](frame[[f"x{n + 1}" for n in range(source.inputs)]])}
    targets = frame[[f"y{n + 1}" for n in range(source.outputs)]].to_numpy()
    if source.target_values != "binary":
        return 0.0, {**drawn, "targets": spread[source.target_values](targets)}
    # of 0 and 1 with equal chances the mean is 1/2, and lies as far from it as chance alone brings it
    assert abs(targets.mean() - 0.5) < 4 * 0.5 / math.sqrt(targets.size)
    return targets * (1 - targets), drawn


FORMULAS: dict[str, Callable[[Any, pd.DataFrame], Found]] = {
    "blobs": blobs,
    "circles": circles,
    "function": function,
    "gaussian_bumps": bumps,
    "moons": moons,
    "plane": plane,
    "random_vectors": random_vectors,
    "spirals": spirals,
    "xor": xor,
}
CASES: list[Any] = [
    *(choice() for choice in DRAWN),
    Blobs(classes=7),
    Circles(inner=0.2),
    Spirals(turns=0.5),
    *(Function(shape=shape) for shape in ("line", "step", "absolute", "polynomial", "bell", "sinc", "chirp")),
    RandomVectors(input_values="uniform", target_values="binary"),
    RandomVectors(target_values="uniform"),
]


def assert_even(values: Any, name: str) -> None:
    """By Kolmogorov and Smirnov: a distance that chance alone goes beyond once in ten thousand times."""
    found = np.sort(np.ravel(values))
    ranks = np.arange(len(found) + 1) / len(found)
    assert max((found - ranks[:-1]).max(), (ranks[1:] - found).max()) < 2.23 / math.sqrt(len(found)), name


def test_that_every_generator_has_an_independent_formula_here() -> None:
    assert set(FORMULAS) >= {choice.kind for choice in DRAWN}


@pytest.mark.parametrize("source", CASES, ids=repr)
def test_that_without_noise_values_are_those_of_the_formula(source: Any) -> None:
    still = {"noise": 0.0} if "noise" in type(source).model_fields else {}
    source = source.replaced(samples=SAMPLES, **still)
    error, drawn = FORMULAS[source.kind](source, frame_of(source))
    assert np.abs(np.asarray(error, np.float64)).max() < 1e-9
    for name, values in drawn.items():
        assert_even(values, name)


@pytest.mark.parametrize("choice", [choice for choice in DRAWN if "noise" in choice.model_fields], ids=label)
def test_that_noise_is_a_bell_curve_as_wide_as_it_says(choice: type[Source]) -> None:
    still, noisy = (frame_of(choice(samples=SAMPLES, noise=noise)) for noise in (0.0, 0.3))
    added = (noisy - still) if "class" not in still else noisy[["x1", "x2"]] - still[["x1", "x2"]]
    moved = added.loc[:, (added != 0).any()]
    # a label is moved by noise of its own, or a point by noise in both directions
    assert list(moved) == (["x1", "x2"] if "class" in still else ["y"])
    assert_even(bell(moved / 0.3), "noise")
