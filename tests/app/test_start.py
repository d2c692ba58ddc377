"""The window starts light: no torch, nothing heavy before the first paint."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.app.surroundings import said, started, surroundings
from tests.patience import PATIENCE

ROOT = Path(__file__).resolve().parents[2]

FIRST_PICTURE = """
import sys
import app.__main__ as program
from app.shell.window import MainWindow

class Watched(MainWindow):
    def paintEvent(self, event):
        super().paintEvent(event)
        if not self._built:
            heavy = {"torch", "pandas", "numpy", "pydantic", "pyqtgraph", "engine.choices"}
            print("first", *sorted(heavy & sys.modules.keys()), flush=True)

program.MainWindow = Watched
make = program.make_window
def made(workbench):
    window, rooms = make(workbench)
    def furnished():
        print("page", window.page, window.windowTitle(), flush=True)
        window.close()
    window.painted.connect(furnished)
    return window, rooms
program.make_window = made
sys.exit(program.main([]))
"""

EVERY_FORM = """
import sys
from pathlib import Path
from PySide6.QtWidgets import QApplication
application = QApplication([])
from app.shell.dialogs import Dialogs
from app.document.document import Document
from app.forms.choice import ChoiceEditor
from app.forms.editor import Context
from app.forms.table import editor_for
from app.shell.pages import Page
from app.look.resources import RESOURCES
from app.look.settings import SettingsFile
from app.start.page import StartPage
from app.look.theme import Theme
from app.document.run_controls import RunControls
from app.shell.window import MainWindow
from app.shell.workbench import Workbench
from engine.choices import Family
theme = Theme(RESOURCES, "light", application)
theme.apply()
settings = SettingsFile(Path(sys.argv[1]))
bench = Workbench(Document(), RunControls(), settings, theme, Dialogs(), Path(sys.argv[1]))
start = Page("start", "Start", "house", lambda: StartPage(bench, RESOURCES / "presets"))
window = MainWindow(bench, [start])
window.show_page("start")
window.show()
application.processEvents()
heavy = {"torch", "pandas", "scipy", "PIL"} & sys.modules.keys()
assert not heavy, f"imported before the first paint: {heavy}"
editors = []
for family in Family.every.values():
    for kind in family:
        editor = ChoiceEditor(family, Context(theme, editor_for))
        editor.switch(kind)
        editor.show()
        editors.append(editor)
application.processEvents()
assert "torch" not in sys.modules
maps = Path("/proc/self/maps")
if maps.exists():
    assert "torch" not in maps.read_text(), "torch is mapped"
print(len(editors), "forms")
"""


def test_that_the_window_is_painted_before_the_engine_is_loaded_and_then_filled(tmp_path: Path) -> None:
    *pictures, filled = said(started(FIRST_PICTURE, surroundings(tmp_path))).splitlines()
    assert set(pictures) == {"first"}  # painted once or more, with nothing heavy
    assert filled == "page start Untitled[*] – Ravine"


def test_that_a_fresh_process_builds_window_and_every_form_without_torch(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", EVERY_FORM, str(tmp_path / "settings.json")],
        cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert int(done.stdout.split()[0]) > 40
