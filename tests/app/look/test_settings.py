"""Settings survive whatever stands in their file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.look.settings import MOST_RECENT, Settings, SettingsFile, understood

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
ENTRIES = st.sampled_from(["scheme", "language", "recent", "geometry", "open_cards", "layouts"])


@given(JSON | st.dictionaries(ENTRIES, JSON))
def test_that_any_json_is_understood_as_settings_that_can_be_written_again(value: object) -> None:
    settings = understood(value)
    assert settings.scheme in ("system", "light", "dark")
    assert understood(json.loads(json.dumps(settings.__dict__))) == settings


GARBAGE = [b"", b"\xff\xfe\x00", b"[1, 2", b"null", b"[" * 100_000, b'{"recent": 3}']


@pytest.mark.parametrize("content", GARBAGE, ids=range(len(GARBAGE)))
def test_that_a_file_of_garbage_is_as_good_as_none(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(content)
    assert SettingsFile(path).value == Settings()


def test_that_what_is_changed_is_there_at_the_next_start(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "settings.json"
    SettingsFile(path).change(scheme="dark", layouts={"train": "x"})
    assert SettingsFile(path).value == Settings(scheme="dark", layouts={"train": "x"})
    assert [file.name for file in path.parent.iterdir()] == ["settings.json"]


def test_that_a_folder_that_cannot_be_written_costs_only_the_memory(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    settings = SettingsFile(tmp_path / "file" / "settings.json")
    settings.change(scheme="dark")
    assert settings.value.scheme == "dark"


def test_that_recent_files_are_few_newest_first_and_named_once() -> None:
    settings = Settings()
    for number in range(30):
        settings = settings.with_recent(f"file {number}")
    settings = settings.with_recent("file 25")
    assert settings.recent[:2] == ("file 25", "file 29")
    assert len(settings.recent) == len(set(settings.recent)) == MOST_RECENT
