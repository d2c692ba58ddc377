"""Texts as they were read: labelled, tagged, translated, or running."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.data.raw import Found, LabelledSet, Raw

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Texts(LabelledSet):
    """Texts, each with a label ("" where there is none).

    `labels`, `names`, `target`, `published`, `beside` as of pictures; `columns`: those of the table they
    stand in; `given`: of new ones, that table.
    """

    texts: tuple[str, ...]
    labels: NDArray[np.str_]
    names: tuple[str, ...]
    target: str = "label"
    notices: tuple[str, ...] = ()
    published: NDArray[np.str_] | None = None
    columns: tuple[str, ...] = ()
    found: Found = field(default_factory=dict)
    given: pd.DataFrame | None = None
    beside: pd.DataFrame | None = field(default=None, compare=False)

    def __len__(self) -> int:
        """Return the number of texts."""
        return len(self.texts)


@dataclass(frozen=True)
class TaggedTexts(Raw):
    """Sentences as words, each word with a tag; `published` as of pictures."""

    words: tuple[tuple[str, ...], ...]
    tags: tuple[tuple[str, ...], ...]
    names: tuple[str, ...]
    notices: tuple[str, ...] = ()
    published: NDArray[np.str_] | None = None
    found: Found = field(default_factory=dict)

    def __len__(self) -> int:
        """Return the number of sentences."""
        return len(self.words)


@dataclass(frozen=True)
class TextPairs(Raw):
    """Texts and their translations.

    `languages`: what the two are called; `columns`: those of the table they stand in; `published` as of
    pictures.
    """

    texts: tuple[str, ...]
    translations: tuple[str, ...]
    languages: tuple[str, str]
    notices: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    found: Found = field(default_factory=dict)
    published: NDArray[np.str_] | None = None

    def __len__(self) -> int:
        """Return the number of pairs."""
        return len(self.texts)


@dataclass(frozen=True)
class Corpus(Raw):
    """Long running text, one or several documents in order, from which windows are cut.

    `published`: the part of each document, where all are called by one.
    """

    documents: tuple[str, ...]
    names: tuple[str, ...]
    notices: tuple[str, ...] = ()
    found: Found = field(default_factory=dict)
    published: NDArray[np.str_] | None = None

    def __len__(self) -> int:
        """Return the number of documents."""
        return len(self.documents)
