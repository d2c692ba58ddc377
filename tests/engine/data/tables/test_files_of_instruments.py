"""What instruments write above their columns is left out and told, whatever the name of the file ends in."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine.choices import Family
from engine.data.inspection.offers import offered
from engine.data.series.raw import Timeline
from engine.data.series.sources.time_series import TimeSeries
from engine.data.tables.raw import Table
from engine.data.tables.sources.table_file import TableFile
from engine.experiment import Experiment
from engine.opening import source_of

HEADS = {
    "LabVIEW": """LabVIEW Measurement
Writer_Version\t2
Separator\tTab
X_Columns\tOne
Date\t2023/05/12
***End_of_Header***

Channels\t2
Samples\t300\t300
Y_Unit_Label\tVolts\tVolts
X0\t0.0000000000000000E+0\t0.0000000000000000E+0
***End_of_Header***
X_Value\tVoltage_0\tVoltage_1
""",
    "oscilloscope": """Model,MSO24
Firmware Version,1.28.5
Waveform Type,ANALOG
Horizontal Units,s
Sample Interval,0.001
Record Length,300

TIME,CH1,CH2
""",
    "pulling machine": """Sample\tSteel 4140
Operator\tAnna
Speed\t5
Width\t10.5
Area\tnone

Time\tForce\tTravel
""",
}
NAMES = {
    "LabVIEW": ["X_Value", "Voltage_0", "Voltage_1"],
    "oscilloscope": ["TIME", "CH1", "CH2"],
    "pulling machine": ["Time", "Force", "Travel"],
}


def _write(path: Path, what: str, rows: int = 300) -> Path:
    mark = "\t" if "\t" in HEADS[what] else ","
    waves = [(0.001 * row, np.sin(row / 8), np.cos(row / 9)) for row in range(rows)]
    path.write_text(HEADS[what] + "".join(mark.join(f"{one:.6f}" for one in row) + "\n" for row in waves))
    return path


@pytest.mark.parametrize("what", HEADS)
@pytest.mark.parametrize("ending", [".lvm", ".asc", ".dat", ".prn", ".log", ".tab", ".out", ".txt", ".csv"])
def test_that_the_names_are_found_below_the_head(what: str, ending: str, tmp_path: Path) -> None:
    if ending == ".tab" and "\t" not in HEADS[what]:
        return  # its cells are parted by tabs
    source = source_of(_write(tmp_path / f"test{ending}", what))
    assert isinstance(source, TableFile), source
    raw = source.read(0)
    assert isinstance(raw, Table)
    assert list(raw.frame) == NAMES[what]
    assert len(raw) == 300
    assert any("above the names are left out" in one for one in raw.notices)


@pytest.mark.parametrize("what", HEADS)
def test_that_the_axis_is_the_time_of_a_series(what: str, tmp_path: Path) -> None:
    path = _write(tmp_path / "test.csv", what)
    found = Experiment(data=TableFile(path=str(path), target=(NAMES[what][1],))).recipe.inspected()
    assert offered(found, TableFile(path=str(path))).kind == "time_series"
    raw = TimeSeries(path=str(path), target=(NAMES[what][1],)).read(0)
    assert isinstance(raw, Timeline)
    assert raw.time == NAMES[what][0]


def test_that_an_axis_that_does_not_rise_evenly_is_measured(tmp_path: Path) -> None:
    steps = np.cumsum(np.random.default_rng(0).uniform(0.1, 2, 100)).round(4)
    lines = ["x_value,y", *(f"{step},{step % 7:.3f}" for step in steps)]
    (tmp_path / "walk.csv").write_text("\n".join(lines))
    raw = TimeSeries(path=str(tmp_path / "walk.csv"), target=("y",)).read(0)
    assert isinstance(raw, Timeline)
    assert raw.time == ""


def test_that_a_table_of_words_has_no_head(tmp_path: Path) -> None:
    lines = [
        "name,points",
        *(f"{name},{n}" for n, name in enumerate(("anna", "ben", "cleo", "dora", "emil"))),
    ]
    lines += ["time,place", *(f"{n},{n % 5}" for n in range(30))]
    (tmp_path / "two.csv").write_text("\n".join(lines))
    raw = Family.every["data"]["table"](path=str(tmp_path / "two.csv"), target="points").read(0)
    assert raw.names[:2] == ("name", "points")
