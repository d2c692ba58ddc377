"""Frozen layers keep every bit; the others learn, and nothing else of training changes for them."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from engine.choices import Invalid
from engine.training.learner import Learner
from engine.training.loop import take_step
from engine.training.sketch import sketch
from tests.engine.training.support import (
    CNN,
    MLP,
    assembled,
    assert_same,
    by_hand,
    experiment_of,
    prepared_for,
    run,
)

HARD = {
    "optimizer": {"kind": "adamw", "learning_rate": 0.01, "weight_decay": 0.5},
    "regularizers": [{"kind": "l2", "strength": 0.1}],
}
"""What would change weights even without a gradient."""
HEAD_ALONE = {"freeze": "all_but_head"}
FIRST = {"freeze": "named", "frozen": ["convolution_1"]}


def experiment(values: Any = CNN, start: Any = HEAD_ALONE, **changes: Any) -> Any:
    return experiment_of(values, start=start, **{**HARD, **changes})


def test_that_frozen_layers_keep_every_bit_and_the_others_learn() -> None:
    for start, frozen in ((HEAD_ALONE, lambda name: "output" not in name), (FIRST, _first)):
        before = assembled(experiment(start=start)).model.tensors()
        after = run(experiment(start=start, training={**CNN["training"], "keep": "last"})).weights()
        kept = {name for name in before if torch.equal(before[name], after[name])}
        assert kept == {name for name in before if frozen(name)}


def _first(name: str) -> bool:
    return name.startswith("convolution_1.")


def test_that_batch_normalization_of_frozen_layers_rests_and_that_of_others_does_not() -> None:
    assembly = assembled(experiment(start=FIRST))
    network = assembly.model.network
    assembly.model.set_training(True)
    resting = {name for name, module in network.named_modules() if not module.training}
    assert resting == {"convolution_1.normalization"}
    assembly.model.set_training(False)
    assert not any(module.training for module in network.modules())


def test_that_nothing_is_kept_for_frozen_parameters_by_the_optimizer() -> None:
    assembly = assembled(experiment())
    learner = Learner(assembly)
    learnt = [place.name for place in assembly.flat.layout]
    assert learnt == ["output.weight", "output.bias"]
    assert len(assembly.flat.parameters) < 16 * 10 + 10 + 32
    state = [tensor for name, tensor in learner.tensors().items() if name.startswith("state.")]
    assert all(tensor.numel() <= len(assembly.flat.parameters) for tensor in state)
    take_step(learner)
    parameters = dict(assembly.model.network.named_parameters())
    assert {name for name, one in parameters.items() if one.grad is not None} == set(learnt)


def test_that_parameters_are_counted_with_and_without_the_frozen() -> None:
    free, frozen = assembled(experiment(start={})), assembled(experiment())
    assert free.parameters == frozen.parameters
    assert free.frozen == 0
    assert frozen.parameters - frozen.frozen == 16 * 10 + 10
    assert sum(layer.frozen for layer in frozen.layers) == frozen.frozen
    assert [layer.frozen for layer in frozen.layers if layer.name == "output"] == [0]
    assert all(layer.frozen == layer.parameters for layer in frozen.layers if layer.name != "output")


def test_that_what_is_not_frozen_learns_as_if_the_rest_were_only_a_function() -> None:
    """The head alone, on what the frozen trunk puts out, takes the same steps (no dropout, no batch norm)."""
    plain = {
        **MLP,
        "architecture": {"kind": "mlp", "hidden": [16, 16]},
        "regularizers": [],
        "optimizer": {"kind": "gradient_descent", "learning_rate": 0.1},
        "schedule": {"kind": "constant"},
        "training": {"epochs": 3, "batch_size": "all", "keep": "last"},
    }
    chosen = experiment_of(plain, start=HEAD_ALONE)
    assembly = assembled(chosen)
    network, inputs = assembly.model.network, assembly.inputs["train"]
    head = [module for module in network.modules() if isinstance(module, torch.nn.Linear)][-1]
    seen: list[torch.Tensor] = []
    hook = head.register_forward_hook(lambda _module, given, _out: seen.append(given[0].detach().double()))
    network(inputs)
    hook.remove()
    weight, bias = head.weight.detach().double().clone(), head.bias.detach().double().clone()
    for _ in range(3):
        weight.requires_grad_(), bias.requires_grad_()
        loss = torch.nn.functional.cross_entropy(seen[0] @ weight.T + bias, assembly.targets["train"])
        slopes = torch.autograd.grad(loss, (weight, bias))
        weight, bias = (one.detach() - 0.1 * slope for one, slope in zip((weight, bias), slopes, strict=True))
    ran = run(chosen)
    trained = [
        module for module in ran.assembly.model.network.modules() if isinstance(module, torch.nn.Linear)
    ][-1]
    assert torch.allclose(trained.weight.double(), weight, atol=1e-6)
    assert torch.allclose(trained.bias.double(), bias, atol=1e-6)


@pytest.mark.parametrize("start", [HEAD_ALONE, FIRST], ids=["head", "first"])
def test_that_a_run_with_frozen_layers_goes_on_exactly(start: Any) -> None:
    assert_goes_on_exactly(experiment(start=start))


def assert_goes_on_exactly(chosen: Any) -> None:
    control, heard = by_hand(4)  # each pause leaves a checkpoint, of which a short run has one alone else
    whole = run(chosen, control=control, heard=heard)
    assert len(whole.checkpoints) > 3
    for checkpoint in whole.checkpoints[:-1]:
        again = run(chosen, start=checkpoint, earlier=whole.epochs)
        assert_same(whole, again, since=checkpoint.step)


def test_that_a_checkpoint_holds_the_frozen_weights_too() -> None:
    other = experiment(seed=99)
    ran = run(experiment())
    again = run(other, start=ran.last, earlier=ran.epochs)
    assert torch.equal(
        ran.assembly.model.network.get_parameter("convolution_1.convolution.weight"),
        again.assembly.model.network.get_parameter("convolution_1.convolution.weight"),
    )


@pytest.mark.parametrize(
    ("start", "path", "words"),
    [
        ({"freeze": "named", "frozen": ["convolutoin_1"]}, "start.frozen.0", "convolution_1"),
        ({"freeze": "named", "frozen": ["convolution"]}, "start.frozen.0", "no layer is called"),
        (
            {"freeze": "named", "frozen": ["convolution_1", "convolution_2", "dense_1", "output"]},
            "start.frozen",
            "nothing to learn",
        ),
    ],
)
def test_that_names_that_cannot_be_frozen_are_told_before_training(start: Any, path: str, words: str) -> None:
    chosen = experiment(start=start)
    with pytest.raises(Invalid) as caught:
        sketch(chosen, prepared_for(chosen).description)
    (problem,) = caught.value.problems
    assert problem.path == path
    assert words in problem.message


def test_that_the_head_of_a_network_of_one_layer_is_all_of_it() -> None:
    chosen = experiment_of(MLP, architecture={"kind": "linear"}, start=HEAD_ALONE)
    assert assembled(chosen).frozen == 0


@pytest.mark.parametrize("optimizer", ["gradient_descent", "momentum", "adam", "adamw"])
def test_that_the_body_learns_at_its_share_of_the_rate(optimizer: str) -> None:
    plain = {"optimizer": {"kind": optimizer, "learning_rate": 0.01}, "training": {"epochs": 1}}
    full, slow = (experiment(**plain, start={"body_rate": rate}) for rate in (1.0, 0.25))
    changes = []
    for chosen in (full, slow):
        assembly = assembled(chosen)
        before = {name: tensor.detach().clone() for name, tensor in assembly.model.network.named_parameters()}
        take_step(Learner(assembly))  # from the same weights: the first gradient is the same
        after = dict(assembly.model.network.named_parameters())
        changes.append({name: after[name].detach() - before[name] for name in before})
    head = list(changes[0])[-2:]
    for name, change in changes[0].items():
        share = 1.0 if name in head else 0.25
        torch.testing.assert_close(changes[1][name], share * change, rtol=1e-3, atol=1e-7)


def test_that_fine_tuning_begins_with_a_slower_body_and_goes_on_exactly() -> None:
    assert_goes_on_exactly(experiment(start={"body_rate": 0.3}))
