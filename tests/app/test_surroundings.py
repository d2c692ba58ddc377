"""Ravine wherever it is started: other locales and scales, a home that cannot be written, twice at once."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.app.surroundings import DRIVE, TRAIN, said, started, surroundings

NUMBERS = """
import locale, sys
from pathlib import Path
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication
application = QApplication([])
try:
    locale.setlocale(locale.LC_ALL, "")  # Qt did so already on Unix
except locale.Error:
    pass
print("c", locale.localeconv()["decimal_point"], "qt", QLocale().decimalPoint())
import numpy as np
from app.forms.editor import Context
from app.forms.numbers import read_number, written
from app.painters.export import save_csv, save_svg
from app.painters.ink import Ink
from app.look.resources import RESOURCES
from app.selftest.figures import _records
from app.look.theme import Theme
from app.views.course.curves import CurvesView
from app.views.drawing import Viewport
from PySide6.QtCore import QSize
from engine.experiment import Experiment
from engine.experiment_file import read, write
place = Path(sys.argv[1])
theme = Theme(RESOURCES, "light", application)
theme.apply()
assert written(0.003) == "0.003"
assert read_number("0.003", whole=False) == read_number("0,003", whole=False) == 0.003
values = {"optimizer": {"kind": "adam", "learning_rate": 0.0125}}
write(Experiment.model_validate(values), place / "x.toml")
assert "0.0125" in (place / "x.toml").read_text("utf-8")
assert read(place / "x.toml").optimizer.learning_rate == 0.0125
save_csv(place / "x.csv", CurvesView().rows(_records()))
assert "1.9615384" in (place / "x.csv").read_text("utf-8")
save_svg(place / "x.svg", CurvesView().draw(_records(), Viewport()), QSize(640, 360), "t", Ink(theme))
from PySide6.QtSvg import QSvgRenderer
assert QSvgRenderer(str(place / "x.svg")).isValid()
import re
points = re.findall(r'points="([^"]*)"', (place / "x.svg").read_text("utf-8"))
assert all(re.fullmatch(r"[-0-9.e, ]*", line) for line in points)
"""


@pytest.fixture
def german(tmp_path: Path) -> dict[str, str]:
    """Surroundings with a comma as the decimal point, in a locale made for the test where there is none."""
    folder = tmp_path / "locales"
    folder.mkdir()
    maker = shutil.which("localedef")
    made = maker is not None and (
        subprocess.run(
            [maker, "-i", "de_DE", "-f", "UTF-8", str(folder / "de_DE.UTF-8")],
            check=False,
            capture_output=True,
        ).returncode
        == 0
    )
    more = {"LOCPATH": str(folder)} if made else {}
    return surroundings(tmp_path, LANG="de_DE.UTF-8", LC_ALL="de_DE.UTF-8", **more)


def test_that_a_decimal_comma_of_the_system_reaches_no_file(german: dict[str, str], tmp_path: Path) -> None:
    script = f"import sys; sys.argv[1:] = [{str(tmp_path)!r}]\n{NUMBERS}"
    words = said(started(script, german)).split()
    assert words[3] == ",", "the test needs a locale with a comma"
    if "LOCPATH" in german:
        assert words[1] == ","


@pytest.mark.parametrize("scale", ["1", "1.25", "1.5", "2", "2.5"])
def test_that_the_window_opens_at_every_scale(scale: str, tmp_path: Path) -> None:
    script = (
        DRIVE
        + """
def drive(window, rooms, workbench, quit):
    image = window.grab()
    print(image.devicePixelRatio(), image.width() >= window.width() * image.devicePixelRatio() - 2)
    quit()
sys.exit(driven(drive))
"""
    )
    ratio, whole = said(started(script, surroundings(tmp_path, QT_SCALE_FACTOR=scale))).split()
    assert float(ratio) == float(scale)
    assert whole == "True"


def test_that_a_home_that_cannot_be_written_is_told_and_the_window_works_on(tmp_path: Path) -> None:
    home = tmp_path / "file"
    home.write_text("no folder")
    script = (
        DRIVE
        + """
def drive(window, rooms, workbench, quit):
    session = rooms().session
    workbench.tell_once("welcome")
    print(*window.toasts.texts, sep="\\n", flush=True)
    workbench.open_preset(program.RESOURCES / "presets" / "iris.toml")
    def noticed(notice):
        print("noticed", notice.text, flush=True)
        quit()
    session.noticed.connect(noticed)
    train_when_ready(workbench)
sys.exit(driven(drive))
"""
    )
    text = said(started(script, surroundings(home)))
    assert "Settings cannot be kept" in text
    assert "The run cannot be saved in" in text
    assert "choose another folder for runs" in text


def test_that_two_programs_at_once_train_side_by_side_and_keep_their_settings(tmp_path: Path) -> None:
    both = [started(DRIVE + TRAIN, surroundings(tmp_path)) for _ in range(2)]
    for one in both:
        assert "ended finished" in said(one)
    runs = [path.parent for path in tmp_path.rglob("status.json")]
    assert len(runs) == 2
    kept = list(tmp_path.rglob("settings.json"))
    assert len(kept) == 1
    assert json.loads(kept[0].read_text("utf-8"))["geometry"]


def test_that_the_window_loads_nothing_that_its_executable_does_not_carry(tmp_path: Path) -> None:
    from bundle_contents import ENGINE_ONLY

    words = said(started(DRIVE + TRAIN, surroundings(tmp_path))).split()
    loaded = words[words.index("loaded") + 1 :]
    assert "numpy" in loaded
    assert sorted(set(loaded) & set(ENGINE_ONLY)) == []


@pytest.mark.skipif(sys.platform != "linux", reason="Wayland is a matter of Linux")
def test_that_the_plugins_for_wayland_and_x11_are_installed_and_shipped() -> None:
    import PySide6
    from bundle_contents import is_shipped

    plugins = Path(PySide6.__file__).parent / "Qt" / "plugins"
    for name in (
        "platforms/libqwayland.so",
        "platforms/libqxcb.so",
        "wayland-shell-integration/libxdg-shell.so",
        "wayland-decoration-client/libadwaita.so",
    ):
        assert (plugins / name).is_file(), name
        assert is_shipped(f"PySide6/Qt/plugins/{name}")
