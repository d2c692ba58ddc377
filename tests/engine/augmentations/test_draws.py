"""What augmentations draw: read off from what they do to inputs that show it, against the formula's words."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from engine.augmentations.augmentation import Augmentation, Levels
from engine.augmentations.images import Colour, Crop, Cutout, Flip, Rotate, Shift
from engine.augmentations.mixing import Mixup
from engine.augmentations.series import Jitter, Scale
from engine.augmentations.texts import TokenDrop
from engine.data.description import UNKNOWN, Targets
from engine.tasks.task import Batch
from tests.engine.every import choices

Numbers = NDArray[np.float64]
Cumulative = Callable[[Numbers], Numbers]
COUNT, HEIGHT, WIDTH = 2000, 10, 14
LEVELS = Levels(*(torch.full((3, 1, 1), value) for value in (0.0, 1.0, 0.5)))


@dataclass(frozen=True)
class Case:
    """`drawn` finds in what came out, by name, one number for each example; `follows` is how it is spread."""

    choice: Augmentation
    inputs: torch.Tensor
    drawn: Callable[[Any], Mapping[str, Any]]
    follows: Cumulative


def evenly(low: float, high: float) -> Cumulative:
    return lambda x: ((x - low) / (high - low)).clip(0, 1)


def bell(mean: float, spread: float) -> Cumulative:
    return lambda x: np.array([math.erf((one - mean) / spread / math.sqrt(2)) for one in x]) / 2 + 0.5


def lots(probability: float) -> Cumulative:
    """Of 0 and 1, each spread over the unit around it."""
    return lambda x: np.interp(x, [-0.5, 0.5, 1.5], [0, 1 - probability, 1])


def whole(values: torch.Tensor) -> Numbers:
    """Whole numbers, each spread evenly over the unit around it, so that they are spread as numbers are."""
    return (values + torch.rand(len(values), dtype=torch.float64) - 0.5).numpy()


def dot(row: int, column: int) -> torch.Tensor:
    """Pictures, black but for one pixel."""
    pictures = torch.zeros(COUNT, 3, HEIGHT, WIDTH)
    pictures[:, :, row, column] = 1
    return pictures


def where(pictures: torch.Tensor) -> Mapping[str, Numbers]:
    place = pictures[:, 0].flatten(1).argmax(1)
    return {"row": whole(place // WIDTH), "column": whole(place % WIDTH)}


def plane() -> torch.Tensor:
    """Pictures whose channels tell the row, the column and nothing of each pixel."""
    rows, columns = torch.meshgrid(torch.arange(HEIGHT), torch.arange(WIDTH), indexing="ij")
    return torch.stack([rows, columns, 0 * rows]).float().expand(COUNT, -1, -1, -1)


def middle(pictures: torch.Tensor, channel: int, axis: int) -> tuple[Numbers, Numbers]:
    """Of a channel, the slope along an axis in the middle, and the value there."""
    four = pictures[:, channel, HEIGHT // 2 - 1 : HEIGHT // 2 + 1, WIDTH // 2 - 1 : WIDTH // 2 + 1]
    return four.diff(dim=axis).mean((1, 2)).numpy(), four.mean((1, 2)).numpy()


def part(pictures: torch.Tensor) -> tuple[tuple[Numbers, Numbers], tuple[Numbers, Numbers]]:
    """Height and width of the part cut out, as shares; its middle from −1 to 1, down and right."""
    (height, row), (width, column) = middle(pictures, 0, 1), middle(pictures, 1, 2)
    down, right = (row - (HEIGHT - 1) / 2) / (HEIGHT / 2), (column - (WIDTH - 1) / 2) / (WIDTH / 2)
    return (height, width), (down, right)


def places(pictures: torch.Tensor) -> Mapping[str, Numbers]:
    sides, middles = part(pictures)
    return {"down": middles[0] / (1 - sides[0]), "right": middles[1] / (1 - sides[1])}


def share(pictures: torch.Tensor) -> Mapping[str, Numbers]:
    (height, width), _ = part(pictures)
    return {"share": height * width}


def proportion(pictures: torch.Tensor) -> Mapping[str, Numbers]:
    """Of parts so small that no side had to be cut to the picture's."""
    (height, width), _ = part(pictures)
    small = height * width < 1 / 1.5
    return {"proportion": np.log(height / width)[small]}


def angle(pictures: torch.Tensor) -> Mapping[str, Numbers]:
    return {"angle": np.degrees(np.arctan2(middle(pictures, 1, 1)[0], middle(pictures, 1, 2)[0]))}


def colours() -> torch.Tensor:
    """Pictures that are red in one half and green in the other, neither too dark nor too bright."""
    pictures = torch.full((COUNT, 3, 2, 2), 0.3, dtype=torch.float64)
    pictures[:, 0, :, 0] = pictures[:, 1, :, 1] = 0.4
    return pictures


def first_two(values: torch.Tensor) -> Mapping[str, Any]:
    return {"first": values[:, 0], "second": values[:, 1]}


NO_COLOUR = {"brightness": 0.0, "contrast": 0.0, "saturation": 0.0}
CASES = [
    Case(Shift(most=2), dot(4, 4), where, evenly(1.5, 6.5)),
    Case(
        Flip(direction="both", probability=0.3),
        dot(0, 0),
        lambda found: {"down": whole(found[:, 0, -1].sum(1)), "right": whole(found[:, 0, :, -1].sum(1))},
        lots(0.3),
    ),
    Case(Rotate(most=40.0), plane(), angle, evenly(-40, 40)),
    Case(Crop(area=0.3, stretch=1.0), plane(), share, evenly(0.3, 1)),
    Case(Crop(area=0.2, stretch=1.5), plane(), proportion, evenly(-math.log(1.5), math.log(1.5))),
    Case(Crop(area=0.1, stretch=1.0), plane(), places, evenly(-1, 1)),
    Case(
        Colour(**{**NO_COLOUR, "brightness": 0.5}),
        colours(),
        lambda found: {"factor": found[:, 0, 0, 0] / 0.4},
        evenly(0.5, 1.5),
    ),
    Case(
        Colour(**{**NO_COLOUR, "contrast": 0.5}),
        colours(),
        lambda found: {"factor": (found[:, 0, 0, 0] - found[:, 0, 0, 1]) / 0.1},
        evenly(0.5, 1.5),
    ),
    Case(
        Colour(**{**NO_COLOUR, "saturation": 0.5}),
        colours(),
        lambda found: {"factor": (found[:, 0, 0, 0] - found[:, 1, 0, 0]) / 0.1},
        evenly(0.5, 1.5),
    ),
    Case(
        Cutout(side=1, fill="mean"),
        torch.zeros(COUNT, 3, 10, 10),
        lambda found: {
            axis: whole(found[:, 0].amax(other).argmax(1)) for axis, other in (("row", 2), ("column", 1))
        },
        evenly(-0.5, 9.5),
    ),
    Case(Jitter(strength=0.2), torch.ones(COUNT, 2), first_two, bell(1, 0.2)),
    Case(Scale(strength=0.2), torch.ones(COUNT, 4, 2), lambda found: first_two(found[:, -1]), bell(1, 0.2)),
    Case(
        TokenDrop(probability=0.2),
        torch.full((COUNT, 20), 9),
        lambda found: {name: whole(some == UNKNOWN) for name, some in first_two(found).items()},
        lots(0.2),
    ),
    Case(Mixup(strength=1.0), torch.zeros(COUNT, 2), lambda found: {}, evenly(0, 1)),
]


def test_that_draws_of_every_augmentation_are_looked_at_here() -> None:
    assert {case.choice.kind for case in CASES} >= {choice.kind for choice in choices("augmentations")}


@pytest.mark.parametrize("case", CASES, ids=lambda case: repr(case.choice))
def test_that_what_is_drawn_is_spread_as_the_formula_says_and_anew_for_each(case: Case) -> None:
    torch.manual_seed(1)
    targets = torch.zeros(COUNT, dtype=torch.int64)
    found = case.choice.augment(Batch(case.inputs, targets, Targets("classes", ("c",), ("a", "b"))), LEVELS)
    drawn = case.drawn(found.inputs) if found.mixed is None else {"share": found.mixed.share}
    numbers = {name: np.asarray(values, np.float64) for name, values in drawn.items()}
    for name, values in numbers.items():
        assert len(values) > COUNT / 3, name
        shares, ranks = case.follows(np.sort(values)), np.arange(len(values) + 1) / len(values)
        # Kolmogorov and Smirnov: a distance that chance alone goes beyond once in ten thousand times
        distance = max((shares - ranks[:-1]).max(), (ranks[1:] - shares).max())
        assert distance < 2.23 / math.sqrt(len(values)), name
        assert abs(np.corrcoef(values[1:], values[:-1])[0, 1]) < 4 / math.sqrt(len(values)), name
    for one, other in combinations(numbers.values(), 2):
        assert abs(np.corrcoef(one, other)[0, 1]) < 4 / math.sqrt(COUNT)
