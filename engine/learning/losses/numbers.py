"""Losses of numbers: what an error costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

from typing_extensions import override

from engine.choices import Setting
from engine.learning.losses.loss import LossOfNumbers

if TYPE_CHECKING:
    from torch import Tensor


class MeanSquared(LossOfNumbers, kind="mean_squared", title="Mean squared error"):
    """The square of the error: large errors weigh much more than small ones.

    The best constant prediction is the mean. One example that is far off pulls hard, so that outliers in the
    data are followed; mean absolute and Huber are calmer. Numbers are learnt in standardized units: a loss of
    1 is what predicting the mean of the training part costs.

    Formula: L = 1/T ∑ₜ (ŷₜ − yₜ)²

    Source: Gauss, Theoria motus corporum coelestium, 1809; Bishop, Pattern Recognition and Machine Learning,
    2006, section 3.1.
    """

    power: ClassVar[int | None] = 2

    @override
    def of(self, errors: Tensor) -> Tensor:
        return errors.square()


class MeanAbsolute(LossOfNumbers, kind="mean_absolute", title="Mean absolute error"):
    """The size of the error: every unit of error costs the same.

    The best constant prediction is the median, so that single outliers hardly matter. The gradient keeps its
    size however small the error, so that the learning rate has to fall for the last digits to settle.

    Formula: L = 1/T ∑ₜ |ŷₜ − yₜ|

    Source: Laplace, Mémoire sur la probabilité des causes, 1774; Hastie, Tibshirani and Friedman, The
    Elements of Statistical Learning, 2009, section 10.6.
    """

    power: ClassVar[int | None] = 1

    @override
    def of(self, errors: Tensor) -> Tensor:
        return errors.abs()


class Quantile(LossOfNumbers, kind="quantile", title="Quantile"):
    """Predicts the value below which a given share of the true ones lies, instead of the mean.

    With a share of 0.9, too low a prediction costs nine times as much as one that is as much too high: what
    comes out is exceeded by one in ten. Two runs with 0.05 and 0.95 bound nine of ten values.

    Formula: L = 1/T ∑ₜ max(τ (yₜ − ŷₜ), (τ − 1)(yₜ − ŷₜ))

    Source: Koenker and Bassett, Regression Quantiles, 1978.
    """

    share: Annotated[
        float, Setting("Share below", "Of the true values; 0.5 is the median.", symbol="τ", above=0, below=1)
    ] = 0.9
    power: ClassVar[int | None] = 1

    @override
    def of(self, errors: Tensor) -> Tensor:
        return (-self.share * errors).maximum((1 - self.share) * errors)
