"""Finding a rate for experiments and runs: of every family of networks, and nothing on the disk changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.command_line import experiments
from engine.events import Event, StateChanged
from engine.runs.creation import create
from engine.runs.execution import execute
from engine.runs.finding import find_rate
from engine.runs.preparation import Preparations
from engine.training.control import Control
from engine.training.finding.tried import RatesTried, Span


@pytest.mark.parametrize(
    "preset", ["iris", "digits_cnn", "japanese_vowels_gru", "film_sentences_embedding_bag"]
)
def test_that_every_family_of_networks_has_its_curve(preset: str) -> None:
    experiment = experiments.load(preset, ["training.device=cpu"])
    heard: list[RatesTried] = []
    found = find_rate(experiment, None, Preparations(), tell=heard.append, span=Span(1e-5, 1, 30))
    assert found.suggested is not None
    assert 1e-4 < found.suggested < 0.5
    assert len(heard) == len(found.rates)


def test_that_a_paused_run_is_tried_from_where_it_stands_and_stays_as_it_is(tmp_path: Path) -> None:
    experiment = experiments.load("iris", ["training.device=cpu", "training.epochs=4"])
    folder, control, found = create(tmp_path, experiment), Control(), []
    control.advance(9)

    def everything() -> dict[Path, bytes]:
        # the status and the lock are those of the run that waits, the history of a database that is open
        kept = (path for path in folder.path.rglob("*") if path.is_file() and "checkpoints" in path.parts)
        return {path: path.read_bytes() for path in kept}

    def say(event: Event) -> None:
        if isinstance(event, StateChanged) and event.state == "paused":
            before = everything()
            found.append(find_rate(experiment, folder, Preparations(), span=Span(1e-6, 1e-1, 20)))
            assert before
            assert everything() == before
            control.resume()

    execute(folder, control, say)
    plain = create(tmp_path, experiment)
    execute(plain, Control(), lambda event: None)
    assert [tried.step for tried in found] == [9]
    assert (folder.path / "model.safetensors").read_bytes() == (plain.path / "model.safetensors").read_bytes()
