"""Packages of the operating system: Python's venv module, and the libraries that Qt needs on Linux.

The wheels of PySide6 carry Qt itself, but not the system's own libraries for graphics, fonts and keyboards.
A bare Debian lacks them, and Qt then ends with "could not load the Qt platform plugin" and no reason.
"""

from __future__ import annotations

import os
import platform
import shutil
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from setup_console import SetupError, answer_of, run_program, timed

ROOT = Path(__file__).resolve().parent.parent

# What a test without a screen loads, and what a real window loads besides (paths inside PySide6/Qt).
OFFSCREEN_FILES = (
    "lib/libQt6Gui.so.6",
    "lib/libQt6Widgets.so.6",
    "lib/libQt6Svg.so.6",
    "lib/libQt6OpenGLWidgets.so.6",
    "lib/libQt6Network.so.6",
    "plugins/platforms/libqoffscreen.so",
)
WINDOW_FILES = ("plugins/platforms/libqxcb.so",)

# Debian's package for each library file. Newer releases carry some under a longer name (libglib2.0-0t64)
# that provides this one.
DEBIAN_PACKAGES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libGLX.so.0": "libglx0",
    "libICE.so.6": "libice6",
    "libOpenGL.so.0": "libopengl0",
    "libSM.so.6": "libsm6",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libX11.so.6": "libx11-6",
    "libXext.so.6": "libxext6",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgobject-2.0.so.0": "libglib2.0-0",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxcb.so.1": "libxcb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libzstd.so.1": "libzstd1",
}


def missing_libraries(ldd_output: str) -> list[str]:
    """The library files that `ldd` did not find, each once, in order."""
    lines = (line.split() for line in ldd_output.splitlines())
    return sorted({words[0] for words in lines if words[1:] == ["=>", "not", "found"]})


def debian_packages(libraries: Iterable[str]) -> tuple[list[str], list[str]]:
    """The packages that hold these libraries, and the libraries whose package is not known here."""
    packages = {DEBIAN_PACKAGES[name] for name in libraries if name in DEBIAN_PACKAGES}
    return sorted(packages), sorted(name for name in libraries if name not in DEBIAN_PACKAGES)


def install_command(packages: Sequence[str]) -> str:
    """What a person without root types to install these Debian packages."""
    return f"sudo apt-get update && sudo apt-get install -y --no-install-recommends {' '.join(packages)}"


def may_install() -> bool:
    """Whether apt-get is here and this user may run it without being asked for a password."""
    return shutil.which("apt-get") is not None and root_prefix() is not None


def root_prefix() -> list[str] | None:
    """What to put before a command so that root runs it; None where that needs a password."""
    # Windows has no such user
    if not hasattr(os, "geteuid"):
        return None
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and answer_of(["sudo", "-n", "true"]) is not None:
        return ["sudo", "-n"]
    return None


def apt_install(packages: Sequence[str], why: str) -> None:
    prefix = root_prefix()
    if prefix is None:
        raise SetupError(f"{why}. Install with:\n    {install_command(packages)}")
    # by `env`: sudo passes no variables on
    quiet = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"]
    with timed(f"{why}: installing {' '.join(packages)} with apt-get (about a minute)"):
        run_program([*prefix, *quiet, "update"], cwd=ROOT)
        run_program([*prefix, *quiet, "install", "-y", "--no-install-recommends", *packages], cwd=ROOT)


def ensure_venv_module(python: str) -> None:
    """Install Debian's python3-venv where the Python at hand cannot make an environment with pip in it."""
    if answer_of([python, "-c", "import ensurepip, venv"]) is not None:
        return
    package = f"python3.{sys.version_info.minor}-venv"
    why = "This Python cannot make environments (its module ensurepip is missing)"
    if shutil.which("apt-get"):
        apt_install([package], why)
    if answer_of([python, "-c", "import ensurepip, venv"]) is None:
        raise SetupError(
            f"{why}. Install your system's package for Python's venv module, or Python from python.org, "
            "and run this command again."
        )


def ensure_qt_libraries(site_packages: Path, *, window: bool) -> None:
    """Install or name the system libraries that Qt would miss when it starts.

    A test run (`window=False`) goes on without those that only a real window needs, if they cannot be had.
    """
    if platform.system() != "Linux" or shutil.which("ldd") is None:
        return
    qt = site_packages / "PySide6" / "Qt"
    missing = _missing_of(qt, OFFSCREEN_FILES + WINDOW_FILES)
    if missing and may_install():
        packages, _ = debian_packages(missing)
        if packages:
            apt_install(packages, "Qt needs libraries of the system that are missing")
    still_missing = _missing_of(qt, OFFSCREEN_FILES + (WINDOW_FILES if window else ()))
    if still_missing:
        raise SetupError(missing_message(still_missing, debian=shutil.which("apt-get") is not None))


def missing_message(libraries: Sequence[str], *, debian: bool) -> str:
    """Which libraries Qt misses and what to do about it."""
    packages, unknown = debian_packages(libraries)
    lines = [f"Qt cannot start: this system lacks {', '.join(libraries)}."]
    if debian and packages:
        lines.append(f"Install them with:\n    {install_command(packages)}")
        libraries = unknown
    if libraries:
        lines.append(f"Install your system's packages that hold: {', '.join(libraries)}")
    return "\n".join([*lines, "and run this command again."])


def _missing_of(qt: Path, files: Sequence[str]) -> list[str]:
    found = [qt / name for name in files if (qt / name).exists()]
    return missing_libraries(answer_of(["ldd", *found]) or "") if found else []
