"""Devices: picked in words, set up to repeat, and left as they were found."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest
import torch

from engine.choices import Invalid
from engine.training.devices import memory, pick, settled
from tests.engine.training.support import CNN, MLP, Ran, experiment_of, run


def test_that_the_processor_is_named_with_its_threads() -> None:
    device = pick("cpu")
    assert device.kind == "cpu"
    assert device.words.startswith(f"CPU · {torch.get_num_threads()} thread")


def test_that_auto_takes_a_card_only_where_there_is_one() -> None:
    assert pick("auto").kind == ("cuda" if torch.cuda.is_available() else "cpu")


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a card")
def test_that_asking_for_a_card_where_there_is_none_says_what_to_choose() -> None:
    with pytest.raises(Invalid) as caught:
        pick("cuda")
    assert caught.value.problems[0].path == "training.device"
    assert '"cpu"' in str(caught.value)


def test_that_used_memory_is_a_part_of_all_memory() -> None:
    used, total = memory(pick("auto"))
    assert 0 < used < total


def test_that_what_is_asked_between_two_steps_leaves_the_training_as_it_was() -> None:
    """A run is judged after each epoch, and predicts while it trains: each in settings of its own."""
    small, before = torch.tensor(1e-40), torch.get_num_threads()
    with settled(pick("cpu"), before + 1):
        assert small.mul(1).item() == 0
        with settled(pick("cpu"), before + 2):
            assert small.mul(1).item() == 0
        assert small.mul(1).item() == 0
        assert torch.get_num_threads() == before + 1
    assert small.mul(1).item() > 0


def test_that_threads_and_denormal_numbers_are_as_before_afterwards() -> None:
    before = torch.get_num_threads()
    tiny = torch.tensor([1e-40])
    with settled(pick("cpu"), before + 1):
        assert torch.get_num_threads() == before + 1
        assert (tiny * 0.5 == 0).all()
    assert torch.get_num_threads() == before
    assert (tiny * 0.5 > 0).all()


def _of_texts(kind: str, folder: Path) -> dict[str, object]:
    """Return a translation by a network of this kind, of words and their letters turned round."""
    words = ["".join(letters) for letters in product("abcdef", repeat=3)]
    path = folder / "pairs.tsv"
    path.write_text("".join(f"{word}\t{word[::-1]}\n" for word in words), encoding="utf-8")
    return {
        "data": {"kind": "text_pairs", "path": str(path)},
        "preprocessing": {"tokenizer": "characters"},
        "task": {"kind": "translation"},
        "architecture": {"kind": kind, "layers": 1, "width": 32, "dropout": 0.1},
    }


@pytest.mark.gpu
@pytest.mark.parametrize("kind", ["mlp", "cnn", "transformer", "lstm_encoder_decoder"])
def test_that_a_run_on_a_card_is_repeated(kind: str, tmp_path: Path) -> None:
    own = {"mlp": MLP, "cnn": CNN}
    values = own[kind] if kind in own else _of_texts(kind, tmp_path)
    experiment = experiment_of({**values, "training": {"epochs": 2, "batch_size": 50, "device": "cuda"}})
    one, other = (run(experiment, device=pick("cuda")) for _ in range(2))
    assert one.ended.state == "finished"
    assert list(one.series["loss"].values()) == list(other.series["loss"].values())
    assert one.ended.scores == other.ended.scores
    assert one.assembly.device.words == torch.cuda.get_device_name()


@pytest.mark.gpu
def test_that_a_card_and_the_processor_take_the_same_steps_where_nothing_is_drawn() -> None:
    experiment = experiment_of({**MLP, "architecture": {"kind": "mlp", "hidden": [16, 16]}})
    ran: list[Ran] = [run(experiment, device=pick(name)) for name in ("cpu", "cuda")]
    one, other = (list(some.series["loss"].values()) for some in ran)
    assert one == pytest.approx(other, rel=1e-3)


@pytest.mark.gpu
def test_that_a_card_without_enough_memory_says_so() -> None:
    experiment = experiment_of({**MLP, "architecture": {"kind": "mlp", "hidden": [8192, 8192]}})
    torch.cuda.empty_cache()
    torch.cuda.set_per_process_memory_fraction(0.001)
    try:
        with pytest.raises(Invalid, match="lower the batch size"):
            run(experiment, device=pick("cuda"))
    finally:
        torch.cuda.set_per_process_memory_fraction(1.0)
