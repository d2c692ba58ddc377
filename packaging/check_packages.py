"""What can be known of the packages without building one, also of systems that are not here.

Each check passes, fails, or says why it was not made: nothing is passed over in silence. Tools that are
missing are installed where that needs nobody's password.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from linux_deb import build_deb
from linux_share import write_share
from setup_console import SetupError, answer_of, say
from setup_system import apt_install, may_install

ROOT = Path(__file__).resolve().parent.parent
ENTRY = "org.ravine.workbench"
# of packages that are thrown away once they were looked at
RELEASE = {"version": "1.0.0", "date": "2026-01-01", "epoch": "1767225600", "variant": ""}
FLOORS = {
    "Windows on x86-64": "x86_64-pc-windows-msvc",
    "macOS on Apple silicon": "aarch64-apple-darwin",
    "Linux on x86-64, glibc 2.34": "x86_64-manylinux_2_34",
    "Linux on ARM, glibc 2.39": "aarch64-manylinux_2_39",
}
"""The oldest systems that README names, as uv calls them."""
PYTHONS = ("3.11", "3.12", "3.13")
MACOS = "14.0"
"""The oldest macOS that PyTorch 2.13 has wheels for."""
_DEBIAN_PACKAGES = {
    "desktop-file-validate": "desktop-file-utils",
    "appstreamcli": "appstream",
    "lintian": "lintian",
}
_UNKNOWN_TO_LINTIAN = "malformed-deb-archive"
"""What lintian of Debian 12 says of every package packed with zstd, which dpkg of Debian 12 reads."""


class NotChecked(Exception):
    """The check cannot be made here; the text says why."""


Check = Callable[[], None]


def main() -> int:
    outcomes = [(name, _outcome(check)) for name, check in checks()]
    width = max(len(name) for name, _ in outcomes)
    for name, outcome in outcomes:
        say(f"{name.ljust(width)}  {outcome}")
    return 1 if any(outcome.startswith("FAILED") for _, outcome in outcomes) else 0


def checks() -> Iterator[tuple[str, Check]]:
    """Every check by its name."""
    yield "menu entry (desktop-file-validate)", check_entry
    yield "store page (appstreamcli)", check_store_page
    yield "Debian package (lintian)", check_deb
    for system in ("win32", "darwin"):
        yield f"types on {system} (mypy)", partial(check_types, system)
    for words, system in FLOORS.items():
        yield f"dependencies on {words} (uv)", partial(check_dependencies, system)


def _outcome(check: Check) -> str:
    try:
        check()
    except NotChecked as reason:
        return f"not checked here, because {reason}"
    except SetupError as error:
        return f"FAILED\n{error}"
    return "passed"


def check_entry() -> None:
    _run([_system_tool("desktop-file-validate"), ROOT / "packaging" / "linux" / f"{ENTRY}.desktop"])


def check_store_page() -> None:
    tool = _system_tool("appstreamcli")
    with tempfile.TemporaryDirectory() as place:
        share = Path(place) / "share"
        write_share(share, Path(place), RELEASE["version"], RELEASE["date"])
        _run([tool, "validate", "--no-net", "--pedantic", share / "metainfo" / f"{ENTRY}.metainfo.xml"])


def check_deb() -> None:
    """Check a package around two empty programs: all but the frozen program, which is not built here."""
    tool = _system_tool("lintian")
    if shutil.which("dpkg-deb") is None:
        raise NotChecked("there is no dpkg-deb")
    with tempfile.TemporaryDirectory() as place:
        work = Path(place)
        bundle = work / "bundle"
        (bundle / "_internal").mkdir(parents=True)
        (bundle / "_internal" / "third-party-licences.txt").write_text("none\n", "utf-8")
        for name in ("ravine", "ravine-engine"):
            (bundle / name).write_text("#!/bin/sh\n", "utf-8")
            (bundle / name).chmod(0o755)
        package = build_deb(bundle, work, work, work, RELEASE)
        _run([tool, "--fail-on", "error,warning", "--suppress-tags", _UNKNOWN_TO_LINTIAN, package])


def check_types(system: str) -> None:
    """Check the types as on another system, whose branches are passed over here."""
    cache = ROOT / ".mypy_cache" / system  # else each system throws away what was kept of the other
    _run([sys.executable, "-m", "mypy", "--platform", system, "--cache-dir", cache])


def check_dependencies(system: str) -> None:
    """Look whether there is a wheel of everything for that system, at our exact versions."""
    uv = _uv()
    for python in PYTHONS:
        # only whether there is an answer counts, not what it is
        _run([uv, "pip", "compile", "-q", "--python-platform", system, "--python-version", python,
              "--only-binary", ":all:", "-c", "packaging/constraints.txt", "pyproject.toml",
              "-o", os.devnull], {"MACOSX_DEPLOYMENT_TARGET": MACOS})  # fmt: skip


def _run(command: Sequence[str | os.PathLike[str]], environment: Mapping[str, str] | None = None) -> None:
    """Run a check; raises SetupError with what it said where it does not pass."""
    ended = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **(environment or {})},
        capture_output=True, text=True, errors="replace", check=False,
    )  # fmt: skip
    if ended.returncode:
        raise SetupError((ended.stdout + ended.stderr).strip()[-3000:])


def _system_tool(name: str) -> str:
    """Find a tool of Linux, installing its package where that may be done; raises NotChecked."""
    if platform.system() != "Linux":
        raise NotChecked(f"{name} is a tool of Linux")
    if shutil.which(name) is None and may_install():
        try:
            apt_install([_DEBIAN_PACKAGES[name]], f"{name} is missing")
        except SetupError:
            raise NotChecked(f"{name} is missing and apt-get could not install it") from None
    found = shutil.which(name)
    if found is None:
        raise NotChecked(f"{name} is missing; on Debian it is in {_DEBIAN_PACKAGES[name]}")
    return found


def _uv() -> str:
    """Find uv, or install it into build/; raises NotChecked where it cannot be had."""
    own = ROOT / "build" / "checks"
    found = shutil.which("uv") or shutil.which("uv", path=str(own / "bin"))
    if found is None:
        answer_of([sys.executable, "-m", "pip", "install", "-q", "--target", own, "uv"])
        found = shutil.which("uv", path=str(own / "bin"))
    if found is None:
        raise NotChecked("uv is missing and pip could not install it")
    return found


if __name__ == "__main__":
    sys.exit(main())
