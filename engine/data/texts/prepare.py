"""Preparing texts whose targets lie in the text itself: the next or hidden token, tags, a translation."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from engine.choices import Invalid, Message, Problem
from engine.data.cells.values import listed
from engine.data.description import END, PARTS, Description, PartName, Targets
from engine.data.examples import Examples
from engine.data.preparation.groups import groups_of
from engine.data.preparation.partition import Parts, partition
from engine.data.prepared import Prepared
from engine.data.preprocessing import Preprocessing
from engine.data.preprocessor import Preprocessor
from engine.data.refusal import refused
from engine.data.source import Report
from engine.data.split import Split
from engine.data.texts.encode import (
    CorpusEncoder,
    PairsEncoder,
    Stretch,
    TaggedEncoder,
    TextEncoder,
    Tokens,
    TokensEncoder,
)
from engine.data.texts.fit import fit_tokenizer, not_empty
from engine.data.texts.raw import Corpus, TaggedTexts, TextPairs, Texts
from engine.data.texts.tokens.progress import cutting, learning, letters_of
from engine.data.texts.tokens.tags import OUTSIDE, tag_classes

SelfTold = Texts | TaggedTexts | TextPairs | Corpus
"""Texts that hold their own targets."""

_FAR = 2_000
"""Letters within which a border between parts is moved to the end of a line."""


def prepare_alone(
    raw: Texts, split: Split, preprocessing: Preprocessing, seed: int, report: Report
) -> Prepared:
    """Return texts that are their own targets, split, and cut into tokens as the training part says.

    Raises Invalid with every problem found, each with the path of the setting to change.
    """
    notices = list(raw.notices)
    usable = not_empty([raw.texts], notices.append)
    parts = _parted(raw, usable, split, seed, groups_of(raw, usable, split.group))
    training = [raw.texts[row] for row in parts["train"]]
    tokenizer = fit_tokenizer(training, preprocessing, notices.append, learning(report))
    encoder = TextEncoder(tokenizer=tokenizer, length=preprocessing.length)
    told = cutting(report, letters_of(raw.texts))
    # all texts at once, and split afterwards: the notices then speak of the whole data
    inputs = _in_data(lambda: encoder.encode(raw, notices.append, told))
    return _prepared(raw, encoder, _tokens(encoder), _examples(inputs, inputs, parts), notices)


def _parted(
    raw: Texts | TaggedTexts,
    rows: NDArray[np.int64],
    split: Split,
    seed: int,
    groups: NDArray[np.int64] | None,
) -> Parts:
    published = None if raw.published is None else raw.published[rows]
    return partition(rows, None, split, seed, published, groups)


def prepare_tagged(
    raw: TaggedTexts, split: Split, preprocessing: Preprocessing, seed: int, report: Report
) -> Prepared:
    """Return tagged sentences, split, and cut into tokens as the training part says.

    Raises Invalid with every problem found, each with the path of the setting to change.
    """
    notices = list(raw.notices)
    # before anything is joined: words and tags are matched by their place alone
    _refuse_unequal(raw)
    usable = not_empty([[" ".join(words) for words in raw.words]], notices.append)
    classes = tag_classes(raw.tags)
    if len(classes) < 2 or classes == (OUTSIDE,):
        what = Message("only {classes!r}", classes=classes[0]) if classes else "nothing"
        raise refused(
            "data.tag",
            Message(
                "every word has {what} as its tag; there must be at least two: choose another column",
                what=what,
            ),
        )
    # sentences have no column to be grouped by
    parts = _parted(raw, usable, split, seed, None)
    training = [" ".join(raw.words[row]) for row in parts["train"]]
    tokenizer = fit_tokenizer(training, preprocessing, notices.append, learning(report))
    encoder = TaggedEncoder(tokenizer=tokenizer, length=preprocessing.length, tags=classes)
    letters = letters_of(" ".join(words) for words in raw.words)
    # twice the letters, as the answers cut all sentences once more
    inputs = _in_data(lambda: encoder.encode(raw, notices.append, cutting(report, 2 * letters)))
    answers = encoder.answers(raw, cutting(report, 2 * letters, letters))
    targets = Targets("tags", ("tag",), classes, length=preprocessing.length)
    return _prepared(raw, encoder, targets, _examples(inputs, answers, parts), notices)


def prepare_pairs(
    raw: TextPairs, split: Split, preprocessing: Preprocessing, seed: int, report: Report
) -> Prepared:
    """Return texts with their translations, split, and cut into tokens as the training part says.

    Raises Invalid with every problem found, each with the path of the setting to change.
    """
    notices = list(raw.notices)
    usable = not_empty([raw.texts, raw.translations], notices.append)
    published = None if raw.published is None else raw.published[usable]
    parts = partition(usable, None, split, seed, published)
    # one vocabulary for both languages: names and numbers are the same in both
    both = [text for row in parts["train"] for text in (raw.texts[row], raw.translations[row])]
    tokenizer = fit_tokenizer(both, preprocessing, notices.append, learning(report))
    encoder = PairsEncoder(tokenizer=tokenizer, length=preprocessing.length)
    first, second = letters_of(raw.texts), letters_of(raw.translations)
    told = cutting(report, first + second)
    # what is cut is not told here, as such pairs are left out below
    inputs = _in_data(lambda: encoder.encode(raw, lambda text: None, told))
    encoder.tell_unknown([inputs], raw.texts, notices.append)
    answers = encoder.answers(raw, cutting(report, first + second, first))
    encoder = encoder.leaning(inputs[parts["train"]], answers[parts["train"]], raw.languages)
    parts = _fitting_pairs(inputs, answers, parts, notices, preprocessing.length)
    targets = Targets(
        "translation", (raw.languages[1],), length=preprocessing.length, vocabulary=len(encoder.tokenizer)
    )
    return _prepared(raw, encoder, targets, _examples(inputs, answers, parts), notices)


def _fitting_pairs(inputs: Tokens, answers: Tokens, parts: Parts, notices: list[str], length: int) -> Parts:
    """Return the rows whose text and translation are whole: a cut one would teach to stop in mid-sentence."""
    whole = (inputs == END).any(axis=1) & (answers == END).any(axis=1)
    kept = {part: rows[whole[rows]] for part, rows in parts.items()}
    count, left = (sum(len(rows) for rows in found.values()) for found in (parts, kept))
    problems = [
        Problem(
            "preprocessing.length",
            Message(
                "leaves nothing in the {part} part: every text or its translation has more than "
                "{length} tokens; raise it",
                part=part,
                length=length,
            ),
        )
        for part, rows in kept.items()
        # a part without a share is meant to be empty
        if len(rows) == 0 < len(parts[part])
    ]
    if problems:
        raise Invalid(problems)
    if left < count:
        notices.append(
            Message(
                "{count:,} of {total:,} pairs are longer than {length} tokens and left out",
                count=count - left,
                total=count,
                length=length,
            )
        )
    return kept


def prepare_corpus(raw: Corpus, split: Split, preprocessing: Preprocessing, report: Report) -> Prepared:
    """Return windows of running text, each part a stretch of it.

    Raises Invalid with every problem found, each with the path of the setting to change.
    """
    notices = list(raw.notices)
    if not any(text.strip() for text in raw.documents):
        raise refused("data.path", "holds no text")
    parts = None if raw.published is None or not split.published else raw.published
    stretches = _stretches(raw.documents, split) if parts is None else _as_published(raw, parts, split)
    training = [stretch.text for stretch in stretches["train"]]
    tokenizer = fit_tokenizer(training, preprocessing, notices.append, learning(report))
    encoder = CorpusEncoder(tokenizer=tokenizer, length=preprocessing.length)
    windows = _windows(encoder, stretches, report)
    shares = {"train": split.train, "validation": split.validation, "test": split.test}
    problems = [
        Problem(f"split.{part}", "leaves no text in this part: raise the share, or take a longer text")
        for part in PARTS
        if shares[part] > 0 and len(windows[part]) == 0
    ]
    if problems:
        raise Invalid(problems)
    # without texts: a window does not know where in a document it stands
    encoder.tell_unknown([windows[part] for part in PARTS], (), notices.append)
    examples: dict[PartName, Examples] = {}
    start = 0
    for part in PARTS:
        found = windows[part]
        examples[part] = Examples(found, found, np.arange(start, start + len(found), dtype=np.int64))
        # rows number the windows of all parts through, as other examples number their source
        start += len(found)
    return _prepared(raw, encoder, _tokens(encoder), examples, notices)


def _windows(
    encoder: CorpusEncoder, stretches: Mapping[PartName, list[Stretch]], report: Report
) -> dict[PartName, Tokens]:
    letters = {part: letters_of(stretch.text for stretch in stretches[part]) for part in PARTS}
    found: dict[PartName, Tokens] = {}
    before = 0
    for part in PARTS:
        told = cutting(report, sum(letters.values()), before)
        found[part] = _in_data(partial(encoder.windows, stretches[part], told))
        before += letters[part]
    return found


def _stretches(documents: Sequence[str], split: Split) -> Mapping[PartName, list[Stretch]]:
    """Cut the documents, one behind the other, by the shares: first training, then validation, then test."""
    total = sum(map(len, documents))
    # by letters and not by documents, which may be of very different length
    borders = [round(total * split.train), round(total * (split.train + split.validation)), total]
    found: dict[PartName, list[Stretch]] = {part: [] for part in PARTS}
    start = 0
    for text in documents:
        inner = [_at_line_end(text, min(max(border - start, 0), len(text))) for border in borders]
        # shares that do not quite add up must not lose the end of a document
        inner[-1] = len(text)
        for part, begin, end in zip(PARTS, [0, *inner], inner, strict=False):
            if text[begin:end].strip():
                found[part].append(Stretch(text[begin:end], begin == 0, end == len(text)))
        start += len(text)
    return found


def _as_published(raw: Corpus, parts: NDArray[np.str_], split: Split) -> Mapping[PartName, list[Stretch]]:
    """Return the documents of each part; a part that has a share and no document is cut from the training."""
    there: dict[PartName, list[str]] = {part: [] for part in PARTS}
    for text, one in zip(raw.documents, parts.tolist(), strict=True):
        there[one].append(text)
    shares: dict[PartName, float] = {
        "train": split.train,
        "validation": 0.0 if there["validation"] else split.validation,
        "test": 0.0 if there["test"] else split.test,
    }
    whole = sum(shares.values())
    rest = Split.model_validate({part: share / whole for part, share in shares.items()})
    found = _stretches(there["train"], rest)
    return {
        part: found[part] + ([] if part == "train" else [Stretch(text, True, True) for text in there[part]])
        for part in PARTS
    }


def _at_line_end(text: str, place: int) -> int:
    """Return the next end of a line or of a word, so that a border cuts neither."""
    if place in (0, len(text)):
        return place
    # Chinese has no blanks; there it is cut where it falls
    for mark in ("\n", " "):
        found = text.find(mark, place, place + _FAR)
        if found >= 0:
            return found + (mark == "\n")
    return place


def _refuse_unequal(raw: TaggedTexts) -> None:
    unequal = [
        Message("{name} ({count} words, {total} tags)", name=name, count=len(words), total=len(tags))
        for name, words, tags in zip(raw.names, raw.words, raw.tags, strict=True)
        if len(words) != len(tags)
    ]
    if unequal:
        raise refused(
            "data.tag", Message("each word needs one tag, but not in {listed}", listed=listed(unequal))
        )


def _tokens(encoder: TokensEncoder) -> Targets:
    return Targets("tokens", ("text",), length=encoder.length, vocabulary=len(encoder.tokenizer))


def _in_data(encode: Callable[[], Tokens]) -> Tokens:
    try:
        return encode()
    except Invalid as error:
        raise Invalid([problem.under("data") for problem in error.problems]) from None


def _prepared(
    raw: SelfTold,
    encoder: TokensEncoder,
    targets: Targets,
    examples: Mapping[PartName, Examples],
    notices: Iterable[str],
) -> Prepared:
    return Prepared(
        Description(encoder.received, targets, *(len(examples[part]) for part in PARTS)),
        examples["train"],
        examples["validation"],
        examples["test"],
        Preprocessor(encoder, targets),
        raw,
        tuple(notices),
    )


def _examples(inputs: Tokens, answers: Tokens, parts: Parts) -> dict[PartName, Examples]:
    """Return the examples of each part; a text that is its own target is held once."""
    found: dict[PartName, Examples] = {}
    for part, rows in parts.items():
        chosen = inputs[rows]
        found[part] = Examples(chosen, chosen if answers is inputs else answers[rows], rows)
    return found
