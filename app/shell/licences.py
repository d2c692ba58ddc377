"""The licences of everything that Ravine ships or runs on: names, texts, and the file that holds them all.

An installed program carries the file, made when it was built. From source, what is installed is listed.
"""

from __future__ import annotations

import re
import sys
import sysconfig
import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

LINE = "=" * 100
FILE = "third-party-licences.txt"
WITHOUT_TEXT: Mapping[str, tuple[str, ...]] = {
    "pyside6-essentials": ("LGPL-3.0.txt", "GPL-3.0.txt"),
    "shiboken6": ("LGPL-3.0.txt", "GPL-3.0.txt"),
    "tokenizers": ("Apache-2.0.txt",),
}
"""Packages that do not carry the text of their licence, and where in resources/licences it stands."""
_PREAMBLE = """Ravine is under the MIT licence; the data, icons and fonts that it ships are listed in NOTICE.
This text lists the programs and libraries that are installed with it, each under its own licence. Qt and
PySide6 are used under the LGPL version 3: they lie as libraries of their own beside this file and may be
replaced. Their source code is at https://download.qt.io, and what Qt itself contains of others is listed at
https://doc.qt.io/qt-6/licenses-used-in-qt.html.
"""


@dataclass(frozen=True)
class LicensedPart:
    """Something shipped: its name and version, the licence in a word, and the texts."""

    name: str
    licence: str
    texts: tuple[str, ...]


def everything(program: Path) -> list[LicensedPart]:
    """Return all that the program in this folder consists of, itself first."""
    ours = LicensedPart("Ravine", "MIT", ((program / "LICENSE").read_text("utf-8"),))
    notice = read_parts((program / "NOTICE").read_text("utf-8"))
    return [ours, *notice, *_libraries(program)]


def _libraries(program: Path) -> list[LicensedPart]:
    made = program / FILE
    if made.is_file():
        return read_parts(made.read_text("utf-8"))
    return [python_itself(), *packages(requirements(program), program)]


def as_text(parts: Sequence[LicensedPart]) -> str:
    """Return the list of names, then each with its texts; a text that several have in common stands once."""
    blocks, known = [_PREAMBLE, *(f"    {part.name}: {part.licence}" for part in parts)], dict[str, str]()
    for part in parts:
        blocks.append(f"\n{LINE}\n{part.name}   {part.licence}\n{LINE}\n")
        for text in part.texts:
            if text in known:
                blocks.append(f"(the same text as under {known[text]})\n")
            else:
                known[text] = part.name
                blocks.append(text.strip() + "\n")
    return "\n".join(blocks)


def read_parts(text: str) -> list[LicensedPart]:
    """Return the parts of a text such as `as_text` writes, or of NOTICE."""
    _, *pieces = re.split(rf"^{LINE}\n(.*)\n{LINE}$", text, flags=re.MULTILINE)
    parts = []
    for heading, body in zip(pieces[::2], pieces[1::2], strict=True):
        name, *words = re.split(r"\s{3,}", re.sub(r"^\d+\. ", "", heading))
        parts.append(LicensedPart(name, words[0] if words else "see below", (body.strip("\n"),)))
    return parts


def python_itself() -> LicensedPart:
    """Return Python and its standard library."""
    places = (Path(sysconfig.get_path("stdlib")) / "LICENSE.txt", Path(sys.base_prefix) / "LICENSE.txt")
    texts = tuple(place.read_text("utf-8", "replace") for place in places if place.is_file())
    # one is enough: which of the two places has it differs by system
    return LicensedPart(f"Python {sys.version.split()[0]}", "PSF-2.0", texts[:1])


def requirements(program: Path) -> tuple[str, ...]:
    """Return the names of what the program itself requires."""
    project = tomllib.loads((program / "pyproject.toml").read_text("utf-8"))["project"]
    return tuple(_name(line) for line in project["dependencies"])


def packages(names: Collection[str], program: Path, without: Collection[str] = ()) -> list[LicensedPart]:
    """Return the packages of these names and all that they require, where installed, but for `without`."""
    found: dict[str, Distribution] = {}
    waiting = [_name(name) for name in names]
    while waiting:
        name = waiting.pop()
        if name in found or name in without:
            continue
        try:
            found[name] = distribution(name)
        except PackageNotFoundError:  # for another system, or a thing that is only needed at times
            continue
        # what belongs to an extra was not asked for
        waiting += [_name(line) for line in found[name].requires or [] if "extra ==" not in line]
    return [_part(name, found[name], program) for name in sorted(found)]


def _part(name: str, package: Distribution, program: Path) -> LicensedPart:
    texts = tuple(_texts(package))
    if not texts:
        folder = program / "resources" / "licences"
        texts = tuple((folder / file).read_text("utf-8") for file in WITHOUT_TEXT.get(name, ()))
    return LicensedPart(f"{package.name} {package.version}", _licence_word(package), texts)


def _name(requirement: str) -> str:
    """Return the name at the beginning of a requirement, written as package registries compare it."""
    match = re.match(r"[A-Za-z0-9._-]+", requirement)
    return re.sub(r"[-_.]+", "-", match[0]).lower() if match else ""


def _licence_word(package: Distribution) -> str:
    stated = [
        *_metadata(package, "License-Expression"),
        ", ".join(
            line.rpartition(" :: ")[2]
            for line in _metadata(package, "Classifier")
            if line.startswith("License ::")
        ),
        *_metadata(package, "License"),
    ]
    # some packages give the whole text of their licence here
    return next((text.splitlines()[0][:80] for text in stated if text.strip()), "see below")


def _metadata(package: Distribution, key: str) -> list[str]:
    return list(package.metadata.get_all(key) or [])


def _texts(package: Distribution) -> Iterator[str]:
    for file in package.files or []:
        path = file.as_posix().lower()
        name = path.rpartition("/")[2]
        in_place = ".dist-info/" in path or path.count("/") <= 1
        if in_place and name.startswith(("licen", "copying", "notice", "lgpl", "gpl", "authors")):
            located = Path(str(package.locate_file(file)))
            if located.is_file() and located.suffix not in (".py", ".pyc"):
                yield located.read_text("utf-8", "replace")
