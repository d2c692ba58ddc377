"""Small raw data of every kind that is neither table nor picture, easy enough to be learnt in seconds."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from engine.data.series.raw import SeriesSet, Timeline
from engine.data.texts.raw import Corpus, TaggedTexts, TextPairs, Texts

_GOOD, _BAD = ("great", "fine", "lovely"), ("poor", "dull", "awful")
_FILLING = ("the", "film", "was", "a", "and", "its", "story", "of", "people", "with", "music")
_ENGLISH = ("cat", "dog", "house", "sees", "finds", "big", "red", "tree", "old", "bird")
_SPANISH = ("gato", "perro", "casa", "ve", "halla", "grande", "rojo", "arbol", "viejo", "ave")


def reviews(count: int) -> Texts:
    """Texts with labels "good" and "bad", told by one word of each."""
    rng = np.random.default_rng(0)
    texts, labels = [], []
    for number in range(count):
        good = number % 2 == 0
        words = list(rng.choice(_FILLING, rng.integers(3, 9)))
        words.insert(int(rng.integers(0, len(words))), str(rng.choice(_GOOD if good else _BAD)))
        texts.append(" ".join(words))
        labels.append("good" if good else "bad")
    return Texts(tuple(texts), np.array(labels), tuple(f"text {number}" for number in range(count)))


def tagged(count: int) -> TaggedTexts:
    """Sentences in which names of people (two words) and places (one) are tagged."""
    rng = np.random.default_rng(1)
    words, tags = [], []
    for _ in range(count):
        person = [str(rng.choice(["Anna", "Ben", "Cleo"])), str(rng.choice(["Smith", "Jones"]))]
        place = str(rng.choice(["Oslo", "Lima", "Smith"]))
        words.append((*person, "went", "to", place, "again"))
        tags.append(("B-person", "I-person", "O", "O", "B-place", "O"))
    names = tuple(f"sentence {number}" for number in range(count))
    return TaggedTexts(tuple(words), tuple(tags), names)


def pairs(count: int) -> TextPairs:
    """Sentences and the same ones with every word replaced by another."""
    rng = np.random.default_rng(2)
    texts, translations = [], []
    for _ in range(count):
        numbers = rng.integers(0, len(_ENGLISH), rng.integers(4, 9))
        texts.append(" ".join(_ENGLISH[number] for number in numbers))
        translations.append(" ".join(_SPANISH[number] for number in numbers))
    return TextPairs(tuple(texts), tuple(translations), ("en", "xx"))


def corpus(words_each: int = 900) -> Corpus:
    """Running text, two documents, in which some words like to follow others."""
    rng = np.random.default_rng(3)
    documents = []
    for _ in range(2):
        number, words = 0, []
        for _ in range(words_each):
            number = (number + int(rng.integers(1, 4))) % len(_FILLING)
            words.append(_FILLING[number])
        documents.append("\n".join(" ".join(words[row : row + 10]) for row in range(0, len(words), 10)))
    return Corpus(tuple(documents), ("one", "two"))


def series(count: int) -> SeriesSet:
    """Series of different lengths with labels "slow" and "fast" waves."""
    rng = np.random.default_rng(4)
    values, labels = [], []
    for number in range(count):
        fast = number % 2 == 0
        time = np.arange(rng.integers(12, 25))
        wave = np.sin(time * (1.5 if fast else 0.4) + rng.uniform(0, 6))
        values.append(np.stack([wave, rng.normal(size=len(time))], axis=1).astype(np.float32))
        labels.append("fast" if fast else "slow")
    names = tuple(f"series {number}" for number in range(count))
    return SeriesSet(tuple(values), ("wave", "noise"), np.array(labels), names)


def timeline() -> Timeline:
    """A course that repeats every 8 rows, beside one that does not."""
    rng = np.random.default_rng(5)
    rows = 400
    pattern = np.array([0, 1, 3, 2, 5, 4, 7, 3], np.float32)
    values = np.stack([np.tile(pattern, rows // 8), rng.normal(size=rows)], axis=1).astype(np.float32)
    times = np.array([f"2024-01-01 {number}" for number in range(rows)])
    return Timeline(values, ("load", "wind"), ("load",), times, history=16, horizon=4, season=8)


def write_all(folder: Path) -> dict[str, dict[str, object]]:
    """Write a small file of every kind of text and series; return the data of each for an experiment."""
    folder.mkdir(parents=True, exist_ok=True)
    some = reviews(48)
    rows = [f"{text},{label}" for text, label in zip(some.texts, some.labels, strict=True)]
    _write(folder / "reviews.csv", ["text,label", *rows])
    sentences = tagged(48)
    blocks = [
        "\n".join(f"{word} {tag}" for word, tag in zip(*one, strict=True)) + "\n"
        for one in zip(sentences.words, sentences.tags, strict=True)
    ]
    _write(folder / "names.conll", blocks)
    both = pairs(48)
    _write(
        folder / "pairs.tsv",
        [f"{one}\t{two}" for one, two in zip(both.texts, both.translations, strict=True)],
    )
    (folder / "books").mkdir(exist_ok=True)
    for number, document in enumerate(corpus(360).documents):
        _write(folder / "books" / f"{number}.txt", [document])
    course = timeline()
    _write(folder / "load.csv", ["load,wind", *(f"{one:.4f},{two:.4f}" for one, two in course.values[:120])])
    waves = series(36)
    long = [
        f"{number},{step},{one:.4f},{two:.4f},{waves.labels[number]}"
        for number, values in enumerate(waves.values)
        for step, (one, two) in enumerate(values)
    ]
    _write(folder / "waves.csv", ["id,time,wave,noise,label", *long])
    return {
        "reviews": {
            "kind": "text_table", "path": str(folder / "reviews.csv"), "texts": "text", "label": "label",
        },
        "tagged": {"kind": "tagged_text", "path": str(folder / "names.conll")},
        "pairs": {"kind": "text_pairs", "path": str(folder / "pairs.tsv"), "header": "no"},
        "corpus": {"kind": "text_files", "path": str(folder / "books")},
        "timeline": {
            "kind": "time_series", "path": str(folder / "load.csv"), "target": ["load"],
            "history": 16, "horizon": 4,
        },
        "series": {
            "kind": "series_table", "path": str(folder / "waves.csv"), "label": "label", "layout": "long",
            "id": "id", "time": "time",
        },
    }  # fmt: skip


def _write(path: Path, lines: list[str]) -> None:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


TASKS = {
    "reviews": ("classification", "masked_language_modelling"),
    "tagged": ("tagging",),
    "pairs": ("translation",),
    "corpus": ("language_modelling",),
    "timeline": ("forecasting",),
    "series": ("classification",),
}
"""What can be learnt from each."""
