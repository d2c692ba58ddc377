"""Labelled pictures: from a folder with one folder per class, or from a table of paths and labels."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.choices import Invalid, Message
from engine.data.cells.label_sets import NO_LABEL
from engine.data.cells.values import as_text, counted, listed, natural
from engine.data.decisions import decided
from engine.data.files.endings import EXCEL, JSON, PARQUET, TEXT
from engine.data.files.layouts import begins_as_image
from engine.data.files.placement import Placed, published_parts
from engine.data.images.raw import BYTES_OF_PIXEL, ImageSet
from engine.data.images.read.array_names import holds_images
from engine.data.images.read.arrays import read_arrays
from engine.data.images.read.decoding import Fit, Frame, Tones
from engine.data.images.read.files import ENDINGS, in_colours, is_grey, read_images
from engine.data.images.read.finding import vanished_words
from engine.data.images.read.folders import from_folder
from engine.data.images.read.held_files import holds_files, unpacked
from engine.data.images.read.listing import ImageListing, ListedImage
from engine.data.images.read.lists import from_list, new_in_folder
from engine.data.images.read.pixel_columns import may_hold_pixels, read_pixels
from engine.data.images.read.survey import Survey, survey, tones_of
from engine.data.raw import Found
from engine.data.refusal import refused
from engine.data.source import Report
from engine.ordinary import as_written

if TYPE_CHECKING:
    from engine.data.images.sources.images import Images

_FEW_LEVELS = 24
"""Pictures whose values all lie within so many of the 256 grey levels hardly show anything."""


def read_labelled(source: Images, report: Report, memory: int, *, labelled: bool = True) -> ImageSet:
    """Return the pictures that `source` describes. Raises Invalid where there are none.

    Unless `labelled`, labels may be missing, and a single picture will do: these are to be predicted.
    """
    path = Path(source.path)
    if "\x00" not in source.path and holds_images(path):
        return read_arrays(source, path, memory, labelled=labelled)
    if "\x00" not in source.path and path.is_file() and may_hold_pixels(path):
        # before lists: a table of pixels names no files
        drawn = read_pixels(source, path, report, memory, labelled=labelled)
        if drawn is not None:
            return drawn
    if "\x00" not in source.path and holds_files(path):
        # decoded as all pictures are, from a folder of its own that is gone when they are read
        with TemporaryDirectory(prefix="ravine-") as made:
            listed_there = unpacked(path, Path(made), lambda share, words: report(0.2 * share, words))
            listing = from_list(source, listed_there, report, memory, labelled=labelled)
            return _decoded(source, listing, report, memory, labelled=labelled)
    return _decoded(
        source, _listing(source, report, memory, labelled=labelled), report, memory, labelled=labelled
    )


def _decoded(
    source: Images, listing: ImageListing, report: Report, memory: int, *, labelled: bool
) -> ImageSet:
    """Return the pictures of a listing, all brought to one size."""
    if labelled:
        _refuse_several_rows(listing.entries)
    paths = [entry.path for entry in listing.entries]
    # headers of all files first, as the size that suits all must be known before one is decoded
    seen = survey(paths, lambda share, words: report(0.1 * share, words))
    # the shares are guesses of how long each takes: decoding nearly all of it
    frame = _frame(source, seen, listing, lambda share, words: report(0.1 + 0.1 * share, words))
    needed = len(paths) * frame.height * frame.width * 3 * BYTES_OF_PIXEL
    limit = memory if source.memory_limit == "auto" else source.memory_limit * 1e9
    on_disk = needed > limit
    pixels, read, broken = read_images(
        paths, frame, lambda share, words: report(0.2 + 0.8 * share, words), on_disk=on_disk
    )
    kept = [listing.entries[index] for index in read]
    classes = {entry.label for entry in kept} - {"", NO_LABEL}
    notices: list[str] = [
        *listing.notices,
        *_broken(listing, read, broken),
        *_vanished(listing, classes),
        *_told(source, seen, frame),
        *_reduced(source, seen, frame),
        *_levels(pixels),
        *([_kept_on_disk(needed, limit)] if on_disk else []),
    ]
    # by the pixels and not the mode of the files: scanners write grey as RGB
    grey = source.colour == "grey" or (source.colour == "auto" and is_grey(pixels))
    return ImageSet(
        in_colours(pixels, 1 if grey else 3),
        np.array([entry.label for entry in kept], dtype=np.str_),
        tuple(sorted(classes, key=natural)),
        tuple(as_written(entry.name) for entry in kept),
        listing.target,
        tuple(notices),
        published_parts([Placed(entry.label, entry.part) for entry in kept]) if labelled else None,
        _found(source, listing, frame, grey=grey),
        listing.table,
        None if listing.table is None else np.array([entry.row for entry in kept], np.int64),
        None if listing.beside is None else listing.beside.iloc[[entry.row for entry in kept]],
    )


def _refuse_several_rows(entries: Sequence[ListedImage]) -> None:
    """Raise Invalid where most pictures stand in several rows with another label in each, as captions do."""
    labels: defaultdict[Path, dict[str, None]] = defaultdict(dict)
    for entry in entries:
        labels[entry.path][entry.label] = None
    several = [path for path, marks in labels.items() if len(marks) > 1]
    if 2 * len(several) > len(labels):
        said = Message(
            "{count} of {every} pictures stand in several rows of the list with another label in each, as "
            "{file}: {labels}. A picture has one row, its labels with | between them; sentences about "
            "pictures are not learnt",
            count=len(several),
            every=len(labels),
            file=several[0].name,
            labels=listed(list(labels[several[0]]), 3),
        )
        raise refused("data.label", said)


def _listing(source: Images, report: Report, memory: int, *, labelled: bool) -> ImageListing:
    path = Path(source.path)
    if not source.path:
        raise refused("data.path", "is missing: choose a folder that holds one folder per class")
    if "\x00" in source.path or not path.exists():
        raise refused(
            "data.path", Message("there is no folder {path!r}; choose one that exists", path=source.path)
        )
    if path.is_dir():
        return from_folder(source, path, report, memory) if labelled else new_in_folder(source, path)
    ending = path.suffix.lower()
    # a single picture is enough to be predicted, and nothing to learn from
    if not labelled and (ending in ENDINGS or begins_as_image(path)):
        return ImageListing((ListedImage(path, path.name),), "label", ())
    if ending in (*TEXT, *EXCEL, *PARQUET, ".lst"):
        return from_list(source, path, report, memory, labelled=labelled)
    if ending in JSON:
        # a record for each picture is a list as any other; boxes lie deeper
        with suppress(Invalid):
            return from_list(source, path, report, memory, labelled=labelled)
    if ending in (*JSON, ".xml"):
        raise refused(
            "data.path",
            Message(
                "{name} holds annotations in a form that is not read (boxes or outlines, as of COCO "
                "and VOC); write a CSV with a row per picture, its path and its label, or give each "
                "class a folder",
                name=path.name,
            ),
        )
    if ending in ENDINGS:
        raise refused(
            "data.path",
            Message(
                "{name} is one picture; choose the folder that holds one folder per class", name=path.name
            ),
        )
    raise refused(
        "data.path", Message("{name} is neither a folder nor a CSV of paths and labels", name=path.name)
    )


def _reduced(source: Images, seen: Survey, frame: Frame) -> list[str]:
    """Return that a side of the pictures becomes short, by a size that nobody chose: fine lines are lost."""
    sizes = [size for size in seen.sizes if all(size)]
    if not sizes or (source.height != "auto" and source.width != "auto"):
        return []
    height, width = (median(size[side] for size in sizes) for side in (0, 1))
    times = max(height / frame.height, width / frame.width)
    if times < _MUCH_SMALLER or min(frame.height, frame.width) > _SHORT:
        return []
    text = Message(
        "pictures of about {width:.0f} × {height:.0f} become {across} × {down}, {times:.1f} times smaller, "
        "which leaves little of the shorter side; for finer lines set a larger Width or Height: the other "
        "goes with it",
        width=width,
        height=height,
        across=frame.width,
        down=frame.height,
        times=times,
    )
    return [decided(text, "data.width", 2 * frame.width, doubtful=True)]


_MUCH_SMALLER, _SHORT = 3.0, 24
"""Times by which pictures become smaller, and pixels of the shorter side then, from which on it is told."""


def _frame(source: Images, seen: Survey, listing: ImageListing, report: Report) -> Frame:
    """Return what all pictures are brought to: as chosen, and where nothing is chosen, as suits all."""
    usual_height, usual_width = seen.size()
    # a side that is open goes with the one that is chosen
    across = 1.0 if source.width == "auto" else source.width / usual_width
    down = 1.0 if source.height == "auto" else source.height / usual_height
    height = max(1, round(usual_height * across)) if source.height == "auto" else source.height
    width = max(1, round(usual_width * down)) if source.width == "auto" else source.width
    tones = _tones(source, seen, listing, report)
    return Frame(height, width, _fit(source, seen, height, width), tones, source.background)


def _fit(source: Images, seen: Survey, height: int, width: int) -> Fit:
    if source.fit != "auto":
        return source.fit
    return "stretch" if seen.alike_within(height, width) else "pad"


def _tones(source: Images, seen: Survey, listing: ImageListing, report: Report) -> Tones | None:
    """Return black and white of the pictures of more than 8 bits; None where there are none of these.

    Where the data was published in parts, the training part alone says.
    """
    if not seen.deep:
        # new pictures may be deep though none of training was: they get what a person said, or what is usual
        black, white = source.black, source.white
        return Tones(black, white) if black != "auto" and white != "auto" else None
    # as all that is fitted; test pictures must not say what white is
    training = {entry.path for entry in listing.entries if entry.part in (None, "train")}
    found = tones_of([path for path in seen.deep if path in training] or seen.deep, report)
    return Tones(
        found.black if source.black == "auto" else source.black,
        found.white if source.white == "auto" else source.white,
    )


def _found(source: Images, listing: ImageListing, frame: Frame, *, grey: bool) -> Found:
    """Return what was found out of what was left to be."""
    found = {
        **listing.found,
        "height": frame.height,
        "width": frame.width,
        "fit": frame.fit,
        "colour": "grey" if grey else "colour",
    }
    if frame.tones is not None:
        found |= {"black": frame.tones.black, "white": frame.tones.white}
    # what a person has said stays said by the person
    return {name: value for name, value in found.items() if getattr(source, name) in ("auto", "")}


def _told(source: Images, seen: Survey, frame: Frame) -> list[str]:
    """Return what was decided for the person that changes what the network sees."""
    notices: list[str] = []
    if source.fit == "auto" and frame.fit == "pad":
        notices.append(
            Message(
                "pictures of different proportions get black margins, so that none is distorted at "
                "{width} × {height} pixels; Fit decides",
                width=frame.width,
                height=frame.height,
            )
        )
    if seen.deep and frame.tones is not None and "auto" in (source.black, source.white):
        notices.append(
            Message(
                "pictures of more than 8 bits: {black} is taken as black and {white} as white; "
                "Black and White decide",
                black=_short(frame.tones.black),
                white=_short(frame.tones.white),
            )
        )
    if seen.cut:
        notices.append(
            Message(
                "colours of 16 bits in {counted} are cut to their upper 8; where they hold fewer (12 "
                "of a camera), all looks dark: save them with the full range",
                counted=counted(seen.cut, "picture"),
            )
        )
    if seen.banded:
        notices.append(
            Message(
                "{counted} more bands than are read: only those of grey or colour are learnt; to learn "
                "others, write them as pictures of three bands",
                counted=counted(seen.banded, "picture has", "pictures have"),
            )
        )
    if seen.several:
        notices.append(
            Message(
                "{counted} several pictures; the first one is taken",
                counted=counted(seen.several, "file holds", "files hold"),
            )
        )
    if seen.clear:
        notices.append(
            Message(
                "{counted} a channel of transparency; clear places are laid on {background}; "
                "Background decides",
                counted=counted(seen.clear, "picture has", "pictures have"),
                background=frame.background,
            )
        )
    return notices


def _kept_on_disk(needed: float, limit: float) -> str:
    return Message(
        "the pictures need {needed:.2g} GB of memory, more than {limit:.2g} GB: they are kept in a file on "
        "the disk while the program runs, from which training reads; Memory limit decides",
        needed=needed / 1e9,
        limit=limit / 1e9,
    )


def _short(value: float) -> str:
    return as_text(value if value.is_integer() else float(f"{value:.4g}"))  # 65535 is not 65540


def _broken(listing: ImageListing, read: Sequence[int], broken: Sequence[str]) -> list[str]:
    """Return the notice about pictures that cannot be read, with their number by class."""
    if not broken:
        return []
    # by class, since a class may lose nearly all of its pictures unseen
    gone = set(range(len(listing.entries))) - set(read)
    counts = Counter(listing.entries[index].label for index in gone)
    classes = [f"{label} ({count})" for label, count in counts.items() if label]
    where = (
        Message("; by class: {listed}", listed=listed(classes, 10))
        if len(listing.classes) > 1 and classes
        else ""
    )
    return [
        Message(
            "{count} of {total} pictures cannot be read, left out: {listed}{where}",
            count=len(gone),
            total=len(listing.entries),
            listed="; ".join(broken),
            where=where,
        )
    ]


def _vanished(listing: ImageListing, classes: set[str]) -> list[str]:
    gone = sorted(listing.classes - classes, key=natural)
    return [vanished_words(gone)] if gone else []


def _levels(pixels: NDArray[np.uint8]) -> list[str]:
    """Return the notice about pictures that hold no or few grey levels, so that there is little to learn."""
    low, high = int(pixels.min()), int(pixels.max())
    if high - low < _FEW_LEVELS:
        levels = high - low + 1
        which = "one grey level" if levels == 1 else Message("{levels} grey levels", levels=levels)
        return [
            Message(
                "all pictures together hold only {which} of 256, from {low} to {high}: the eye "
                "hardly sees anything in them; for grey pictures of more than 8 bits, Black and "
                "White spread them",
                which=which,
                low=low,
                high=high,
            )
        ]
    # a file may open well and be black throughout, as after an export that failed
    flat = int((pixels.min(axis=(1, 2, 3)) == pixels.max(axis=(1, 2, 3))).sum())
    if not flat:
        return []
    return [
        Message("{counted} of one colour throughout", counted=counted(flat, "picture is", "pictures are"))
    ]
