"""Small files that claim very much: each is answered within twenty seconds and two gigabytes."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as arrow
from pyarrow import parquet

from tests.force.tries import Try, emptied, forked

_SECONDS, _BYTES = 20.0, 2 << 30
_PARTS = ("worksheets/sheet1", "sharedStrings", "styles", "workbook")


def _workbook(name: str, unit: bytes, thousands: int) -> Callable[[Path], None]:
    """Return what writes a workbook of which one part holds so many thousand times the same."""

    def write(path: Path) -> None:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for part in _PARTS:
                with archive.open(f"xl/{part}.xml", "w", force_zip64=True) as file:
                    file.write(b"<part>")
                    for _ in range(thousands if part == name else 0):
                        file.write(unit * 1000)
                    file.write(b"</part>")

    return write


def _parquet(path: Path) -> None:
    text = arrow.DictionaryArray.from_arrays(arrow.array([0] * 20_000, arrow.int32()), ["x" * 400_000])
    parquet.write_table(arrow.table({"a": [1.0] * 20_000, "c": text}), path, compression="zstd")


def _channels(path: Path) -> None:
    head = b"@problemName x\n@classLabel true a b\n@data\n"
    path.write_bytes(head + (b"1,2:" * 200_000 + b"a\n") * 3)


FILES: dict[str, Callable[[Path], None]] = {
    "40-million-cells-in-a-row.xlsx": _workbook("worksheets/sheet1", b"<c/>", 40_000),
    "30-million-rows.xlsx": _workbook("worksheets/sheet1", b"<row/>", 30_000),
    "20-million-texts.xlsx": _workbook("sharedStrings", b"<si><t>a</t></si>", 20_000),
    "5-million-styles.xlsx": _workbook("styles", b"<xf/>", 5_000),
    "2-million-fonts.xlsx": _workbook("styles", b"<font><b/></font>", 2_000),
    "one-text-in-every-row.parquet": _parquet,
    "200000-channels.ts": _channels,
    "device.csv": lambda path: path.symlink_to("/dev/zero"),
    "pipe.csv": lambda path: os.mkfifo(path),
}


def files(home: Path, count: int) -> str:
    """Have so many of the files looked at, each by a process of its own."""
    said = []
    for name in list(FILES)[-count:]:
        path = emptied(home) / name
        FILES[name](path)
        kind = "series_table" if path.suffix == ".ts" else "table"
        (home / "e.toml").write_text(f'format = 1\n[data]\nkind = "{kind}"\npath = "{name}"\n', "utf-8")
        child = forked(["check", "e.toml"], home)
        _, status, used = os.wait4(child, 0)
        # Its own time: others may want the machine meanwhile.
        seconds, held = used.ru_utime + used.ru_stime, used.ru_maxrss * 1024
        assert os.waitstatus_to_exitcode(status) in (0, 2), (home / "errors.txt").read_text("utf-8")
        assert seconds < _SECONDS, f"{name}: {seconds:.0f} s"
        assert held < _BYTES, f"{name}: {held / 1e9:.1f} GB"
        said.append(f"{name} {seconds:.1f} s {held / 1e9:.1f} GB")
    return ", ".join(said)


TRIES = (Try("files", "Files that claim very much", files, 4, len(FILES)),)
