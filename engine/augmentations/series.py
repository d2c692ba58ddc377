"""Changes of series of measurements, and of numbers at large."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, ClassVar

from engine.augmentations.augmentation import Augmentation, Levels
from engine.choices import Problem, Setting
from engine.data.about import About
from engine.data.description import InputKind

if TYPE_CHECKING:
    from engine.tasks.task import Batch


class Jitter(Augmentation, kind="jitter", title="Jitter", rank=11):
    """Adds a little noise to every number.

    As if the instrument had been worse. With small noise it acts like a price on steep functions.

    Formula: x′ = x + σ ε, ε drawn from the standard normal distribution

    Source: Bishop, Training with Noise is Equivalent to Tikhonov Regularization, 1995; Um et al., Data
    Augmentation of Wearable Sensor Data for Parkinson's Disease Monitoring, 2017.
    """

    strength: Annotated[
        float,
        Setting(
            "Noise",
            "Its standard deviation in the network's units: after standardizing, 1 is that of the data.",
            symbol="σ",
            above=0,
            most=10,
            log=True,
        ),
    ] = 0.05
    # not tokens: a number a little larger is another word
    accepts: ClassVar[frozenset[InputKind]] = frozenset({"vector", "image", "series"})

    def augment(self, batch: Batch, levels: Levels) -> Batch:
        """Return the inputs with noise; places after the end of a series (NaN) stay so."""
        import torch

        return replace(batch, inputs=batch.inputs + self.strength * torch.randn_like(batch.inputs))


class Scale(Augmentation, kind="scale", title="Scale", rank=12):
    """Stretches each channel of a series by a factor of its own.

    As if an instrument had been set more or less sensitive. The factor multiplies what the network receives:
    after standardizing, the distance from the mean.

    Formula: x′ₜ꜀ = f꜀ xₜ꜀, f꜀ = 1 + σ ε꜀, ε drawn from the standard normal distribution

    Source: Um et al., Data Augmentation of Wearable Sensor Data for Parkinson's Disease Monitoring, 2017.
    """

    strength: Annotated[
        float,
        Setting("Spread", "Standard deviation of the factors.", symbol="σ", above=0, most=1, log=True),
    ] = 0.1
    accepts: ClassVar[frozenset[InputKind]] = frozenset({"series"})

    def problems(self, about: About) -> tuple[Problem, ...]:
        """Return a problem where the answer would have to be stretched too."""
        if (found := super().problems(about)) or about.targets is None or about.targets.kind != "numbers":
            return found
        return (
            Problem(
                "kind", "stretches the series but not the numbers to be predicted from it; choose jitter"
            ),
        )

    def augment(self, batch: Batch, levels: Levels) -> Batch:
        """Return the series (B, length, channels) stretched; places after their end (NaN) stay so."""
        import torch

        count, _, channels = batch.inputs.shape
        # one factor for the whole course: one for each place would be noise
        noise = torch.randn(count, 1, channels, device=batch.inputs.device)
        return replace(batch, inputs=batch.inputs * (1 + self.strength * noise))
