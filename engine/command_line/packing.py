"""The `pack` and `unpack` commands: a run in one file."""

from __future__ import annotations

import sys
from pathlib import Path

from engine.choices import Invalid, Message, Problem
from engine.command_line.codes import DONE
from engine.command_line.output import json_text, tell
from engine.runs import places
from engine.runs.folder import opened
from engine.runs.packed.contents import ENDING
from engine.runs.packed.packing import pack as pack_run
from engine.runs.packed.unpacking import unpack as unpack_run


def pack(run: str, out: Path | None, *, with_data: bool, as_json: bool) -> int:
    """Write a run into one file, by default beside where one stands; return the exit code."""
    folder = opened(run)
    place = (out or Path(folder.path.name + ENDING)).absolute()
    if place.is_dir():
        place = place / (folder.path.name + ENDING)
    try:
        packed = pack_run(folder, place, with_data=with_data)
    except OSError as error:
        why = Message("{path} cannot be written: {why}", path=place, why=error.strerror or error)
        raise Invalid([Problem("", why)]) from None
    for path in packed.left_out:
        tell(sys.stderr, Message("without its data, {path}: it predicts, but cannot be gone on with; "
                                 "--with-data takes it along\n", path=path))  # fmt: skip
    if as_json:
        left_out = list(packed.left_out)
        tell(sys.stdout, json_text({"file": str(place), "bytes": packed.bytes, "left_out": left_out}))
    else:
        tell(sys.stdout, f"{place}\n")
    return DONE


def unpack(file: Path, runs: Path | None, *, as_json: bool) -> int:
    """Make a packed run a folder among the runs and print where; return the exit code."""
    folder = unpack_run(file, (runs or places.default_runs()).absolute())
    tell(sys.stdout, json_text({"folder": str(folder.path)}) if as_json else f"{folder.path}\n")
    return DONE
