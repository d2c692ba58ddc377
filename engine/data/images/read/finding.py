"""Finding picture files in folders: by their endings, and by how they begin where the ending says nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.choices import Message, joined
from engine.data.cells.values import counted, listed, natural
from engine.data.files.endings import IMAGES as ENDINGS
from engine.data.files.endings import OTHER_IMAGES, TELEPHONE
from engine.data.files.layouts import begins_as_image, is_litter, left_out
from engine.data.refusal import refused

__all__ = ["ENDINGS", "FilesFound", "files_below", "image_files", "left_out_words", "vanished_words"]
_MOST_FILES = 5_000_000


@dataclass(frozen=True)
class FilesFound:
    """The files below a folder: those that are pictures, and the others; both in natural order.

    `copies` are folders left out, all of which lies once more in the folder that they lie in.
    """

    images: tuple[Path, ...]
    others: tuple[Path, ...]
    copies: tuple[Path, ...] = ()


def files_below(folder: Path) -> FilesFound:
    """Return all files below a folder, without hidden ones and the litter of operating systems.

    Raises Invalid where there are more than five million, OSError where the folder cannot be read.
    """
    images: list[Path] = []
    others: list[Path] = []
    for count, path in enumerate(folder.rglob("*")):
        if count > _MOST_FILES:
            raise refused(
                "data.path",
                Message(
                    "{folder} holds more than {most:,} files; choose one within",
                    folder=folder,
                    most=_MOST_FILES,
                ),
            )
        if any(is_litter(part) for part in path.relative_to(folder).parts) or not path.is_file():
            continue
        ending = path.suffix.lower()  # raw pictures of cameras (.cr2) begin as TIFF does
        # files of the web often have no ending, or a wrong one
        known = ending in ENDINGS or (ending not in OTHER_IMAGES and begins_as_image(path))
        (images if known else others).append(path)

    def order(path: Path) -> tuple[object, ...]:
        return natural(path.relative_to(folder).as_posix())

    found = FilesFound(tuple(sorted(images, key=order)), tuple(sorted(others, key=order)))
    copies = _copies(folder, found.images)
    if not copies:
        return found
    kept = [
        tuple(path for path in paths if copies.isdisjoint(path.parents))
        for paths in (found.images, found.others)
    ]
    return FilesFound(kept[0], kept[1], tuple(sorted(copies)))


def _copies(folder: Path, images: Sequence[Path]) -> set[Path]:
    """Return folders whose pictures all lie beside them once more, under the same names and as large.

    Sets are published so by mistake: cell_images/cell_images/Uninfected beside cell_images/Uninfected.
    """
    children: dict[Path, set[str]] = {}
    for path in images:
        for below, above in zip((path, *path.parents), path.parents, strict=False):
            children.setdefault(above, set()).add(below.name)
            if above == folder:
                break
    found: set[Path] = set()
    # outer folders first, so that a copy within a copy is not looked at
    for inner in sorted(children, key=lambda path: len(path.parts)):
        # names are compared first: sizes of all files are asked only where all names agree
        around = children.get(inner.parent, set()) - {inner.name}
        if inner == folder or not children[inner] <= around or not found.isdisjoint(inner.parents):
            continue
        within = [path for path in images if inner in path.parents]
        beside = [inner.parent / path.relative_to(inner) for path in within]
        if all(
            other.is_file() and _size(other) == _size(path)
            for path, other in zip(within, beside, strict=True)
        ):
            found.add(inner)
    return found


def _size(path: Path) -> int:
    return path.stat().st_size


def image_files(folder: Path) -> list[Path]:
    """Return the picture files below a folder, hidden ones left out, in natural order of their paths."""
    return list(files_below(folder).images)


def left_out_words(others: Iterable[Path], label: str) -> str:
    """Return the notice about files of a class (or of none, "") that are no pictures that can be read.

    As in "bar: 12 files are no pictures that can be read left out: .heic, as IMG_1.HEIC".
    """
    paths = tuple(others)
    count, names = len(paths), left_out(paths)
    where = f"{label}: " if label else ""
    what = counted(count, "file is no picture that can be read", "files are no pictures that can be read")
    named = {OTHER_IMAGES[ending] for path in paths if (ending := path.suffix.lower()) in OTHER_IMAGES}
    telephone = any(path.suffix.lower() in TELEPHONE for path in paths)
    known = [*sorted(named), *["pictures of a telephone (HEIC)"] * telephone]
    kinds = joined(", ", *map(Message, known))
    advice = Message("; {kinds}: save them as JPEG or PNG to use them", kinds=kinds) if known else ""
    return Message(
        "{where}{what}, left out: {names}{advice}", where=where, what=what, names=names, advice=advice
    )


def vanished_words(vanished: Sequence[str]) -> str:
    """Return the notice about classes of which no picture is left."""
    if len(vanished) == 1:
        return Message(
            "the class {vanished} is left out: none of its files is a picture that can be read",
            vanished=vanished[0],
        )
    return Message(
        "the classes {listed} are left out: none of their files is a picture that can be read",
        listed=listed(vanished, 20),
    )
