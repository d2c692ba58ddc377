"""Recordings whose label changes along them are cut into pieces of one label, and told from courses."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from engine.data.decisions import decision_in
from engine.data.description import PARTS
from engine.data.preparation.prepare import prepare
from engine.data.preprocessing import Preprocessing
from engine.data.series.raw import SeriesSet
from engine.data.series.read.pieces import stretches_in
from engine.data.series.sources.series_table import SeriesTable
from engine.data.split import Split
from engine.data.tables.sources.table_file import TableFile
from engine.experiment import Experiment

ROWS, DOING = 90, ("walk", "run", "sit")


def walks(*, people: tuple[int, ...] = (7, 12, 20), dated: bool = False) -> pd.DataFrame:
    """What people do while they carry a sensor: each thing twice, ROWS rows each; x says who and what."""
    rows = []
    time = 0
    for person in people:
        for turn in range(2):
            for number, doing in enumerate(DOING):
                for step in range(ROWS):
                    time += 20
                    rows.append(
                        (person, doing, time, 10 * person + number, np.sin(step * (number + 1) + turn))
                    )
    frame = pd.DataFrame(rows, columns=["user", "activity", "timestamp", "x", "y"])
    if dated:
        frame["timestamp"] = pd.Timestamp("2024-01-01") + pd.to_timedelta(frame["timestamp"], unit="ms")
    return frame


def read(frame: pd.DataFrame, folder: Path, **settings: object) -> SeriesSet:
    frame.to_csv(folder / "t.csv", index=False)
    found = SeriesTable(path=str(folder / "t.csv"), **settings).read(0)  # type: ignore[arg-type]
    assert isinstance(found, SeriesSet)
    return found


@pytest.mark.parametrize("dated", [False, True])
@pytest.mark.parametrize("shuffled", [False, True])
def test_that_every_piece_is_of_one_person_and_one_label(tmp_path: Path, dated: bool, shuffled: bool) -> None:
    frame = walks(dated=dated)
    # the rows of one person may stand anywhere in the file
    frame = frame.sort_values(["user", "timestamp"], ascending=[not shuffled, True])
    found = read(frame, tmp_path, window=20)
    assert set(map(len, found.values)) == {20}
    assert len(found.values) == 3 * 2 * len(DOING) * (ROWS // 20)
    place = found.channels.index("x")
    for values, label, who in zip(found.values, found.labels, found.beside["user"], strict=True):  # type: ignore[index]
        assert (values[:, place] == 10 * int(who) + DOING.index(label)).all()
    assert set(found.channels) == {"x", "y"}


def test_that_the_window_is_found_and_that_keeping_a_person_together_is_asked(tmp_path: Path) -> None:
    found = read(walks(), tmp_path)
    assert found.found["window"] == ROWS // 4
    source = SeriesTable(path=str(tmp_path / "t.csv"))
    ready = prepare(source, Split(), Preprocessing(), "classes", 0)
    told = {one.setting: one for one in map(decision_in, ready.notices) if one.setting}
    assert "one label each" in told["data.window"].said
    assert told["split.group"].doubtful
    assert told["split.group"].others[0].value == "user"
    # who is kept together is asked no more
    apart = prepare(source, Split(group="user"), Preprocessing(), "classes", 0)
    assert not any(decision_in(notice).setting == "split.group" for notice in apart.notices)
    assert apart.raw.beside is not None  # type: ignore[attr-defined]
    people = [set(apart.raw.beside["user"].iloc[apart.part(part).rows]) for part in PARTS]  # type: ignore[attr-defined]
    assert not people[0] & people[2]


def test_that_a_log_of_one_machine_is_cut_as_well(tmp_path: Path) -> None:
    found = read(walks(people=(1,)).drop(columns="user"), tmp_path)
    assert sorted(set(found.labels)) == sorted(DOING)
    assert found.beside is not None
    assert found.beside["stretch"].nunique() == 2 * len(DOING)


def test_that_a_recording_in_a_table_is_offered_as_series(tmp_path: Path) -> None:
    walks().to_csv(tmp_path / "t.csv", index=False)
    for target in ((), ("activity",)):
        found = Experiment(data=TableFile(path=str(tmp_path / "t.csv"), target=target)).recipe.inspected()
        assert found.suggests == "series_table"
        assert found.suggests_why == "the rows are a recording in 18 stretches, told apart by activity"


def test_that_codes_are_labels_where_somebody_says_so(tmp_path: Path) -> None:
    frame = walks().assign(activity=lambda found: found["activity"].map(DOING.index))
    assert stretches_in(frame) is None
    assert stretches_in(frame, ["activity"]) is not None
    found = read(frame, tmp_path, label="activity", layout="long")
    assert sorted(set(found.labels)) == ["0", "1", "2"]
    assert found.found["window"] == ROWS // 4


def test_that_tables_and_courses_are_no_recordings() -> None:
    random = np.random.default_rng(0)
    flowers = pd.DataFrame({"a": random.normal(size=150), "kind": np.repeat(["x", "y", "z"], 50)})
    assert stretches_in(flowers) is None
    assert stretches_in(flowers.assign(number=range(150))) is None
    days = pd.date_range("2020-01-01", periods=100)
    shops = pd.DataFrame({"date": [*days] * 2, "shop": np.repeat(["a", "b"], 100), "sold": range(200)})
    assert stretches_in(shops) is None
    dates = pd.date_range("2020-01-01", periods=720)
    kinds = np.tile(np.repeat(["dry", "wet"], 90), 4)
    seasons = pd.DataFrame({"date": dates, "season": kinds, "rain": random.normal(size=720)})
    assert stretches_in(seasons) is None
    assert stretches_in(walks(), ["y"]) is None


def test_that_a_label_that_changes_may_still_be_refused_and_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(Exception, match=r"data\.window"):
        read(walks(), tmp_path, window=0, id="user", label="activity")
