"""Joining: a test part that lies in a file of its own, put beside the data it belongs to."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.data.cells.values import counted, listed
from engine.data.raw import NAMES, ImageSet, Raw, SeriesSet, Table, TaggedTexts, Texts
from engine.data.refusal import refused

SETTING = "test_path"
"""What sources call the file or folder that holds their test part."""


def with_test_part(raw: Raw, test: Raw) -> Raw:
    """Return both as one, the second published as the test part. Raises Invalid where they do not fit."""
    where = f"data.{SETTING}"
    if type(raw) is not type(test):
        raise refused(where, f"holds {NAMES[type(test)]}, but the data is {NAMES[type(raw)]}")
    notices = (*raw.notices, *(f"test file: {notice}" for notice in test.notices))
    notices = (
        *dict.fromkeys(notices),
        f"the test part is what stands in {SETTING}: {counted(len(test), 'example')}",
    )
    match raw, test:
        case Table(), Table():
            both, told = _tables(raw, test, where)
            return replace(both, notices=(*notices, *told))
        case ImageSet(), ImageSet():
            if raw.pixels.shape[1:] != test.pixels.shape[1:]:
                raise refused(where, "holds pictures of another size or with other colours")
            classes = tuple(dict.fromkeys((*raw.classes, *test.classes)))
            pixels = np.concatenate([raw.pixels, test.pixels])
            images = replace(raw, pixels=pixels, classes=classes, **_named(raw, test))
            return replace(images, notices=notices, given=None, rows=None)
        case SeriesSet(), SeriesSet():
            if raw.channels != test.channels:
                raise refused(where, f"has the channels {listed(test.channels)}, not {listed(raw.channels)}")
            return replace(raw, values=raw.values + test.values, notices=notices, **_named(raw, test))
        case Texts(), Texts():
            texts = replace(raw, texts=raw.texts + test.texts, **_named(raw, test))
            return replace(texts, notices=notices, given=None)
        case TaggedTexts(), TaggedTexts():
            words, tags, names = raw.words + test.words, raw.tags + test.tags, raw.names + test.names
            published = _published(raw.published, len(raw), len(test))
            return replace(raw, words=words, tags=tags, names=names, published=published, notices=notices)
    raise refused(where, f"{NAMES[type(raw)]} can have no test file: it is split in its order")


def is_pointed(cells: pd.Series[Any], known: Collection[object]) -> bool:
    """Return whether answers are those that are known but for a point behind each: <=50K. for <=50K.

    The test part of the Adult data is written so.
    """
    there = set(cells.dropna().unique())
    if not there or there & set(known):
        return False
    return all(isinstance(word, str) and word[-1:] == "." and word[:-1] in known for word in there)


def without_point(cells: pd.Series[Any]) -> pd.Series[Any]:
    """Return answers without the point behind each."""
    return cells.map(lambda word: word.removesuffix("."), na_action="ignore")


def _named(raw: ImageSet | SeriesSet | Texts, test: ImageSet | SeriesSet | Texts) -> dict[str, Any]:
    """Return labels, names and parts of both."""
    return {
        "labels": np.concatenate([raw.labels, test.labels]),
        "names": raw.names + test.names,
        "published": _published(raw.published, len(raw), len(test)),
        "beside": _besides(raw.beside, test.beside),
    }


def _besides(own: pd.DataFrame | None, other: pd.DataFrame | None) -> pd.DataFrame | None:
    """Return the columns beside the examples of both; a column that one file lacks is empty there."""
    return None if own is None or other is None else pd.concat([own, other], ignore_index=True)


def _published(before: NDArray[np.str_] | None, count: int, more: int) -> NDArray[np.str_]:
    """Return the part of each: a test part that was there before gives way to the file that was named."""
    known = np.full(count, "train") if before is None else np.where(before == "test", "train", before)
    return np.concatenate([known, np.full(more, "test")])


def _tables(raw: Table, test: Table, where: str) -> tuple[Table, list[str]]:
    """Return the rows of both, and what was left out of those of the test file."""
    missing = [name for name in raw.frame.columns if name not in test.frame.columns]
    if missing:
        raise refused(where, f"lacks the columns {listed(missing, 20)}; it needs those of the data")
    own = test.frame[list(raw.frame.columns)]  # read with the types that the data was found to have
    pointed = [name for name in raw.targets if is_pointed(test.as_written(name), set(raw.as_written(name)))]
    own = own.assign(**{name: without_point(own[name]) for name in pointed})

    def written(name: str) -> pd.Series[Any]:
        return pd.concat([raw.as_written(name), test.as_written(name)], ignore_index=True)

    both = replace(
        raw,
        frame=pd.concat([raw.frame, own], ignore_index=True),
        rows=None,
        written=written,
        published=_published(raw.published, len(raw), len(test)),
    )
    return both, [f"test file: {name}: the point behind each answer is left out" for name in pointed]
