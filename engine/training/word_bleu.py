"""BLEU of whole words: what translations are worth, however texts are cut into tokens."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from engine.choices import Message
from engine.data.description import PartName
from engine.data.examples import spread
from engine.data.prepared import Prepared
from engine.data.texts.encode import PairsEncoder
from engine.data.texts.raw import TextPairs
from engine.learning.bleu import bleu_counts, bleu_score
from engine.training.evaluate import predict
from engine.training.model import Model

NAME = "bleu_of_words"
"""What it is called among the scores of a part."""
MOST_WRITTEN = 1_000
"""So many translations of a part are written to be judged; each token takes a run of the network."""
# a mark counts by itself, or "house." would be another word than "house"
_WORD = re.compile(r"\w+|[^\w\s]")


def words_of(text: str, lowercase: bool) -> list[str]:
    """Return the words and marks of a text."""
    return _WORD.findall(text.lower() if lowercase else text)


def word_bleu(translations: Sequence[str], references: Sequence[str], lowercase: bool) -> float:
    """Return corpus BLEU of whole words and marks."""
    counts = [
        bleu_counts(words_of(one, lowercase), words_of(other, lowercase))
        for one, other in zip(translations, references, strict=True)
    ]
    return bleu_score(np.sum(counts, axis=0).tolist()) if counts else float("nan")


def bleu_of_words(
    model: Model, prepared: Prepared, part: PartName, threads: int | None = None
) -> tuple[dict[str, float], tuple[str, ...]]:
    """Return BLEU of the model's greedy translations under its name, and notes; nothing for other tasks."""
    raw, encoder = prepared.raw, prepared.preprocessor.encoder
    examples = prepared.part(part)
    if not (isinstance(raw, TextPairs) and isinstance(encoder, PairsEncoder) and len(examples)):
        return {}, ()
    places = spread(len(examples), MOST_WRITTEN)
    written = predict(model, examples.inputs[places], threads)
    translations = [encoder.tokenizer.decode(tokens) for tokens in written.tolist()]
    # The references as written, never from tokens: an unknown word would be forgiven otherwise.
    references = [raw.translations[row] for row in examples.rows[places].tolist()]
    score = word_bleu(translations, references, encoder.tokenizer.lowercase)
    notes = (
        ()
        if len(places) == len(examples)
        else (
            Message(
                "BLEU of words is that of {count:,} of {total:,} translations of this part",
                count=len(places),
                total=len(examples),
            ),
        )
    )
    return {NAME: score}, notes
