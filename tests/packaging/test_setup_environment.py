"""The environment is made when it must be, and only then; its requirements are complete and explained."""

from __future__ import annotations

import dataclasses
import importlib.metadata
import re
import sys
import tomllib
from pathlib import Path

import pytest
import setup_environment
from setup_environment import Stamp

PYPROJECT = (setup_environment.ROOT / "pyproject.toml").read_text("utf-8")
PROJECT = tomllib.loads(PYPROJECT)
REQUIREMENTS = PROJECT["project"]["dependencies"] + PROJECT["project"]["optional-dependencies"]["dev"]
CONSTRAINTS = dict(
    line.lower().split("==")
    for line in setup_environment.CONSTRAINTS.read_text("utf-8").splitlines()
    if line and not line.startswith("#")
)
STAMP = Stamp(requirements="abc", python="3.11", torch="auto", folder="/somewhere")


def test_that_a_stamp_survives_writing(tmp_path):
    setup_environment.write_stamp(tmp_path / "stamp.json", STAMP)
    assert setup_environment.read_stamp(tmp_path / "stamp.json") == STAMP
    assert [path.name for path in tmp_path.iterdir()] == ["stamp.json"]


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '{"python": "3.11"}', '{"requirements": "abc", "x": 1}']
)
def test_that_a_damaged_stamp_counts_as_none(tmp_path, text):
    (tmp_path / "stamp.json").write_text(text, "utf-8")
    assert setup_environment.read_stamp(tmp_path / "stamp.json") is None


def test_that_a_missing_stamp_is_none(tmp_path):
    assert setup_environment.read_stamp(tmp_path / "stamp.json") is None


@pytest.mark.parametrize(
    ("found", "work"),
    [
        (STAMP, "nothing"),
        (None, "rebuild"),  # never made, or interrupted
        (dataclasses.replace(STAMP, requirements="older"), "update"),
        (dataclasses.replace(STAMP, python="3.12"), "rebuild"),
        (dataclasses.replace(STAMP, torch="cuda"), "rebuild"),
        (dataclasses.replace(STAMP, folder="/elsewhere"), "rebuild"),
    ],
)
def test_that_the_work_follows_from_what_changed(found, work):
    assert setup_environment.needed_work(found, STAMP) == work


def test_that_the_hash_changes_with_dependencies_and_constraints_alone():
    project = {"project": {"dependencies": ["numpy"]}, "tool": {"ruff": {"line-length": 110}}}
    same = {**project, "tool": {"ruff": {"line-length": 99}}}
    more = {**project, "project": {"dependencies": ["numpy", "torch"]}}
    base = setup_environment.requirements_hash(project, "numpy==1")
    assert setup_environment.requirements_hash(same, "numpy==1") == base
    assert setup_environment.requirements_hash(more, "numpy==1") != base
    assert setup_environment.requirements_hash(project, "numpy==2") != base


def test_that_uv_is_told_what_pip_is_told_unless_it_was_told_otherwise():
    given = setup_environment.uv_environment(
        {"PIP_FIND_LINKS": "/a /b", "PIP_CERT": "c", "SSL_CERT_FILE": "own"}
    )
    assert given["UV_FIND_LINKS"] == "/a,/b"
    assert given["SSL_CERT_FILE"] == "own"
    assert "UV_DEFAULT_INDEX" not in given


@pytest.mark.parametrize("requirement", REQUIREMENTS)
def test_that_every_dependency_is_pinned_within_its_range_and_explained(requirement):
    name, minimum = re.fullmatch(r"([A-Za-z0-9-]+)>=([\d.]+)(?:,<[\d.]+)?", requirement).groups()
    version = CONSTRAINTS[name.lower()]
    assert _numbers(version) >= _numbers(minimum)
    assert re.search(rf'^  "{re.escape(requirement)}", +# \S', PYPROJECT, re.MULTILINE), (
        "say why it was chosen"
    )


def _has_its_own_packages() -> bool:
    settings = Path(sys.prefix) / "pyvenv.cfg"
    return settings.exists() and "include-system-site-packages = false" in settings.read_text("utf-8")


@pytest.mark.skipif(not _has_its_own_packages(), reason="this Python uses packages of the system")
def test_that_exactly_the_pinned_versions_are_installed():
    installed = {
        distribution.name.lower().replace("_", "-"): distribution.version.split("+")[0]
        for distribution in importlib.metadata.distributions()
        if not distribution.name.startswith(("pip", "ravine", "nvidia-", "cuda-", "triton"))
    }
    pinned = {name: version for name, version in CONSTRAINTS.items() if name in installed}
    assert installed == pinned, "packaging/constraints.txt and what is installed differ"


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())
