"""Unpacking a run that anybody may have made: nothing in it is run, nothing written outside its folder."""

from __future__ import annotations

import hashlib
import shutil
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pydantic import TypeAdapter, ValidationError

from engine import experiment_file
from engine.choices import Invalid, Message, Problem, paths_in
from engine.runs import status
from engine.runs.creation import whole
from engine.runs.folder import MOST_JSON, RunFolder
from engine.runs.history.reader import HistoryReader
from engine.runs.packed.contents import (
    CHECKPOINT,
    CHUNK,
    FORMAT,
    LIST,
    RUN,
    RUN_FILES,
    Contents,
    Told,
    is_data,
    untold,
)

_CONTENTS = TypeAdapter(Contents)


@dataclass(frozen=True)
class _OfAnyFormat:
    format: int


_FORM = TypeAdapter(_OfAnyFormat)
_NEEDED = ("experiment.toml", "status.json", "started.json")
_MOST_NAME = 120
_ROOM = 1.05
"""Free space that must be there, as a share of what is unpacked."""
_SECRET = 0x1
"""The flag of a file that is encrypted."""
_KNOWN_WAYS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def unpack(file: Path, runs: Path, told: Told = untold) -> RunFolder:
    """Make the run that is packed in `file` a folder below `runs`, whole or not at all; return it.

    Raises Invalid where it is no packed run, damaged, of a later format, or holds what no run holds.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            contents = _read_list(archive)
            _refuse_names(contents)
            _refuse_without_room(contents, runs)
            return whole(runs, _name(contents.name), lambda draft: _fill(draft, archive, contents, told))
    except zipfile.BadZipFile as error:
        raise _unfit(Message("is no packed run, or damaged ({why})", why=error)) from None
    except OSError as error:
        why = Message("{file} cannot be read: {why}", file=file, why=error.strerror or error)
        raise Invalid([Problem("", why)]) from None


def _unfit(why: str) -> Invalid:
    return Invalid([Problem("", Message("the file {why}", why=why))])


def _read_list(archive: zipfile.ZipFile) -> Contents:
    """Return the list of the archive, which all that is unpacked must be in. Raises Invalid."""
    infos = [info for info in archive.infolist() if info.filename == LIST]
    if len(infos) != 1:
        raise _unfit(Message("is no packed run: it holds no {name}", name=LIST))
    content = b"".join(_chunks(archive, infos[0], MOST_JSON))
    try:
        # the form alone first: a later format may say all else otherwise
        form = _FORM.validate_json(content).format
        contents = _CONTENTS.validate_json(content, strict=True) if form == FORMAT else None
    except ValidationError:
        raise _unfit(Message("is no packed run: its {name} cannot be understood", name=LIST)) from None
    if contents is None:
        raise _unfit(Message("was packed by another version of Ravine, {form}: update this one", form=form))
    return contents


def _refuse_names(contents: Contents) -> None:
    """Raise Invalid where anything would lie outside of the run's folder, or is no file of a run."""
    for member in contents.files:
        name = member.removeprefix(RUN)
        known = name in RUN_FILES or CHECKPOINT.fullmatch(name) or is_data(name)
        if not member.startswith(RUN) or not known:
            raise _unfit(Message("holds what no run holds: {name}", name=member[:200]))
    for needed in _NEEDED:
        if RUN + needed not in contents.files:
            raise _unfit(Message("is no whole run: {name} is missing", name=needed))
    folded = {unicodedata.normalize("NFC", member).casefold() for member in contents.files}
    if len(folded) < len(contents.files):
        # not all disks tell them apart: one would take the place of the other
        raise _unfit(Message("holds two files of one name"))


def _refuse_without_room(contents: Contents, runs: Path) -> None:
    """Raise Invalid where the disk has less room than the list says is needed."""
    runs.mkdir(parents=True, exist_ok=True)
    needed = sum(member.bytes for member in contents.files.values())
    free = shutil.disk_usage(runs).free
    if needed * _ROOM > free:
        why = Message("takes {needed:,} MB; on the disk of {runs} {free:,} are free",
                      needed=needed >> 20, runs=runs, free=free >> 20)  # fmt: skip
        raise _unfit(why)


def _name(given: str) -> str:
    """Return the name of the new folder: that of the run where it is plain, or what of it is."""
    kept = "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in given)[:_MOST_NAME]
    return kept.strip("-_") or "run"


def _fill(draft: RunFolder, archive: zipfile.ZipFile, contents: Contents, told: Told) -> None:
    """Write all files into the folder, and look whether they are a run. Raises Invalid, OSError."""
    draft.checkpoints.mkdir()
    infos = _infos(archive, contents)
    total = sum(member.bytes for member in contents.files.values())
    done = 0
    for member, facts in contents.files.items():
        place = draft.path / PurePosixPath(member.removeprefix(RUN))
        place.parent.mkdir(parents=True, exist_ok=True)
        digest = hashlib.sha256()
        with place.open("xb") as target:
            for chunk in _chunks(archive, infos[member], facts.bytes):
                target.write(chunk)
                digest.update(chunk)
                done += len(chunk)
                told(done, total)
        if digest.hexdigest() != facts.sha256:
            raise _unfit(Message("is damaged: {name} is not what was packed", name=member))
    _refuse_no_run(draft)


def _infos(archive: zipfile.ZipFile, contents: Contents) -> Mapping[str, zipfile.ZipInfo]:
    infos = {info.filename: info for info in archive.infolist()}
    for member in contents.files:
        if member not in infos:
            raise _unfit(Message("is damaged: {name} is missing", name=member))
    return infos


def _chunks(archive: zipfile.ZipFile, info: zipfile.ZipInfo, most: int) -> Iterator[bytes]:
    """Yield the content of a file of the archive piece by piece, no more than `most` bytes. Raises Invalid.

    What the archive says of a size is not believed: a few bytes can unpack to very many.
    """
    if info.flag_bits & _SECRET or info.compress_type not in _KNOWN_WAYS:
        raise _unfit(Message("is damaged: {name} is packed in an unknown way", name=info.filename))
    try:
        with archive.open(info) as source:
            left = most
            while chunk := source.read(CHUNK):
                left -= len(chunk)
                if left < 0:
                    raise _unfit(Message("is damaged: {name} is larger than it says", name=info.filename))
                yield chunk
    except (zlib.error, EOFError, zipfile.BadZipFile) as error:
        raise _unfit(Message("is damaged: {name}: {why}", name=info.filename, why=error)) from None


def _refuse_no_run(draft: RunFolder) -> None:
    """Raise Invalid where the files are no run, or its experiment names what lies outside of its folder."""
    experiment = experiment_file.read(draft.experiment)
    status.parse(draft.read_json(draft.status))
    draft.read_json(draft.started)
    if draft.history.exists():
        HistoryReader(draft.history).close()
    for path in paths_in(experiment):
        # A stranger's absolute path would have us read any file of this machine, or ask for one elsewhere.
        if path != draft.tokenizer.name and not is_data(path):
            raise _unfit(Message("names a file outside of the run: {path}", path=path[:200]))
