"""What the network has learnt as a function of one or two inputs, between and beyond the examples."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from engine.choices import Setting
from engine.data.description import Description
from engine.probes.probe import Arrays, Probe, Subject, seen_parts, targets_in_units

MARGIN = 0.1
"""How far beyond the outermost examples the picture goes, as a share of their range."""
MOST_POINTS = 1000
"""At most so many examples of each part are drawn as points."""


class DecisionSurface(Probe, kind="decision_surface", title="Decision surface"):
    """What the network says at every place of a plane of two inputs, with the examples over it.

    Arrays, in the units of the data: `x0`, `x1` float32 (2,), left and right edge, lower and upper edge. For
    classes `winner` uint8 (H, W) and `confidence` float32 (H, W), the most probable class and its
    probability; for numbers `value` float32 (H, W) of the first target. Row 0 is the lower edge, column 0 the
    left one; places lie from edge to edge. `points` float32 (N, 2), `labels` (N,) class index or first
    target, `part` uint8 (N,) 0 training, 1 validation.
    """

    resolution: Annotated[int, Setting("Resolution", "Places along each side.", least=2, most=400)] = 100

    def fits(self, description: Description) -> bool:
        """Return whether there are two inputs and a class index fits a byte."""
        shape, targets = description.inputs.shape, description.targets
        return shape == (2,) and (targets.kind == "numbers" or targets.size <= 256)

    def measure(self, subject: Subject) -> Arrays:
        """Return the surface and the examples over it."""
        import torch

        some, part = seen_parts(subject, MOST_POINTS)
        edges = _edges(subject)
        corners = _in_units(subject, np.stack(edges, axis=1))
        first, second = (np.linspace(*edge, self.resolution) for edge in edges)
        grid = np.stack(np.meshgrid(first, second), axis=-1).reshape(-1, 2).astype(np.float32)
        predicted = subject.predict(torch.from_numpy(grid))
        place: dict[str, NDArray[np.generic]] = {
            "x0": corners[:, 0].copy(),
            "x1": corners[:, 1].copy(),
            "points": _in_units(subject, some.inputs),
            "part": part,
        }
        side = (self.resolution, self.resolution)
        if subject.description.targets.kind == "classes":
            confidence, winner = predicted.max(1)
            return place | {
                "winner": winner.cpu().numpy().astype(np.uint8).reshape(side),
                "confidence": confidence.cpu().numpy().reshape(side),
                "labels": some.targets,
            }
        return place | {
            "value": np.ascontiguousarray(predicted[:, 0].cpu().numpy()).reshape(side),
            "labels": np.ascontiguousarray(targets_in_units(subject, some.targets)[:, 0]),
        }


class FittedCurve(Probe, kind="fitted_curve", title="Fitted curve"):
    """What the network predicts along one input, with the examples beside it.

    Arrays, in the units of the data: `x` float32 (M,), `y` float32 (M, targets); `point_x` float32 (N,),
    `point_y` float32 (N, targets), `part` uint8 (N,) 0 training, 1 validation.
    """

    resolution: Annotated[int, Setting("Resolution", "Places along the input.", least=2, most=2000)] = 300

    def fits(self, description: Description) -> bool:
        """Return whether numbers are predicted from one input."""
        return description.inputs.shape == (1,) and description.targets.kind == "numbers"

    def measure(self, subject: Subject) -> Arrays:
        """Return the curve and the examples."""
        import torch

        some, part = seen_parts(subject, MOST_POINTS)
        line = np.linspace(*_edges(subject)[0], self.resolution).astype(np.float32)[:, None]
        return {
            "x": _in_units(subject, line)[:, 0].copy(),
            "y": subject.predict(torch.from_numpy(line)).cpu().numpy(),
            "point_x": _in_units(subject, some.inputs)[:, 0].copy(),
            "point_y": targets_in_units(subject, some.targets),
            "part": part,
        }


def _edges(subject: Subject) -> list[tuple[float, float]]:
    """Return the ends of each input over both parts with a margin, as the network receives it."""
    parts = (subject.data.train.inputs, subject.data.validation.inputs)
    lowest = np.min([part.min(axis=0) for part in parts if len(part)], axis=0)
    highest = np.max([part.max(axis=0) for part in parts if len(part)], axis=0)
    margin = np.where(highest > lowest, MARGIN * (highest - lowest), 1.0)
    return list(zip((lowest - margin).tolist(), (highest + margin).tolist(), strict=True))


def _in_units(subject: Subject, inputs: NDArray[np.generic]) -> NDArray[np.float32]:
    """Return inputs (N, features) in the units of the data."""
    offset, scale = subject.data.preprocessor.units.T
    return np.asarray(offset + scale * inputs, np.float32)
