"""Texts: shown as passages, cut into tokens; one is typed to be predicted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPen

from app.language.words import tr
from app.look.theme import Theme
from app.modalities.appearance import Appearance, Group, appears
from app.modalities.strokes import draw_word, shake
from app.modalities.wanted import Wanted
from app.views.drawing import Drawing, PassageDrawing, Passages, Word, series_tone
from app.views.texts.tagged_texts import tagged_words
from app.views.tokens import ordinary, words_of
from engine.data.inspection import records
from engine.data.inspection.records import Inspection
from engine.experiment import Experiment
from engine.inference.writing import writing_of


def _wants(inputs: Mapping[str, Any], experiment: Experiment) -> Wanted:
    return Wanted(
        tr("takes texts"),
        tr("A text file with a text a line, a table with a column of texts, or a folder of text files."),
        "texts",
        folders=True,
        roomy=True,
        task=experiment.task.kind,
        writing=writing_of(experiment.task),
    )


def _passages(found: Inspection) -> Drawing:
    """Return texts with their labels, tags or translations; where nothing else is said, cut into tokens."""
    classes = sorted({one.label for one in found.passages})
    shown = tuple(_passage(one, classes) for one in found.passages)
    return Passages(shown, max(found.count - len(shown), 0))


def _passage(one: records.Passage, classes: Sequence[str]) -> PassageDrawing:
    tone = series_tone(classes.index(one.label)) if one.label else "text_muted"
    title = " · ".join(part for part in (one.label, one.name) if part)
    return PassageDrawing(_words(one), title, tone, one.translation)


def _words(one: records.Passage) -> tuple[Word, ...]:
    """Return the words with their tags, or the tokens in two shades by turns, to see where each ends."""
    if one.tags:
        return tagged_words(one.words, one.tags)
    if one.tokens:
        tokens = one.tokens[ordinary(one.tokens)]
        return tuple(words_of(tokens, ["accent"] * len(tokens), [0.15, 0.4] * len(tokens)))
    return tuple(Word(word) for text in one.words for word in text.split())


def _sketch_texts(painter: QPainter, theme: Theme, area: QRectF, task: str) -> None:
    """Draw lines of words: some of them matter, are hidden, or are still to be written."""
    written = task == "language_modelling"
    for line in range(6):
        x, word = area.x(), 0
        while True:
            # looks drawn at random and is not: words must not jump when the card is painted again
            wide = 7 + 4.5 * (1 + shake(7 * line + word))
            # the last line breaks off: the rest is still to be written
            if x + wide > area.right() or (written and line == 5 and word == 1):
                break
            marked = not written and (3 * line + word) % 7 == 2
            last = written and line >= 4
            draw_word(painter, theme, QRectF(x, area.y() + 9.6 * line, wide, 5.5), marked or last)
            x, word = x + wide + 4, word + 1


def _sketch_pairs(painter: QPainter, theme: Theme, area: QRectF, _task: str) -> None:
    """Draw words above, words below, and which come from which."""
    upper = [(0.0, 16.0), (20.0, 12.0), (36.0, 20.0)]
    lower = [(0.0, 12.0), (16.0, 22.0), (42.0, 14.0)]
    painter.setPen(QPen(theme.color("border_strong"), 1))
    # the second and third change places, as words do in another language
    for (x, wide), place in zip(upper, (0, 2, 1), strict=True):
        begin, length = lower[place]
        painter.drawLine(
            QPointF(area.x() + x + wide / 2, area.y() + 16),
            QPointF(area.x() + begin + length / 2, area.bottom() - 16),
        )
    for places, y, tone in ((upper, area.y() + 9, False), (lower, area.bottom() - 15, True)):
        for x, wide in places:
            draw_word(painter, theme, QRectF(area.x() + x, y, wide, 6), tone)


_TEXTS = Group("texts", lambda: tr("Texts"), 5, _sketch_texts)
_TRANSLATION = Group("translation", lambda: tr("Translation"), 6, _sketch_pairs)

appears(
    Appearance(
        "texts",
        _TEXTS,
        "languages",
        lambda: tr("1 text"),
        lambda count: tr("{count} texts", count=count),
        lambda: tr("Texts, cut into tokens as the network receives them"),
        _passages,
        _wants,
    ),
    Appearance(
        "tagged",
        _TEXTS,
        "languages",
        lambda: tr("1 tagged sentence"),
        lambda count: tr("{count} tagged sentences", count=count),
        lambda: tr("Sentences with their tags"),
        _passages,
        _wants,
    ),
    Appearance(
        "pairs",
        _TRANSLATION,
        "languages",
        lambda: tr("1 translated text"),
        lambda count: tr("{count} translated texts", count=count),
        lambda: tr("Texts with their translations"),
        _passages,
        _wants,
    ),
    Appearance(
        "corpus",
        _TEXTS,
        "languages",
        lambda: tr("Running text"),
        lambda count: tr("Running text, {count} documents", count=count),
        lambda: tr("Running text, cut into tokens as the network receives it"),
        _passages,
        _wants,
        windows=True,
    ),
)
