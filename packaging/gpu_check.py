"""The commands gpu-wheels and gpu-check: what can only be known on an NVIDIA card, on a machine lent for it.

Such a machine has Python, PyTorch with CUDA and no network. So wheels are collected where there is one and
carried there beside the checkout; the environment made of them also sees the packages of the system.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

from setup_console import SetupError, run_program, say, timed
from setup_environment import CONSTRAINTS, PYTHON, ROOT, base_python, make_venv
from setup_torch import has_nvidia_card, system_torch, without_torch

HOME = ROOT / "build" / "gpu-check"
_LEFT_OUT = ("torch", "PySide6", "pyqtgraph")
"""The machine's own PyTorch fits its card, and nothing of the window is tried there."""
_TESTING = ("pytest", "pytest-timeout", "hypothesis", "scikit-learn")


def requirements(project: dict[str, object]) -> list[str]:
    """What the engine and its tests need besides PyTorch, with the ranges of pyproject.toml."""
    described = project["project"]
    assert isinstance(described, dict)
    own = [one for one in described["dependencies"] if not one.startswith(_LEFT_OUT)]
    development = described["optional-dependencies"]["dev"]
    return own + [one for one in development if re.split(r"[><=!~ ]", one)[0] in _TESTING]


def gpu_wheels(arguments: Sequence[str]) -> int:
    """Collect the wheels that such a machine needs, at our exact versions."""
    parser = argparse.ArgumentParser("dev.py gpu-wheels", description=gpu_wheels.__doc__)
    parser.add_argument("folder", type=Path, help="where the wheels go")
    parser.add_argument("--python", default="3.12", help="the Python of that machine (3.12)")
    chosen = parser.parse_args(arguments)
    chosen.folder.mkdir(parents=True, exist_ok=True)
    constraints = chosen.folder / "constraints.txt"
    constraints.write_text(without_torch(CONSTRAINTS.read_text("utf-8")), "utf-8")
    command = [
        sys.executable,
        "-m",
        "pip",
        "--disable-pip-version-check",
        "download",
        "-q",
        "-d",
        chosen.folder,
    ]
    # All systems that wheels are made for: pip takes these names as they stand and infers no older ones.
    systems = [f"manylinux_2_{minor}_x86_64" for minor in (34, 28, 27, 24, 17)] + ["manylinux2014_x86_64"]
    options = [word for system in systems for word in ("--platform", system)]
    with timed("Wheels for a machine without a network (1 to 5 minutes)"):
        run_program(
            [*command, *options, "--only-binary", ":all:", "--python-version", chosen.python,
             "-c", constraints, *requirements(tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8")))],
            cwd=ROOT,
        )  # fmt: skip
    wheels = sorted(chosen.folder.glob("*.whl"))
    size = sum(wheel.stat().st_size for wheel in wheels) / 1e6
    say(f"{len(wheels)} wheels, {size:.0f} MB, in {chosen.folder}")
    return 0


def gpu_check(arguments: Sequence[str]) -> int:
    """Try everything that needs a card within a budget of seconds; write a JSON file, print a table."""
    parser = argparse.ArgumentParser("dev.py gpu-check", description=gpu_check.__doc__)
    parser.add_argument("--wheels", type=Path, help="the folder of gpu-wheels; without it, .venv is used")
    parser.add_argument("--seconds", type=float, default=420.0, help="the budget, without setting up (420)")
    parser.add_argument("--device", choices=("cuda", "cpu"), default="cuda", help="cpu: what needs no card")
    parser.add_argument("--few", action="store_true", help="fewer steps: tries the checks, measures nothing")
    parser.add_argument("--out", type=Path, default=Path("gpu-check.json"), help="where the figures go")
    chosen = parser.parse_args(arguments)
    if chosen.device == "cuda" and not has_nvidia_card():
        raise SetupError(
            "There is no NVIDIA card here. With --device cpu everything is tried that needs none: one epoch "
            "of every architecture, exact resume, speed. What needs one: pytest -m gpu, memory on the card."
        )
    python = PYTHON if chosen.wheels is None else _made_of(chosen.wheels)
    command = [python, "-m", "tests.card", "--device", chosen.device, "--out", chosen.out.absolute()]
    command += ["--seconds", str(chosen.seconds)] + ["--few"] * chosen.few
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def _made_of(wheels: Path) -> Path:
    """Make the environment from the wheels and what the system has; return its Python."""
    if not any(wheels.glob("*.whl")):
        raise SetupError(f"There are no wheels in {wheels}. Collect them with: dev.py gpu-wheels {wheels}")
    if system_torch(base_python()) is None:
        raise SetupError(f"{base_python()} has no PyTorch, and none is carried: it has to fit the card.")
    folder = HOME / "environment"
    HOME.mkdir(parents=True, exist_ok=True)
    # for its PyTorch, which fits the card
    make_venv(system_packages=True, with_pip=True, folder=folder)
    python = folder / "bin" / "python"
    with timed("The packages, from the wheels alone (30 seconds)"):
        run_program(
            [python, "-m", "pip", "--disable-pip-version-check", "install", "-q", "-q", "--no-index",
             "--find-links", wheels.absolute(),
             *requirements(tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8")))],
            cwd=ROOT,
        )  # fmt: skip
    return python
