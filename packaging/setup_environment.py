"""The environment in .venv: made when missing, brought up to date when its requirements changed.

A stamp inside it says what it was made from, and is written last: an environment without one was interrupted
and is made afresh.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shutil
import sys
import tomllib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import setup_torch
from setup_console import SetupError, answer_of, run_program, say, timed
from setup_system import ensure_venv_module

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "ravine-setup.json"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
CONSTRAINTS = ROOT / "packaging" / "constraints.txt"

INSTALL_ADVICE = """The reason stands above. If the network or a server is down, run the same command again
later; behind a mirror or proxy, set pip's own variables (PIP_INDEX_URL, HTTPS_PROXY)."""

TORCH_ADVICE = """If the network is fine, put a PyTorch wheel into a folder and name the folder in
PIP_FIND_LINKS, or take what the package registry has (on Linux 2.7 GB with CUDA):
    python3 packaging/dev.py --torch any setup
More ways: https://pytorch.org/get-started/locally/"""

Work = Literal["nothing", "update", "rebuild"]


@dataclass(frozen=True, kw_only=True)
class Stamp:
    """What an environment was made from."""

    requirements: str  # a hash of what pyproject.toml and constraints.txt ask for
    python: str  # major.minor: compiled packages fit only that
    torch: str  # the choice given with --torch
    folder: str  # an environment that was moved or copied points at the old place


def requirements_hash(project: dict[str, Any], constraints: str) -> str:
    """A hash of what is to be installed; a tool's settings in pyproject.toml do not change it."""
    asked = {key: project.get(key) for key in ("project", "build-system")}
    return hashlib.sha256(json.dumps([asked, constraints], sort_keys=True).encode()).hexdigest()


def read_stamp(path: Path) -> Stamp | None:
    try:
        return Stamp(**json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, TypeError):  # missing, cut short, or of another version of this file
        return None


def write_stamp(path: Path, stamp: Stamp) -> None:
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(asdict(stamp), indent=1) + "\n", "utf-8")
    partial.replace(path)


def needed_work(found: Stamp | None, wanted: Stamp) -> Work:
    """Nothing, installing into the environment as it is, or making it afresh."""
    if found == wanted:
        return "nothing"
    if found is None:
        return "rebuild"
    kept = (found.python, found.torch, found.folder) == (wanted.python, wanted.torch, wanted.folder)
    return "update" if kept else "rebuild"


def ensure_environment(torch_choice: str | None, *, use_uv: bool) -> None:
    """Make .venv hold exactly what pyproject.toml and constraints.txt ask for."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    constraints = CONSTRAINTS.read_text("utf-8")
    found = read_stamp(STAMP)
    wanted = Stamp(
        requirements=requirements_hash(project, constraints),
        python=f"{sys.version_info.major}.{sys.version_info.minor}",
        torch=torch_choice or (found.torch if found else "auto"),
        folder=str(ROOT),
    )
    work = needed_work(found, wanted)
    if work != "nothing" or answer_of([PYTHON, "-c", "pass"]) is None:
        build_environment(project, constraints, wanted, afresh=work != "update", use_uv=use_uv)


def build_environment(
    project: dict[str, Any], constraints: str, wanted: Stamp, *, afresh: bool, use_uv: bool
) -> None:
    torch_plan = setup_torch.plan(
        wanted.torch,
        system=platform.system(),
        nvidia=setup_torch.has_nvidia_card(),
        installed=setup_torch.system_torch(base_python()),
        minimum=setup_torch.minimum_version(project["project"]["dependencies"]),
    )
    # uv does not see packages of the system, so an environment that uses them is pip's to fill.
    uv = shutil.which("uv") if use_uv and not torch_plan.use_system else None
    if afresh:
        say(f"Setting up Ravine in {VENV}: once, about 2 GB on disk.")
        make_venv(system_packages=torch_plan.use_system, with_pip=uv is None)
    else:
        say("The requirements have changed: bringing .venv up to date.")
        STAMP.unlink()
    installer = Installer(uv)
    install_torch(installer, torch_plan, setup_torch.pinned_version(constraints))
    used = VENV / "constraints.txt"
    used.write_text(setup_torch.without_torch(constraints) if torch_plan.use_system else constraints, "utf-8")
    with timed("Qt, pandas and the other packages (about 350 MB, 1 to 5 minutes)"):
        installer.install("-c", str(used), "setuptools")
        installer.install("-c", str(used), "--no-build-isolation", "-e", ".[dev]")
    write_stamp(STAMP, wanted)


def base_python() -> str:
    """The Python outside of any environment: one environment cannot be made on top of another."""
    return str(getattr(sys, "_base_executable", None) or sys.executable)


def make_venv(*, system_packages: bool, with_pip: bool, folder: Path = VENV) -> None:
    if Path(sys.prefix).resolve() == folder.resolve():
        raise SetupError(
            "This environment must be made afresh, and this is its own Python. Run the command again with "
            f"the system's:\n    {base_python()} packaging/dev.py setup"
        )
    if with_pip:
        ensure_venv_module(base_python())
    options = ["--system-site-packages"] * system_packages + ["--without-pip"] * (not with_pip)
    with timed("Making the environment (10 seconds)"):
        if folder.exists():
            shutil.rmtree(folder)
        run_program([base_python(), "-m", "venv", *options, folder], cwd=ROOT)


def install_torch(installer: Installer, torch_plan: setup_torch.Plan, requirement: str) -> None:
    if torch_plan.use_system:
        say("==> The PyTorch that this system already has is used.")
        return
    failures = []
    for source in torch_plan.sources:
        try:
            with timed(source.title):
                installer.install(*source.arguments, requirement)
        except SetupError as error:
            say("    not there" if source is setup_torch.CONFIGURED else "    failed")
            failures.append(str(error))
        else:
            return
    raise SetupError(f"{failures[-1]}\n{requirement} could not be installed. {TORCH_ADVICE}")


class Installer:
    """Installs packages into an environment, by uv where it is on PATH (ten times as fast), else by pip."""

    def __init__(self, uv: str | None, python: Path = PYTHON) -> None:
        if uv:
            self._command = [uv, "pip", "install", "--python", str(python)]
        else:
            self._command = [str(python), "-m", "pip", "--disable-pip-version-check", "install"]
        if not sys.stdout.isatty():  # errors alone; pip shows warnings still with a single one
            self._command += ["-q"] if uv else ["-q", "-q"]
        self._environment = uv_environment(dict(os.environ)) if uv else dict(os.environ)

    def install(self, *arguments: str) -> None:
        try:
            run_program([*self._command, *arguments], cwd=ROOT, env=self._environment)
        except SetupError as error:
            raise SetupError(f"{error}\n{INSTALL_ADVICE}") from error


def uv_environment(environment: dict[str, str]) -> dict[str, str]:
    """What pip is told through the environment, told to uv, which does not read pip's settings."""
    given = dict(environment)
    if "PIP_FIND_LINKS" in given:
        given.setdefault("UV_FIND_LINKS", ",".join(given["PIP_FIND_LINKS"].split()))
    for theirs, ours in (("UV_DEFAULT_INDEX", "PIP_INDEX_URL"), ("SSL_CERT_FILE", "PIP_CERT")):
        if ours in given:
            given.setdefault(theirs, given[ours])
    return given


def site_packages() -> Path:
    """Where .venv keeps its packages."""
    if os.name == "nt":
        return VENV / "Lib" / "site-packages"
    return VENV / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages"
