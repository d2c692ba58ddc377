"""Tags of words: entities in one notation, and the classes in the order that metrics rely on."""

from __future__ import annotations

import re
from collections.abc import Sequence

from engine.data.cells.values import natural

OUTSIDE = "O"
"""The tag of a word that is part of no entity."""

_MARKED = re.compile(r"([BIELSUM])-(.+)", re.DOTALL)
_BEGINS = frozenset("BSU")
_ENDS = frozenset("ELSU")

Sentences = Sequence[Sequence[str]]


def as_bio(sentences: Sentences) -> tuple[tuple[str, ...], ...]:
    """Return the tags of entities as B-x at the first word, I-x at the others and O outside.

    Taken are IOB (B only between neighbours of one type), BIO, BIOES, BILOU, BMES, and types alone; tags
    without any O name parts of speech or the like and stay as they are.

    Source: Ramshaw and Marcus, Text Chunking using Transformation-Based Learning, 1995.
    """
    kinds = {tag for tags in sentences for tag in tags}
    if OUTSIDE not in kinds:
        return tuple(tuple(tags) for tags in sentences)
    marked = all(_MARKED.fullmatch(tag) for tag in kinds - {OUTSIDE})
    return tuple(_sentence(tags, marked) for tags in sentences)


def _sentence(tags: Sequence[str], marked: bool) -> tuple[str, ...]:
    found = []
    open_type = ""
    for tag in tags:
        if tag == OUTSIDE:
            found.append(OUTSIDE)
            open_type = ""
            continue
        # types alone: neighbours of one type cannot be told apart, and count as one entity
        mark, kind = ("I", tag) if not marked else (tag[0], tag[2:])
        # in IOB an entity begins with I where none of its type stands before it
        begins = mark in _BEGINS or kind != open_type
        found.append(f"{'B' if begins else 'I'}-{kind}")
        # behind an E or S the next I begins anew, though it is of the same type
        open_type = "" if mark in _ENDS else kind
    return tuple(found)


def tag_classes(sentences: Sentences) -> tuple[str, ...]:
    """Return the classes: O, then B-x and I-x of every type; without O all tags in their natural order."""
    kinds = {tag for tags in sentences for tag in tags}
    if OUTSIDE not in kinds:
        return tuple(sorted(kinds, key=natural))
    types = sorted({tag.partition("-")[2] for tag in kinds - {OUTSIDE}}, key=natural)
    # B and I of each type, also where one does not occur: metrics count on the pairs
    return (OUTSIDE, *(f"{mark}-{kind}" for kind in types for mark in "BI"))
