"""The report of a self-test tells what is wrong, and nothing of the person."""

from __future__ import annotations

import getpass
import platform
from pathlib import Path

import pytest

from engine.selftest.report import impersonal, report


def test_that_the_report_says_what_failed_first_and_how_many_passed() -> None:
    text = report({"torch": "2.13"}, [("a", ""), ("b", "RuntimeError: broken"), ("c", "")])
    lines = text.splitlines()
    assert lines[:3] == ["Ravine self-test", "torch: 2.13", "2 of 3 checks passed"]
    assert lines[4:] == ["FAILED  b", "        RuntimeError: broken", "ok      a", "ok      c"]


def test_that_a_report_names_neither_the_person_nor_the_computer_nor_the_home(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    home = tmp_path / "Ada Möller"
    home.mkdir()
    monkeypatch.setattr(Path, "home", lambda: home)
    monkeypatch.setattr(getpass, "getuser", lambda: "amoeller")
    monkeypatch.setattr(platform, "node", lambda: "adas-laptop")
    trouble = (
        f"FileNotFoundError: [Errno 2] No such file: {str(home / 'runs' / 'x')!r} "
        "for AMoeller on adas-laptop, see /var/tmp/amoeller/y"
    )
    text = report({"device": "CPU"}, [("train mlp", trouble)])
    for personal in (str(home), "Ada", "amoeller", "AMoeller", "adas-laptop"):
        assert personal not in text
    assert "'~/runs/x'" in text
    assert "train mlp" in text


def test_that_a_windows_home_is_taken_out_however_it_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    class Home:
        def __str__(self) -> str:
            return r"C:\Users\Ada"

        def as_posix(self) -> str:
            return "C:/Users/Ada"

        def resolve(self) -> Home:
            return self

    monkeypatch.setattr(Path, "home", Home)
    for written in (r"C:\Users\Ada\runs", "C:/Users/Ada/runs", repr(r"C:\Users\Ada\runs")):
        assert "Ada" not in impersonal(written)


def test_that_an_account_without_a_name_has_a_report(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> str:
        raise KeyError("getpwuid(): uid not found: 1234")

    monkeypatch.setattr(getpass, "getuser", nobody)
    monkeypatch.setattr(Path, "home", lambda: Path("/"))
    assert impersonal("a/b") == "a/b"
