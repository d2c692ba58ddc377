"""Which pictures there are, and what is said of each, before any is decoded: from a folder or from a list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from engine.choices import Message
from engine.data.cells.values import listed, natural
from engine.data.description import PartName
from engine.data.files.beside import told_outside
from engine.data.files.placement import Placed, inner_folders, placement_of, said_classes, told_classes
from engine.data.images.read.finding import ENDINGS, FilesFound, files_below, left_out_words
from engine.data.refusal import refused

if TYPE_CHECKING:
    import pandas as pd

    from engine.data.images.sources.images import Images


@dataclass(frozen=True)
class ListedImage:
    """One picture.

    Its file, what it is called, its label ("" for none), the part it was published in, and the row of the
    table that lists it.
    """

    path: Path
    name: str
    label: str = ""
    part: PartName | None = None
    row: int = 0


@dataclass(frozen=True)
class ImageListing:
    """All pictures, what their labels are of, what is worth knowing, and what was found out.

    `classes` are those that are named anywhere, also by files that are no pictures; `table` lists the new
    pictures, where one does; `beside` are its other columns, where pictures are to be learnt from.
    """

    entries: tuple[ListedImage, ...]
    target: str
    notices: tuple[str, ...]
    found: Mapping[str, object] = field(default_factory=dict)
    classes: frozenset[str] = frozenset()
    table: pd.DataFrame | None = None
    beside: pd.DataFrame | None = None


def files_in(folder: Path) -> FilesFound:
    """Return the files below a folder. Raises Invalid where none is a picture."""
    try:
        files = files_below(folder)
    except OSError as error:
        raise refused(
            "data.path",
            Message("{folder} cannot be read: {why}", folder=folder, why=error.strerror or error),
        ) from None
    if not files.images:
        raise refused("data.path", _no_images(folder, files))
    return files


def by_folders(source: Images, folder: Path, files: FilesFound) -> ImageListing:
    """Return the pictures below a folder, whose folders or names are classes; none where neither are."""
    places = {path: path.relative_to(folder).parts for path in (*files.images, *files.others)}
    # pictures alone say where classes stand; other files are placed by it, to tell what a class lost
    placement = placement_of([places[path] for path in files.images], source.classes)
    placed = {path: placement.of(place) for path, place in places.items()}
    entries = tuple(
        ListedImage(path, path.relative_to(folder).as_posix(), one.label, one.part)
        for path in files.images
        if (one := placed[path]) is not None
    )
    notices = _left_out(folder, files, placed)
    if files.copies:
        names = listed([path.relative_to(folder).as_posix() for path in files.copies])
        notices.insert(0, Message("{names}: copies of the pictures beside them, left out", names=names))
    images = [places[path] for path in files.images]
    if source.classes == "auto" and (said := said_classes(images, placement)):
        notices.insert(0, told_classes(said, images, placement))
    inner = inner_folders([places[path] for path in files.images], placement)
    if inner and source.classes == "auto":
        outer = sorted({entry.label for entry in entries}, key=natural)
        # several pictures in each inner folder are often of one person or thing
        several = len(entries) > 2 * len({path.parent for path in files.images})
        group = '; to keep the pictures of each in one part, set split.group to "folder"' if several else ""
        said = Message(
            "classes are the outer folders ({listed}); the folders within them are not used "
            "({others}): to take those as classes, set Class to the folder it lies in{group}",
            listed=listed(outer),
            others=listed(inner),
            group=group,
        )
        notices.insert(0, told_classes(said, [places[path] for path in files.images], placement))
    # also classes of which no file is a picture, to tell that they vanish
    named = frozenset(one.label for one in placed.values() if one is not None) - {""}
    return ImageListing(entries, "label", tuple(notices), {"classes": placement.classes}, named)


def _left_out(folder: Path, files: FilesFound, placed: Mapping[Path, Placed | None]) -> list[str]:
    """Return what to say of files that are not read: by class, those that are no pictures first."""
    groups: dict[str, list[Path]] = {}
    for path in files.others:
        one = placed[path]
        groups.setdefault("" if one is None else one.label, []).append(path)
    notices = [left_out_words(paths, label) for label, paths in groups.items()]
    outside = [path.relative_to(folder).parts for path in files.images if placed[path] is None]
    return [*notices, *told_outside(outside, "picture")]


def _no_images(folder: Path, files: FilesFound) -> str:
    if files.others:
        return Message(
            "{folder} holds no pictures: {others}; save them as PNG or JPEG, or choose a "
            "folder that holds one folder per class",
            folder=folder,
            others=left_out_words(files.others, ""),
        )
    known = ", ".join(sorted(ENDINGS))
    return Message(
        "{folder} holds no pictures ({known}); choose a folder that holds one folder per class",
        folder=folder,
        known=known,
    )


def no_classes(folder: Path) -> str:
    """Return why a folder of pictures cannot be read."""
    return Message(
        "the pictures in {folder} lie in no folders of classes: give each class a folder of its own, "
        "named as the class; or list the pictures in a CSV with labels; or, where the names "
        "of the files begin with the class, as in cat.0.jpg, set Class to its name",
        folder=folder,
    )
