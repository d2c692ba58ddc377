"""The names of a workbook's sheets, read without the sheets, so that one can be chosen before it is read."""

from __future__ import annotations

import html
import re
import zipfile
from pathlib import Path

_PART = "xl/workbook.xml"
_MOST_BYTES = 1 << 20
"""What lists so many bytes of sheets is no workbook that a person made."""
_MOST = 200
_NAME = re.compile(r"<(?:\w+:)?sheet\b[^>]*?\bname=\"([^\"]*)\"")


def sheet_names(path: Path) -> tuple[str, ...]:
    """Return the names in the order of the workbook, hidden ones too; none where it is no workbook."""
    if path.suffix.lower() not in (".xlsx", ".xlsm") or not path.is_file():
        return ()
    try:
        with zipfile.ZipFile(path) as archive, archive.open(_PART) as part:
            text = part.read(_MOST_BYTES).decode("utf-8", "replace")
    # RuntimeError: encrypted; NotImplementedError: packed in a way that zipfile does not know
    except (OSError, KeyError, ValueError, RuntimeError, NotImplementedError, zipfile.BadZipFile):
        return ()
    return tuple(html.unescape(name) for name in _NAME.findall(text)[:_MOST])
