"""Make the frozen folder smaller on Linux: libraries that nothing needs go, and so do tables of symbols.

PyInstaller follows every plugin of Qt before our rules drop some of them, so that what only those needed
(GTK, for one) still lies there. And a third of PyTorch's largest library names functions for debuggers.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from pathlib import Path

from setup_console import SetupError, answer_of, run_program

# Those that every desktop has, newer than ours on newer systems, and whose other users (drivers of graphics
# cards, settings of fonts) must meet the same one: the usual exclusion list of Linux bundles.
SYSTEM_LIBRARIES = (
    "libICE.so.6",
    "libSM.so.6",
    "libX11-xcb.so.1",
    "libX11.so.6",
    "libcom_err.so.2",
    "libdbus-1.so.3",
    "libdrm.so.2",
    "libexpat.so.1",
    "libfontconfig.so.1",
    "libfreetype.so.6",
    "libgcc_s.so.1",
    "libgssapi_krb5.so.2",
    "libk5crypto.so.3",
    "libkrb5.so.3",
    "libkrb5support.so.0",
    "libstdc++.so.6",
    "libz.so.1",
)

# Only what was checked to work without its symbols; other wheels were patched in ways that `strip` destroys.
_STRIPPED = (
    "PIL/_imaging.*.so",
    "PySide6/Qt/lib/libicu*.so*",
    "msgpack/*.so",
    "libpython3*.so*",
    "python3*/lib-dynload/*.so",
    "pyarrow/*.so*",
    "safetensors/*.so",
    "tokenizers/*.so",
    "torch/lib/libc10.so",
    "torch/lib/libtorch_cpu.so",
    "torch/lib/libtorch_python.so",
)


def slim(inside: Path) -> None:
    """Make the folder that holds the libraries smaller, in place."""
    libraries = elf_files(inside)
    needed = {path: needed_libraries(path) for path in libraries}
    for path in unneeded(inside, needed):
        path.unlink()
    for link in [path for path in inside.rglob("*") if path.is_symlink() and not path.exists()]:
        link.unlink()
    for path in libraries:
        name = path.relative_to(inside).as_posix()
        if path.exists() and any(fnmatchcase(name, pattern) for pattern in _STRIPPED):
            strip(path)


def elf_files(folder: Path) -> list[Path]:
    """Every library and program in it, without links."""
    return sorted(
        path for path in folder.rglob("*") if path.is_file() and not path.is_symlink() and _is_elf(path)
    )


def _is_elf(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"


def needed_libraries(path: Path) -> frozenset[str]:
    """The names of the libraries that a library or program asks the system for."""
    answer = answer_of(["objdump", "-p", str(path)], seconds=120)
    if answer is None:
        raise SetupError("objdump is needed to build the program: apt-get install binutils")
    return names_needed(answer)


def names_needed(objdump: str) -> frozenset[str]:
    """The same, from what `objdump -p` prints."""
    return frozenset(re.findall(r"^\s+NEEDED\s+(\S+)$", objdump, re.MULTILINE))


def unneeded(inside: Path, needed: Mapping[Path, Iterable[str]]) -> list[Path]:
    """Libraries on the first level that the system has, or that nothing which stays needs."""
    loose = {path for path in needed if path.parent == inside and not fnmatchcase(path.name, "libpython*")}
    gone = {path for path in loose if path.name in SYSTEM_LIBRARIES}
    while True:
        wanted = {name for path, names in needed.items() if path not in gone for name in names}
        more = {path for path in loose - gone if path.name not in wanted}
        if not more:
            return sorted(gone)
        gone |= more


def strip(path: Path) -> None:
    """Take the symbols for debuggers out; the dynamic ones stay."""
    if shutil.which("strip") is None:
        raise SetupError("strip is needed to build the program: apt-get install binutils")
    run_program(["strip", "--strip-unneeded", path], cwd=path.parent)
