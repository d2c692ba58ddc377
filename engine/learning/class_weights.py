"""Class weights: how much the examples of each class count in what is learnt."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Annotated, ClassVar

from typing_extensions import override

from engine.choices import Message, Problem, Setting
from engine.data.about import About, Suited

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class ClassWeights(Suited, family="class_weights"):
    """What an example of each class counts in learning, as a factor on its loss; their mean over the training
    examples is 1, so that the learning rate need not follow.

    Formula: L = 1/N ∑ₙ w(yₙ) ℓₙ over a batch, as in scikit-learn and Keras; PyTorch divides by ∑ₙ w(yₙ), so
    that there an example counts less the more rare ones its batch has. Scores and the loss of the validation
    part have no weights, or runs could not be compared.
    """

    live = "whole"  # a factor on the loss of each example, and nothing remembers it

    weighs: ClassVar[bool] = True

    @abstractmethod
    def of(self, counts: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the weight of each class, (K,), up to a common factor, from how many examples each has."""

    def weights(self, counts: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the weight of each class, (K,), with a mean of 1 over the examples."""
        found = self.of(counts)
        # all of them 0 where only classes that have no example were given a weight
        total = float((counts * found).sum())
        return found * counts.sum() / total if total else found

    @override
    def problems(self, about: About) -> tuple[Problem, ...]:
        kind = about.target if about.targets is None else about.targets.kind
        if self.weighs and kind not in (None, "classes", "tags"):
            return (Problem("kind", "is only for one of several classes; choose none"),)
        return super().problems(about)


class NoClassWeights(ClassWeights, kind="none", title="None"):
    """Every example counts as much as any other.

    Classes with many examples then decide most of what is learnt.

    Formula: w_k = 1

    Source: Bishop, Pattern Recognition and Machine Learning, 2006, section 4.3.4.
    """

    weighs: ClassVar[bool] = False

    @override
    def of(self, counts: NDArray[np.int64]) -> NDArray[np.float64]:
        import numpy as np

        return np.ones(len(counts))


class BalancedClassWeights(ClassWeights, kind="balanced", title="Balanced"):
    """Every class counts as much as any other, however few examples it has.

    Rare classes are then found more often, at the price of more false alarms. A class with very few examples
    gets very large steps.

    Formula: w_k = N/(K n_k), with n_k examples of class k among N

    Source: King and Zeng, Logistic Regression in Rare Events Data, 2001; as in scikit-learn, `balanced`.
    """

    @override
    def of(self, counts: NDArray[np.int64]) -> NDArray[np.float64]:
        import numpy as np

        # a class without examples is never met, and has no weight that could be
        return np.divide(1.0, counts, out=np.zeros(len(counts)), where=counts > 0)


class EffectiveNumber(ClassWeights, kind="effective_number", title="Effective number"):
    """Between none and balanced: many examples of a class are taken to repeat each other.

    A class of a thousand is not worth a hundred times one of ten, as new examples resemble those that are
    there. With a share near 1 it is balanced, with 0 there are no weights.

    Formula: w_k ∝ (1 − β)/(1 − β^(n_k))

    Source: Cui, Jia, Lin, Song and Belongie, Class-Balanced Loss Based on Effective Number of Samples, 2019.
    """

    overlap: Annotated[
        float,
        Setting(
            "Share that is new",
            "How much less each further example of a class adds; 0.99 to 0.9999 are usual.",
            symbol="β",
            least=0,
            below=1,
        ),
    ] = 0.999

    @override
    def of(self, counts: NDArray[np.int64]) -> NDArray[np.float64]:
        import numpy as np

        effective = 1 - self.overlap ** counts.astype(np.float64)
        return np.divide(1 - self.overlap, effective, out=np.zeros(len(counts)), where=effective > 0)


class GivenClassWeights(ClassWeights, kind="given", title="Given"):
    """You say what the examples of each class count beside the others.

    For mistakes that cost differently: a missed illness more than a false alarm. Only their proportions
    matter.

    Formula: w_k as given, times N/∑ⱼ nⱼ wⱼ

    Source: Elkan, The Foundations of Cost-Sensitive Learning, 2001.
    """

    factors: Annotated[
        tuple[Annotated[float, Setting("Weight", "Beside the others.", least=0, most=1e6)], ...],
        Setting("Weights", "One for each class, in the order of the classes."),
    ] = ()

    @override
    def of(self, counts: NDArray[np.int64]) -> NDArray[np.float64]:
        import numpy as np

        return np.array(self.factors, np.float64)

    @override
    def problems(self, about: About) -> tuple[Problem, ...]:
        """Return where there is not one for each class."""
        found = super().problems(about)
        if found or about.targets is None:
            return found
        classes = about.targets.classes
        if len(self.factors) != len(classes):
            why = Message(
                "needs one for each of the {count} classes: {classes}",
                count=len(classes),
                classes=", ".join(classes[:20]),
            )
            return (Problem("factors", why),)
        if not any(self.factors):
            return (Problem("factors", "must not all be 0"),)
        return ()
