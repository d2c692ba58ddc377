"""Annotations: answers that lie beside pictures and are no class of each: masks, outlines and boxes."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from engine.data.pictures.finding import FilesFound

_MASK_FOLDERS = """
mask masks gt groundtruth ground_truth segmentation segmentations segmentationclass segmentationobject
annotation annotations label labels target targets
"""
_MASKS = frozenset(_MASK_FOLDERS.split())
"""What folders of pictures are called that say what each point of other pictures is."""
_DESCRIPTIONS = (".txt", ".xml", ".json")
_COLLECTED = ("annotation", "instances", "_annotations", "coco")
_KEEP = "put each picture into a folder named as its class, or list the pictures in a CSV with labels"


def masks_beside(files: FilesFound) -> str:
    """Return why pictures are not read whose answers are masks; "" where none are.

    Masks lie in a folder that is called so, each named as a picture in another folder is.
    """
    stems: dict[Path, set[str]] = {}
    for path in files.pictures:
        stems.setdefault(path.parent, set()).add(path.stem)
    for folder, names in stems.items():
        if folder.name.casefold() not in _MASKS:
            continue
        for other, there in stems.items():
            if other.parent == folder.parent and other != folder and _named_after(names, there):
                return (
                    f"{folder.name} seems to hold masks, which say what each point of the pictures in "
                    f"{other.name} is; they are not read, and a picture has one class here: {_KEEP}. If "
                    f"{folder.name} is a class all the same, set Class to the folder it lies in"
                )
    return ""


def _named_after(masks: Collection[str], pictures: Collection[str]) -> bool:
    """Return whether most masks are called as a picture, as 12 or 12_mask beside 12."""
    known = set(pictures)
    ended = ("", "_mask", "-mask", "_gt", "_seg", "_segmentation", "_label", "_labels")
    named = sum(any(mask.removesuffix(end) in known for end in ended) for mask in masks)
    return 2 * named > len(masks)


def _words_beside(files: FilesFound, stems: Collection[str]) -> str:
    """Return the first text that lies beside a picture with what it begins with; "" where boxes are meant.

    Boxes are numbers (YOLO), or lie in XML and JSON.
    """
    for path in files.others:
        if path.stem in stems and path.suffix.lower() in _DESCRIPTIONS:
            start = path.read_bytes()[:200].decode("utf-8", "replace").strip()
            plain = path.suffix.lower() == ".txt" and start[:1].isalpha()
            return f"{path.name}: {start.splitlines()[0][:40]}" if plain else ""
    return ""


def boxes_beside(files: FilesFound) -> str:
    """Return why pictures without classes are not read that have boxes or outlines; "" where none have.

    These stand in a text of the same name as each picture (YOLO, VOC), or in one file for all (COCO).
    """
    stems = {path.stem for path in files.pictures}
    described = {path.stem for path in files.others if path.suffix.lower() in _DESCRIPTIONS}
    collected = [
        path
        for path in files.others
        if path.suffix.lower() in (".json", ".xml") and path.name.casefold().startswith(_COLLECTED)
    ]
    if 2 * len(stems & described) <= len(stems) and not collected:
        return ""
    words = "" if collected else _words_beside(files, stems)
    if words:
        return (
            f"the pictures have no class each; beside each lies a text of its own ({words}), and these "
            f"are not read: {_KEEP}"
        )
    form = "of COCO and CVAT" if collected else "of YOLO, VOC and LabelMe"
    return (
        f"the pictures have no class each; beside them lie boxes or outlines, as those {form}, which are not "
        f"read: {_KEEP}"
    )
