"""`predict` for networks that were trained on texts and courses."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from engine.command_line.main import run
from tests.engine.inference.test_wording import trained


def test_that_texts_come_from_stdin_and_are_gone_on_with_as_wished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(trained(tmp_path, "corpus", "language_modelling", "transformer_decoder").path)
    capsys.readouterr()
    monkeypatch.setattr("sys.stdin", io.StringIO("the film was\n\nmusic of\n"))
    assert run(["predict", folder, "-", "--length", "3", "--count", "2", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    begun = [text.split()[:2] for text in found["texts"]]
    assert begun == [["the", "film"]] * 2 + [[]] + [["music", "of"]] * 2
    assert found["unanswered"] == ["", "", "no text", "", ""]
    assert all(len(text.split()) <= 6 for text in found["texts"])
    assert run(["predict", folder, "-", "--width", "3", "--top-p", "2"]) == 2
    said = capsys.readouterr().err
    assert "width: is not a setting here" in said
    assert "top_p: must be at most 1" in said
    assert run(["predict", folder]) == 2
    assert "nothing to predict for" in capsys.readouterr().err
    assert run(["predict", folder, str(tmp_path / "gone.txt")]) == 2
    assert "gone.txt does not exist" in capsys.readouterr().err


def test_that_a_forecast_needs_no_input_and_has_a_line_for_each_step(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(trained(tmp_path, "timeline", "forecasting", "lstm", preprocessing={}).path)
    capsys.readouterr()
    assert run(["predict", folder, "-o", str(tmp_path / "out.csv")]) == 0
    header, *lines = (tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()
    assert header.endswith("prediction of load")
    assert len(lines) == 4
