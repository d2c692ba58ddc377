"""Pictures with what the network takes them for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray

from engine.choices import Setting
from engine.data.description import Description
from engine.data.images.raw import ImageSet
from engine.probes.probe import Probe, Subject, class_indices, thinned
from engine.randomness import generator

MOST_EXAMINED = 2000
"""Among so many validation pictures, evenly spaced, the ones to show are looked for."""
MOST_NUMBERS = 1 << 20
"""So many bytes of pixels are sent at most: of large pictures fewer are shown."""


@dataclass(frozen=True, eq=False)
class PredictedImages:
    """Pictures (N, height, width, channels) as they are in the data, and what they are taken for.

    `truth` and `predicted` are class indices, `confidence` the probability of the predicted class; `rows`
    says which picture of the source each is.
    """

    pixels: NDArray[np.uint8]
    truth: NDArray[np.int64]
    predicted: NDArray[np.int64]
    confidence: NDArray[np.float32]
    loss: NDArray[np.float32]
    rows: NDArray[np.int64]


class ImagePredictions(Probe, kind="image_predictions", title="Pictures and predictions"):
    """Validation pictures with the class the network takes them for and how sure it is."""

    order: Annotated[
        Literal["worst", "newest", "random"],
        Setting(
            "Order",
            "Which pictures are shown.",
            options={
                "worst": "highest loss first",
                "newest": "last in the data first",
                "random": "a random choice that stays the same",
            },
        ),
    ] = "worst"
    count: Annotated[int, Setting("Pictures", "How many are shown.", least=1, most=200)] = 40

    def fits(self, description: Description) -> bool:
        """Return whether classes are predicted from pictures."""
        return description.inputs.kind == "image" and description.targets.kind == "classes"

    def measure(self, subject: Subject) -> PredictedImages:
        """Return the chosen pictures and what the network makes of them."""
        import torch

        raw = subject.data.raw
        if not isinstance(raw, ImageSet):
            raise TypeError("inputs are images, so the data must be pictures")
        some = thinned(subject.data.validation, MOST_EXAMINED)
        inputs, targets = torch.from_numpy(some.inputs), torch.from_numpy(some.targets)
        losses = subject.losses(inputs, targets).cpu().numpy()
        chosen = self._chosen(losses, MOST_NUMBERS // raw.pixels[0].size)
        confidence, predicted = subject.predict(inputs[torch.from_numpy(chosen)]).max(1)
        return PredictedImages(
            pixels=raw.pixels[some.rows[chosen]],
            truth=class_indices(some.targets[chosen]),
            predicted=predicted.cpu().numpy(),
            confidence=confidence.cpu().numpy(),
            loss=losses[chosen],
            rows=some.rows[chosen],
        )

    def _chosen(self, losses: NDArray[np.float32], most: int) -> NDArray[np.int64]:
        """Return which of the examined pictures to show, in order; a loss that is NaN counts as worst."""
        # at least one, however large it is
        count = max(1, min(self.count, most))
        if self.order == "worst":
            # stable: pictures of equal loss keep their places from one reading to the next
            return np.argsort(-np.nan_to_num(losses, nan=np.inf), kind="stable")[:count]
        if self.order == "newest":
            # a copy, as torch takes no array with negative strides
            return np.arange(len(losses))[::-1][:count].copy()
        return generator(0, "image_predictions").permutation(len(losses))[:count]
