"""Packing a run into one file, with its data or without."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import json
import os
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from engine import __version__, experiment_file
from engine.atomic import whole_file
from engine.choices import Invalid, Message, Problem, paths_in, with_paths
from engine.experiment import Experiment
from engine.ordinary import as_written
from engine.runs import status
from engine.runs.creation import slug
from engine.runs.data.moved import experiment_of
from engine.runs.folder import RunFolder
from engine.runs.history.reader import HistoryReader
from engine.runs.packed.contents import (
    CHECKPOINT,
    CHUNK,
    FORMAT,
    LIST,
    RUN,
    RUN_FILES,
    Contents,
    Member,
    Told,
    is_data,
    untold,
)
from engine.runs.places import DATA

_BEGINNING = (1980, 1, 1, 0, 0, 0)
"""The time of every file in the archive, which has none earlier."""

Content = Path | bytes
"""A file, or what is to stand in its place."""


@dataclass(frozen=True)
class Packed:
    """What was packed."""

    bytes: int
    left_out: tuple[str, ...]
    """Where data lies that the run learnt from and that was not taken along."""


def pack(folder: RunFolder, place: Path, *, with_data: bool, told: Told = untold) -> Packed:
    """Write a run into the file `place`: whole or not at all; of an older one there it takes the place.

    With its data, the run can be gone on with elsewhere; without, it predicts and shows all that it is.
    Raises Invalid where the run is at work, has not begun, or its data is not to be found; OSError.
    """
    _refuse_unfit(folder)
    experiment = experiment_of(folder)
    data = paths_in(experiment.data)
    within = places_within(data)
    with tempfile.TemporaryDirectory(prefix="ravine-pack-") as scratch:
        members = {
            RUN + name: content for name, content in _of_run(folder, experiment, within, Path(scratch))
        }
        if with_data:
            members |= {RUN + name: path for name, path in _of_data(within)}
        with whole_file(place) as draft:
            _write(draft, folder.path.name, members, told)
    return Packed(place.stat().st_size, () if with_data else data)


def size_of_data(folder: RunFolder) -> int:
    """Return how many bytes the data of a run has that would be taken along. Raises Invalid, OSError."""
    within = places_within(paths_in(experiment_of(folder).data))
    return sum(path.stat().st_size for _, path in _of_data(within))


def _refuse_unfit(folder: RunFolder) -> None:
    if status.is_worked_on(folder):
        raise Invalid([Problem("", "the run is at work just now: pause or stop it, then pack it")])
    if not folder.started.exists():
        why = "the run has not begun, so there is nothing to pack: share its experiment.toml instead"
        raise Invalid([Problem("", why)])


def places_within(paths: Sequence[str]) -> dict[str, str]:
    """Return where each path of data lies in the folder of a packed run: data/NAME.

    What lies in another one of them stays in that; of two that have one name the second gets a folder.
    """
    found: dict[str, str] = {}
    taken: set[str] = set()
    # those above come before what lies in them
    for path in sorted(dict.fromkeys(paths), key=lambda path: len(Path(path).parts)):
        above = next((parent for parent in Path(path).parents if str(parent) in found), None)
        if above is not None:
            found[path] = str(PurePosixPath(found[str(above)], *Path(path).relative_to(above).parts))
            continue
        name = Path(path).name or "root"
        number = 1
        place = f"{DATA}/{name}"
        # not all disks tell A from a
        while place.casefold() in taken:
            number += 1
            place = f"{DATA}/{number}/{name}"
        taken.add(place.casefold())
        found[path] = place
    return found


def _of_run(
    folder: RunFolder, experiment: Experiment, within: Mapping[str, str], scratch: Path
) -> Iterator[tuple[str, Content]]:
    """Yield the files of the run's folder, by name: none of them says where the run lay, or its data."""

    def place(path: str) -> str:
        if path == experiment.preprocessing.tokenizer_file:
            return folder.tokenizer.name  # what it was read into stands beside the run
        found = within.get(path, f"{DATA}/{Path(path).name}")
        # where it is not taken along, the name only tells a person what is to be looked for
        return found if is_data(found) else f"{DATA}/{slug(found.removeprefix(DATA))}"

    yield folder.experiment.name, experiment_file.dump(with_paths(experiment, place)).encode()
    started = folder.read_json(folder.started)
    yield folder.started.name, _json({**started, "folder": ""})
    if folder.history.exists():
        # as one file: of a run that was killed there may lie a journal beside it
        copy = scratch / folder.history.name
        with closing(HistoryReader(folder.history)) as history:
            history.copy_to(copy)
        yield folder.history.name, copy
    done = {folder.experiment.name, folder.started.name, folder.history.name}
    for name in sorted(RUN_FILES - done):
        if (path := folder.path / name).is_file() and not path.is_symlink():
            yield name, path
    for path in sorted(folder.checkpoints.glob("step-*")):
        name = f"{folder.checkpoints.name}/{path.name}"
        if CHECKPOINT.fullmatch(name) and path.is_file() and not path.is_symlink():
            yield name, path


def _of_data(within: Mapping[str, str]) -> Iterator[tuple[str, Path]]:
    """Yield the files of the data with their names in the folder of the run. Raises Invalid, OSError."""
    seen: set[str] = set()
    for given, place in within.items():
        path = Path(given)
        if not path.exists():
            why = Message("{path} is not there any more: put it back, or pack without the data",
                          path=given)  # fmt: skip
            raise Invalid([Problem("data", why)])
        for file in _files(path):
            name = str(PurePosixPath(place, *file.relative_to(path).parts))
            if not is_data(name):
                why = Message("{name} is no name on every system: rename it, or pack without the data",
                              name=as_written(name))  # fmt: skip
                raise Invalid([Problem("data", why)])
            if name not in seen:
                seen.add(name)
                yield name, file


def _files(path: Path) -> Iterator[Path]:
    """Yield a file, or all files below a folder, in a steady order; links to folders may lead in circles."""
    if not path.is_dir():
        yield path
        return
    for above, folders, names in os.walk(path):
        folders.sort()
        # is_file: a pipe has no end
        yield from (file for name in sorted(names) if (file := Path(above, name)).is_file())


def _write(draft: BinaryIO, name: str, members: Mapping[str, Content], told: Told) -> None:
    total = sum(_size(content) for content in members.values())
    done = 0
    listed: dict[str, Member] = {}
    with zipfile.ZipFile(draft, "w") as archive:
        for member, content in members.items():
            size, digest = 0, hashlib.sha256()
            with archive.open(_info(member), "w", force_zip64=True) as target, _opened(content) as source:
                while chunk := source.read(CHUNK):
                    target.write(chunk)
                    digest.update(chunk)
                    size += len(chunk)
                    done += len(chunk)
                    told(done, total)
            listed[member] = Member(size, digest.hexdigest())
        contents = Contents(FORMAT, __version__, name, listed)
        archive.writestr(_info(LIST), _json(dataclasses.asdict(contents)))


def _info(member: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(member, _BEGINNING)
    # numbers of weights hardly get smaller, and take long
    stored = member.endswith(".safetensors")
    info.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    return info


def _size(content: Content) -> int:
    return len(content) if isinstance(content, bytes) else content.stat().st_size


def _opened(content: Content) -> BinaryIO:
    return io.BytesIO(content) if isinstance(content, bytes) else content.open("rb")


def _json(content: Mapping[str, object]) -> bytes:
    return (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode(errors="backslashreplace")
