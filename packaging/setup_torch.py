"""Which PyTorch to install, and from where.

On Linux the package registry serves PyTorch with CUDA: 30 packages, 2.7 GB. A machine without an NVIDIA card
gets the CPU build (about 200 MB) instead, a machine with one gets CUDA, and a PyTorch that is already there
and new enough is used as it is. The choice is made here because package metadata cannot make it.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from setup_console import answer_of

CHOICES = ("auto", "cpu", "cuda", "any")
CPU_INDEX = "https://download.pytorch.org/whl/cpu"
WINDOWS_CUDA_INDEX = "https://download.pytorch.org/whl/cu130"


@dataclass(frozen=True, kw_only=True)
class Source:
    """One place to install PyTorch from: a headline and the installer's arguments before the requirement."""

    title: str
    arguments: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Use the system's PyTorch, or try these sources in turn."""

    use_system: bool = False
    sources: tuple[Source, ...] = ()


CONFIGURED = Source(
    title="PyTorch, CPU build, from the folders that pip is set to look in",
    # --no-deps, here and below: what it requires comes from the registry, with the other packages
    arguments=("--no-index", "--no-deps"),
)
CPU_WHEELS = Source(
    title="PyTorch, CPU build, from the PyTorch project (about 200 MB, 1 to 5 minutes)",
    arguments=("--no-deps", "--index-url", CPU_INDEX),
)
REGISTRY_CUDA = Source(title="PyTorch with CUDA (2.7 GB, 5 to 30 minutes)")
REGISTRY_CPU = Source(title="PyTorch (about 120 MB, 1 to 5 minutes)")
WINDOWS_CUDA = Source(
    title="PyTorch with CUDA, from the PyTorch project (2 to 3 GB, 5 to 30 minutes)",
    arguments=("--no-deps", "--index-url", WINDOWS_CUDA_INDEX),
)


def plan(choice: str, *, system: str, nvidia: bool, installed: str | None, minimum: tuple[int, int]) -> Plan:
    """Decide from `--torch`, the operating system, an NVIDIA card and the version the system's Python has."""
    cuda = choice == "cuda" or (choice == "auto" and nvidia)
    if installed and fits(installed, minimum) and not (cuda and installed.endswith("+cpu")):
        return Plan(use_system=True)
    if system == "Linux":
        return Plan(sources=(REGISTRY_CUDA,) if cuda or choice == "any" else (CONFIGURED, CPU_WHEELS))
    if system == "Windows" and cuda:
        return Plan(sources=(WINDOWS_CUDA,))
    return Plan(sources=(REGISTRY_CPU,))


def fits(version: str, minimum: tuple[int, int]) -> bool:
    """Whether this version is at least the minimum; a preview of the minimum itself is not."""
    match = re.match(r"(\d+)\.(\d+)(?:\.\d+)*(a|b|rc|\.dev)?", version)
    if match is None:
        return False
    release = (int(match[1]), int(match[2]))
    return release > minimum if match[3] else release >= minimum


def minimum_version(dependencies: list[str]) -> tuple[int, int]:
    """The lowest PyTorch that pyproject.toml admits."""
    for requirement in dependencies:
        if match := re.fullmatch(r"torch\s*>=\s*(\d+)\.(\d+)", requirement):
            return int(match[1]), int(match[2])
    raise ValueError("pyproject.toml must hold a dependency of the form torch>=MAJOR.MINOR")


def pinned_version(constraints: str) -> str:
    """The requirement `torch==...` of constraints.txt."""
    match = re.search(r"^torch==\S+$", constraints, re.MULTILINE)
    if match is None:
        raise ValueError("packaging/constraints.txt must hold a line torch==VERSION")
    return match[0]


def without_torch(constraints: str) -> str:
    """The constraints for a machine that keeps the PyTorch it has."""
    return re.sub(r"^torch==.*\n?", "", constraints, flags=re.MULTILINE)


def has_nvidia_card() -> bool:
    if Path("/proc/driver/nvidia/version").exists():
        return True
    # asked, too: the tool may be installed where there is no card
    return shutil.which("nvidia-smi") is not None and answer_of(["nvidia-smi", "-L"]) is not None


def system_torch(python: str) -> str | None:
    """The version of PyTorch that this Python has outside of any environment, if any."""
    # by its metadata: to import torch takes seconds
    code = "import importlib.metadata as m; print(m.version('torch'))"
    return (answer_of([python, "-c", code]) or "").strip() or None
