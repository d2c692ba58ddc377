"""Sampling: how often the examples of each class are met in training."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Annotated, ClassVar

from typing_extensions import override

from engine.choices import Message, Problem, Setting
from engine.data.about import About, Suited

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class ClassSampling(Suited, family="sampling"):
    """How training examples are put into batches: each once an epoch, or drawn anew by their class.

    An epoch has as many draws as there are training examples. The other parts are never drawn.
    """

    live = "whole"  # what is left of an epoch can be drawn anew

    draws: ClassVar[bool] = True
    """Whether examples are drawn, with replacement; else each occurs once an epoch."""

    @abstractmethod
    def chances(self, counts: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return how likely one example of each class is drawn, (K,), up to a common factor."""

    @override
    def problems(self, about: About) -> tuple[Problem, ...]:
        kind = about.target if about.targets is None else about.targets.kind
        if self.draws and kind not in (None, "classes"):
            return (Problem("kind", "draws by classes, but there are none; choose each once"),)
        return super().problems(about)


class EachOnce(ClassSampling, kind="each_once", title="Each once"):
    """Every training example occurs once an epoch, in an order of its own.

    Classes are met as often as they are in the data.

    Formula: each index of 1 … N once, in random order

    Source: Bottou, Curiously Fast Convergence of some Stochastic Gradient Descent Algorithms, 2009.
    """

    draws: ClassVar[bool] = False

    @override
    def chances(self, counts: NDArray[np.int64]) -> NDArray[np.float64]:
        import numpy as np

        return np.ones(len(counts))


class BalancedSampling(ClassSampling, kind="balanced", title="Balanced"):
    """Every class is met as often as any other: examples of rare ones are repeated, of common ones left out.

    Beside class weights it keeps steps even, where a rare example would otherwise make a very large one; but
    what is repeated is learnt by heart sooner.

    Formula: P(n) = 1/(K n_k) for an example n of class k, with replacement

    Source: Japkowicz and Stephen, The class imbalance problem: A systematic study, 2002; as in PyTorch,
    `WeightedRandomSampler`.
    """

    @override
    def chances(self, counts: NDArray[np.int64]) -> NDArray[np.float64]:
        import numpy as np

        return np.divide(1.0, counts, out=np.zeros(len(counts)), where=counts > 0)


class WeightedSampling(ClassSampling, kind="weighted", title="Weighted"):
    """You say what share of the draws each class has.

    For proportions that will be others in use than they are in the data.

    Formula: P(n) = s_k/n_k ÷ ∑ⱼ sⱼ for an example n of class k, with replacement

    Source: Saerens, Latinne and Decaestecker, Adjusting the Outputs of a Classifier to New a Priori
    Probabilities, 2002; as in PyTorch, `WeightedRandomSampler`.
    """

    shares: Annotated[
        tuple[Annotated[float, Setting("Share", "Beside the others.", least=0, most=1e6)], ...],
        Setting("Shares", "One for each class, in the order of the classes; only their proportions matter."),
    ] = ()

    @override
    def chances(self, counts: NDArray[np.int64]) -> NDArray[np.float64]:
        import numpy as np

        shares = np.array(self.shares, np.float64)
        return shares * np.divide(1.0, counts, out=np.zeros(len(counts)), where=counts > 0)

    @override
    def problems(self, about: About) -> tuple[Problem, ...]:
        """Return where there is not one for each class."""
        found = super().problems(about)
        if found or about.targets is None:
            return found
        classes = about.targets.classes
        if len(self.shares) != len(classes):
            why = Message(
                "needs one for each of the {count} classes: {classes}",
                count=len(classes),
                classes=", ".join(classes[:20]),
            )
            return (Problem("shares", why),)
        return () if any(self.shares) else (Problem("shares", "must not all be 0"),)
