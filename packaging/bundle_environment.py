"""A clean environment to freeze the program from: what it runs on and PyInstaller, nothing else.

What PyInstaller finds installed it follows, so the environment of the developers would put its tools into the
program. It lies in build/package/environment and is reused as long as its stamp fits.
"""

from __future__ import annotations

import os
import platform
import shutil
import sys
import tomllib
from pathlib import Path

import setup_torch
from setup_console import SetupError, answer_of, say, timed
from setup_environment import (
    CONSTRAINTS,
    ROOT,
    Installer,
    Stamp,
    install_torch,
    make_venv,
    read_stamp,
    requirements_hash,
    write_stamp,
)

BUILD = ROOT / "build" / "package"
ENVIRONMENT = BUILD / "environment"
PYTHON = ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
REQUIREMENTS = ROOT / "packaging" / "bundle_requirements.txt"
_STAMP = ENVIRONMENT / "ravine-setup.json"


class PackerMissing(SetupError):
    """PyInstaller cannot be had here: it is not installed, and no source that pip is told of has it."""


def ensure_bundle_environment(torch_choice: str | None, *, use_uv: bool) -> None:
    """Make the environment hold exactly what the program runs on, and PyInstaller.

    The CPU build of PyTorch unless `torch_choice` says otherwise: a machine that builds installers for others
    does not decide by its own card. Raises PackerMissing before anything large is fetched.
    """
    # the tools of developers are not installed here, so that other ones change nothing
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    runtime = {"dependencies": project["dependencies"], "requires-python": project["requires-python"]}
    constraints = CONSTRAINTS.read_text("utf-8")
    wanted = Stamp(
        requirements=requirements_hash({"project": runtime}, constraints + REQUIREMENTS.read_text("utf-8")),
        python=f"{sys.version_info.major}.{sys.version_info.minor}",
        torch=torch_choice or "cpu",
        folder=str(ENVIRONMENT),
    )
    if read_stamp(_STAMP) == wanted and answer_of([PYTHON, "-c", "import PyInstaller"]) is not None:
        return
    say(f"Setting up a clean environment in {ENVIRONMENT} to build from: about 1.4 GB on disk.")
    uv = shutil.which("uv") if use_uv else None
    make_venv(system_packages=False, with_pip=uv is None, folder=ENVIRONMENT)
    installer = Installer(uv, PYTHON)
    try:
        with timed("PyInstaller (10 seconds)"):
            installer.install("-r", str(REQUIREMENTS))
    except SetupError as error:
        raise PackerMissing(str(error)) from error
    install_torch(installer, _torch_plan(wanted.torch), setup_torch.pinned_version(constraints))
    with timed("Qt, pandas and the other packages that Ravine runs on (1 to 5 minutes)"):
        installer.install("-c", str(CONSTRAINTS), *project["dependencies"])
    write_stamp(_STAMP, wanted)


def _torch_plan(choice: str) -> setup_torch.Plan:
    return setup_torch.plan(
        choice,
        system=platform.system(),
        nvidia=setup_torch.has_nvidia_card(),
        installed=None,  # what the system has may hold anything
        minimum=(0, 0),
    )


def environment_site_packages() -> Path:
    """Where the environment keeps its packages."""
    answer = answer_of([PYTHON, "-c", "import sysconfig; print(sysconfig.get_path('platlib'))"])
    if answer is None:
        raise SetupError(f"The environment in {ENVIRONMENT} does not work; delete it and try again.")
    return Path(answer.strip())
