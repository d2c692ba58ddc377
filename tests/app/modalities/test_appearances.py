"""How each kind of data appears: what predictions ask for, what the data page says and draws."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from app.modalities.appearance import appearance_of, groups, icon_of, of_encoder
from app.modalities.wanted import Tab
from app.views.drawing import Passages, Pictures, Plot
from engine.data.inspection.records import Course, Inspection, Passage
from engine.data.modality import modalities
from engine.experiment import Experiment

GREY = {"height": 8, "width": 6, "channels": 1}


@pytest.mark.parametrize(
    ("encoder", "inputs", "tab", "folders"),
    [
        ("table", {"columns": [{"kind": "boolean", "name": "a", "zero": "no", "one": "yes"}]}, "rows", False),
        ("pictures", GREY, "drawing", True),
        ("series", {}, "files", True),
        ("timeline", {"history": 24, "horizon": 6}, "files", False),
        ("texts", {}, "texts", True),
        ("tagged", {}, "texts", True),
        ("pairs", {}, "texts", True),
        ("corpus", {}, "texts", True),
    ],
)
def test_that_each_network_is_given_what_it_takes(
    encoder: str, inputs: Mapping[str, Any], tab: Tab, folders: bool
) -> None:
    shown = of_encoder(encoder)
    assert shown is not None
    wanted = shown.wants(inputs, Experiment())
    assert (wanted.tab, wanted.folders) == (tab, folders)
    assert wanted.forecasts == (encoder == "timeline")
    assert wanted.about
    assert wanted.files


def test_that_the_board_has_the_size_of_the_pictures_and_a_damaged_size_has_none() -> None:
    shown = of_encoder("pictures")
    assert shown is not None
    assert shown.wants(GREY, Experiment()).picture == (8, 6, 1)
    for damaged in ({}, {**GREY, "height": "8"}, {**GREY, "width": 0}, {**GREY, "channels": 9_999}):
        wanted = shown.wants(damaged, Experiment())
        assert (wanted.picture, wanted.tab) == (None, "files")


def test_that_an_encoder_that_nobody_knows_appears_as_nothing() -> None:
    assert of_encoder("smells") is None
    assert of_encoder(None) is None


def test_that_a_course_over_time_stands_at_its_times_and_names_its_series() -> None:
    times = tuple(f"2024-01-0{day}" for day in range(1, 6))
    course = Course("north", np.zeros((5, 1), np.float32), "north", times)
    header = ("date", "sales")
    found = Inspection("timeline", 9, header=header, courses=(course,), channels=("sales",), borders=(3, 7),
                       drawn_rows=9)  # fmt: skip
    drawn = appearance_of("timeline").draw(found)
    assert isinstance(drawn, Plot)
    assert (drawn.x.label, drawn.y.label) == ("date", "sales, north")
    assert drawn.x.names == times
    # five points of nine rows: a border stands between the points of the rows that it parts
    assert [border.x for border in drawn.uprights] == [1.25, 3.25]


def test_that_each_kind_is_drawn_as_what_it_is() -> None:
    pixels = Inspection("images", 1, pixels=np.zeros((1, 4, 3, 1), np.uint8), labels=("a",), names=("x",))
    assert isinstance(appearance_of("images").draw(pixels), Pictures)
    assert appearance_of("images").size(pixels) == " 3×4"
    course = Course("one", np.zeros((5, 1), np.float32), "a")
    series = Inspection("series", 1, courses=(course,), channels=("x",))
    timeline = Inspection("timeline", 5, courses=(course,), channels=("x",), borders=(3, 4))
    assert isinstance(appearance_of("series").draw(series), Plot)
    drawn = appearance_of("timeline").draw(timeline)
    assert isinstance(drawn, Plot)
    assert len(drawn.uprights) == 2
    for kind in ("texts", "tagged", "pairs", "corpus"):
        texts = Inspection(kind, 1, passages=(Passage("one", ("good",)),))
        assert isinstance(appearance_of(kind).draw(texts), Passages)


def test_that_every_room_has_an_icon_and_every_kind_a_group() -> None:
    for kind, modality in modalities().items():
        assert icon_of(modality.room)
        assert appearance_of(kind).group.key in groups()
