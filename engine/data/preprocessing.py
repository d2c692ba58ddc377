"""Preprocessing: how columns and pictures become numbers, fitted on the training part alone."""

from __future__ import annotations

from typing import Annotated, Literal

from engine.choices import Record, Setting


class Preprocessing(Record):
    """What is done to the inputs before the network receives them."""

    scaling: Annotated[
        Literal["standardize", "unit_range", "none"],
        Setting(
            "Scaling",
            "Brings all inputs to the same size, which training needs to go well.",
            options={
                "standardize": "mean 0, standard deviation 1",
                "unit_range": "from 0 to 1",
                "none": "as they are",
            },
        ),
    ] = "standardize"
    missing: Annotated[
        Literal["mean", "median", "drop"],
        Setting(
            "Missing numbers",
            "What stands in for a number that is missing.",
            options={
                "mean": "mean of the column",
                "median": "median of the column",
                "drop": "leave the row out",
            },
        ),
    ] = "median"
