"""Metrics: how good predictions are, in terms a person can judge."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, ClassVar

from engine.choices import kind_of
from engine.data.about import ForTargets
from engine.data.description import IGNORED, LIKELY, TargetKind
from engine.learning.score_units import OF_SQUARED_TARGETS, OF_TARGETS, PLAIN, ScoreUnit

if TYPE_CHECKING:
    from torch import Tensor

_NUMBERS: frozenset[TargetKind] = frozenset({"numbers"})
_CLASSES: frozenset[TargetKind] = frozenset({"classes", "tags"})
_LABELS: frozenset[TargetKind] = frozenset({"labels"})


class Metric(ForTargets, family="metrics"):
    """A score built from statistics of batches, which are combined over all batches (and devices)."""

    higher_is_better: ClassVar[bool]
    share: ClassVar[bool] = False
    """Whether the score is a share from 0 to 1, which people read as percent."""
    unit: ClassVar[ScoreUnit] = PLAIN
    """What the score is measured in."""
    scalar: ClassVar[bool] = True
    """Whether the result is one number (a curve over epochs) or an array (a confusion matrix)."""
    generates: ClassVar[bool] = False
    """Whether it judges what the network writes by itself, which takes a run of the network per token."""

    @abstractmethod
    def observe(self, predictions: Tensor, targets: Tensor) -> Tensor:
        """Return the float64 statistics of a batch.

        Predictions are class probabilities (B, K) with targets (B,) of indices; probabilities of labels (B,
        K) with targets (B, K) of 0 and 1; numbers (B, T) with targets (B, T), both in the units of the data;
        probabilities of tags (B, length, K) with targets (B, length); or for tokens (B, places, 2) with
        targets (B, places), IGNORED where a place does not count: the logarithm of the right token's
        probability, and 1 where it was the most probable one, else 0; where `generates`, the token follows
        that the network wrote itself.
        """

    def combine(self, one: Tensor, other: Tensor) -> Tensor:
        """Return the statistics of two batches taken together, in whatever order: their sum, unless it says
        else.
        """
        return one + other

    @abstractmethod
    def value(self, statistics: Tensor) -> Tensor:
        """Return the score from combined statistics: a scalar tensor, or an array where not `scalar`.

        Without any example the score is not a number.
        """


class Accuracy(Metric, kind="accuracy", title="Accuracy"):
    """The share of examples (of words, where words have tags) whose most probable class is the right one.

    Where one class is much more frequent than the others, always guessing it scores high already: compare
    with the baseline, or look at macro F1.

    Formula: accuracy = (number of right predictions) / N

    Source: Hastie, Tibshirani and Friedman, The Elements of Statistical Learning, 2009, section 7.2.
    """

    accepts: ClassVar[frozenset[TargetKind]] = _CLASSES
    higher_is_better: ClassVar[bool] = True
    share: ClassVar[bool] = True

    def observe(self, predictions: Tensor, targets: Tensor) -> Tensor:
        """Return (right predictions, wrong predictions)."""
        import torch

        predictions, targets = _one_by_one(predictions, targets)
        right = (predictions.argmax(1) == targets).sum()
        # Counts, and no mean: those of batches that differ in size can be added.
        return torch.stack([right, len(targets) - right]).double()

    def value(self, statistics: Tensor) -> Tensor:
        """Return the share of right predictions."""
        return statistics[0] / statistics.sum()


class MacroF1(Metric, kind="macro_f1", title="Macro F1"):
    """How well every class or label is found, the mean over them, each counting alike however rare it is.

    A class is found well when most of its examples are recognized (recall) and most of what is taken for it
    really is (precision); F1 is the harmonic mean of both. Classes that neither occur nor are predicted are
    left out. A label is predicted where its probability is at least 0.5.

    Formula: F₁ = mean over classes of 2 TP / (2 TP + FP + FN)

    Source: Van Rijsbergen, Information Retrieval, 1979; Sokolova and Lapalme, A systematic analysis of
    performance measures for classification tasks, 2009.
    """

    accepts: ClassVar[frozenset[TargetKind]] = _CLASSES | _LABELS
    higher_is_better: ClassVar[bool] = True
    share: ClassVar[bool] = True

    def observe(self, predictions: Tensor, targets: Tensor) -> Tensor:
        """Return (2, K): TP, and how often each occurs and is predicted together, 2 TP + FP + FN."""
        import torch

        # of labels both are (B, K)
        if predictions.shape == targets.shape:
            return torch.stack(_label_counts(predictions, targets))
        table = _confusion(predictions, targets)
        return torch.stack([table.diagonal(), table.sum(0) + table.sum(1)])

    def value(self, statistics: Tensor) -> Tensor:
        """Return the mean F1 of the classes that occur or are predicted."""
        right, seen = statistics
        occurs = seen > 0
        # of no class at all the mean is NaN, as is promised
        score: Tensor = (2 * right[occurs] / seen[occurs]).mean()
        return score


class RarestRecall(Metric, kind="rarest_recall", title="Recall of the rarest class"):
    """The share of the examples of the rarest class that are recognized.

    Where nearly all examples are of one class, accuracy is high for who never sees another; this is 0 then.
    The rarest class is that with the fewest examples in the part that is judged; of equally rare ones it is
    the first. Without any example the score is not a number.

    Formula: recall = TP / (TP + FN), of the class whose TP + FN is the smallest above 0

    Source: He and Garcia, Learning from Imbalanced Data, 2009.
    """

    accepts: ClassVar[frozenset[TargetKind]] = _CLASSES
    higher_is_better: ClassVar[bool] = True
    share: ClassVar[bool] = True

    def observe(self, predictions: Tensor, targets: Tensor) -> Tensor:
        """Return (2, K): TP, and how often each class occurs, TP + FN."""
        import torch

        table = _confusion(predictions, targets)
        return torch.stack([table.diagonal(), table.sum(1)])

    def value(self, statistics: Tensor) -> Tensor:
        """Return the recall of the class that occurs least."""
        import torch

        right, occurs = statistics
        # a class without examples has no recall; of no class at all 0/0 is NaN, as is promised
        rarest = occurs.where(occurs > 0, torch.inf).argmin()
        recall: Tensor = right[rarest] / occurs[rarest]
        return recall


class ConfusionCounts(Metric, kind="confusion", title="Confusion matrix"):
    """Which classes are taken for which: a row for every true class, a column for every predicted one.

    The diagonal counts what is right; a large number beside it names two classes that look alike to the
    network.

    Formula: Cᵢⱼ = number of examples of class i that are taken for class j

    Source: Stehman, Selecting and interpreting measures of thematic classification accuracy, 1997.
    """

    accepts: ClassVar[frozenset[TargetKind]] = _CLASSES
    # a matrix is on no curve: which direction is better is never asked of it
    higher_is_better: ClassVar[bool] = True
    scalar: ClassVar[bool] = False

    def observe(self, predictions: Tensor, targets: Tensor) -> Tensor:
        """Return the confusion matrix (K, K) of the batch."""
        return _confusion(predictions, targets)

    def value(self, statistics: Tensor) -> Tensor:
        """Return the confusion matrix (K, K)."""
        return statistics


class MicroF1(Metric, kind="micro_f1", title="Micro F1"):
    """How well labels are found, counted over all examples and labels together: frequent labels weigh most.

    A label is predicted where its probability is at least 0.5. Beside it, macro F1 lets every label count
    alike. Without any label, true or predicted, the score is not a number.

    Formula: F₁ = 2 ∑ TP / (2 ∑ TP + ∑ FP + ∑ FN), sums over the labels

    Source: Sokolova and Lapalme, A systematic analysis of performance measures for classification tasks,
    2009; Zhang and Zhou, A Review on Multi-Label Learning Algorithms, 2014.
    """

    accepts: ClassVar[frozenset[TargetKind]] = _LABELS
    higher_is_better: ClassVar[bool] = True
    share: ClassVar[bool] = True

    def observe(self, predictions: Tensor, targets: Tensor) -> Tensor:
        """Return (TP, 2 TP + FP + FN) over all labels."""
        import torch

        return torch.stack([count.sum() for count in _label_counts(predictions, targets)])

    def value(self, statistics: Tensor) -> Tensor:
        """Return F1 of the sums."""
        return 2 * statistics[0] / statistics[1]


class SubsetAccuracy(Metric, kind="subset_accuracy", title="Subset accuracy"):
    """The share of examples whose labels are all right: none lacking, none too many (exact match ratio).

    The strictest score of labels; with many labels it is low even where most of them are right.

    Formula: 1/N ∑ₙ [Ŷₙ = Yₙ], Ŷₙ the labels whose probability is at least 0.5

    Source: Zhu et al., Multi-labelled classification using maximum entropy method, 2005; Zhang and Zhou, A
    Review on Multi-Label Learning Algorithms, 2014.
    """

    accepts: ClassVar[frozenset[TargetKind]] = _LABELS
    higher_is_better: ClassVar[bool] = True
    share: ClassVar[bool] = True

    def observe(self, predictions: Tensor, targets: Tensor) -> Tensor:
        """Return (examples that are right throughout, examples)."""
        # of answers that are 0 or 1 the same question gives the answers themselves
        return _with_count((applies(predictions) == applies(targets)).all(1).double())

    def value(self, statistics: Tensor) -> Tensor:
        """Return the share."""
        return statistics[0] / statistics[1]


class HammingLoss(Metric, kind="hamming_loss", title="Hamming loss"):
    """The share of labels, over all examples, that are wrong: lacking, or too many. Lower is better.

    Where most labels apply to few examples, naming none at all has a low Hamming loss already: compare with
    the baseline, or look at F1.

    Formula: 1/(N K) ∑ₙₖ [ŷₙₖ ≠ yₙₖ]

    Source: Schapire and Singer, BoosTexter: A Boosting-based System for Text Categorization, 2000.
    """

    accepts: ClassVar[frozenset[TargetKind]] = _LABELS
    higher_is_better: ClassVar[bool] = False
    share: ClassVar[bool] = True

    def observe(self, predictions: Tensor, targets: Tensor) -> Tensor:
        """Return (wrong labels, labels)."""
        return _with_count((applies(predictions) != applies(targets)).double())

    def value(self, statistics: Tensor) -> Tensor:
        """Return the share."""
        return statistics[0] / statistics[1]


class MeanSquaredError(Metric, kind="mean_squared_error", title="Mean squared error"):
    """The mean square of the errors, in the square of the target's unit.

    Its root is about the size of a typical error. Large errors weigh much more than small ones. With several
    targets it is the mean over them, so that those with large numbers dominate; R² compares them fairly.

    Formula: MSE = 1/(N T) ∑ₙₜ (ŷₙₜ − yₙₜ)²

    Source: Hastie, Tibshirani and Friedman, The Elements of Statistical Learning, 2009, section 7.2.
    """

    accepts: ClassVar[frozenset[TargetKind]] = _NUMBERS
    higher_is_better: ClassVar[bool] = False
    unit: ClassVar[ScoreUnit] = OF_SQUARED_TARGETS

    def observe(self, predictions: Tensor, targets: Tensor) -> Tensor:
        """Return (sum of squared errors, count)."""
        # double before the difference: years and prices differ in their last digits only
        return _with_count((predictions.double() - targets.double()).square())

    def value(self, statistics: Tensor) -> Tensor:
        """Return the mean."""
        return statistics[0] / statistics[1]


class MeanAbsoluteError(Metric, kind="mean_absolute_error", title="Mean absolute error"):
    """How far off a prediction is on average, in the target's unit.

    With several targets it is the mean over them, so that those with large numbers dominate; R² compares them
    fairly.

    Formula: MAE = 1/(N T) ∑ₙₜ |ŷₙₜ − yₙₜ|

    Source: Willmott and Matsuura, Advantages of the mean absolute error (MAE) over the root mean square error
    (RMSE) in assessing average model performance, 2005.
    """

    accepts: ClassVar[frozenset[TargetKind]] = _NUMBERS
    higher_is_better: ClassVar[bool] = False
    unit: ClassVar[ScoreUnit] = OF_TARGETS

    def observe(self, predictions: Tensor, targets: Tensor) -> Tensor:
        """Return (sum of absolute errors, count)."""
        return _with_count((predictions.double() - targets.double()).abs())

    def value(self, statistics: Tensor) -> Tensor:
        """Return the mean."""
        return statistics[0] / statistics[1]


class R2(Metric, kind="r2", title="R²"):
    """The share of the targets' variation that is predicted: 1 is perfect, 0 no better than their mean.

    It has no unit, so that different targets can be compared; it is negative where predictions are worse than
    the mean. With several targets it is the mean over them. A target that never changes counts as 1 if it is
    predicted exactly, else as 0; with less than two examples the score is not a number.

    Formula: R² = 1 − ∑ₙ (ŷₙ − yₙ)² / ∑ₙ (yₙ − ȳ)²

    Source: Wright, Correlation and causation, 1921; Draper and Smith, Applied Regression Analysis, 1998;
    combined over batches after Chan, Golub and LeVeque, 1979.
    """

    accepts: ClassVar[frozenset[TargetKind]] = _NUMBERS
    higher_is_better: ClassVar[bool] = True

    def observe(self, predictions: Tensor, targets: Tensor) -> Tensor:
        """Return (4, T): count, mean of the targets, their squared deviations from it, squared errors.

        Deviations from the batch's own mean, and not sums of squares, because those cancel where the mean is
        large beside the spread (years, timestamps, prices).
        """
        import torch

        truth = targets.double()
        # Of no examples 0 and not NaN, which would stay in all that is combined with it.
        mean = truth.sum(0) / max(1, len(truth))
        deviation = (truth - mean).square_().sum(0)
        error = (predictions.double() - truth).square_().sum(0)
        return torch.stack([torch.full_like(mean, len(truth)), mean, deviation, error])

    def combine(self, one: Tensor, other: Tensor) -> Tensor:
        """Return the statistics of both, the distance of their means adding to the deviations."""
        import torch

        count = one[0] + other[0]
        # clamped: of two empty batches the share would be 0/0
        share = other[0] / count.clamp(min=1)
        apart = other[1] - one[1]
        deviation = one[2] + other[2] + apart.square() * one[0] * share
        return torch.stack([count, one[1] + apart * share, deviation, one[3] + other[3]])

    def value(self, statistics: Tensor) -> Tensor:
        """Return R², the mean over the targets."""
        import torch

        count, _, deviation, error = statistics
        # 0/0 of a target that never changes: right throughout counts as 1, anything else as 0.
        score = torch.where(deviation > 0, 1 - error / deviation, error == 0)
        return torch.where(count > 1, score, torch.nan).mean()


def metric_of(key: str) -> type[Metric] | None:
    """Return the metric whose scores are called so, whatever its settings; None for a loss."""
    return Metric.kinds().get(kind_of(key))


def applies(probabilities: Tensor) -> Tensor:
    """Return which labels apply: those that are at least as likely as not."""
    return probabilities >= LIKELY


def _label_counts(predictions: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
    """Return TP and 2 TP + FP + FN of each label, float64 (K,) each."""
    guessed, true = applies(predictions).double(), applies(targets).double()
    return (guessed * true).sum(0), guessed.sum(0) + true.sum(0)


def _one_by_one(predictions: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
    """Return (M, K) and (M,): examples as they are, or all places of texts that count."""
    if targets.dim() == 1:
        return predictions, targets
    counted = targets != IGNORED
    return predictions[counted], targets[counted]


def _confusion(predictions: Tensor, targets: Tensor) -> Tensor:
    """Return how often true class i (row) was taken for class j (column), float64 (K, K)."""
    predictions, targets = _one_by_one(predictions, targets)
    classes = predictions.shape[1]
    # both classes as one number: a single count on the device fills the whole matrix
    pairs = targets * classes + predictions.argmax(1)
    return pairs.bincount(minlength=classes * classes).double().reshape(classes, classes)


def _with_count(errors: Tensor) -> Tensor:
    # made where the errors are: a number from elsewhere would have to be brought to the device
    statistics = errors.new_full((2,), errors.numel())
    statistics[0] = errors.sum()
    return statistics
