"""Weights of others go in by name where the shape fits; everything else stays and is reported."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor

from engine.choices import Invalid
from engine.training.finetuning.matching import take
from tests.engine.training.support import CNN, assembled, experiment_of

HEAD = {"output.weight", "output.bias"}


def assembly(**changes: Any) -> Any:
    return assembled(experiment_of(CNN, **changes))


def others(**changes: Any) -> dict[str, Tensor]:
    """Return the weights of the same network drawn with another seed."""
    return assembled(experiment_of({**CNN, "seed": 77}, **changes)).model.tensors()


def test_that_what_fits_is_taken_and_the_flat_vector_with_it() -> None:
    ours, given = assembly(), others()
    match = take(ours.model, given)
    assert match.taken == tuple(given)
    assert (match.fresh, match.unused) == ({}, ())
    assert all(torch.equal(tensor, given[name]) for name, tensor in ours.model.tensors().items())
    for place in ours.flat.layout:
        assert torch.equal(ours.flat.parameters[place.start : place.end], given[place.name].flatten())
    assert match.sentence("run 1") == f"{len(given)} of {len(given)} sets of weights taken from run 1."


def test_that_a_head_for_other_classes_stays_as_drawn_and_is_reported() -> None:
    ours, given = assembly(), others()
    before = ours.model.tensors()
    given["output.weight"], given["output.bias"] = torch.ones(7, 16), torch.ones(7)
    match = take(ours.model, given)
    assert set(match.fresh) == HEAD
    assert match.fresh["output.weight"] == "has shape (10, 16) here and (7, 16) in the file"
    assert all(torch.equal(ours.model.tensors()[name], before[name]) for name in HEAD)
    assert match.unused == ("output.bias", "output.weight")
    count = len(before)
    assert match.sentence("x.pth").startswith(
        f"{count - 2} of {count} sets of weights taken from x.pth; new: output.weight, output.bias"
    )


@pytest.mark.parametrize("prefix", ["module.", "model.", "module.model."])
def test_that_the_prefix_of_a_wrapper_is_taken_off(prefix: str) -> None:
    ours, given = assembly(), others()
    match = take(ours.model, {prefix + name: tensor for name, tensor in given.items()})
    assert match.taken == tuple(given)
    assert match.unused == ()


def test_that_a_prefix_stays_where_the_names_agree_with_it() -> None:
    ours, given = assembly(), others()
    assert take(ours.model, {**given, "module.more": torch.ones(1)}).unused == ("module.more",)


def test_that_counters_of_batch_normalization_are_not_missed() -> None:
    ours, given = assembly(), others()
    given["convolution_1.normalization.num_batches_tracked"] = torch.tensor(3)
    assert take(ours.model, given).unused == ()


def test_that_other_precisions_are_converted() -> None:
    ours, given = assembly(), others()
    take(ours.model, {name: tensor.double() for name, tensor in given.items()})
    assert all(torch.equal(tensor, given[name]) for name, tensor in ours.model.tensors().items())


def test_that_whole_numbers_are_no_weights() -> None:
    ours, given = assembly(), others()
    given["output.bias"] = torch.zeros(10, dtype=torch.int64)
    assert (
        take(ours.model, given).fresh["output.bias"] == "holds torch.float32 here and torch.int64 in the file"
    )


def refused(model: Any, given: dict[str, Tensor]) -> Any:
    before = model.tensors()
    with pytest.raises(Invalid) as caught:
        take(model, given)
    assert all(torch.equal(tensor, before[name]) for name, tensor in model.tensors().items())
    (problem,) = caught.value.problems
    return problem


def test_that_nothing_in_common_is_a_problem_that_names_the_nearest() -> None:
    given = {f"net.{name}": tensor for name, tensor in others().items()}
    problem = refused(assembly().model, given)
    assert problem.path == "start.weights"
    assert (
        "convolution_1.convolution.weight (nearest: net.convolution_1.convolution.weight)" in problem.message
    )


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_that_numbers_that_are_not_finite_are_refused(value: float) -> None:
    given = others()
    given["output.bias"][3] = value
    problem = refused(assembly().model, given)
    assert problem.path == "start.weights"
    assert "output.bias" in problem.message


def test_that_a_tensor_that_only_claims_its_size_is_not_touched() -> None:
    given = others()
    given["output.bias"] = torch.zeros(1).expand(2**40)
    assert "output.bias" in take(assembly().model, given).fresh


def test_that_frozen_layers_that_are_random_are_told() -> None:
    ours, given = assembly(start={"freeze": "all_but_head"}), others()
    del given["convolution_1.convolution.weight"]
    match = take(ours.model, given)
    assert match.frozen_fresh == ("convolution_1.convolution.weight",)
    assert "Frozen although they are random: convolution_1.convolution.weight" in match.sentence("x")
