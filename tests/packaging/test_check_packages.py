"""What is known of the packages: each check passes, fails or says why it was not made."""

from __future__ import annotations

import check_packages
import pytest
from check_packages import NotChecked
from setup_console import SetupError


def raising(error: Exception):
    def check() -> None:
        raise error

    return check


def test_that_a_check_that_cannot_be_made_is_told_and_one_that_fails_counts(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    every = [("one", lambda: None), ("two", raising(NotChecked("lintian is missing")))]
    monkeypatch.setattr(check_packages, "checks", lambda: every)
    assert check_packages.main() == 0
    assert capsys.readouterr().out.splitlines() == [
        "one  passed",
        "two  not checked here, because lintian is missing",
    ]
    every.append(("three", raising(SetupError("no wheel of torch"))))
    assert check_packages.main() == 1
    assert "three  FAILED\nno wheel of torch" in capsys.readouterr().out


def test_that_every_system_that_the_readme_names_is_among_those_looked_at() -> None:
    said = (check_packages.ROOT / "README.md").read_text("utf-8")
    assert f"macOS {check_packages.MACOS.partition('.')[0]}" in said
    assert all(floor in said for floor in ("glibc 2.34", "2.39 (ARM", "Windows (x86-64)", "Apple silicon"))


def test_that_a_wrong_menu_entry_fails(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    """Planted: a version of the form that no desktop knows."""
    folder = tmp_path / "packaging" / "linux"
    folder.mkdir(parents=True)
    real = check_packages.ROOT / "packaging" / "linux" / f"{check_packages.ENTRY}.desktop"
    text = real.read_text("utf-8")
    (folder / real.name).write_text(text.replace("Version=1.4", "Version=9.9"), "utf-8")
    monkeypatch.setattr(check_packages, "ROOT", tmp_path)
    monkeypatch.setattr(check_packages, "may_install", lambda: False)
    there = check_packages.shutil.which("desktop-file-validate") is not None
    with pytest.raises(SetupError if there else NotChecked, match="Version" if there else "missing"):
        check_packages.check_entry()
