"""Texts with what the network makes of them: classes with the words that mattered, tags, gaps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from numpy.typing import NDArray

from engine.choices import Setting
from engine.data.description import IGNORED, PADDING, Description
from engine.data.raw import TaggedTexts
from engine.probes.probe import Arrays, Probe, Subject, as_lines, thinned

if TYPE_CHECKING:
    from engine.data.texts.encoders import TokensEncoder

MOST_EXAMINED = 1000
"""Among so many validation texts, evenly spaced, the ones to show are looked for."""
MOST_PLACES = 128
"""Of longer texts the beginning is shown."""

Count = Annotated[int, Setting("Texts", "How many are shown.", least=1, most=100)]


class TextPredictions(Probe, kind="text_predictions", title="Texts and predictions"):
    """Validation texts with the class the network takes them for, and how much each token mattered for that.

    A token's weight is the attention it got, or its saliency where the network has no attention (see
    `mattering`), relative to the largest of the text.

    Arrays: `tokens` uint8, the texts as UTF-8, a line each, tokens between tabulators, ␣ before those that
    begin a word; `weights` float32 (N, places), 0 ... 1; `truth`, `predicted` int64 (N,); `confidence`,
    `loss` float32 (N,); `rows` int64 (N,) in the source; `by` uint8, "attention" or "saliency".
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

    def measure(self, subject: Subject) -> Arrays:
        """Return the chosen texts and what the network makes of them."""
        import torch

        from engine.networks.sequences.saliency import mattering

        some = thinned(subject.data.validation, MOST_EXAMINED)
        inputs, targets = torch.from_numpy(some.inputs), torch.from_numpy(some.targets)
        losses = subject.losses(inputs, targets).cpu().numpy()
        if self.order == "worst":
            chosen = np.argsort(-np.nan_to_num(losses, nan=np.inf), kind="stable")[: self.count]
        else:
            chosen = np.unique(np.linspace(0, len(losses) - 1, min(self.count, len(losses))).astype(np.int64))
        shown = inputs[torch.from_numpy(chosen)]
        confidence, predicted = subject.predict(shown).max(1)
        weights, by = mattering(subject.network, shown.to(subject.device))
        return {
            "tokens": as_lines(_lines(subject, some.inputs[chosen])),
            "weights": np.ascontiguousarray(weights[:, :MOST_PLACES].cpu().numpy()),
            "truth": some.targets[chosen],
            "predicted": predicted.cpu().numpy(),
            "confidence": confidence.cpu().numpy(),
            "loss": losses[chosen],
            "rows": some.rows[chosen],
            "by": as_lines([by]),
        }


class TaggedTextPredictions(Probe, kind="tagged_text_predictions", title="Tagged texts"):
    """Validation sentences with the tag of each word, the true and the predicted one.

    Arrays: `words` uint8, the sentences as UTF-8, a line each, words between tabulators; `truth`, `predicted`
    int64 (N, words), -1 after the end; `rows` int64 (N,) in the source. Only words that fit are there.
    """

    count: Count = 12

    def fits(self, description: Description) -> bool:
        """Return whether words are tagged."""
        return description.targets.kind == "tags"

    def measure(self, subject: Subject) -> Arrays:
        """Return sentences in which something is to be found, evenly spread, and what is found in them."""
        import torch

        raw, examples = subject.data.raw, subject.data.validation
        if not isinstance(raw, TaggedTexts):
            raise TypeError("targets are tags, so the data must be tagged texts")
        telling = np.flatnonzero((examples.targets > 0).any(axis=1))
        telling = telling if len(telling) else np.arange(len(examples))
        chosen = telling[np.linspace(0, len(telling) - 1, min(self.count, len(telling))).astype(np.int64)]
        predicted = subject.predict(torch.from_numpy(examples.inputs[chosen])).argmax(-1).cpu().numpy()
        truth = [targets[targets != IGNORED][:MOST_PLACES] for targets in examples.targets[chosen]]
        guesses = [
            tags[targets != IGNORED][:MOST_PLACES]
            for tags, targets in zip(predicted, examples.targets[chosen], strict=True)
        ]
        rows = examples.rows[chosen]
        words = (raw.words[row][: len(found)] for row, found in zip(rows.tolist(), truth, strict=True))
        return {
            "words": as_lines("\t".join(_plain(word) for word in sentence) for sentence in words),
            "truth": _even(truth),
            "predicted": _even(guesses),
            "rows": rows,
        }


def encoder_of(subject: Subject) -> TokensEncoder:
    """Return the encoder of a subject whose inputs are tokens."""
    from engine.data.texts.encoders import TokensEncoder

    encoder = subject.data.preprocessor.encoder
    if not isinstance(encoder, TokensEncoder):
        raise TypeError("inputs are tokens, so the encoder must be one of texts")
    return encoder


def in_letters(subject: Subject, tokens: NDArray[np.int64]) -> str:
    """Return tokens without padding in letters, between tabulators."""
    from engine.data.texts.read.spacing import spaced

    present = tokens[tokens != PADDING][:MOST_PLACES].tolist()
    return "\t".join(spaced(encoder_of(subject).tokenizer, present))


def _lines(subject: Subject, texts: NDArray[np.generic]) -> Iterator[str]:
    return (in_letters(subject, tokens) for tokens in texts.astype(np.int64))


def _plain(word: str) -> str:
    return " ".join(word.split())


def _even(rows: Sequence[NDArray[np.int64]]) -> NDArray[np.int64]:
    found = np.full((len(rows), max(map(len, rows), default=0)), IGNORED, np.int64)
    for place, row in enumerate(rows):
        found[place, : len(row)] = row
    return found
