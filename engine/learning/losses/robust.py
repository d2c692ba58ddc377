"""Losses of numbers that outliers hardly move: squares near 0, and ever less beyond."""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING, Annotated

from typing_extensions import override

from engine.choices import Setting
from engine.learning.losses.loss import LossOfNumbers

if TYPE_CHECKING:
    from torch import Tensor


class Huber(LossOfNumbers, kind="huber", title="Huber"):
    """Squared for small errors, absolute for large ones: smooth at the end, calm about outliers.

    The threshold says what counts as large, in standard deviations of the target.

    Formula: L = 1/T ∑ₜ h(ŷₜ − yₜ), h(e) = ½ e² where |e| ≤ δ, else δ (|e| − ½ δ)

    Source: Huber, Robust Estimation of a Location Parameter, 1964.
    """

    threshold: Annotated[
        float,
        Setting(
            "Threshold",
            "Errors beyond it count as outliers.",
            symbol="δ",
            unit="standard deviations",
            above=0,
            most=1000,
            log=True,
        ),
    ] = 1.0

    @override
    def of(self, errors: Tensor) -> Tensor:
        from torch import zeros_like
        from torch.nn.functional import huber_loss

        return huber_loss(errors, zeros_like(errors), reduction="none", delta=self.threshold)


class LogCosh(LossOfNumbers, kind="log_cosh", title="Log-cosh"):
    """Squared for small errors, absolute for large ones, with nothing to choose.

    As Huber's, but smooth in every derivative: half the square for errors well below one standard deviation,
    the size less log 2 for those well above.

    Formula: L = 1/T ∑ₜ log cosh(ŷₜ − yₜ)

    Source: Green, Bayesian Reconstructions from Emission Tomography Data Using a Modified EM Algorithm, 1990.
    """

    @override
    def of(self, errors: Tensor) -> Tensor:
        from torch.nn.functional import softplus

        # cosh itself overflows from 89 on in single precision
        size = errors.abs()
        return size + softplus(-2 * size) - log(2)


class Charbonnier(LossOfNumbers, kind="charbonnier", title="Charbonnier"):
    """The size of the error, rounded at the bottom: calm about outliers, and smooth where the error is small.

    Usual for pictures as targets, where squares blur. The smaller ε is, the nearer it is to the mean absolute
    error.

    Formula: L = 1/T ∑ₜ (√((ŷₜ − yₜ)² + ε²) − ε)

    Source: Charbonnier, Blanc-Féraud, Aubert and Barlaud, Two deterministic half-quadratic regularization
    algorithms for computed imaging, 1994; Barron, A General and Adaptive Robust Loss Function, 2019.
    """

    width: Annotated[
        float,
        Setting(
            "Width of the bottom",
            "Errors below it cost about their square.",
            symbol="ε",
            unit="standard deviations",
            above=0,
            most=1000,
            log=True,
        ),
    ] = 0.01

    @override
    def of(self, errors: Tensor) -> Tensor:
        squares = errors.square()
        # √(e² + ε²) − ε loses all digits of a small e; times and divided by √ + ε it loses none
        return squares / ((squares + self.width**2).sqrt() + self.width)


class Cauchy(LossOfNumbers, kind="cauchy", title="Cauchy"):
    """The logarithm of the squared error: the farther off an example is, the less it pulls.

    Also called Lorentzian. With the absolute error an outlier pulls as much as any other example; here its
    pull falls with its distance, so that a tenth of wrong values hardly shifts what is learnt.

    Formula: L = 1/T ∑ₜ log(1 + ½ ((ŷₜ − yₜ)/c)²)

    Source: Black and Anandan, The Robust Estimation of Multiple Motions, 1996; Barron, A General and Adaptive
    Robust Loss Function, 2019.
    """

    threshold: Annotated[
        float,
        Setting(
            "Threshold",
            "Errors well beyond it pull less the larger they are.",
            symbol="c",
            unit="standard deviations",
            above=0,
            most=1000,
            log=True,
        ),
    ] = 1.0

    @override
    def of(self, errors: Tensor) -> Tensor:
        return (0.5 * (errors / self.threshold).square()).log1p()


class Tukey(LossOfNumbers, kind="tukey", title="Tukey's biweight"):
    """Squared for small errors and level from a threshold on: what is farther off does not pull at all.

    The hardest on outliers: they are left out as if they were not there. A threshold that is too small leaves
    out good examples as well, above all at the beginning, when all predictions are still wrong.

    Formula: L = 1/T ∑ₜ ρ(ŷₜ − yₜ), ρ(e) = c²/6 (1 − (1 − (e/c)²)³) where |e| ≤ c, else c²/6

    Source: Beaton and Tukey, The Fitting of Power Series, Meaning Polynomials, Illustrated on
    Band-Spectroscopic Data, 1974, with c = 4.685.
    """

    threshold: Annotated[
        float,
        Setting(
            "Threshold",
            "Examples with a larger error are left out.",
            symbol="c",
            unit="standard deviations",
            above=0,
            most=1000,
            log=True,
        ),
    ] = 4.685

    @override
    def of(self, errors: Tensor) -> Tensor:
        part = (errors / self.threshold).square().clamp(max=1)
        # 1 − (1 − r)³ multiplied out: the difference would lose all digits of a small r
        return self.threshold**2 / 6 * part * (3 - 3 * part + part.square())
