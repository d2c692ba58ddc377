"""Annotations: answers that lie beside pictures and are no class of each: masks, outlines and boxes."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from os.path import commonpath
from pathlib import Path

from engine.choices import Message
from engine.data.cells.values import counted
from engine.data.decisions import decided
from engine.data.files.placement import part_of
from engine.data.images.read.finding import FilesFound

_MASK_FOLDERS = """
mask masks gt gtfine gtcoarse groundtruth segmentation segmentations segmentationclass segmentationobject
trimap trimaps annotation annotations label labels target targets
"""
_MASKS = frozenset(_MASK_FOLDERS.split())
"""What folders of pictures are called that say what each point of other pictures is."""
_SURE = frozenset({"mask", "masks", "gt", "trimap", "trimaps"})
"""Words of which one in the name of a folder says so."""
_IMAGES = frozenset({"image", "images", "img", "imgs"})
"""What folders of pictures beside folders of masks are called."""
_NUMBER = re.compile(r"(.*?\d+)(?:\D*[_-][a-z].*)?", re.IGNORECASE)
"""What the name of a picture and that of its mask share: all up to a number that words may follow."""
_DESCRIPTIONS = (".txt", ".xml", ".json")
_COLLECTED = ("annotation", "instances", "_annotations", "coco")
_KEEP = "put each picture into a folder named as its class, or list the pictures in a CSV with labels"


@dataclass(frozen=True)
class Masks:
    """Pictures that say what each point of others is.

    `paths`: they; `folder`: what theirs is called; `of`: what that of the pictures is called; `folders`: how
    many folders of masks there are.
    """

    paths: frozenset[Path]
    folder: str
    of: str
    folders: int

    def refusal(self) -> str:
        """Return why pictures are not read whose answers are masks."""
        return Message(
            "{folder} seems to hold masks, which say what each point of the pictures in {of} is; "
            "they are not read, and a picture has one class here: {keep}. If the other folders "
            "are the classes, take {folder} out of the folder; if {folder} is a class all the "
            "same, set Class to the folder it lies in",
            folder=self.folder,
            of=self.of,
            keep=_KEEP,
        )

    def told(self) -> str:
        """Return that the masks are left out, where the pictures have classes besides."""
        count = counted(len(self.paths), "picture", "pictures")
        said = Message(
            "{count} in {folder} left out: masks, which say what each point of the others is; to "
            "learn them as pictures, set Class to the folder it lies in",
            count=count,
            folder=self.folder,
        )
        return decided(said, "data.classes", "inner", doubtful=True)


def masks_beside(files: FilesFound) -> Masks | None:
    """Return the masks among pictures; None where there are none.

    Masks lie in a folder that is called so, or within one. Each is named as a picture elsewhere is, or lies
    beside a folder of images, as the cells of one picture do.
    """
    masks: dict[str, set[Path]] = {}
    named: dict[str, str] = {}
    roots: set[Path] = set()
    root = Path(commonpath(files.images))
    for path in files.images:
        # below the folder that all share: its own name, as of a set called masks, says nothing
        within = next((part for part in path.relative_to(root).parts[:-1] if _called_masks(part)), None)
        if within is None:
            named.setdefault(_shared_name(path), path.parent.name)
            if path.parent.name.casefold() in _IMAGES:
                roots.add(path.parent.parent)
        else:
            masks.setdefault(within, set()).add(path)
    for folder, paths in masks.items():
        there = [path for path in paths if _shared_name(path) in named or path.parent.parent in roots]
        # most and not all: sets are published with some masks whose pictures are missing
        if 2 * len(there) > len(paths):
            of = named.get(_shared_name(min(there)), min(there).parent.parent.name)
            # all folders called so, once one is sure: gt_fine beside gt_coarse
            every = frozenset(path for found in masks.values() for path in found)
            return Masks(every, folder, of, len({_as_far_as(path, folder) for path in paths}))
    return None


def _as_far_as(path: Path, folder: str) -> Path:
    """Return the outermost folder above a file that is called so."""
    return next(parent for parent in reversed(path.parents) if parent.name == folder)


def _called_masks(folder: str) -> bool:
    # train_masks and masks2 are masks, too
    words = [word for word in re.split(r"[\W\d_]+", folder.casefold()) if word and not part_of(word)]
    return "".join(words) in _MASKS or not _SURE.isdisjoint(words)


def _shared_name(path: Path) -> str:
    """Return the name of a picture without the words behind its number: 12 of 12_mask and 12_training."""
    found = _NUMBER.fullmatch(path.stem)
    return found[1] if found else path.stem


def _words_beside(files: FilesFound, stems: Collection[str]) -> str:
    """Return the first text that lies beside a picture with what it begins with; "" where boxes are meant.

    Boxes are numbers (YOLO), or lie in XML and JSON.
    """
    for path in files.others:
        if path.stem in stems and path.suffix.lower() in _DESCRIPTIONS:
            start = path.read_bytes()[:200].decode("utf-8", "replace").strip()
            # YOLO begins each line with the number of a class
            plain = path.suffix.lower() == ".txt" and start[:1].isalpha()
            return f"{path.name}: {start.splitlines()[0][:40]}" if plain else ""
    return ""


def boxes_beside(files: FilesFound) -> str:
    """Return why pictures without classes are not read that have boxes or outlines; "" where none have.

    These stand in a text of the same name as each picture (YOLO, VOC), or in one file for all (COCO).
    """
    stems = {path.stem for path in files.images}
    described = {path.stem for path in files.others if path.suffix.lower() in _DESCRIPTIONS}
    collected = [
        path
        for path in files.others
        if path.suffix.lower() in (".json", ".xml") and path.name.casefold().startswith(_COLLECTED)
    ]
    # a few descriptions are notes; boxes lie beside most pictures
    if 2 * len(stems & described) <= len(stems) and not collected:
        return ""
    words = "" if collected else _words_beside(files, stems)
    if words:
        return Message(
            "the pictures have no class each; beside each lies a text of its own ({words}), and "
            "these are not read: {keep}",
            words=words,
            keep=_KEEP,
        )
    form = "of COCO and CVAT" if collected else "of YOLO, VOC and LabelMe"
    return Message(
        "the pictures have no class each; beside them lie boxes or outlines, as those "
        "{form}, which are not read: {keep}",
        form=form,
        keep=_KEEP,
    )
