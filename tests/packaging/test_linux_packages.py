"""The Linux packages: what they say of themselves, what the desktop reads, and installing without root."""

from __future__ import annotations

import argparse
import configparser
import gzip
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import linux_deb
import linux_share
import pytest
from bundle_version import project_version
from setup_console import SetupError
from setup_environment import ROOT

from engine.command_line import main as command_line
from engine.runs.packed.contents import ENDING
from tests.patience import PATIENCE

TEMPLATES = ROOT / "packaging" / "linux"
INSTALL = TEMPLATES / "install.sh"
linux_only = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a Linux script")


def entry() -> configparser.SectionProxy:
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(TEMPLATES / "org.ravine.workbench.desktop", "utf-8")
    return parser["Desktop Entry"]


def mime_type() -> str:
    space = {"m": "http://www.freedesktop.org/standards/shared-mime-info"}
    found = ElementTree.parse(TEMPLATES / "ravine.xml").getroot().find("m:mime-type", space)
    return found.attrib["type"]


def test_that_the_control_file_says_what_dpkg_must_know():
    text = linux_deb.control("1.2.3", "amd64", ["libc6 (>= 2.36)", "libegl1"], 700_000)
    fields = dict(line.split(": ", 1) for line in text.splitlines() if not line.startswith(" "))
    assert fields["Package"] == "ravine"
    assert fields["Version"] == "1.2.3"
    assert fields["Architecture"] == "amd64"
    assert fields["Depends"] == "libc6 (>= 2.36), libegl1"
    assert fields["Installed-Size"] == "700000"
    assert text.endswith("\n")
    assert "\n\n" not in text  # an empty line ends the paragraph


def test_that_dependencies_are_packages_each_once_without_the_c_library_itself():
    needed = ["libc.so.6", "libm.so.6", "ld-linux-x86-64.so.2", "libEGL.so.1", "libglib-2.0.so.0"]
    found = linux_deb.dependencies([*needed, "libgthread-2.0.so.0"], "2.36")
    assert found == ["libc6 (>= 2.36)", "libegl1", "libglib2.0-0", "xkb-data"]


def test_that_a_library_of_no_known_package_is_an_error_that_names_it():
    with pytest.raises(SetupError, match=r"libstrange\.so\.1"):
        linux_deb.dependencies(["libstrange.so.1"], "2.36")


def test_that_the_menu_entry_is_valid():
    assert entry()["Type"] == "Application"
    assert entry()["Exec"] == "ravine %f"
    assert entry()["Icon"] == "ravine"
    lists = [value for key, value in entry().items() if key in ("Categories", "MimeType", "Keywords")]
    assert lists
    assert all(value.endswith(";") for value in lists)


def test_that_the_window_is_known_by_the_name_of_its_menu_entry():
    assert 'setDesktopFileName("org.ravine.workbench")' in (ROOT / "app" / "__main__.py").read_text("utf-8")


def test_that_experiments_and_packed_runs_have_file_types_which_the_menu_entry_opens():
    root = ElementTree.parse(TEMPLATES / "ravine.xml").getroot()
    globs = [found.attrib["pattern"] for found in root.iter() if found.tag.endswith("}glob")]
    assert globs == ["*.ravine.toml", f"*{ENDING}"]
    types = [found.attrib["type"] for found in root.iter() if found.tag.endswith("}mime-type")]
    assert entry()["MimeType"] == "".join(f"{kind};" for kind in types)


def test_that_the_store_page_names_the_same_entry_type_and_version():
    text = linux_share.filled(
        (TEMPLATES / "org.ravine.workbench.metainfo.xml").read_text("utf-8"), "1.2.3", "2026-12-31"
    )
    root = ElementTree.fromstring(text.encode("utf-8"))
    assert root.findtext("launchable") == "org.ravine.workbench.desktop"
    assert root.findtext("provides/mediatype") == mime_type()
    assert root.find("releases/release").attrib == {"version": "1.2.3", "date": "2026-12-31"}
    assert root.findtext("project_license") == "MIT"


def test_that_the_manual_lists_every_command():
    parser = command_line._parser()
    (commands,) = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    page = (TEMPLATES / "ravine-engine.1").read_text("utf-8")
    assert [name for name in commands.choices if f"\\fB{name}\\fR" not in page] == []


def test_that_everything_for_the_desktop_is_written_with_the_version_filled_in(tmp_path):
    icons = tmp_path / "icons"
    icons.mkdir()
    for size in (16, 256):
        (icons / f"ravine-{size}.png").write_bytes(b"png")
    linux_share.write_share(tmp_path / "share", icons, "1.2.3", "2026-12-31")
    written = {
        path.relative_to(tmp_path / "share").as_posix()
        for path in (tmp_path / "share").rglob("*")
        if path.is_file()
    }
    assert written == {
        "applications/org.ravine.workbench.desktop",
        "icons/hicolor/16x16/apps/ravine.png",
        "icons/hicolor/256x256/apps/ravine.png",
        "icons/hicolor/scalable/apps/ravine.svg",
        "man/man1/ravine-engine.1.gz",
        "man/man1/ravine.1.gz",
        "metainfo/org.ravine.workbench.metainfo.xml",
        "mime/packages/ravine.xml",
    }
    page = gzip.decompress((tmp_path / "share" / "man" / "man1" / "ravine.1.gz").read_bytes()).decode()
    assert "Ravine 1.2.3" in page
    assert "@" not in page


def test_that_packed_text_is_the_same_at_any_time():
    assert linux_share.packed("text") == linux_share.packed("text")


@pytest.fixture
def unpacked(tmp_path: Path) -> Path:
    """An archive as it is unpacked, in a folder with spaces and other letters, with a stand-in program."""
    folder = tmp_path / "ünpacked here" / "ravine-1.2.3"
    (folder / "_internal").mkdir(parents=True)
    for name in ("ravine", "ravine-engine"):
        (folder / name).write_text("#!/bin/sh\necho started\n", "utf-8")
        (folder / name).chmod(0o755)
    icons = tmp_path / "icons"
    icons.mkdir()
    (icons / "ravine-16.png").write_bytes(b"png")
    linux_share.write_share(folder / "share", icons, "1.2.3", "2026-12-31")
    shutil.copy(INSTALL, folder)
    return folder


def install(script: Path, home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    home.mkdir(exist_ok=True)
    return subprocess.run(
        ["sh", str(script), *arguments],
        check=False,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        cwd=home,
        env={"HOME": str(home), "PATH": os.environ["PATH"]},
    )


@linux_only
def test_that_installing_puts_program_commands_and_entry_into_the_home(unpacked, tmp_path):
    home = tmp_path / "höme of $me"
    finished = install(unpacked / "install.sh", home)
    assert finished.returncode == 0, finished.stderr
    started = subprocess.run([home / ".local" / "bin" / "ravine"], check=True, capture_output=True, text=True)
    assert started.stdout == "started\n"
    written = (home / ".local" / "share" / "applications" / "org.ravine.workbench.desktop").read_text("utf-8")
    program = str(home / ".local" / "lib" / "ravine" / "ravine").replace("$", r"\\$")
    assert f'Exec="{program}" %f\n' in written


@linux_only
def test_that_removing_leaves_nothing_but_what_the_person_made(unpacked, tmp_path):
    home = tmp_path / "home"
    install(unpacked / "install.sh", home)
    run = home / ".local" / "share" / "ravine" / "runs" / "mine" / "status.json"
    run.parent.mkdir(parents=True)
    run.write_text("{}", "utf-8")
    other = home / ".local" / "share" / "applications" / "other.desktop"
    other.write_text("", "utf-8")
    finished = install(home / ".local" / "lib" / "ravine" / "install.sh", home, "--remove")
    assert finished.returncode == 0, finished.stderr
    caches = re.compile(r"mimeinfo\.cache|icon-theme\.cache")
    left = {path for path in home.rglob("*") if path.is_file() and not caches.fullmatch(path.name)}
    left = {path for path in left if (home / ".local" / "share" / "mime") not in path.parents}
    assert left == {run, other}
    assert not list((home / ".local" / "bin").iterdir())


@linux_only
def test_that_a_newer_version_replaces_an_older_one(unpacked, tmp_path):
    home = tmp_path / "home"
    (unpacked / "_internal" / "old.so").write_text("", "utf-8")
    install(unpacked / "install.sh", home)
    (unpacked / "_internal" / "old.so").unlink()
    assert install(unpacked / "install.sh", home).returncode == 0
    assert not (home / ".local" / "lib" / "ravine" / "_internal" / "old.so").exists()


@linux_only
def test_that_a_folder_of_another_program_is_not_touched(unpacked, tmp_path):
    home = tmp_path / "home"
    theirs = home / ".local" / "lib" / "ravine" / "theirs"
    theirs.parent.mkdir(parents=True)
    theirs.write_text("", "utf-8")
    finished = install(unpacked / "install.sh", home)
    assert finished.returncode == 2
    assert "--prefix" in finished.stderr
    assert theirs.exists()
    assert install(unpacked / "install.sh", home, "--remove").returncode == 1
    assert theirs.exists()


def test_that_no_template_states_the_version_itself():
    version = project_version(ROOT)
    for folder in ("linux", "windows", "macos", "bundle"):
        for path in (ROOT / "packaging" / folder).iterdir():
            assert version not in path.read_text("utf-8"), path
