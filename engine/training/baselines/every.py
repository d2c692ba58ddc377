"""Every baseline. What each computes stands in the files beside this one, which load torch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from typing_extensions import override

from engine.data.description import PartName
from engine.data.series.raw import Timeline
from engine.data.texts.raw import TaggedTexts, TextPairs, Texts
from engine.learning.metrics import Metric
from engine.tasks.task import Task
from engine.training.baselines.baseline import Baseline

if TYPE_CHECKING:  # Prepared loads pandas, which the window does without
    from engine.data.prepared import Prepared
    from engine.training.baselines.beside import Beside


# each judge is imported as it is called: the window lists baselines and must not wait for torch
class _Constant(Baseline):
    constant = True
    at_once = True

    @classmethod
    @override
    def judge(cls, prepared: Prepared, task: Task, metrics: Sequence[Metric], part: PartName) -> Beside:
        from engine.training.baselines.vectors import constant

        return constant(cls.kind, prepared, metrics, part)


class Majority(_Constant, kind="majority", title="Majority", name="always the commonest class"):
    """Says the class that is most frequent in training, whatever it is shown."""

    # its probabilities are the shares of the classes
    targets = ("classes",)


class UsualLabels(_Constant, kind="usual_labels", title="Usual labels", name="always the commonest labels"):
    """Says the set of labels that is most frequent in training, whatever it is shown."""

    targets = ("labels",)


# the best constant by squared error, so that its R² is 0 on the part it was made from
class Mean(_Constant, kind="mean", title="Mean", name="always the mean"):
    """Says the mean of the training part, whatever it is shown."""

    targets = ("numbers",)


class LastValue(Baseline, kind="last_value", title="Last value", name="the last value"):
    """Says that all stays as it is."""

    targets = ("numbers",)
    at_once = True

    @classmethod
    @override
    def fits(cls, prepared: Prepared) -> bool:
        return isinstance(prepared.raw, Timeline)

    @classmethod
    @override
    def judge(cls, prepared: Prepared, task: Task, metrics: Sequence[Metric], part: PartName) -> Beside:
        from engine.training.baselines.forecasts import naive_forecast

        return naive_forecast(cls.kind, 1, prepared, metrics, part)


class SeasonBefore(Baseline, kind="seasonal_naive", title="Season before", name="the season before"):
    """Says what was one season before."""

    targets = ("numbers",)
    at_once = True

    @classmethod
    @override
    def fits(cls, prepared: Prepared) -> bool:
        # a season of one row says the same as the last value, which stands beside it
        return isinstance(prepared.raw, Timeline) and prepared.raw.season > 1

    @classmethod
    @override
    def judge(cls, prepared: Prepared, task: Task, metrics: Sequence[Metric], part: PartName) -> Beside:
        from engine.training.baselines.forecasts import naive_forecast

        assert isinstance(prepared.raw, Timeline)
        return naive_forecast(cls.kind, prepared.raw.season, prepared, metrics, part)


class _Linear(Baseline):
    @classmethod
    @override
    def fits(cls, prepared: Prepared) -> bool:
        # tokens are numbers of entries in a vocabulary, which say nothing by their size
        return prepared.description.inputs.kind != "tokens"

    @classmethod
    @override
    def judge(cls, prepared: Prepared, task: Task, metrics: Sequence[Metric], part: PartName) -> Beside:
        from engine.training.baselines.vectors import linear

        return linear(cls.kind, prepared, metrics, part)


class Logistic(_Linear, kind="logistic", title="Logistic", name="logistic regression"):
    """Logistic regression, a linear model, fitted on the same training part."""

    targets = ("classes", "labels")


class Ridge(_Linear, kind="ridge", title="Ridge", name="ridge regression"):
    """Ridge regression, a linear model, fitted on the same training part."""

    targets = ("numbers",)


class WeightedWords(Baseline, kind="tf_idf", title="TF-IDF", name="logistic regression of words"):
    """Logistic regression of how often words and pairs of words occur (TF-IDF)."""

    targets = ("classes", "labels")

    @classmethod
    @override
    def fits(cls, prepared: Prepared) -> bool:
        # words are counted in the texts themselves: the network's tokens may be parts of words
        return isinstance(prepared.raw, Texts)

    @classmethod
    @override
    def judge(cls, prepared: Prepared, task: Task, metrics: Sequence[Metric], part: PartName) -> Beside:
        from engine.training.baselines.words import weighted_words

        return weighted_words(cls.kind, prepared, metrics, part)


class UsualTag(Baseline, kind="usual_tag", title="Usual tag", name="the usual tag of each word"):
    """Gives each word the tag that it has most often in training."""

    targets = ("tags",)
    at_once = True

    @classmethod
    @override
    def fits(cls, prepared: Prepared) -> bool:
        return isinstance(prepared.raw, TaggedTexts)

    @classmethod
    @override
    def judge(cls, prepared: Prepared, task: Task, metrics: Sequence[Metric], part: PartName) -> Beside:
        from engine.training.baselines.tags import usual_tags

        return usual_tags(cls.kind, prepared, metrics, part)


class Unigram(Baseline, kind="unigram", title="Unigram", name="how often each token occurs"):
    """Gives each token the share that it has of all tokens in training, whatever stands before it."""

    targets = ("tokens", "translation")
    constant = True
    at_once = True

    @classmethod
    @override
    def judge(cls, prepared: Prepared, task: Task, metrics: Sequence[Metric], part: PartName) -> Beside:
        from engine.training.baselines.runs_of_tokens import shares_of_tokens

        return shares_of_tokens(cls.kind, prepared, task, metrics, part)


class FiveGrams(Baseline, kind="five_gram", title="Five-grams", name="five-grams"):
    """Counts runs of up to five tokens in training, smoothed after Kneser and Ney."""

    targets = ("tokens",)

    @classmethod
    @override
    def judge(cls, prepared: Prepared, task: Task, metrics: Sequence[Metric], part: PartName) -> Beside:
        from engine.training.baselines.runs_of_tokens import n_grams

        return n_grams(cls.kind, prepared, task, metrics, part)


class Dictionary(Baseline, kind="dictionary", title="Dictionary", name="a word-by-word dictionary"):
    """Translates word by word, from a dictionary learnt from the same pairs."""

    targets = ("translation",)

    @classmethod
    @override
    def fits(cls, prepared: Prepared) -> bool:
        return isinstance(prepared.raw, TextPairs)

    @classmethod
    @override
    def judge(cls, prepared: Prepared, task: Task, metrics: Sequence[Metric], part: PartName) -> Beside:
        from engine.training.baselines.dictionary import dictionary

        return dictionary(cls.kind, prepared, part)


BASELINES = Baseline.every
"""All of them by kind."""
