"""The start page: few presets at a time, each in the group of its data, and found by its words."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.look.resources import RESOURCES
from app.shell.workbench import Workbench
from app.start.page import PresetCard, StartPage
from app.start.presets import FIRST, group_names, read_presets

PRESETS = read_presets(RESOURCES / "presets")


@pytest.fixture
def page(workbench: Workbench, qtbot: QtBot) -> StartPage:
    made = StartPage(workbench, RESOURCES / "presets")
    qtbot.addWidget(made)
    made.resize(1300, 800)
    made.show()
    return made


def shown(page: StartPage) -> set[str]:
    return {card.preset.path.stem for card in page.findChildren(PresetCard) if not card.isHidden()}


def test_that_no_two_presets_are_called_alike() -> None:
    assert len({preset.title for preset in PRESETS}) == len(PRESETS)


def test_that_presets_of_a_series_stand_by_their_numbers() -> None:
    stems = [preset.path.stem for preset in PRESETS]
    assert stems.index("warm_up_10_5_2") < stems.index("warm_up_10_20_10")


def test_that_every_preset_is_in_a_group_of_its_data() -> None:
    groups = {preset.path.stem: preset.group for preset in PRESETS}
    assert set(groups.values()) == set(group_names())
    assert groups["spirals"] == "points"
    assert groups["iris"] == "tables"
    assert groups["digits_cnn"] == "images"
    assert groups["temperatures_lstm"] == groups["japanese_vowels_lstm"] == "series"
    assert groups["austen_lstm"] == groups["film_sentences_lstm"] == "texts"
    assert groups["spanish_verses_lstm"] == "translation"


def test_that_the_page_begins_with_a_few_presets_and_one_at_least_of_each_group(page: StartPage) -> None:
    assert shown(page) == set(FIRST) <= {preset.path.stem for preset in PRESETS}
    assert {preset.group for preset in PRESETS if preset.path.stem in FIRST} == set(group_names())


def test_that_each_group_shows_its_presets_and_all_shows_every_one(page: StartPage) -> None:
    for key in group_names():
        page.groups.set_value(key)
        page.groups.picked.emit(key)
        assert shown(page) == {preset.path.stem for preset in PRESETS if preset.group == key}
    page.groups.set_value("all")
    page.groups.picked.emit("all")
    assert shown(page) == {preset.path.stem for preset in PRESETS}


def test_that_words_are_looked_for_in_every_group_and_a_choice_of_group_ends_the_search(
    page: StartPage,
) -> None:
    page.search.setText("lstm austen")
    assert shown(page) == {"austen_lstm"}
    page.search.setText("no such preset")
    assert shown(page) == set()
    page.groups.picked.emit("begin")
    assert page.search.text() == ""
    assert shown(page) == set(FIRST)


def test_that_a_preset_that_cannot_be_read_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "broken.toml").write_text("= 1")
    (tmp_path / "odd.toml").write_text('name = "Odd"\n[data]\nkind = "no such"\n[architecture]\nkind = "x"\n')
    assert [(one.title, one.group, one.network) for one in read_presets(tmp_path)] == [("Odd", "tables", "x")]
