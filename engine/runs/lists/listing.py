"""Listing the runs below a folder: quickly for thousands, and whatever state their folders are in."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import math
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ConfigDict, TypeAdapter

from engine.atomic import write_bytes
from engine.choices import Invalid, Message
from engine.events import AT_REST, State
from engine.runs import places, status
from engine.runs.folder import RunFolder, finite, opened
from engine.runs.lists.label import Label, read_label

_INDEX_FORMAT = 4
_MOST_INDEX = 256 << 20

Metrics = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True)
class RunEntry:
    """One run as lists show it. `metrics`: by part ("validation"), then "loss" and the metrics' kinds.

    `trouble` says what is wrong with the folder, where something is; the run can then not be shown whole.
    """

    folder: str
    name: str
    state: State
    step: int = 0
    epoch: int = 0
    epochs: int = 0
    seconds: float = 0.0
    started: float = 0.0
    why: str = ""
    metrics: Metrics = field(default_factory=dict)
    trouble: str = ""
    note: str = ""
    """What a person noted of the run."""
    tags: tuple[str, ...] = ()
    starred: bool = False


def list_runs(runs: Path, index: Path | None = None) -> tuple[RunEntry, ...]:
    """Return all runs below `runs`, the newest first. Damaged ones are listed with what is wrong.

    `index`: the folder of the index, which spares reading runs that have ended; a cache folder by default.
    An index that is missing, damaged or old is made anew. A folder that is not there holds no runs.
    """
    try:
        # names with a dot are drafts of runs that are being made (`creation`)
        paths = sorted((path for path in runs.iterdir() if not path.name.startswith(".")), reverse=True)
    except OSError:
        return ()
    # a broken link is no folder, yet the list shall say what it is
    file = _index_file(runs, index or places.cache())
    known = _read_index(file)
    found = {path.name: (_stamp(path), path) for path in paths if path.is_dir() or path.is_symlink()}
    entries = {
        name: known[name][1] if name in known and known[name][0] == stamp and stamp else read_entry(path)
        for name, (stamp, path) in found.items()
    }
    kept = {name: (found[name][0], entry) for name, entry in entries.items() if _settled(entry)}
    if kept != known:
        _write_index(file, kept)
    return tuple(sorted(entries.values(), key=lambda entry: (entry.started, entry.folder), reverse=True))


def read_entry(path: Path) -> RunEntry:
    """Return the entry of one run folder, with `trouble` where it is not whole."""
    if path.is_symlink():
        return _broken(path, "is a link; only folders that lie here are runs")
    try:
        folder = opened(path)
    except Invalid as error:
        return _broken(path, _said(error))
    try:
        now = status.read(folder)
    except Invalid as error:
        why = Message("{trouble}. Resume goes on from what is there.", trouble=_said(error))
        # as one that was interrupted: what its folder still has can be gone on from
        return RunEntry(str(folder.path), path.name, "interrupted", why=why, trouble=_said(error))
    metrics, trouble = _metrics(folder, now)
    try:
        label = read_label(folder)
    except Invalid as error:
        label = Label(note=_said(error))  # the run itself is whole
    return RunEntry(
        folder=str(folder.path),
        name=label.name or now.name or path.name,
        state=now.state,
        step=now.step,
        epoch=now.epoch,
        epochs=now.epochs,
        seconds=now.seconds,
        started=now.started,
        why=now.why,
        metrics=metrics,
        trouble=trouble,
        note=label.note,
        tags=label.tags,
        starred=label.starred,
    )


def scores(content: Mapping[str, Any]) -> dict[str, dict[str, float]]:
    """Return loss and metrics by part from the content of metrics.json; what is no number is left out."""
    found = {}
    for part, values in content.items():
        if isinstance(values, dict) and isinstance(values.get("metrics"), dict):
            numbers = {"loss": values.get("loss"), **values["metrics"]}
            found[str(part)] = {
                str(kind): float(number)
                for kind, number in numbers.items()
                # False for NaN and infinities, and for an int of 400 digits, of which float() would raise
                if isinstance(number, int | float) and abs(number) <= sys.float_info.max
            }
    return found


def _metrics(folder: RunFolder, now: status.Status) -> tuple[Metrics, str]:
    """Return the final scores, or the newest ones of a run that has not ended."""
    # of a run that was stopped and goes on again the file tells of its earlier end
    if folder.metrics.exists() and now.state in ("finished", "stopped"):
        try:
            return scores(folder.read_json(folder.metrics)), ""
        except Invalid as error:
            return {}, _said(error)
    newest: dict[str, dict[str, float]] = {}
    for series, value in now.latest.items():
        part, _, kind = series.partition(".")
        if math.isfinite(value):
            newest.setdefault(part, {})[kind] = value
    return newest, ""


def _broken(path: Path, trouble: str) -> RunEntry:
    return RunEntry(str(path.absolute()), path.name, "failed", why=trouble, trouble=trouble)


def _said(error: Invalid) -> str:
    return "; ".join(str(problem) for problem in error.problems)


# ------------------------------------------------------------------------------------------ the index


def _settled(entry: RunEntry) -> bool:
    """Return whether an entry stays true while the files of its run do not change."""
    # whether it was interrupted depends on processes, too, and not on files alone
    return entry.state in AT_REST and not entry.trouble and entry.state != "interrupted"


def _stamp(path: Path) -> str:
    """Return a text that changes with the files an entry is read from; "" where it cannot be told."""
    try:
        times = [
            (path / name).lstat().st_mtime_ns if (path / name).exists() else 0
            for name in ("status.json", "metrics.json", "experiment.toml", "label.json")
        ]
    except OSError:
        return ""
    return "" if path.is_symlink() or not times[0] else " ".join(str(time) for time in times)


def _index_file(runs: Path, folder: Path) -> Path:
    # a path on Linux may hold bytes that are no text
    name = hashlib.blake2b(str(runs.absolute()).encode(errors="surrogatepass"), digest_size=12).hexdigest()
    return folder / "runs" / f"{name}.json"


# Python's json reads NaN and Infinity, which no entry that was written holds
_INDEX: TypeAdapter[dict[str, tuple[str, RunEntry]]] = TypeAdapter(
    dict[str, tuple[str, RunEntry]], config=ConfigDict(allow_inf_nan=False)
)
"""By name of a folder its stamp and entry. What lies in the cache is no more trusted than a run's folder."""


def _read_index(file: Path) -> dict[str, tuple[str, RunEntry]]:
    try:
        if file.stat().st_size > _MOST_INDEX:
            return {}
        content = json.loads(file.read_bytes())
        if content["format"] != _INDEX_FORMAT:
            return {}
        return _INDEX.validate_python(content["runs"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}  # ValidationError is a ValueError


def _write_index(file: Path, entries: Mapping[str, tuple[str, RunEntry]]) -> None:
    runs = {name: [stamp, finite(dataclasses.asdict(entry))] for name, (stamp, entry) in entries.items()}
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        # not waited for: what a dying machine loses is made anew from the folders
        write_bytes(file, json.dumps({"format": _INDEX_FORMAT, "runs": runs}).encode(), durable=False)
    except OSError:
        return  # the list is then read from the folders each time
