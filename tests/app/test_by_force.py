"""What happens to the window from outside: signals, disks that refuse, work that raises."""

from __future__ import annotations

import ast
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6 import QtGui
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.link.background import Background
from app.look.resources import RESOURCES
from app.look.theme import Theme
from app.runs.library import Library, NoWasteBasket
from app.runs.model import RunsModel
from app.runs.page import RunsPage
from app.runs.rows import RunRow
from app.shell.ends import Ends
from app.shell.workbench import Workbench
from app.widgets.tips import plain
from engine import signals
from engine.experiment import Experiment
from engine.runs import status
from engine.runs.creation import create
from engine.runs.lists.listing import RunEntry, read_entry
from engine.runs.status import Status
from tests.app.live.samples import PATIENCE
from tests.app.soak import TRIES as SOAK
from tests.engine.runs.real_runs import REPOSITORY
from tests.engine.runs.test_whole_or_not_there import WORKING
from tests.force.tries import Try

needs_signals = pytest.mark.skipif(os.name == "nt", reason="signals are a matter of POSIX")


@needs_signals
@pytest.mark.parametrize(
    ("sent", "wanted"),
    [
        ([signal.SIGINT], "close"),
        ([signal.SIGINT, signal.SIGINT], "leave"),
        ([signal.SIGTERM], "leave"),
        ([signal.SIGHUP], "leave"),
    ],
    ids=["Ctrl-C", "Ctrl-C twice", "terminate", "end of the terminal"],
)
def test_that_the_system_ends_the_window_between_two_events(
    sent: list[int], wanted: str, qtbot: QtBot
) -> None:
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    heard: list[str] = []
    ends = Ends(lambda: heard.append("close"), lambda: heard.append("leave"))
    try:
        for number in sent:
            os.kill(os.getpid(), number)
        assert heard == []  # nothing is done in the midst of other work
        qtbot.waitUntil(lambda: bool(heard), timeout=PATIENCE)
        assert heard == [wanted]
        ends.release()
        os.kill(os.getpid(), signal.SIGTERM)  # nothing more: the engine is being ended
        # what is ignored would be so in every process that is started from now on
        assert signal.SIG_IGN not in {signal.getsignal(number) for number in before}
    finally:
        ends.release()
        for number, handler in before.items():
            signal.signal(number, handler)


@needs_signals
def test_that_what_is_told_to_outlive_its_terminal_does() -> None:
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.getsignal(number) for number in numbers}
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # as nohup leaves it
    try:
        assert signals.that_end() == (signal.SIGTERM,)
        ends = Ends(lambda: None, lambda: None)
        assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
        ends.release()
    finally:
        for number, handler in before.items():  # whoever is started afterwards inherits what is ignored
            signal.signal(number, handler)


@needs_signals
def test_that_a_window_without_a_temporary_folder_starts_and_ends_when_told(tmp_path: Path) -> None:
    (tmp_path / "cache").write_bytes(b"in the way of a folder")
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "TMPDIR": str(tmp_path / "nowhere"),
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "XDG_DATA_HOME": str(tmp_path / "data"),
    }
    script = (
        "import sys\n"
        "import app.__main__ as m\n"
        "made = m.make_window\n"
        "def make(*given):\n"
        "    window, rooms = made(*given)\n"
        "    window.painted.connect(lambda: print('painted', flush=True))\n"
        "    return window, rooms\n"
        "m.make_window = make\n"
        "sys.exit(m.main([]))\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script],
        cwd=REPOSITORY,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as window:
        assert window.stdout is not None
        assert window.stdout.readline() == "painted\n"
        window.send_signal(signal.SIGTERM)
        _, errors = window.communicate(timeout=PATIENCE / 1000)
    assert window.returncode == 0
    assert "Traceback" not in errors


def test_that_a_theme_leaves_nothing_over_and_needs_no_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, theme: Theme
) -> None:
    monkeypatch.setattr("app.look.theme.cache", lambda: tmp_path / "cache")
    paths = theme._pictures()
    assert all(Path(path).is_file() for path in paths.values())
    assert theme._pictures() == paths
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setattr("app.look.theme.cache", lambda: tmp_path / "file" / "cache")
    assert set(theme._pictures().values()) == {""}
    Theme(RESOURCES, "dark")


@pytest.mark.parametrize("error", [ValueError("odd"), KeyError("odd"), MemoryError("odd"), OSError("odd")])
def test_that_work_that_raises_anything_is_told(error: Exception, qtbot: QtBot) -> None:
    asker = QWidget()
    qtbot.addWidget(asker)
    background: Background[int] = Background(asker)

    def work() -> int:
        raise error

    with qtbot.waitSignal(background.failed, timeout=PATIENCE) as failed:
        background.run(work)
    assert "odd" in failed.args[0]
    assert not background.busy


def test_that_what_no_waste_basket_takes_is_asked_about_again(
    tmp_path: Path, theme: Theme, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = create(tmp_path / "runs", Experiment(name="Wine"))
    status.write(folder, Status("stopped", name="Wine"))
    monkeypatch.setattr("app.runs.library.thrown_away", lambda path: False)
    library = Library(tmp_path / "runs")
    with pytest.raises(NoWasteBasket):
        library.discard(str(folder.path))
    page = RunsPage(theme, library)
    qtbot.addWidget(page)
    told: list[str] = []
    page.told.connect(told.append)
    page._question.ask([RunRow(read_entry(folder.path), None)])
    page._question.delete()
    assert folder.path.exists()
    assert not page._question.isHidden()
    assert "for good" in page._question.words.text()
    assert told == []
    page._question.delete()
    assert not folder.path.exists()
    assert "waste basket" not in told[0]


def test_that_a_run_in_training_elsewhere_cannot_be_thrown_away(tmp_path: Path, qtbot: QtBot) -> None:
    folder = create(tmp_path / "runs", Experiment(name="Wine"))
    library = Library(tmp_path / "runs")
    with subprocess.Popen(
        [sys.executable, "-c", WORKING, str(folder.path)],
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        assert "stop it first" in library.discard(str(folder.path))
        folder.lock.unlink()
        assert "stop it first" in library.discard(str(folder.path))
        other.kill()
    assert folder.experiment.is_file()


def _calls(name: str) -> Iterator[tuple[str, ast.Call]]:
    for file in sorted((REPOSITORY / "app").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == name:
                yield f"{file.name}:{node.lineno}", node


def test_that_every_tool_tip_that_may_hold_data_is_plain() -> None:
    seen = 0
    for place, call in _calls("setToolTip"):
        (words,) = call.args
        called = words.func if isinstance(words, ast.Call) else None
        name = called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")
        ours = isinstance(words, ast.Call) and name == "tr" and len(words.args) == 1 and not words.keywords
        assert ours or name in ("plain", "toolTip") or isinstance(words, ast.Constant), place
        seen += 1
    assert seen > 20


@pytest.mark.parametrize(
    "text",
    [
        "<h1>Update</h1><img src='file:///x.png'>",
        "a < b",
        "&lt;b&gt;",
        "<b>",
        "<?xml version='1.0'?>",
        "x\n<b>y</b>",
    ],
)
def test_that_no_tool_tip_is_taken_for_html(text: str) -> None:
    assert not QtGui.Qt.mightBeRichText(plain(text))
    assert plain(text).replace("\u200b", "") == text


def test_that_tables_of_data_have_plain_tool_tips(theme: Theme) -> None:
    evil = "<img src='file:///etc/x.png'>"
    entry = RunEntry("/runs/a", evil, "failed", why=evil, started=5.0)
    model = RunsModel(theme)
    model.set_rows([RunRow(entry)])
    tips = [model.index(0, column).data(Qt.ItemDataRole.ToolTipRole) for column in range(model.columnCount())]
    assert any(evil in str(tip).replace("\u200b", "") for tip in tips)
    assert not any(QtGui.Qt.mightBeRichText(tip) for tip in tips if isinstance(tip, str))


@pytest.mark.skipif(sys.platform != "linux", reason="names of files are text elsewhere")
def test_that_a_name_that_is_no_text_is_shown_with_escapes_and_refused(
    workbench: Workbench, tmp_path: Path
) -> None:
    path = tmp_path / os.fsdecode(b"ca\xf1on.csv")
    path.write_text("a,b\n1,2\n", "utf-8")
    said: list[str] = []
    workbench.noticed.connect(lambda notice: said.append(notice.text))
    workbench.open_anything(path)
    assert r"ca\xf1on.csv" in said[0]
    assert "rename it" in said[0]


def test_that_a_folder_of_nothing_that_is_read_is_told_with_what_it_holds(
    workbench: Workbench, tmp_path: Path
) -> None:
    for number in range(9):
        (tmp_path / f"{number}.flac").write_bytes(b"fLaC")
    said: list[str] = []
    workbench.noticed.connect(lambda notice: said.append(notice.text))
    workbench.open_anything(tmp_path)
    assert "it holds files that are not read: .flac, as 0.flac" in said[0]


@pytest.mark.slow
@pytest.mark.timeout(600)
@needs_signals
@pytest.mark.parametrize("one", SOAK, ids=lambda one: one.name)
def test_that_a_window_that_trains_for_long_holds_no_more_and_more(one: Try, tmp_path: Path) -> None:
    assert one.work(tmp_path, one.short)
