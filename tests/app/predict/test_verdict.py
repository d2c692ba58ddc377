"""What is said of a network beside simpler models."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.look.theme import Theme
from app.predict.judging_card import TestCard as Card
from app.predict.judging_card import target_lines, verdict
from app.views.drawing import Matrix, Plot
from engine.runs.scoring.scores import Evaluated, ScoredNumbers


@pytest.mark.parametrize(
    ("own", "rivals", "words"),
    [
        ({"perplexity": 90.0}, {"five_gram": {"perplexity": 120.0}, "unigram": {"perplexity": 300.0}},
         "every simpler model: Perplexity 90"),
        # what it was compared with, where that is but one: of new files the simplest guess alone is known
        ({"accuracy": 0.96}, {"majority": {"accuracy": 0.9}}, "Better than Majority"),
        ({"perplexity": 130.0}, {"five_gram": {"perplexity": 120.0}}, "No better than a simpler model"),
        ({"accuracy": 0.99, "entity_f1": 0.3}, {"usual_tag": {"accuracy": 0.9, "entity_f1": 0.4}}, "Entity"),
        ({"mean_absolute_error": 2.0}, {"mean": {"mean_absolute_error": 9.0}, "seasonal_naive":
          {"mean_absolute_error": 1.5}}, "Season before 1.50"),
        ({"accuracy": 0.9}, {}, ""),
        ({"perplexity": 9.0}, {"dictionary": {"bleu_of_words": 0.1}}, ""),
        ({"accuracy": float("nan")}, {"majority": {"accuracy": 0.5}}, ""),
    ],
)  # fmt: skip
def test_that_the_best_simpler_model_is_what_counts(own, rivals, words) -> None:
    said = verdict(Evaluated("test", 10, 1.0, own, {}, rivals))
    assert (words in said) if words else said == ""


def test_that_of_unequal_classes_what_counts_each_alike_is_compared() -> None:
    """Who always says the commonest class is right most often, and knows nothing."""
    own, rival = {"accuracy": 0.875, "macro_f1": 0.563}, {"majority": {"accuracy": 0.975, "macro_f1": 0.494}}
    assert "Better than Majority: Macro F1" in verdict(Evaluated("f", 9, 1.0, own, {}, rival, unequal=True))
    assert "Accuracy" in verdict(Evaluated("f", 9, 1.0, own, {}, rival))
    # where nothing else was measured, accuracy is all that there is
    bare = Evaluated("f", 9, 1.0, {"accuracy": 0.5}, {}, {"majority": {"accuracy": 0.9}}, unequal=True)
    assert "No better" in verdict(bare)


def test_that_scores_of_before_go_away_where_nothing_could_be_scored(theme: Theme, qtbot: QtBot) -> None:
    card = Card(theme)
    qtbot.addWidget(card)
    card.reset(ready=True, looked=True)
    found = Evaluated("test", 3, 1.0, {"accuracy": 0.5}, {"confusion": np.eye(2, dtype=np.int64)}, {})
    card.show_scores(found)
    card.show_picture(found, ("a", "b"))
    shown = (card.scores, card.canvas, card.save)
    assert not any(widget.isHidden() for widget in shown)
    card.tell_busy()
    card.tell("The answers are missing", wrong=True)
    assert all(widget.isHidden() for widget in shown)
    assert not card._state.isHidden()
    # and come back with the next scores
    card.show_scores(found)
    card.show_picture(found, ("a", "b"))
    assert not any(widget.isHidden() for widget in shown)


def test_that_each_of_several_targets_has_a_line_of_scores() -> None:
    targets = {f"y{place}": {"r2": 0.5, "mean_absolute_error": 2.0} for place in range(10)}
    lines = target_lines(Evaluated("test", 10, 1.0, {}, {}, {}, targets=targets))
    assert len(lines) == 9
    assert lines[0].startswith("y0: R²")
    assert "2" in lines[-1]
    assert target_lines(Evaluated("test", 10, 1.0, {}, {}, {})) == ()


def test_that_saved_scores_hold_all_that_is_shown_with_every_digit(
    theme: Theme, qtbot: QtBot, tmp_path: Path
) -> None:
    card = Card(theme)
    qtbot.addWidget(card)
    card.reset(ready=True, looked=False)
    assert card.save.isHidden()
    score, rival = 1 / 3, {"mean": {"r2": float("nan"), "loss": 2.5}}
    found = Evaluated("test", 10, 0.1, {"r2": score}, {}, rival, targets={"a;b": {"r2": 0.25}})
    card.show_scores(found)
    assert not card.save.isHidden()
    card.save_scores(tmp_path / "scores.csv")
    lines = list(csv.reader((tmp_path / "scores.csv").read_text("utf-8-sig").splitlines()))
    assert lines[0][:3] == ["data", "target", "score"]
    assert lines[1:] == [
        ["test", "", "loss", "0.1", "2.5"],
        ["test", "", "r2", repr(score), ""],
        ["test", "a;b", "r2", "0.25", ""],
    ]
    failed: list[str] = []
    card.failed.connect(failed.append)
    card.save_scores(tmp_path / "nowhere" / "scores.csv")
    assert len(failed) == 1


def test_that_the_card_draws_confusion_of_classes_and_numbers_against_the_true_ones(
    theme: Theme, qtbot: QtBot
) -> None:
    card = Card(theme)
    qtbot.addWidget(card)
    numbers = np.arange(6, dtype=np.float32).reshape(3, 2)
    pairs = ScoredNumbers(("x", "y"), numbers, numbers + 1, np.arange(3))
    for found, kind in (
        (Evaluated("test", 3, 1.0, {}, {"confusion": np.eye(2, dtype=np.int64)}, {}), Matrix),
        (Evaluated("test", 3, 1.0, {}, {}, {}, pairs=pairs), Plot),
    ):
        card.show_picture(found, ())
        assert isinstance(card.canvas.drawing, kind)
        assert not card.canvas.isHidden()
    card.show_picture(Evaluated("test", 3, 1.0, {}, {}, {}), ())
    assert card.canvas.isHidden()


@pytest.mark.parametrize("width", [*range(360, 480, 9), 700])
def test_that_the_names_of_scores_are_seen_whole(width: int, theme: Theme, qtbot: QtBot) -> None:
    """In as many lines as they need; there is room below."""
    card = Card(theme)
    qtbot.addWidget(card)
    card.resize(width, 600)
    card.show()
    scores = {"r2": 0.906, "mean_absolute_error": 1.89, "mean_squared_error": 6.65}
    card.show_scores(Evaluated("test", 45, 0.07, scores, {}, {"mean": dict(scores), "ridge": dict(scores)}))
    card.resize(width + 1, 600)
    QApplication.processEvents()
    table = card.scores
    for row in range(table.rowCount()):
        room = table.visualItemRect(table.item(row, 0)).adjusted(10, 0, -10, 0)
        needed = table.fontMetrics().boundingRect(
            room.left(), 0, room.width(), 999, Qt.TextFlag.TextWordWrap, table.item(row, 0).text()
        )
        assert needed.height() <= room.height()
        assert needed.width() <= room.width()
    below = table.visualItemRect(table.item(table.rowCount() - 1, 0)).bottom()
    assert below <= table.viewport().height()
