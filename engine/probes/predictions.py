"""Predictions for the validation part: numbers against the truth, class probabilities, confusion."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from engine.choices import Setting
from engine.data.description import Description
from engine.probes.probe import Probe, Subject, class_indices, thinned

MOST_CLASSES = 200


@dataclass(frozen=True, eq=False)
class PredictedNumbers:
    """Numbers (N, targets) in the units of the data, and the row of each example in the source."""

    truth: NDArray[np.float64]
    predicted: NDArray[np.float64]
    rows: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class PredictedClasses:
    """Probabilities (N, classes), the index of the true class, and the row of each example in the source."""

    probabilities: NDArray[np.float32]
    truth: NDArray[np.int64]
    rows: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class ConfusionMatrix:
    """Counts (classes, classes), a row per true class."""

    matrix: NDArray[np.int64]


class PredictedAgainstTrue(Probe, kind="predicted_against_true", title="Predicted against true"):
    """What the network predicts for validation examples beside what is true; on the diagonal it is right."""

    count: Annotated[int, Setting("Examples", "At most so many, evenly spaced.", least=1, most=2000)] = 2000

    def fits(self, description: Description) -> bool:
        """Return whether numbers are predicted."""
        return description.targets.kind == "numbers"

    def measure(self, subject: Subject) -> PredictedNumbers:
        """Return truth, predictions and rows."""
        import torch

        some = thinned(subject.data.validation, self.count)
        return PredictedNumbers(
            truth=subject.data.truth(some),
            predicted=subject.predict(torch.from_numpy(some.inputs)).cpu().numpy(),
            rows=some.rows,
        )


class ClassProbabilities(Probe, kind="class_probabilities", title="Class probabilities"):
    """How probable the network holds each class for validation examples."""

    # fewer than of numbers, as each comes with a probability for every class
    count: Annotated[int, Setting("Examples", "At most so many, evenly spaced.", least=1, most=200)] = 200

    def fits(self, description: Description) -> bool:
        """Return whether classes are predicted."""
        return description.targets.kind == "classes"

    def measure(self, subject: Subject) -> PredictedClasses:
        """Return probabilities, truth and rows."""
        import torch

        some = thinned(subject.data.validation, self.count)
        return PredictedClasses(
            probabilities=subject.predict(torch.from_numpy(some.inputs)).cpu().numpy(),
            truth=class_indices(some.targets),
            rows=some.rows,
        )


class ClassConfusion(Probe, kind="confusion", title="Confusion matrix"):
    """How often each class of the validation part is taken for each class.

    Formula: Mᵢⱼ = number of examples of class i that are predicted as class j
    """

    def fits(self, description: Description) -> bool:
        """Return whether classes are predicted, and few enough for a matrix to be read."""
        return description.targets.kind == "classes" and description.targets.size <= MOST_CLASSES

    def measure(self, subject: Subject) -> ConfusionMatrix:
        """Return the matrix."""
        import torch

        # all of the part and no sample, in which rare classes might be missing
        examples, classes = subject.data.validation, subject.description.targets.size
        predicted = subject.predict(torch.from_numpy(examples.inputs)).argmax(1).cpu().numpy()
        # minlength: a class that is never predicted has its cells, too
        cells = np.bincount(examples.targets.astype(np.int64) * classes + predicted, minlength=classes**2)
        return ConfusionMatrix(cells.reshape(classes, classes).astype(np.int64))
