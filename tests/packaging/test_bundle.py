"""What goes into the installed program: rules on names, and lists that must not fall behind the code."""

from __future__ import annotations

import importlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import bundle_slim
import package
import pytest
from bundle_contents import (
    EXCLUDED_MODULES,
    NEED_SOURCES,
    PACKAGES_LEFT_OUT,
    belongs_to_window,
    is_shipped,
)
from bundle_registries import shipped_files
from bundle_version import project_version
from setup_environment import ROOT

import engine
from app.shell.licences import packages, requirements
from tests.patience import PATIENCE


def test_that_the_version_stands_in_one_place():
    assert project_version(ROOT) == engine.__version__


def test_that_a_missing_version_is_told(tmp_path):
    (tmp_path / "engine").mkdir()
    (tmp_path / "engine" / "__init__.py").write_text("", "utf-8")
    with pytest.raises(ValueError, match="__version__"):
        project_version(tmp_path)


@pytest.mark.parametrize(
    "path",
    [
        "torch/lib/libtorch_cpu.so",
        "torch/bin/torch_shm_manager",
        "PySide6/Qt/plugins/platforms/libqxcb.so",
        "PySide6/Qt/plugins/platforms/libqwayland.so",
        "PySide6\\plugins\\platforms\\qwindows.dll",
        "PySide6/Qt/plugins/iconengines/libqsvgicon.so",
        "PySide6/Qt/lib/libQt6Widgets.so.6",
        "pyarrow/libarrow.so.2600",
        "pyarrow/libarrow_python.so.2600",
        "resources/presets/iris.ravine.toml",
        "resources/samples/digits.npz",
        "numpy/_core/_multiarray_tests.cpython-311-x86_64-linux-gnu.so",
    ],
)
def test_that_what_a_feature_needs_is_shipped(path):
    assert is_shipped(path)


@pytest.mark.parametrize(
    "path",
    [
        "torch/bin/test_api",
        "torch/bin/protoc",
        "torch/include/ATen/ATen.h",
        "torch/lib/libjitbackend_test.so",
        "pyarrow/include/arrow/api.h",
        "pyarrow/libarrow_flight.so.2600",
        "pyarrow/libarrow_python.so.2600.1.0",
        "pandas/tests/data/a.csv",
        "PySide6/Qt/plugins/sqldrivers/libqsqlite.so",
        "PySide6/Qt/plugins/platforms/libqvnc.so",
        "PySide6/Qt/plugins/qmltooling/libqmldbg_tcp.so",
        "PySide6/Qt/qml/QtQuick/plugin.so",
        "PySide6/Qt/lib/libQt6Quick.so.6",
        "PySide6/QtCore.pyi",
    ],
)
def test_that_what_no_feature_uses_stays_out(path):
    assert not is_shipped(path)


def test_that_every_file_of_the_resources_but_pictures_of_the_readme_is_shipped():
    there = {path.relative_to(ROOT).as_posix() for path in (ROOT / "resources").rglob("*") if path.is_file()}
    left_out = there - set(shipped_files(ROOT))
    assert all(name.startswith("resources/screenshots/") for name in left_out)


def test_that_the_window_carries_all_but_what_belongs_to_the_engine_alone():
    assert belongs_to_window("app.shell.window")
    assert belongs_to_window("engine.learning.optimizers")
    assert not belongs_to_window("torch.nn.functional")
    assert not belongs_to_window("sympy")


def test_that_no_module_is_both_kept_out_and_asked_for():
    asked = [
        *NEED_SOURCES,
        "torch",
        "pandas",
        "pyarrow.parquet",
        "openpyxl",
        "PIL.Image",
        "safetensors.torch",
    ]
    for module in asked:
        parts = module.split(".")
        assert not {".".join(parts[:count]) for count in range(1, len(parts) + 1)} & set(EXCLUDED_MODULES)


@pytest.mark.parametrize("module", NEED_SOURCES)
def test_that_torch_has_the_modules_whose_sources_are_shipped(module):
    assert importlib.util.find_spec(module) is not None


def test_that_the_list_for_the_self_test_holds_every_family_and_its_kinds(tmp_path):
    target = tmp_path / "registries.json"
    command = [sys.executable, str(ROOT / "packaging" / "bundle_registries.py"), str(target)]
    subprocess.run(command, check=True, timeout=PATIENCE)
    written = json.loads(target.read_text("utf-8"))
    assert "adam" in written["choices"]["optimizers"]
    assert "resources/icons/ravine.svg" in written["files"]


def test_that_names_of_needed_libraries_are_read_from_objdump():
    text = "Dynamic Section:\n  NEEDED               libm.so.6\n  SONAME  a.so\n  NEEDED   libGL.so.1\n"
    assert bundle_slim.names_needed(text) == {"libm.so.6", "libGL.so.1"}


def test_that_libraries_go_that_only_dropped_ones_needed():
    inside = Path("/bundle")
    needed = {
        inside / "libgtk.so": {"libcairo.so"},
        inside / "libcairo.so": {"libpixman.so"},
        inside / "libpixman.so": set[str](),
        inside / "libssl.so": set[str](),
        inside / "libz.so.1": set[str](),  # every system has it
        inside / "libpython3.11.so.1.0": set[str](),  # loaded by the executables
        inside / "python3.11" / "_ssl.so": {"libssl.so", "libz.so.1"},
    }
    gone = [path.name for path in bundle_slim.unneeded(inside, needed)]
    assert gone == ["libcairo.so", "libgtk.so", "libpixman.so", "libz.so.1"]


def test_that_every_shipped_package_has_a_licence_text():
    installed = packages(requirements(ROOT), ROOT, PACKAGES_LEFT_OUT)
    assert len(installed) > 15
    assert [part.name for part in installed if not part.texts] == []


def test_that_packages_left_out_leave_with_what_only_they_require():
    names = {part.name.partition(" ")[0] for part in packages(requirements(ROOT), ROOT, PACKAGES_LEFT_OUT)}
    assert "tokenizers" in names
    assert not names & {"huggingface_hub", "hf-xet", "httpx2", "tqdm", "PyYAML"}


@pytest.mark.slow
def test_that_the_self_test_passes_without_what_is_left_out():
    code = """
import sys
from importlib.machinery import PathFinder

left_out = set(sys.argv[1:])
found = PathFinder.find_spec
PathFinder.find_spec = lambda name, *more: None if name in left_out else found(name, *more)
from engine.command_line.main import run
sys.exit(run(["selftest", "--json"]))
"""
    command = [sys.executable, "-c", code, *EXCLUDED_MODULES]
    finished = subprocess.run(
        command, cwd=ROOT, check=False, capture_output=True, text=True, timeout=PATIENCE
    )
    checks = json.loads(finished.stdout)["checks"]
    assert finished.returncode == 0, {name: said for name, said in checks.items() if said != "ok"}
    assert set(checks.values()) == {"ok"}
    assert any(name.startswith("train with adam") for name in checks)


def test_that_a_figure_is_drawn_without_what_is_left_out(tmp_path):
    """pyqtgraph asks for parts of Qt by names that nobody sees, and goes on without others."""
    code = """
import sys
from importlib.machinery import PathFinder
from pathlib import Path

left_out = set(sys.argv[2:])
found = PathFinder.find_spec
PathFinder.find_spec = lambda name, *more: None if name in left_out else found(name, *more)
from PySide6.QtWidgets import QApplication
from app.look.resources import RESOURCES
from app.look.theme import Theme
from app.selftest.figures import figure_checks
application = QApplication([])
for check in figure_checks(Theme(RESOURCES, "light")).values():
    check(Path(sys.argv[1]))
"""
    command = [sys.executable, "-c", code, str(tmp_path), *EXCLUDED_MODULES]
    finished = subprocess.run(
        command,
        cwd=ROOT,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        check=False,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert finished.returncode == 0, finished.stderr
    assert (tmp_path / "figure.svg").is_file()


def test_that_a_build_does_not_depend_on_the_time_or_on_chance():
    told = package.building_environment({"PATH": "/bin"}, "86400")
    assert told["SOURCE_DATE_EPOCH"] == "86400"
    assert told["PYTHONHASHSEED"] == "0"
    assert told["PATH"] == "/bin"


@pytest.mark.parametrize(("options", "code"), [(["--where-possible"], 0), ([], 1)])
def test_that_without_a_packer_nothing_is_built_and_that_is_said(tmp_path, options, code):
    for name in ("packaging", "pyproject.toml"):
        source, target = ROOT / name, tmp_path / name
        shutil.copytree(source, target) if source.is_dir() else shutil.copy(source, target)
    unset = ("PIP_FIND_LINKS", "PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "SOURCE_DATE_EPOCH")
    environment = {key: value for key, value in os.environ.items() if key not in unset}
    environment |= {"PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": os.devnull}
    command = [sys.executable, "packaging/dev.py", "--without-uv", "package", "--bundle-only", *options]
    finished = subprocess.run(
        command, cwd=tmp_path, env=environment, check=False, capture_output=True, text=True, timeout=PATIENCE
    )
    assert finished.returncode == code, finished.stderr
    assert ("SKIPPED: the program was not built" in finished.stdout) == (code == 0)
    assert "pyinstaller" in (finished.stdout + finished.stderr).lower()
    assert not (tmp_path / "build" / "package" / "dist").exists()
