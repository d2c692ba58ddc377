"""Losses of numbers: what an error costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

from typing_extensions import override

from engine.choices import Setting
from engine.data.description import TargetKind, Targets
from engine.learning.losses.loss import NUMBERS, Loss, LossOfNumbers
from engine.learning.score_units import OF_SQUARED_TARGETS, OF_TARGETS, ScoreUnit

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

    unit: ClassVar[ScoreUnit] = OF_SQUARED_TARGETS

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

    unit: ClassVar[ScoreUnit] = OF_TARGETS

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
    unit: ClassVar[ScoreUnit] = OF_TARGETS

    @override
    def of(self, errors: Tensor) -> Tensor:
        return (-self.share * errors).maximum((1 - self.share) * errors)


class Expectile(LossOfNumbers, kind="expectile", title="Expectile"):
    """Squares in which too low predictions cost more than too high ones, or less.

    What quantiles are to the median, expectiles are to the mean: with a share of 0.9, too low a prediction
    costs nine times as much as one that is as much too high. Smoother than the quantile, but the share says
    nothing about how many values lie below.

    Formula: L = 1/T ∑ₜ |τ − [yₜ < ŷₜ]| (yₜ − ŷₜ)²

    Source: Newey and Powell, Asymmetric Least Squares Estimation and Testing, 1987.
    """

    share: Annotated[
        float,
        Setting(
            "Weight of too low",
            "What a prediction that is too low costs; one that is too high costs the rest.",
            symbol="τ",
            above=0,
            below=1,
        ),
    ] = 0.9
    unit: ClassVar[ScoreUnit] = OF_SQUARED_TARGETS

    @override
    def of(self, errors: Tensor) -> Tensor:
        return self.share * (-errors).relu().square() + (1 - self.share) * errors.relu().square()


class EpsilonInsensitive(LossOfNumbers, kind="epsilon_insensitive", title="Epsilon-insensitive"):
    """The size of the error beyond a tolerance; what is nearer to the truth costs nothing.

    The loss of support vector regression. Take it where the numbers themselves are only known to within the
    tolerance: examples that are met that well have no gradient any more.

    Formula: L = 1/T ∑ₜ max(0, |ŷₜ − yₜ| − ε)

    Source: Vapnik, The Nature of Statistical Learning Theory, 1995.
    """

    tolerance: Annotated[
        float,
        Setting(
            "Tolerance",
            "Errors up to it cost nothing.",
            symbol="ε",
            unit="standard deviations",
            above=0,
            most=1000,
            log=True,
        ),
    ] = 0.1

    @override
    def of(self, errors: Tensor) -> Tensor:
        return (errors.abs() - self.tolerance).relu()


class GaussianLikelihood(Loss, kind="gaussian_likelihood", title="Gaussian likelihood"):
    """The network also says how sure it is: it puts out a mean and a variance for each number.

    An error costs less where the network had said that it was unsure; but to say so costs, too. Noise that
    differs from example to example no longer pulls on those that are clear. Predictions and scores are of
    the means.

    Formula: L = 1/2T ∑ₜ (log σₜ² + (ŷₜ − yₜ)²/σₜ²), σₜ² = log(1 + e^(zₜ)) + 10⁻⁶, zₜ the network's second
    output for number t

    Source: Nix and Weigend, Estimating the mean and variance of the target probability distribution, 1994;
    the variance as in Lakshminarayanan, Pritzel and Blundell, Simple and Scalable Predictive Uncertainty
    Estimation using Deep Ensembles, 2017.
    """

    accepts: ClassVar[frozenset[TargetKind]] = NUMBERS

    @override
    def outputs(self, targets: Targets) -> int:
        return 2 * targets.size

    @override
    def losses(self, outputs: Tensor, targets: Tensor) -> Tensor:
        from torch.nn.functional import softplus

        means, raw = outputs.chunk(2, -1)
        # softplus and not exp: the variance of an odd example can neither overflow nor vanish
        variances = softplus(raw) + 1e-6
        return (variances.log() + (means - targets).square() / variances).mean(1) / 2

    @override
    def read(self, outputs: Tensor, targets: Targets) -> Tensor:
        return outputs[..., : targets.size]
