"""What the network has learnt as a function of one or two inputs, between and beyond the examples."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from engine.choices import Setting
from engine.data.description import Description
from engine.probes.probe import Probe, Subject, seen_parts

MARGIN = 0.1
"""How far beyond the outermost examples the picture goes, as a share of their range."""
MOST_POINTS = 1000
"""At most so many examples of each part are drawn as points."""


@dataclass(frozen=True, eq=False)
class Surface:
    """What is predicted at places (H, W) of a plane, in the units of the data, and examples over it.

    `x0` is the left and right edge, `x1` the lower and upper one. Row 0 is the lower edge, column 0 the left
    one; places lie from edge to edge. For classes there are `winner` and `confidence`, the most probable
    class and its probability; for numbers `value` of the first target.

    `points` (N, 2) are examples, `labels` their class or first target, `part` 0 for training and 1 for
    validation.
    """

    x0: NDArray[np.float32]
    x1: NDArray[np.float32]
    points: NDArray[np.float32]
    labels: NDArray[np.generic]
    part: NDArray[np.uint8]
    winner: NDArray[np.uint8] | None = None
    confidence: NDArray[np.float32] | None = None
    value: NDArray[np.float32] | None = None


@dataclass(frozen=True, eq=False)
class FittedValues:
    """What is predicted along one input `x` (M,), in the units of the data: `y` (M, targets).

    `point_x` (N,) and `point_y` (N, targets) are examples, `part` 0 for training and 1 for validation.
    """

    x: NDArray[np.float32]
    y: NDArray[np.float64]
    point_x: NDArray[np.float32]
    point_y: NDArray[np.float64]
    part: NDArray[np.uint8]


class DecisionSurface(Probe, kind="decision_surface", title="Decision surface"):
    """What the network says at every place of a plane of two inputs, with the examples over it."""

    resolution: Annotated[int, Setting("Resolution", "Places along each side.", least=2, most=400)] = 100

    def fits(self, description: Description) -> bool:
        """Return whether there are two inputs and a class index fits a byte."""
        shape, targets = description.inputs.shape, description.targets
        few = targets.kind == "classes" and targets.size <= 256
        return shape == (2,) and (targets.kind == "numbers" or few)

    def measure(self, subject: Subject) -> Surface:
        """Return the surface and the examples over it."""
        import torch

        some, part = seen_parts(subject, MOST_POINTS)
        edges = _edges(subject)
        corners = _in_units(subject, np.stack(edges, axis=1))
        first, second = (np.linspace(*edge, self.resolution) for edge in edges)
        # rows first ("xy", the usual way): the second input goes up the picture
        grid = np.stack(np.meshgrid(first, second), axis=-1).reshape(-1, 2).astype(np.float32)
        predicted = subject.predict(torch.from_numpy(grid))
        x0, x1 = (corners[:, axis].copy() for axis in (0, 1))
        points = _in_units(subject, some.inputs)
        side = (self.resolution, self.resolution)
        if subject.description.targets.kind == "classes":
            most, likeliest = (found.cpu().numpy().reshape(side) for found in predicted.max(1))
            # a byte, as surfaces are sent many times a second; `fits` has seen to it that one is enough
            winner = likeliest.astype(np.uint8)
            return Surface(x0, x1, points, some.targets, part, winner=winner, confidence=most)
        labels = np.ascontiguousarray(subject.data.truth(some)[:, 0])
        value = np.ascontiguousarray(predicted[:, 0].float().cpu().numpy()).reshape(side)
        return Surface(x0, x1, points, labels, part, value=value)


class FittedCurve(Probe, kind="fitted_curve", title="Fitted curve"):
    """What the network predicts along one input, with the examples beside it."""

    resolution: Annotated[int, Setting("Resolution", "Places along the input.", least=2, most=2000)] = 300

    def fits(self, description: Description) -> bool:
        """Return whether numbers are predicted from one input."""
        return description.inputs.shape == (1,) and description.targets.kind == "numbers"

    def measure(self, subject: Subject) -> FittedValues:
        """Return the curve and the examples."""
        import torch

        some, part = seen_parts(subject, MOST_POINTS)
        line = np.linspace(*_edges(subject)[0], self.resolution).astype(np.float32)[:, None]
        return FittedValues(
            x=_in_units(subject, line)[:, 0].copy(),
            y=subject.predict(torch.from_numpy(line)).cpu().numpy(),
            point_x=_in_units(subject, some.inputs)[:, 0].copy(),
            point_y=subject.data.truth(some),
            part=part,
        )


def _edges(subject: Subject) -> list[tuple[float, float]]:
    """Return the ends of each input over both parts with a margin, as the network receives it."""
    parts = (subject.data.train.inputs, subject.data.validation.inputs)
    # of an empty validation part there is no smallest value
    lowest = np.min([part.min(axis=0) for part in parts if len(part)], axis=0)
    highest = np.max([part.max(axis=0) for part in parts if len(part)], axis=0)
    # an input that never changes still needs a width to be drawn
    margin = np.where(highest > lowest, MARGIN * (highest - lowest), 1.0)
    return list(zip((lowest - margin).tolist(), (highest + margin).tolist(), strict=True))


def _in_units(subject: Subject, inputs: NDArray[np.generic]) -> NDArray[np.float32]:
    """Return inputs (N, features) in the units of the data."""
    offset, scale = subject.data.preprocessor.encoder.units.T
    return np.asarray(offset + scale * inputs, np.float32)
