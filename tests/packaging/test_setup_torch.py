"""Which PyTorch gets installed: never CUDA where nobody can use it, always CUDA where somebody can."""

from __future__ import annotations

import importlib.metadata

import pytest
import setup_torch
from setup_torch import CONFIGURED, CPU_WHEELS, REGISTRY_CPU, REGISTRY_CUDA, WINDOWS_CUDA

MINIMUM = (2, 11)


@pytest.mark.parametrize(
    ("choice", "system", "nvidia", "expected"),
    [
        ("auto", "Linux", False, (CONFIGURED, CPU_WHEELS)),
        ("auto", "Linux", True, (REGISTRY_CUDA,)),
        ("cpu", "Linux", True, (CONFIGURED, CPU_WHEELS)),
        ("cuda", "Linux", False, (REGISTRY_CUDA,)),
        ("any", "Linux", False, (REGISTRY_CUDA,)),
        ("auto", "Windows", False, (REGISTRY_CPU,)),
        ("auto", "Windows", True, (WINDOWS_CUDA,)),
        ("cpu", "Windows", True, (REGISTRY_CPU,)),
        ("cuda", "Windows", False, (WINDOWS_CUDA,)),
        ("auto", "Darwin", False, (REGISTRY_CPU,)),
        ("cuda", "Darwin", False, (REGISTRY_CPU,)),
    ],
)
def test_that_the_source_follows_choice_system_and_card(choice, system, nvidia, expected):
    plan = setup_torch.plan(choice, system=system, nvidia=nvidia, installed=None, minimum=MINIMUM)
    assert plan == setup_torch.Plan(sources=expected)


def test_that_no_cpu_source_on_linux_can_reach_the_registry_with_cuda():
    plan = setup_torch.plan("auto", system="Linux", nvidia=False, installed=None, minimum=MINIMUM)
    for source in plan.sources:
        assert "--no-deps" in source.arguments
        assert "--no-index" in source.arguments or "--index-url" in source.arguments


@pytest.mark.parametrize(
    ("choice", "nvidia", "installed", "used"),
    [
        ("auto", True, "2.11.0", True),
        ("auto", False, "2.13.0+cpu", True),
        ("auto", True, "2.13.0+cpu", False),  # an NVIDIA machine must get CUDA
        ("cuda", False, "2.13.0+cpu", False),
        ("cpu", True, "2.13.0+cu130", True),  # runs on the CPU as well, and is there already
        ("any", False, "2.10.1", False),
        ("auto", False, None, False),
    ],
)
def test_that_a_fitting_torch_of_the_system_is_used(choice, nvidia, installed, used):
    plan = setup_torch.plan(choice, system="Linux", nvidia=nvidia, installed=installed, minimum=MINIMUM)
    assert plan.use_system is used
    assert bool(plan.sources) is not used


@pytest.mark.parametrize(
    ("version", "fitting"),
    [
        ("2.11", True),
        ("2.11.0", True),
        ("2.11.0+cu128", True),
        ("3.0.0", True),
        ("2.12.0a0+git123", True),
        ("2.11.0a0+git123", False),
        ("2.11.0.dev20260101", False),
        ("2.9.1", False),
        ("1.13.1", False),
        ("unknown", False),
    ],
)
def test_that_a_version_fits_from_the_minimum_on_and_its_previews_do_not(version, fitting):
    assert setup_torch.fits(version, MINIMUM) is fitting


def test_that_constraints_can_leave_torch_out_and_nothing_else():
    constraints = "numpy==1\ntorch==2.13.0\ntorch-like==3\n"
    assert setup_torch.pinned_version(constraints) == "torch==2.13.0"
    assert setup_torch.without_torch(constraints) == "numpy==1\ntorch-like==3\n"


def test_that_constraints_without_torch_are_refused():
    with pytest.raises(ValueError, match="torch==VERSION"):
        setup_torch.pinned_version("numpy==1\n")


def test_that_the_minimum_is_read_from_the_dependencies():
    assert setup_torch.minimum_version(["numpy>=1", "torch>=2.11"]) == (2, 11)
    with pytest.raises(ValueError, match="torch>="):
        setup_torch.minimum_version(["numpy>=1"])


def test_that_no_installed_package_asks_for_torchvision():
    """It would replace the CPU build of torch by 2.7 GB of CUDA."""
    asking = {
        distribution.name
        for distribution in importlib.metadata.distributions()
        for requirement in distribution.requires or ()
        if requirement.lower().startswith(("torchvision", "torchaudio")) and "extra" not in requirement
    }
    assert asking == set()
