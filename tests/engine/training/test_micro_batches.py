"""Micro-batches: a batch worked out in parts has the gradient of the whole, also where memory runs out."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from engine.edits import Recipe
from engine.tasks.task import Batch
from engine.training import loop
from engine.training.learner import Learner
from engine.training.loop import take_step
from tests.engine.training.bookkeeping.test_breaking import Told
from tests.engine.training.support import CNN, MLP, assembled, assert_same_tensors, experiment_of

# without dropout, whose draws differ from part to part, nor batch normalization, which looks at each part
QUIET = {
    "mlp": {**MLP, "architecture": {"kind": "mlp", "hidden": [16, 16]}},
    "cnn": {**CNN, "architecture": {"kind": "cnn", "channels": [4, 8], "dense": [16]}},
}
every_network = pytest.mark.parametrize("values", QUIET.values(), ids=QUIET)


def stepped(values: dict[str, Any], micro: int | str, steps: int = 7, **changes: Any) -> torch.Tensor:
    """Return the weights after some steps, the last of an epoch, which is smaller, among them."""
    experiment = experiment_of({**values, **changes})
    training = experiment.training.replaced(micro_batch=micro)
    learner = Learner(assembled(experiment.replaced(training=training)))
    learner.model.set_training(True)
    for _ in range(steps):
        take_step(learner)
    return learner.flat.parameters.clone()


@every_network
@pytest.mark.parametrize("micro", [1, 5, 8, 31])
def test_that_parts_come_to_the_weights_of_the_whole(values: dict[str, Any], micro: int) -> None:
    # gradient descent: that of Adam has signs of gradients that are 0 but for rounding
    plain = {"optimizer": {"kind": "gradient_descent", "learning_rate": 0.1}}
    whole = stepped(values, "whole", **plain)
    torch.testing.assert_close(stepped(values, micro, **plain), whole, rtol=1e-4, atol=2e-6)
    assert not torch.equal(whole, stepped(values, "whole", steps=6, **plain))


@every_network
@pytest.mark.parametrize("micro", [50, 1_000])
def test_that_one_part_keeps_every_bit(values: dict[str, Any], micro: int) -> None:
    assert torch.equal(stepped(values, micro), stepped(values, "whole"))


@pytest.mark.parametrize(
    "optimizer",
    [{"kind": "sam", "learning_rate": 0.05}, {"kind": "sophia", "interval": 2}, {"kind": "lbfgs"}],
)
def test_that_rules_that_ask_for_more_of_the_loss_get_that_of_the_whole_batch(
    optimizer: dict[str, Any],
) -> None:
    whole = stepped(QUIET["mlp"], "whole", steps=3, optimizer=optimizer)
    parts = stepped(QUIET["mlp"], 8, steps=3, optimizer=optimizer)
    torch.testing.assert_close(parts, whole, rtol=1e-3, atol=1e-4)


def test_that_mixed_examples_keep_their_partners() -> None:
    plain = {"kind": "gradient_descent", "learning_rate": 0.1}
    mixed = {"augmentations": [{"kind": "mixup"}], "optimizer": plain}
    whole = stepped(QUIET["cnn"], "whole", **mixed)
    torch.testing.assert_close(stepped(QUIET["cnn"], 7, **mixed), whole, rtol=1e-4, atol=2e-6)


def memory_for(monkeypatch: pytest.MonkeyPatch, most: int, since: int) -> None:
    """From a step on, let memory run out wherever more than so many examples are worked out at once."""
    cut, taken = Batch.parts, loop.take_step
    standing = [0]

    def watched(batch: Batch, size: int) -> tuple[Batch, ...]:
        parts = cut(batch, size)
        if standing[0] >= since and max(len(part.inputs) for part in parts) > most:
            raise RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried ...")
        return parts

    def noted(learner: Learner) -> None:
        standing[0] = learner.step
        taken(learner)

    monkeypatch.setattr(Batch, "parts", watched)
    monkeypatch.setattr(loop, "take_step", noted)


@every_network
@pytest.mark.parametrize("since", [0, 9])
def test_that_a_run_whose_memory_runs_out_goes_on_in_parts_and_is_its_recipe(
    values: dict[str, Any], since: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    experiment = experiment_of(values)
    recipe = Recipe(experiment)
    with monkeypatch.context() as patched:
        memory_for(patched, 10, since)
        told = Told(assembled(experiment), recipe)
    assert told.ended.state == "finished"
    assert told.backs
    assert all("memory was not enough" in back.text for back in told.backs)
    size = experiment.training.batch_size
    assert isinstance(size, int)
    halves = []
    while size > 10:
        halves.append(size := (size + 1) // 2)
    last = [edit for edit in recipe.edits if edit.setting == "training.micro_batch"][-1]
    assert last.value == halves[-1]
    assert last.step <= since
    # every step is told once, and the run repeats from its recipe, with memory enough
    loss = told.series["loss"]
    assert sorted(loss) == list(range(1, len(loss) + 1))
    anew = Told(assembled(experiment), Recipe(experiment, recipe.edits))
    assert not anew.backs
    assert anew.series["loss"] == loss
    found, expected = (dict(one.assembly.model.network.state_dict()) for one in (anew, told))
    assert_same_tensors(found, expected)


def test_that_memory_for_no_single_example_ends_the_run_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    experiment = experiment_of(QUIET["mlp"])
    memory_for(monkeypatch, 0, 0)
    told = Told(assembled(experiment), Recipe(experiment))
    assert told.ended.state == "failed"
    assert "not enough for a single example" in told.ended.why
