"""Dialogs offer what the sources say that they read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import pytest
from PySide6.QtWidgets import QFileDialog
from typing_extensions import override

from app.shell.dialogs import Dialogs
from engine.choices import Setting
from engine.data.files.layouts import sort_of_file
from engine.data.modality import file_sorts
from engine.data.raw import Raw
from engine.data.series.raw import SeriesSet
from engine.data.source import Report, Source, silent
from engine.opening import sort_of, source_of


@pytest.fixture
def planted() -> Iterator[type[Source]]:
    """A source of a new sort of file, which nothing else knows of."""
    before = dict(Source.family._choices)

    class Waves(Source, kind="planted_waves", title="Waves"):
        """Waves."""

        endings = (".waves",)
        path: Annotated[str, Setting("File", "Where it lies.", role="file")] = ""

        @property
        def holds(self) -> type[Raw]:
            return SeriesSet

        @override
        def read(self, seed: int, report: Report = silent) -> Raw:
            raise NotImplementedError

    file_sorts.cache_clear()
    yield Waves
    Source.family._choices = before
    file_sorts.cache_clear()


def test_that_a_new_ending_is_offered_and_understood_by_what_its_source_says(
    tmp_path: Path, planted: type[Source], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "birds.WAVES"
    file.write_bytes(b"RIFF")
    kinds: list[str] = []

    def answer(parent: object, words: str, folder: str, offered: str) -> tuple[str, str]:
        kinds.append(offered)
        return str(file), ""

    monkeypatch.setattr(QFileDialog, "getOpenFileName", answer)
    assert Dialogs().data_to_open(tmp_path) == file
    assert "*.waves" in kinds[0].partition(";;")[0]
    assert source_of(file) == planted.model_validate({"path": str(file)})
    assert sort_of(file) == "series"
    # so that a folder of such files is known for what it is, and they are not said to be unread
    assert sort_of_file(file) == "series"
