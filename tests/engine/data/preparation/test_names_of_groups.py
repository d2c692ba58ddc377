"""Columns that say to whom a row belongs: what the last word of their name says counts."""

from __future__ import annotations

import pytest

from engine.data.preparation.groups import _called

GROUPS = ["patient", "record_id", "subjectID", "User Id", "patientid", "customer.id", "customer.name"]
MORE = ["id_patient", "student no", "客户编号", "用户ID", "学号", "participant_code", "household"]
OTHERS = [
    "customer.age",
    "patient_age",
    "family_size",
    "user.rating",
    "Student Count",
    "客户年龄",
    "author_count",
]


@pytest.mark.parametrize("name", GROUPS + MORE)
def test_that_a_name_ends_with_whom_it_means(name: str) -> None:
    assert _called(name)


@pytest.mark.parametrize("name", OTHERS)
def test_that_what_is_said_of_somebody_is_no_group(name: str) -> None:
    assert not _called(name)
