"""Arrays of NumPy (.npy) as tables: a row for each entry, nothing of it unpickled."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.choices import Message
from engine.data.cells.number_marks import Marks
from engine.data.refusal import refused
from engine.data.source import Report
from engine.data.tables.raw import Table
from engine.data.tables.read.format import TableFormat
from engine.data.tables.read.text_tables import column_names, refuse_too_large
from engine.data.tables.read.typed import Cells, typed_table

_PEAK = 4
"""Memory that reading takes, in sizes of the array."""


def read_array_table(
    path: Path, how: TableFormat, targets: tuple[str, ...], report: Report, memory: int
) -> Table:
    """Return an array as a table: its columns, or its fields, where it is one of records.

    Raises Invalid where it has more axes, as pictures have, or holds objects of Python.
    """
    found = _array(path, memory)
    fields = found.dtype.names
    first = list(fields or ())
    if fields is None:
        found = found.reshape(len(found), -1)
        first = [""] * found.shape[1]
    names, told = column_names(first, len(first))
    wanted = [name for name in names if name not in set(how.left_out)]
    values = dict(zip(names, [found[name] for name in fields] if fields else found.T, strict=True))
    frame = pd.DataFrame({name: _column(values[name]) for name in wanted})
    rows = np.arange(1, len(found) + 1)
    cells = Cells(frame, tuple(names), rows, Marks(".", False, how.thousands), told)
    return typed_table(cells, how, targets, report)


def _array(path: Path, memory: int) -> NDArray[Any]:
    try:
        # only mapped: an array that does not fit is refused before it is read
        found: NDArray[Any] = np.load(path, mmap_mode="r", allow_pickle=False)
        refuse_too_large(path, found.nbytes * _PEAK, memory)
    except (ValueError, EOFError) as error:
        raise refused(
            "data.path",
            Message(
                "{name} is no array that can be read: {error}; objects of Python are not opened, as they "
                "could run any program",
                name=path.name,
                error=error,
            ),
        ) from None
    plain = found.dtype.names or found.dtype.kind in "biufUS"
    if not plain or not 1 <= found.ndim <= (1 if found.dtype.names else 2) or not found.size:
        raise refused(
            "data.path",
            Message(
                "{name} holds {shape} values of the type {kind}, which are no table: a table has rows and "
                "columns of numbers or texts; save pictures as PNG, in a folder per class, or in one .npz "
                "with x_train and y_train, and a series of several channels as a file for each recording",
                name=path.name,
                shape=" × ".join(map(str, found.shape)) or "single",
                kind=str(found.dtype),
            ),
        )
    return np.array(found)


def _column(values: NDArray[Any]) -> NDArray[np.generic]:
    if values.dtype.kind == "S":
        return np.char.decode(values.astype(np.bytes_), "utf-8", "replace").astype(object)
    if values.dtype.kind == "U":
        return values.astype(object)
    # pandas takes numbers in the order of bytes of this machine alone, and halves not everywhere
    return (
        values.astype(np.float64)
        if values.dtype.kind == "f"
        else values.astype(values.dtype.newbyteorder("="))
    )
