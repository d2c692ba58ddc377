"""The licences of everything shipped, as one text: python bundle_licences.py BUNDLE FILE.

Runs in the environment that the bundle was made from. Texts come from what the packages carry themselves;
for libraries that PyInstaller took from the system, from what Debian says of them. Before there is a bundle
(and on other systems than Linux, which lend it none) the text is whole but for those.
"""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import Distribution, distributions
from pathlib import Path

LINE = "=" * 100
BUILD_TOOLS = {"altgraph", "packaging", "pip", "pyinstaller-hooks-contrib", "setuptools", "wheel"}
_PREAMBLE = """Ravine is under the MIT licence; the data, icons and fonts that it ships are listed in NOTICE.
This text lists the programs and libraries that are installed with it, each under its own licence. Qt and
PySide6 are used under the LGPL version 3: they lie as libraries of their own beside this file and may be
replaced.
"""


@dataclass(frozen=True)
class Part:
    """Something shipped: its name and version, the licence in a word, and the texts."""

    name: str
    licence: str
    texts: tuple[str, ...]


def main(bundle: Path, file: Path) -> None:
    """Write the text; print the names of parts without one."""
    parts = [python_itself(), *packages(), *system_libraries(bundle)]
    file.write_text(as_text(parts), "utf-8")
    for part in parts:
        if not part.texts:
            print(f"no licence text: {part.name} ({part.licence})")


def as_text(parts: Sequence[Part]) -> str:
    """The list of names, then each with its texts; a text that several have in common stands once."""
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


def python_itself() -> Part:
    """Python and its standard library."""
    places = (Path(sysconfig.get_path("stdlib")) / "LICENSE.txt", Path(sys.base_prefix) / "LICENSE.txt")
    texts = tuple(place.read_text("utf-8", "replace") for place in places if place.is_file())
    return Part(f"Python {sys.version.split()[0]}", "PSF-2.0", texts[:1])


def packages() -> Iterator[Part]:
    """The Python packages of this environment but for the tools that build."""
    for distribution in sorted(distributions(), key=lambda found: found.name.lower()):
        if distribution.name.lower() not in BUILD_TOOLS:
            name = f"{distribution.name} {distribution.version}"
            yield Part(name, _licence_word(distribution), tuple(_texts(distribution)))


def _licence_word(distribution: Distribution) -> str:
    stated = [
        *_metadata(distribution, "License-Expression"),
        ", ".join(
            line.rpartition(" :: ")[2]
            for line in _metadata(distribution, "Classifier")
            if line.startswith("License ::")
        ),
        *_metadata(distribution, "License"),
    ]
    return next((text.splitlines()[0][:80] for text in stated if text.strip()), "see below")


def _metadata(distribution: Distribution, key: str) -> list[str]:
    return list(distribution.metadata.get_all(key) or [])


def _texts(distribution: Distribution) -> Iterator[str]:
    for file in distribution.files or []:
        path = file.as_posix().lower()
        name = path.rpartition("/")[2]
        in_place = ".dist-info/" in path or path.count("/") <= 1
        if in_place and name.startswith(("licen", "copying", "notice", "lgpl", "gpl", "authors")):
            located = Path(str(distribution.locate_file(file)))
            if located.is_file() and located.suffix not in (".py", ".pyc"):
                yield located.read_text("utf-8", "replace")


def system_libraries(bundle: Path) -> Iterator[Part]:
    """Libraries of the system on the bundle's first level, by Debian's package where there is one."""
    found: dict[str, list[str]] = {}
    for library in sorted(bundle.glob("*.so*")):
        if not library.is_symlink() and not library.name.startswith("libpython"):
            found.setdefault(_debian_package(library.name), []).append(library.name)
    for package, names in sorted(found.items()):
        copyright_text = Path("/usr/share/doc") / package / "copyright"
        texts = (
            (copyright_text.read_text("utf-8", "replace"),) if package and copyright_text.is_file() else ()
        )
        yield Part(f"{package or 'other libraries'} ({', '.join(names)})", "see below", texts)


def _debian_package(library: str) -> str:
    """The package that owns a library of this name, "" where that cannot be told."""
    try:
        answer = subprocess.run(["dpkg", "-S", f"*/{library}"], check=False, capture_output=True, text=True)
    except OSError:
        return ""
    return answer.stdout.partition(":")[0].strip() if answer.returncode == 0 else ""


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
