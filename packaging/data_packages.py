"""Packages that carry data: fetched with the tool they belong to, unpacked without installing anything."""

from __future__ import annotations

import os
import shutil
import sys
import tarfile
import zipfile
from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path

from setup_console import SetupError, answer_of, run_program


@dataclass(frozen=True)
class Package(ABC):
    """A package of one registry, by its name there."""

    name: str

    @property
    @abstractmethod
    def words(self) -> str:
        """What it is called in a sentence: "Debian's dataset-fashion-mnist"."""

    @abstractmethod
    def fetch(self, folder: Path) -> None:
        """Download its one file into an empty folder. Raises SetupError where that cannot be."""

    @abstractmethod
    def unpack(self, file: Path, folder: Path) -> None:
        """Unpack the file that `fetch` brought into a folder that is not there yet."""


class Debian(Package):
    """A package of Debian and its kin."""

    @property
    def words(self) -> str:
        return f"Debian's {self.name}"

    def fetch(self, folder: Path) -> None:
        # "download" alone: it installs nothing and needs no root
        run_program([_tool("apt-get", self), "download", self.name], cwd=folder)

    def unpack(self, file: Path, folder: Path) -> None:
        run_program([_tool("dpkg", self), "--extract", file, folder], cwd=file.parent)


@dataclass(frozen=True)
class PyPI(Package):
    """A package for Python: the wheel, or with `source` the source archive."""

    version: str
    source: bool = False

    @property
    def words(self) -> str:
        return f"Python's {self.name} {self.version}"

    def fetch(self, folder: Path) -> None:
        kind = "--no-binary" if self.source else "--only-binary"
        asked = [
            "download",
            # only its own data is wanted
            "--no-deps",
            kind,
            ":all:",
            "--dest",
            str(folder),
            f"{self.name}=={self.version}",
        ]
        run_program([*_pip(self), *asked], cwd=folder)

    def unpack(self, file: Path, folder: Path) -> None:
        if file.suffix in (".whl", ".zip"):
            with zipfile.ZipFile(file) as archive:
                archive.extractall(folder)
            if file.suffix == ".zip":  # a source archive, whose files all lie in one folder
                _lift(folder)
        else:
            _untar(file, folder)


@dataclass(frozen=True)
class Npm(Package):
    """A package for Node."""

    version: str

    @property
    def words(self) -> str:
        return f"npm's {self.name} {self.version}"

    def fetch(self, folder: Path) -> None:
        run_program([_tool("npm", self), "pack", f"{self.name}@{self.version}"], cwd=folder)

    def unpack(self, file: Path, folder: Path) -> None:
        _untar(file, folder)


def _tool(name: str, package: Package) -> str:
    found = shutil.which(name)
    if found is None:
        raise SetupError(f"{name} is missing here, and {package.words} comes through it. Install {name}.")
    return found


def _pip(package: Package) -> list[str]:
    """A pip that runs: uv makes environments without one."""
    base = Path(sys.base_prefix) / ("python.exe" if os.name == "nt" else "bin/python3")
    for command in ([sys.executable, "-m", "pip"], [str(base), "-m", "pip"], ["uv", "tool", "run", "pip"]):
        if answer_of([*command, "--version"]) is not None:
            return command
    raise SetupError(f"pip is missing here, and {package.words} comes through it. Install pip.")


def _untar(file: Path, folder: Path) -> None:
    """Unpack an archive whose files all lie in one folder, without that folder."""
    with tarfile.open(file) as archive:
        # "data": nothing lands outside of the folder, no devices, no strange modes (PEP 706)
        archive.extractall(folder, filter="data")
    _lift(folder)


def _lift(folder: Path) -> None:
    """Where all files lie in one folder below, take that folder away."""
    inside = list(folder.iterdir())
    if len(inside) == 1 and inside[0].is_dir():
        whole = inside[0].rename(folder.with_name(f"{folder.name}.inside"))
        folder.rmdir()
        whole.rename(folder)
