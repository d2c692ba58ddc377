"""What parameters are for, in networks of every architecture."""

from __future__ import annotations

import re

import pytest
from torch import nn

from engine.events import Layer
from engine.training.roles import roles
from tests.engine.architectures.test_architectures import CASES, Case

_BLOCK = re.compile(
    r"(.*\bblock_\d+|layer\d+\.\d+|.*denselayer\d+|features\.\d+\.conv|residual_block_\d+|inception_\d+)\."
)
"""How the parameters of one block begin."""


def in_order(network: nn.Module) -> list[Layer]:
    """The layers as they were defined, which is as they are passed but for what lies between them."""
    return [
        Layer(name, "", (), 0, 0)
        for name, part in network.named_modules()
        if part._parameters or not list(part.children())
    ]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_that_layers_are_counted_from_the_head_without_a_gap_and_blocks_as_one(case: Case) -> None:
    network = case.architecture.build(case.inputs, case.outputs)
    found = roles(network, in_order(network))
    assert list(found) == [name for name, _ in network.named_parameters()]
    heads = {name.rpartition(".")[0] for name, place in found.items() if place.head}
    assert len(heads) == 1
    assert all(place.above == 0 for place in found.values() if place.head)
    depths = {place.above for place in found.values()}
    assert depths == set(range(max(depths) + 1))
    blocks: dict[str, set[int]] = {}
    for name, place in found.items():
        if match := _BLOCK.match(name):
            blocks.setdefault(match[1], set()).add(place.above)
    assert all(len(some) == 1 for some in blocks.values()), blocks
