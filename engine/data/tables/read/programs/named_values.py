"""Tables of lines that name their values, as logs of boards: a column for each name, and one of the time."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd

from engine.choices import Message
from engine.data.cells.number_marks import Marks
from engine.data.cells.values import counted, listed
from engine.data.files.named_values import named_values, usual_names
from engine.data.source import Report
from engine.data.tables.raw import Table
from engine.data.tables.read.encodings import decode_errors, encoding_of
from engine.data.tables.read.format import TableFormat
from engine.data.tables.read.text_tables import refuse_too_large
from engine.data.tables.read.typed import Cells, typed_table

_GLANCE = 1 << 14
_PER_BYTE = 30
"""Memory per byte of the file, at the peak."""


def read_named_values(
    path: Path, how: TableFormat, targets: tuple[str, ...], report: Report, memory: int
) -> Table | None:
    """Return the table in the lines of a file that name their values; None for any other file.

    Lines with other names are left out and counted. Raises Invalid where it does not fit into memory.
    """
    with path.open("rb") as file:
        start = file.read(_GLANCE).decode("utf-8", "replace").splitlines()
    # a separator that is known was found by an earlier version, which read such lines as cells
    if how.separator != "auto" or not (names := usual_names(start)):
        return None
    refuse_too_large(path, path.stat().st_size * _PER_BYTE, memory)
    encoding, notices = encoding_of(path, how.encoding, report)
    lines = path.read_bytes().decode(encoding.codec, decode_errors(encoding.codec)).splitlines()
    every = [(number, named_values(line)) for number, line in enumerate(lines, 1) if line.strip()]
    kept = [(number, one) for number, one in every if one is not None and tuple(one.values) == names]
    timed = sum(bool(one.when) for _, one in kept)
    time = next(name for name in ("time", "time (2)") if name not in names) if 2 * timed > len(kept) else ""
    columns = [time] * bool(time) + [*names]
    rows = [[one.when or None] * bool(time) + [*one.values.values()] for _, one in kept]
    numbers = np.array([number for number, _ in kept], np.int64)
    frame = pd.DataFrame(rows, columns=pd.Index(columns), dtype=object)
    told = [
        _told(columns, [one.units for _, one in kept]),
        *_told_left(
            [lines[number - 1] for number, one in every if one is None or tuple(one.values) != names]
        ),
    ]
    cells = Cells(
        frame[[name for name in columns if name not in set(how.left_out)]],
        tuple(columns),
        numbers,
        Marks(".", False, how.thousands),
        (*notices, *told),
        {"encoding": encoding.setting},
        written=lambda name: frame[name].set_axis(numbers),
    )
    return typed_table(cells, how, targets, report)


def _told(columns: list[str], units: list[dict[str, str]]) -> str:
    usual = {name: Counter(one.get(name, "") for one in units).most_common(1)[0][0] for name in columns}
    shown = [f"{name} ({usual[name]})" if usual[name] else name for name in columns]
    return Message("each line is a row, and the names in it are columns: {names}", names=", ".join(shown))


def _told_left(lines: list[str]) -> list[str]:
    said = Message(
        "{counted} with other names, or without values, left out: {lines}",
        counted=counted(len(lines), "line"),
        lines=listed(lines, 3),
    )
    return [said] if lines else []
