"""Libraries of the system: what is missing is found, and named with what installs it."""

from __future__ import annotations

import shutil
import sys

import pytest
import setup_system
from setup_console import SetupError

LDD_OUTPUT = """\
/x/PySide6/Qt/lib/libQt6Gui.so.6:
\tlinux-vdso.so.1 (0x00007ffd2b5f2000)
\tlibEGL.so.1 => not found
\tlibxkbcommon.so.0 => not found
\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f2)
/x/PySide6/Qt/plugins/platforms/libqxcb.so:
\tlibEGL.so.1 => not found
\tlibxcb-cursor.so.0 => not found
\t/lib64/ld-linux-x86-64.so.2 (0x00007f3)
"""


def test_that_missing_libraries_are_read_from_ldd_once_each():
    assert setup_system.missing_libraries(LDD_OUTPUT) == [
        "libEGL.so.1",
        "libxcb-cursor.so.0",
        "libxkbcommon.so.0",
    ]


@pytest.mark.parametrize("output", ["", "\tstatically linked\n", "\tnot a dynamic executable\n"])
def test_that_ldd_without_missing_libraries_gives_none(output):
    assert setup_system.missing_libraries(output) == []


def test_that_libraries_of_one_package_name_it_once_and_unknown_ones_are_kept_apart():
    packages, unknown = setup_system.debian_packages(
        ["libglib-2.0.so.0", "libgthread-2.0.so.0", "libEGL.so.1", "libnew.so.9"]
    )
    assert packages == ["libegl1", "libglib2.0-0"]
    assert unknown == ["libnew.so.9"]


def test_that_a_debian_user_without_root_reads_the_exact_command():
    message = setup_system.missing_message(["libEGL.so.1", "libnew.so.9"], debian=True)
    assert "sudo apt-get update && sudo apt-get install -y --no-install-recommends libegl1\n" in message
    assert "libnew.so.9" in message.splitlines()[-2]


def test_that_other_systems_are_told_the_libraries():
    message = setup_system.missing_message(["libEGL.so.1"], debian=False)
    assert "apt-get" not in message
    assert "hold: libEGL.so.1" in message


def test_that_apt_without_root_ends_with_the_command(monkeypatch):
    monkeypatch.setattr(setup_system, "root_prefix", lambda: None)
    with pytest.raises(SetupError, match="install -y --no-install-recommends libegl1"):
        setup_system.apt_install(["libegl1"], "Qt needs it")


@pytest.mark.skipif(shutil.which("ldd") is None, reason="no ldd on this system")
def test_that_every_file_looked_at_is_part_of_the_installed_qt():
    import PySide6

    qt = setup_system.Path(PySide6.__file__).parent / "Qt"
    files = setup_system.OFFSCREEN_FILES + setup_system.WINDOW_FILES
    assert [name for name in files if not (qt / name).exists()] == []


def test_that_a_python_with_venv_needs_nothing():
    setup_system.ensure_venv_module(sys.executable)
