"""Metrics of texts: of tags that name things, of tokens guessed, of texts written."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from engine.choices import Message, Problem
from engine.data.about import About
from engine.data.description import END, IGNORED, PADDING, TargetKind
from engine.learning.bleu import STATISTICS, bleu_counts, bleu_score
from engine.learning.metrics import Metric

if TYPE_CHECKING:
    from torch import Tensor

_TOKENS: frozenset[TargetKind] = frozenset({"tokens", "translation"})


class TokenAccuracy(Metric, kind="token_accuracy", title="Token accuracy"):
    """The share of tokens that were the most probable ones in their place.

    In a language even those who know it well seldom guess the next word: look at perplexity beside it.

    Formula: accuracy = (number of tokens guessed) / (number of tokens)

    Source: Shannon, Prediction and Entropy of Printed English, 1951.
    """

    accepts: ClassVar[frozenset[TargetKind]] = _TOKENS
    higher_is_better: ClassVar[bool] = True
    share: ClassVar[bool] = True

    def observe(self, predictions: Tensor, targets: Tensor) -> Tensor:
        """Return (tokens guessed, tokens)."""
        return _summed(predictions[..., 1], targets)

    def value(self, statistics: Tensor) -> Tensor:
        """Return the share."""
        return statistics[0] / statistics[1]


class Perplexity(Metric, kind="perplexity", title="Perplexity"):
    """Among how many equally probable tokens the network seems to hesitate, on average.

    1 is certainty; an even guess scores the size of the vocabulary. Only texts cut into tokens in the same
    way can be compared: of longer tokens there are fewer, each harder to guess.

    Formula: perplexity = exp(−1/M ∑ₘ log p(yₘ))

    Source: Jelinek, Mercer, Bahl and Baker, Perplexity, a measure of the difficulty of speech recognition
    tasks, 1977.
    """

    accepts: ClassVar[frozenset[TargetKind]] = _TOKENS
    higher_is_better: ClassVar[bool] = False

    def observe(self, predictions: Tensor, targets: Tensor) -> Tensor:
        """Return (sum of the logarithms of the right tokens' probabilities, tokens)."""
        return _summed(predictions[..., 0], targets)

    def value(self, statistics: Tensor) -> Tensor:
        """Return the perplexity."""
        return (-statistics[0] / statistics[1]).exp()


class EntityF1(Metric, kind="entity_f1", title="Entity F1"):
    """How well names are found: each counts only if all its words and its type are right.

    Precision is the share of the names found that are right, recall the share of the right ones that are
    found; F1 is the harmonic mean of both, over all types together. A name begins at B-, or at an I- that
    goes on with nothing.

    Formula: F₁ = 2 TP / (2 TP + FP + FN)

    Source: Tjong Kim Sang and De Meulder, Introduction to the CoNLL-2003 Shared Task, 2003 (conlleval).
    """

    accepts: ClassVar[frozenset[TargetKind]] = frozenset({"tags"})
    higher_is_better: ClassVar[bool] = True
    share: ClassVar[bool] = True

    def problems(self, about: About) -> tuple[Problem, ...]:
        """Return that tags which name no entities have none to be found."""
        if (found := super().problems(about)) or about.targets is None:
            return found
        if _names_entities(about.targets.classes):
            return ()
        return (
            Problem(
                "kind",
                Message(
                    'needs tags that name entities ("O", "B-person", "I-person"), but these are {classes}: '
                    "choose accuracy or macro_f1",
                    classes=", ".join(about.targets.classes[:5]),
                ),
            ),
        )

    def observe(self, predictions: Tensor, targets: Tensor) -> Tensor:
        """Return (names found rightly, names found, names there are)."""
        import torch

        counted = targets != IGNORED
        row = counted.nonzero()[:, 0]
        new = torch.ones_like(row, dtype=torch.bool)
        # a name does not go on from the end of one text into the next
        new[1:] = row[1:] != row[:-1]
        begun, kind, end = _entities(predictions.argmax(-1)[counted], new)
        begun_there, kind_there, end_there = _entities(targets[counted], new)
        right = begun & begun_there & (kind == kind_there) & (end == end_there)
        return torch.stack([right.sum(), begun.sum(), begun_there.sum()]).double()

    def value(self, statistics: Tensor) -> Tensor:
        """Return F1; without any name, found or there, it is not a number."""
        # found + there = 2 TP + FP + FN
        return 2 * statistics[0] / (statistics[1] + statistics[2])


class Bleu(Metric, kind="bleu", title="BLEU of tokens"):
    """How much of the translation's wording stands in the reference, translations being written greedily.

    Runs of one to four tokens are looked up in the reference; translations that are too short lose. It is a
    fraction: 0.3 is what others write as 30. It counts tokens, which may be parts of words; at the end of a
    run BLEU of whole words is worked out too. Writing takes as many runs of the network as there are tokens,
    after every epoch.

    Formula: BLEU = min(1, e^(1 − r/c)) · (p₁ p₂ p₃ p₄)^(1/4), pₙ = share of the runs of n tokens that the
    references have, too; c, r = lengths of translations and references

    Source: Papineni, Roukos, Ward and Zhu, BLEU: a Method for Automatic Evaluation of Machine Translation,
    2002.
    """

    accepts: ClassVar[frozenset[TargetKind]] = frozenset({"translation"})
    higher_is_better: ClassVar[bool] = True
    generates: ClassVar[bool] = True

    def observe(self, predictions: Tensor, targets: Tensor) -> Tensor:
        """Return the summed counts of `bleu_counts`."""
        import torch

        written, wanted = predictions[..., 2].long().tolist(), targets.tolist()
        counts = [
            bleu_counts(_text(one), _text(other)) for one, other in zip(written, wanted, strict=True)
        ] or [[0] * STATISTICS]  # a batch without texts
        return torch.tensor(counts, dtype=torch.float64, device=predictions.device).sum(0)

    def value(self, statistics: Tensor) -> Tensor:
        """Return BLEU."""
        return statistics.new_tensor(bleu_score(statistics.tolist()))


def _summed(values: Tensor, targets: Tensor) -> Tensor:
    """Return (sum of the values at the places that count, their number)."""
    import torch

    counted = targets != IGNORED
    # not times the mask: −∞ · 0 would be NaN
    return torch.stack([values.double().where(counted, 0.0).sum(), counted.sum().double()])


def _names_entities(classes: tuple[str, ...]) -> bool:
    """Return whether tags are O and then B- and I- of one type after the other."""
    pairs = zip(classes[1::2], classes[2::2], strict=False)
    return (
        classes[:1] == ("O",)
        and len(classes) % 2 == 1
        and all(one[:2] == "B-" and other == "I-" + one[2:] for one, other in pairs)
    )


def _entities(tags: Tensor, new: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Return of each word, (M,): whether an entity begins there, of what type, where the run it is in ends.

    `tags` as they are coded: 0 outside, then B- and I- of one type after the other. `new`: where texts begin.
    """
    import torch

    # B- and I- of type k are coded 2k − 1 and 2k
    kind = (tags + 1) // 2
    # roll brings the last word round to the first, which always begins a text
    before = kind.roll(1).masked_fill(new, 0)
    begun = (kind > 0) & ((tags % 2 == 1) | (kind != before))
    places = torch.arange(len(tags) + 1, device=tags.device)
    bounds = places.clone()
    bounds[:-1] = places[:-1].where(begun | (kind == 0) | new, len(tags))
    # the nearest bound behind each word, without a loop that would wait for the device
    following = bounds.flip(0).cummin(0).values.flip(0)[1:]
    return begun, kind, following


def _text(tokens: list[int]) -> list[int]:
    """Return the tokens before the end of a text."""
    ends = (place for place, token in enumerate(tokens) if token in (END, PADDING, IGNORED))
    return tokens[: next(ends, len(tokens))]
