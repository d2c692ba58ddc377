"""What the data view shows of texts: some of them, with the tokens that the network receives."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.choices import Message
from engine.data.cells.values import natural
from engine.data.description import TargetKind
from engine.data.files.layouts import begins_with_labels
from engine.data.files.text_forms import of_one_shape
from engine.data.inspection.records import Inspection, Passage
from engine.data.prepared import Prepared
from engine.data.texts.encode import TokensEncoder
from engine.data.texts.raw import Corpus, TaggedTexts, TextPairs, Texts
from engine.data.texts.read.class_files import may_be_classes
from engine.data.texts.read.halves import halves
from engine.data.texts.read.spacing import spaced

MOST_PASSAGES = 60
MOST_LETTERS = 2_000
MOST_WORDS = 300
MOST_EXCERPTS = 12
_FORM = 1 << 16
"""Letters of a document by which its form is told."""
EXCERPT = 500
"""Letters of a piece of a document."""


def inspect_texts(raw: Texts, prepared: Prepared | None, guess: TargetKind | None) -> Inspection:
    """Return texts, evenly chosen, with their labels."""
    chosen = _evenly(len(raw))
    shown = [raw.texts[row][:MOST_LETTERS] for row in chosen]
    tokens = _tokens(shown, prepared)
    return Inspection(
        "texts",
        len(raw),
        guess=guess if (raw.labels != "").any() else "tokens",
        candidates=(raw.target,) if (raw.labels != "").any() else (),
        header=raw.columns,
        labels=tuple(sorted(set(raw.labels.tolist()) - {""}, key=natural))[:MOST_PASSAGES],
        passages=tuple(
            Passage(raw.names[row], (text,), str(raw.labels[row]), tokens=found)
            for row, text, found in zip(chosen, shown, tokens, strict=True)
        ),
    )


def inspect_tagged(raw: TaggedTexts, prepared: Prepared | None, guess: TargetKind | None) -> Inspection:
    """Return sentences, evenly chosen, as words with their tags."""
    chosen = _evenly(len(raw))
    # joined as in encoding, so that the tokens shown are those received
    tokens = _tokens([" ".join(raw.words[row][:MOST_WORDS]) for row in chosen], prepared)
    return Inspection(
        "tagged",
        len(raw),
        guess=guess,
        passages=tuple(
            Passage(
                raw.names[row], raw.words[row][:MOST_WORDS], tags=raw.tags[row][:MOST_WORDS], tokens=found
            )
            for row, found in zip(chosen, tokens, strict=True)
        ),
    )


def inspect_pairs(raw: TextPairs, prepared: Prepared | None, guess: TargetKind | None) -> Inspection:
    """Return pairs, evenly chosen."""
    chosen = _evenly(len(raw))
    shown = [raw.texts[row][:MOST_LETTERS] for row in chosen]
    tokens = _tokens(shown, prepared)
    return Inspection(
        "pairs",
        len(raw),
        guess=guess,
        names=raw.languages,
        header=raw.columns,
        passages=tuple(
            Passage(
                Message("pair {row}", row=row + 1),
                (text,),
                translation=raw.translations[row][:MOST_LETTERS],
                tokens=found,
            )
            for row, text, found in zip(chosen, shown, tokens, strict=True)
        ),
    )


def inspect_corpus(raw: Corpus, prepared: Prepared | None, guess: TargetKind | None) -> Inspection:
    """Return the beginnings of documents, evenly chosen; of few documents also what stands further on.

    Where the documents could be classes of lines, or their lines begin with labels or are in two halves, the
    kind that reads them so is suggested.
    """
    chosen = _evenly(len(raw))
    # a single book would show only its title page
    each = max(MOST_EXCERPTS // max(len(chosen), 1), 1)
    found = [one for row in chosen for one in _excerpts(raw.names[row], raw.documents[row], each)]
    tokens = _tokens([text for _, text in found], prepared)
    return Inspection(
        "corpus",
        len(raw),
        guess=guess,
        suggests=_suggests(raw),
        passages=tuple(
            Passage(name, (text,), tokens=cut) for (name, text), cut in zip(found, tokens, strict=True)
        ),
    )


def _suggests(raw: Corpus) -> str:
    """Return the kind that may read the same files better; "" where it is plainly running text."""
    if may_be_classes(raw.names, raw.documents):
        return "text_folders"
    if len(raw) > 1:
        return ""
    lines = raw.documents[0][:_FORM].split("\n")[:-1]
    if begins_with_labels([line for line in lines if line.strip()]):
        return "text_table"
    if halves("\n".join(lines)) is not None:
        return "text_pairs"
    return "table" if of_one_shape(lines) else ""


def _excerpts(name: str, document: str, most: int) -> list[tuple[str, str]]:
    """Return pieces of a document, evenly spread, each from the beginning of a line or word on."""
    made = [(name, document[:EXCERPT])]
    for place in range(1, min(most, len(document) // EXCERPT)):
        about = place * len(document) // most
        line = document.find("\n", about, about + EXCERPT) + 1
        start = line or document.find(" ", about, about + EXCERPT) + 1 or about
        made.append(
            (
                Message("{name}, from {value:.0f} % on", name=name, value=100 * place / most),
                document[start : start + EXCERPT],
            )
        )
    return made


def _tokens(texts: Sequence[str], prepared: Prepared | None) -> list[tuple[str, ...]]:
    """Return each text as the network receives it, in letters; nothing before there is a tokenizer."""
    encoder = None if prepared is None else prepared.preprocessor.encoder
    if not isinstance(encoder, TokensEncoder):
        return [()] * len(texts)
    # what is to be told was told while preparing
    found = encoder.encode_texts(texts, lambda text: None)[:, :MOST_WORDS]
    # PADDING is 0
    return [spaced(encoder.tokenizer, row[row > 0].tolist()) for row in found]


def _evenly(count: int) -> list[int]:
    places = np.linspace(0, count - 1, min(count, MOST_PASSAGES)).round().astype(np.int64)
    # of few texts, rounding may choose one twice
    return sorted(set(places.tolist()))
