"""Texts with what the network makes of them: classes with the words that mattered, tags, gaps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from numpy.typing import NDArray

from engine.choices import Setting
from engine.data.description import IGNORED, PADDING, Description
from engine.data.texts.raw import TaggedTexts
from engine.probes.probe import Probe, Subject, class_indices, thinned

if TYPE_CHECKING:
    from engine.data.texts.encode import TokensEncoder

MOST_EXAMINED = 1000
"""Among so many validation texts, evenly spaced, the ones to show are looked for."""
MOST_PLACES = 128
"""Of longer texts the beginning is shown."""


@dataclass(frozen=True, eq=False)
class PredictedTexts:
    """Texts as tokens, ␣ before those that begin a word, and what they are taken for.

    `weights` (N, positions), 0 ... 1, is how much each token mattered, known `by` attention or saliency;
    `truth` and `predicted` are class indices; `rows` says which text of the source each is.
    """

    tokens: tuple[tuple[str, ...], ...]
    weights: NDArray[np.float32]
    truth: NDArray[np.int64]
    predicted: NDArray[np.int64]
    confidence: NDArray[np.float32]
    loss: NDArray[np.float32]
    rows: NDArray[np.int64]
    by: Literal["attention", "saliency"]


@dataclass(frozen=True, eq=False)
class PredictedTags:
    """Sentences as words, and the class index of each word's tag (N, words), -1 after the end."""

    words: tuple[tuple[str, ...], ...]
    truth: NDArray[np.int64]
    predicted: NDArray[np.int64]
    rows: NDArray[np.int64]


Count = Annotated[int, Setting("Texts", "How many are shown.", least=1, most=100)]


class TextPredictions(Probe, kind="text_predictions", title="Texts and predictions"):
    """Validation texts with the class the network takes them for, and how much each token mattered for that.

    A token's weight is the attention it got, or its saliency where the network has no attention (see
    `mattering`), relative to the largest of the text.
    """

    order: Annotated[
        Literal["worst", "spread"],
        Setting(
            "Order",
            "Which texts are shown.",
            options={"worst": "highest loss first", "spread": "evenly spread over the data"},
        ),
    ] = "worst"
    count: Count = 12

    def fits(self, description: Description) -> bool:
        """Return whether classes are predicted from texts."""
        return description.inputs.kind == "tokens" and description.targets.kind == "classes"

    def measure(self, subject: Subject) -> PredictedTexts:
        """Return the chosen texts and what the network makes of them."""
        import torch

        from engine.networks.sequences.saliency import mattering

        some = thinned(subject.data.validation, MOST_EXAMINED)
        inputs, targets = torch.from_numpy(some.inputs), torch.from_numpy(some.targets)
        losses = subject.losses(inputs, targets).cpu().numpy()
        if self.order == "worst":
            # a loss that is NaN counts as worst; stable, so that equals keep their places between readings
            chosen = np.argsort(-np.nan_to_num(losses, nan=np.inf), kind="stable")[: self.count]
        else:
            chosen = np.unique(np.linspace(0, len(losses) - 1, min(self.count, len(losses))).astype(np.int64))
        # only now: weights of tokens cost further runs, which all that were examined are not worth
        shown = inputs[torch.from_numpy(chosen)]
        confidence, predicted = subject.predict(shown).max(1)
        weights, by = mattering(subject.network, shown.to(subject.device))
        return PredictedTexts(
            tokens=tuple(in_letters(subject, text) for text in some.inputs[chosen].astype(np.int64)),
            weights=np.ascontiguousarray(weights[:, :MOST_PLACES].cpu().numpy()),
            truth=class_indices(some.targets[chosen]),
            predicted=predicted.cpu().numpy(),
            confidence=confidence.cpu().numpy(),
            loss=losses[chosen],
            rows=some.rows[chosen],
            by=by,
        )


class TaggedTextPredictions(Probe, kind="tagged_text_predictions", title="Tagged texts"):
    """Validation sentences with the tag of each word, the true and the predicted one.

    Only words that the network received are there: of long sentences the beginning.
    """

    count: Count = 12

    def fits(self, description: Description) -> bool:
        """Return whether words are tagged."""
        return description.targets.kind == "tags"

    def measure(self, subject: Subject) -> PredictedTags:
        """Return sentences in which something is to be found, evenly spread, and what is found in them."""
        import torch

        raw, examples = subject.data.raw, subject.data.validation
        if not isinstance(raw, TaggedTexts):
            raise TypeError("targets are tags, so the data must be tagged texts")
        # sentences in which every word has tag 0 (O) would show nothing
        telling = np.flatnonzero((examples.targets > 0).any(axis=1))
        # no sentence names anything: then any will do
        telling = telling if len(telling) else np.arange(len(examples))
        chosen = telling[np.linspace(0, len(telling) - 1, min(self.count, len(telling))).astype(np.int64)]
        predicted = subject.predict(torch.from_numpy(examples.inputs[chosen])).argmax(-1).cpu().numpy()
        truth = [targets[targets != IGNORED][:MOST_PLACES] for targets in examples.targets[chosen]]
        # at the places where a tag counts, the first token of each word
        guesses = [
            tags[targets != IGNORED][:MOST_PLACES]
            for tags, targets in zip(predicted, examples.targets[chosen], strict=True)
        ]
        rows = examples.rows[chosen]
        words = tuple(
            tuple(raw.words[row][: len(found)]) for row, found in zip(rows.tolist(), truth, strict=True)
        )
        return PredictedTags(words, _even(truth), _even(guesses), rows)


def encoder_of(subject: Subject) -> TokensEncoder:
    """Return the encoder of a subject whose inputs are tokens."""
    from engine.data.texts.encode import TokensEncoder

    encoder = subject.data.preprocessor.encoder
    if not isinstance(encoder, TokensEncoder):
        raise TypeError("inputs are tokens, so the encoder must be one of texts")
    return encoder


def in_letters(subject: Subject, tokens: NDArray[np.int64]) -> tuple[str, ...]:
    """Return tokens without padding in letters."""
    from engine.data.texts.read.spacing import spaced

    present = tokens[tokens != PADDING][:MOST_PLACES].tolist()
    return tuple(spaced(encoder_of(subject).tokenizer, present))


def _even(rows: Sequence[NDArray[np.int64]]) -> NDArray[np.int64]:
    found = np.full((len(rows), max(map(len, rows), default=0)), IGNORED, np.int64)
    for place, row in enumerate(rows):
        found[place, : len(row)] = row
    return found
