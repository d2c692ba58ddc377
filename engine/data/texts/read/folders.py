"""Texts from files: running text, and a folder with one folder of texts per class."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from engine.choices import Message
from engine.data.cells.values import counted, listed
from engine.data.description import PARTS
from engine.data.files.beside import told_outside
from engine.data.files.placement import (
    ClassFrom,
    Placed,
    part_of,
    placement_of,
    published_parts,
    said_classes,
    told_classes,
    told_inner,
    told_parts,
    told_vanished,
)
from engine.data.refusal import refused
from engine.data.source import Report
from engine.data.texts.raw import Corpus, Texts
from engine.data.texts.read.class_files import lines_of_classes, may_be_classes
from engine.data.texts.read.files import (
    found_encoding,
    read_all,
    read_text,
    text_files,
    text_paths,
    told_broken,
    told_strange,
)
from engine.data.texts.read.heads import without_heads

_ANSWERS = re.compile(r"(y|labels?|targets?|answers)[_.-]", re.IGNORECASE)
"""How the name of a file begins that holds nothing but answers, as y_train.txt."""


def read_corpus(
    path: str, encoding: str, report: Report, *, heads: bool = True, parted: bool = True
) -> Corpus:
    """Return a text file, or all texts of a folder, as running text, with or without the `heads` in it.

    Where `parted`, files that are all called as parts are these.
    """
    place = Path(path)
    if not place.is_dir():
        text = read_text(place, encoding)
        found, told = found_encoding([text], encoding)
        bare, gone = ([text.text], []) if heads else without_heads([text.text])
        return Corpus(tuple(bare), (place.name,), (*told, *gone), found)
    paths, notices = text_paths(place)
    parts = [part_of(path.name) for path in paths]
    named = bool(all(parts) and len(set(parts)) > 1 and "train" in parts)
    if all(parts) and len(set(parts)) > 1:
        paths = [path for part in PARTS for path, one in zip(paths, parts, strict=True) if one == part]
    if named and parted:
        notices.append(told_parts([path.name for path in paths]))
    elif all(parts) and len(set(parts)) > 1:  # running text is split by position
        notices.append("the files are read in the order of their parts: training, validation, test")
    texts, read, broken = read_all(paths, encoding, report)
    names = tuple(paths[index].relative_to(place).as_posix() for index in read)
    found, told = found_encoding(texts, encoding)
    whole = [one.text for one in texts]
    bare, gone = (whole, []) if heads else without_heads(whole)
    said = (*notices, *told, *told_broken(broken, len(paths)), *gone)
    published = np.array([part_of(Path(name).name) for name in names], np.str_) if named and parted else None
    return Corpus(tuple(bare), names, said, found, published)


def read_folders(path: str, encoding: str, report: Report, classes: ClassFrom = "auto") -> Texts:
    """Return the texts of a folder, labelled by the folder they lie in.

    Folders of parts (train, test) may lie between, as in the IMDB reviews; texts in a folder "unsup" have no
    label and are left out. Where there are no folders, the names of files begin with the label; or each file
    is a class with an example a line. Files that cannot be read are left out and named.
    """
    folder = Path(path)
    paths, strange = text_files(folder)
    places = [one.relative_to(folder).parts for one in paths]
    placement = placement_of(places, classes)
    placed = [placement.of(place) for place in places]
    inside = [index for index, one in enumerate(placed) if one is not None]
    # a folder unsup beside classes is left out; alone, its texts may be learnt without labels
    unlabelled = [index for index in inside if not _label(placed[index])]
    if len(unlabelled) < len(inside):
        inside = [index for index in inside if _label(placed[index])]
    if not inside and (alone := _of_classes(folder, paths, encoding, report)) is not None:
        return alone
    if not inside:
        answers = next((path.name for path in paths if _ANSWERS.match(path.name)), "")
        apart = Message(
            "; {answers} seems to hold the answers to the lines of another file: write both into one table",
            answers=answers,
        )
        if placement.parts is not None:
            raise refused(
                "data.path",
                Message(
                    "the folders in {folder} are parts ({parts}), and none within them are classes: give "
                    "each class a folder in every part; for texts and their translations, open the folder "
                    "of one part",
                    folder=folder,
                    parts=listed(dict.fromkeys(place[placement.parts] for place in places if len(place) > 1)),
                ),
            )
        raise refused(
            "data.path",
            Message(
                "the texts in {folder} lie in no folders: give each class a folder of its own, named "
                "as the class{apart}",
                folder=folder,
                apart=apart if answers else "",
            ),
        )
    others = [path.relative_to(folder).parts for path in strange]
    notices = told_strange(strange) + told_vanished(placement, places, others)
    outside = [place for place, one in zip(places, placed, strict=True) if one is None]
    notices += told_outside(outside, "text")
    if unlabelled:
        notices.append(
            Message(
                "{counted} in folders of texts without a label left out",
                counted=counted(len(unlabelled), "text"),
            )
        )
    inside_places = [places[index] for index in inside]
    said = said_classes(inside_places, placement) or told_inner(inside_places, placement)
    if said and classes == "auto":
        notices.append(told_classes(said, inside_places, placement))
    texts, read, broken = read_all([paths[index] for index in inside], encoding, report)
    kept = [placed[inside[index]] for index in read]
    found, told = found_encoding(texts, encoding)
    return Texts(
        # editors end a file with a line feed, which is no part of the text
        tuple(one.text.strip("\n") for one in texts),
        np.array(["" if one is None else one.label for one in kept], np.str_),
        tuple("/".join(places[inside[index]]) for index in read),
        notices=(*notices, *told, *told_broken(broken, len(inside))),
        published=published_parts(kept),
        found={**found, "classes": placement.classes},
    )


def _of_classes(folder: Path, paths: Sequence[Path], encoding: str, report: Report) -> Texts | None:
    """Return the lines of files that lie in no folders as examples of the classes the files name."""
    texts, read, broken = read_all(paths, encoding, report)
    names = [paths[index].relative_to(folder).as_posix() for index in read]
    if not may_be_classes(names, [one.text for one in texts]):
        return None
    found, told = found_encoding(texts, encoding)
    lines = lines_of_classes(names, [one.text for one in texts], [*told, *told_broken(broken, len(paths))])
    return replace(lines, found=found)


def _label(placed: Placed | None) -> str:
    return placed.label if placed is not None else ""
