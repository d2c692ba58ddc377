"""What `dev.py package` does: an environment to build from, the frozen program, this system's installers."""

from __future__ import annotations

import argparse
import hashlib
import os
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from bundle_environment import (
    BUILD,
    PYTHON,
    PackerMissing,
    ensure_bundle_environment,
    environment_site_packages,
)
from bundle_slim import slim
from bundle_version import project_version
from linux_deb import build_deb, dependencies, missing_in
from linux_tarball import build_tarball
from setup_console import SetupError, answer_of, run_program, say, timed
from setup_environment import ROOT
from setup_system import apt_install, ensure_qt_libraries

MADE = BUILD / "made"
ICONS = MADE / "icons"
BUNDLE = BUILD / "dist" / "ravine"
OUT = ROOT / "dist"
SCRIPTS = ROOT / "packaging"
LICENCES = "third-party-licences.txt"
_EARLIEST = 315_532_800
"""The year 1980 in seconds, before which some archives know no time."""


def package(arguments: Sequence[str], torch_choice: str | None, *, use_uv: bool) -> int:
    """Build what this system can build; return the exit code."""
    parser = argparse.ArgumentParser("dev.py package", description=__doc__)
    parser.add_argument("--keep-bundle", action="store_true", help="use the bundle that is there")
    parser.add_argument("--bundle-only", action="store_true", help="make no installers")
    parser.add_argument(
        "--where-possible",
        action="store_true",
        help="do nothing, and say so, where PyInstaller cannot be had; every other failure counts",
    )
    chosen = parser.parse_args(arguments)
    start = time.monotonic()
    try:
        ensure_bundle_environment(torch_choice, use_uv=use_uv)
    except PackerMissing as error:
        if not chosen.where_possible:
            raise
        say(f"{error}\nSKIPPED: the program was not built, because PyInstaller cannot be had here.")
        return 0
    ensure_system()
    epoch = release_epoch()
    if not (chosen.keep_bundle and BUNDLE.exists()):
        make_bundle(epoch)
    with timed("Self-test of the frozen program (1 minute)"):
        selftest(BUNDLE)
    if not chosen.bundle_only:
        make_installers(release(epoch))
    say(f"    the program unpacked: {megabytes(folder_size(BUNDLE))}")
    say(f"Built and tested in {(time.monotonic() - start) / 60:.1f} minutes.")
    return 0


def ensure_system() -> None:
    """Install or name what the system lacks to build with: tools, and the libraries of a real window."""
    if platform.system() == "Linux":
        if shutil.which("objdump") is None or shutil.which("strip") is None:
            apt_install(["binutils"], "Building looks into libraries with objdump and strip")
        ensure_qt_libraries(environment_site_packages(), window=True)


def make_bundle(epoch: str) -> None:
    MADE.mkdir(parents=True, exist_ok=True)
    environment = building_environment(os.environ, epoch)

    def run(*arguments: str | Path) -> None:
        run_program([PYTHON, *arguments], cwd=ROOT, env=environment)

    with timed("Icons, licences and the list of all choices (10 seconds)"):
        run(SCRIPTS / "bundle_icons.py", ICONS)
        run(SCRIPTS / "bundle_registries.py", MADE / "registries.json")
        # without the system's libraries, of which nobody knows before freezing
        run(SCRIPTS / "bundle_licences.py", MADE / "no-bundle-yet", MADE / LICENCES)
    with timed("Freezing (4 to 8 minutes)"):
        folders = ("--workpath", BUILD / "work", "--distpath", BUNDLE.parent)
        run("-m", "PyInstaller", "--noconfirm", "--clean", *folders, SCRIPTS / "bundle" / "ravine.spec")
    if platform.system() == "Linux":
        inside = BUNDLE / "_internal"
        with timed("Taking out what nothing needs (20 seconds)"):
            slim(inside)
            dependencies(missing_in(BUNDLE), "")  # a library that was taken out too many is named here
            run(SCRIPTS / "bundle_licences.py", inside, inside / LICENCES)


def building_environment(environment: Mapping[str, str], epoch: str) -> dict[str, str]:
    """Settled where a build would differ from one time to the next."""
    return {
        **environment,
        # what is built from has the packages, but not Ravine itself
        "PYTHONPATH": str(ROOT),
        "PYTHONHASHSEED": "0",
        "SOURCE_DATE_EPOCH": epoch,
        "QT_QPA_PLATFORM": "offscreen",
        "RAVINE_BUNDLE_MADE": str(MADE),
        "PYINSTALLER_CONFIG_DIR": str(BUILD / "cache"),
    }


def release_epoch() -> str:
    """The time of the last commit in seconds, so that a commit gives the same bundle at any time."""
    told = os.environ.get("SOURCE_DATE_EPOCH")
    committed = answer_of(["git", "-C", str(ROOT), "log", "-1", "--format=%ct"])
    return (told or committed or str(_EARLIEST)).strip()


def release(epoch: str) -> dict[str, str]:
    """What the installers write of this release."""
    cuda = answer_of([PYTHON, "-c", "import torch; print(torch.version.cuda or '')"]) or ""
    return {
        "version": project_version(ROOT),
        "date": time.strftime("%Y-%m-%d", time.gmtime(int(epoch))),
        "epoch": epoch,
        "variant": "+cuda" if cuda.strip() else "",
    }


def selftest(bundle: Path) -> None:
    """Run the frozen self-test with nothing of this system's Python; raises SetupError when it fails."""
    name = "ravine-engine.exe" if os.name == "nt" else "ravine-engine"
    kept = ("SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "LANG")
    # people's homes have spaces and such letters in their paths
    with tempfile.TemporaryDirectory(prefix="ravine ünïcode ") as home:
        environment = {key: os.environ[key] for key in kept if key in os.environ}
        environment |= {"HOME": home, "USERPROFILE": home, "LOCALAPPDATA": home, "PATH": ""}
        run_program([bundle / name, "selftest"], cwd=Path(home), env=environment)


def make_installers(told: dict[str, str]) -> None:
    OUT.mkdir(exist_ok=True)
    made: list[Path] = []
    match platform.system():
        case "Linux":
            with timed("The .tar.zst for any Linux (1 minute)"):
                made.append(build_tarball(BUNDLE, ICONS, BUILD, OUT, told))
            with timed("The .deb (1 minute)"):
                made.append(build_deb(BUNDLE, ICONS, BUILD, OUT, told))
        case "Windows":
            made.append(windows_installer(told))
        case "Darwin":
            made.append(mac_image(told))
        case other:
            raise SetupError(f"There are no installers for {other}; the program is in {BUNDLE}.")
    for path in made:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        # in the form that `sha256sum --check` reads
        path.with_name(f"{path.name}.sha256").write_text(f"{digest}  {path.name}\n", "utf-8")
        say(f"    {path}: {megabytes(path.stat().st_size)}")


def windows_installer(told: dict[str, str]) -> Path:
    """Run NSIS, which has to be on PATH (makensis)."""
    target = OUT / f"ravine-{told['version']}{told['variant']}-windows-setup.exe"
    settings = {
        "VERSION": told["version"],
        "FILES": str(BUNDLE / "*"),
        "ICON": str(ICONS / "ravine.ico"),
        "OUT": str(target),
    }
    defines = [f"-D{name}={value}" for name, value in settings.items()]
    with timed("The installer for Windows (5 minutes)"):
        run_program(["makensis", "-V2", *defines, ROOT / "packaging" / "windows" / "ravine.nsi"], cwd=ROOT)
    return target


def mac_image(told: dict[str, str]) -> Path:
    """Run dmgbuild, which has to be installed (pip install dmgbuild)."""
    target = OUT / f"ravine-{told['version']}-macos-{platform.machine()}.dmg"
    settings = ROOT / "packaging" / "macos" / "dmg_settings.py"
    app = BUNDLE.parent / "Ravine.app"
    with timed("The disk image for macOS (3 minutes)"):
        run_program(
            [sys.executable, "-m", "dmgbuild", "-s", settings, "-D", f"app={app}", "Ravine", target],
            cwd=ROOT,
        )
    return target


def folder_size(folder: Path) -> int:
    """Bytes of all files in it; a link counts as itself."""
    return sum(path.lstat().st_size for path in folder.rglob("*") if not path.is_dir() or path.is_symlink())


def megabytes(size: int) -> str:
    return f"{size / 1e6:,.0f} MB"
