"""Tables as people type them: marks of other keyboards, units side by side, boxes that are ticked."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.data.decisions import Decision, decision_in
from engine.data.tables.raw import Table
from engine.data.tables.sources.table_file import TableFile


def read(path: Path, text: str, **settings: object) -> Table:
    """Return the table in a file of this text."""
    path.write_text(text, "utf-8")
    found = TableFile(path=str(path), **settings).read(0)
    assert isinstance(found, Table)
    return found


def doubts(table: Table, setting: str) -> list[Decision]:
    """Return what is asked about a setting."""
    told = map(decision_in, table.notices)
    return [one for one in told if one.doubtful and one.setting == setting]


# --------------------------------------------------------------------------- marks of a Chinese keyboard


@pytest.mark.parametrize("mark", ["\uff0c", "\uff1b", "、"])
def test_that_cells_are_parted_by_the_marks_of_a_chinese_keyboard(mark: str, tmp_path: Path) -> None:
    lines = ["城市,面积,说明", '北京,80,"近,好"', "上海,90.5,大", "广州,,小"]
    found = read(tmp_path / "t.csv", "\n".join(lines).replace(",", mark))
    assert found.found["separator"] == mark
    assert found.frame["面积"].tolist()[:2] == [80, 90.5]
    assert found.frame["说明"].tolist() == [f"近{mark}好", "大", "小"]


@pytest.mark.parametrize(
    "text",
    [
        "句子\n今天好\uff0c去玩。\n明天\uff0c不去。\n后天\uff0c雨。\n",
        "id,爱好\n1,书\uff0c球\n2,画\uff0c歌\n3,书\uff0c歌\n",
        "名\n甲\n乙\uff0c丙\n丁\n",
    ],
    ids=("sentences", "lists in a cell", "a single one"),
)
def test_that_such_marks_within_sentences_and_lists_part_no_cells(text: str, tmp_path: Path) -> None:
    found = read(tmp_path / "t.csv", text)
    assert found.found["separator"] == ","
    assert not doubts(found, "data.separator")


def test_that_words_parted_by_such_marks_are_asked_about(tmp_path: Path) -> None:
    text = "题目\uff0c答案\n一加一\uff0c二\n二加二\uff0c四\n三加三\uff0c六\n"
    (asked,) = doubts(read(tmp_path / "t.csv", text), "data.separator")
    (other,) = asked.others
    assert list(read(tmp_path / "t.csv", text, separator=other.value).frame.columns) == ["题目", "答案"]
