"""Checkpoints travel through bytes unchanged, and bytes of strangers do no harm."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
import safetensors.torch
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.choices import Invalid
from engine.training.checkpoint import Checkpoint

GOOD = Checkpoint(
    7,
    1.5,
    {
        "parameters": torch.arange(6.0),
        "epoch.loss_sum": torch.tensor(0.1, dtype=torch.float64),
        "state.t": torch.tensor(7),
        "buffer.empty": torch.zeros((0, 3)),
    },
    {"threads": 2, "ended": "done", "more": {"list": [1, None, "ü"]}},
)


def facts(**changes: Any) -> str:
    return json.dumps({"format": 1, "step": 1, "seconds": 1.0, "decisions": {"threads": 1}, **changes})


def file_of(run: str, **tensors: torch.Tensor) -> bytes:
    return safetensors.torch.save(tensors or {"parameters": torch.zeros(2)}, {"ravine": run})


def test_that_a_checkpoint_comes_back_from_its_bytes_unchanged() -> None:
    found = Checkpoint.from_bytes(GOOD.to_bytes())
    assert (found.step, found.seconds, found.decisions) == (GOOD.step, GOOD.seconds, GOOD.decisions)
    assert found.tensors.keys() == GOOD.tensors.keys()
    for name, tensor in GOOD.tensors.items():
        assert found.tensors[name].dtype == tensor.dtype
        assert torch.equal(found.tensors[name], tensor)
        found.tensors[name].add_(1)  # it may be written to


def test_that_equal_checkpoints_have_equal_bytes() -> None:
    assert GOOD.to_bytes() == Checkpoint.from_bytes(GOOD.to_bytes()).to_bytes()


@pytest.mark.parametrize(
    "run",
    [
        facts(step=-1), facts(step=1.5), facts(step="1"), facts(step=True), facts(step=2**70),
        facts(step=None),
        facts(seconds=-1), facts(seconds=float("nan")), facts(seconds=float("inf")), facts(seconds="1"),
        facts(seconds=10**400),
        facts(decisions=[]), facts(decisions=None), facts(decisions={"threads": 0}),
        facts(decisions={"threads": 10**9}), facts(decisions={"threads": "2"}), facts(decisions={"ended": 1}),
        "", "[]", "null", "{}", "{" * 100_000, "[" * 100_000, '{"step": 1}',
    ],
)  # fmt: skip
def test_that_wrong_facts_are_refused(run: str) -> None:
    with pytest.raises(Invalid, match="no checkpoint"):
        Checkpoint.from_bytes(file_of(run))


def test_that_other_safetensors_files_are_refused() -> None:
    tensors = {"parameters": torch.zeros(2)}
    for metadata in (None, {}, {"format": "pt"}, {"ravine": facts(format=2)}, {"run": facts()}):
        with pytest.raises(Invalid):
            Checkpoint.from_bytes(safetensors.torch.save(tensors, metadata))


@pytest.mark.parametrize("kind", [torch.float16, torch.bool, torch.uint8, torch.bfloat16, torch.complex64])
def test_that_types_no_checkpoint_holds_are_refused(kind: torch.dtype) -> None:
    with pytest.raises(Invalid):
        Checkpoint.from_bytes(file_of(facts(), parameters=torch.zeros(2, dtype=kind)))


@pytest.mark.parametrize(
    "header",
    [
        {"a": {"dtype": "F32", "shape": [2**40, 2**40], "data_offsets": [0, 8]}},
        {"a": {"dtype": "F32", "shape": [2**62], "data_offsets": [0, 8]}},
        {"a": {"dtype": "F32", "shape": [0, 2**62], "data_offsets": [0, 0]}},
        {"a": {"dtype": "F32", "shape": [-1], "data_offsets": [0, 8]}},
        {"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 1000]}},
        {"a": {"dtype": "F32", "shape": [2], "data_offsets": [8, 0]}},
        {"a": {"dtype": "nonsense", "shape": [2], "data_offsets": [0, 8]}},
        {"a": [[[[]]]]},
        {"__metadata__": 5},
        [],
    ],
)
def test_that_absurd_headers_are_refused(header: Any) -> None:
    if isinstance(header, dict):
        header = {"__metadata__": {"ravine": facts()}, **header}
    text = json.dumps(header).encode()
    with pytest.raises(Invalid):
        Checkpoint.from_bytes(len(text).to_bytes(8, "little") + text + bytes(8))


@settings(max_examples=200)
@given(st.binary(max_size=300))
def test_that_any_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(Invalid):
        Checkpoint.from_bytes(data)


@settings(max_examples=300)
@given(st.data())
def test_that_damaged_bytes_are_read_or_refused_and_nothing_else(data: st.DataObject) -> None:
    whole = bytearray(GOOD.to_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(whole)))
    for damaged in (bytes(whole), bytes(whole[:cut])):
        try:
            found = Checkpoint.from_bytes(damaged)
        except Invalid:
            continue
        assert found.step >= 0
        assert all(isinstance(tensor, torch.Tensor) for tensor in found.tensors.values())


LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
NAMES = st.sampled_from(["format", "step", "seconds", "decisions", "threads"])


@settings(max_examples=100)
@given(st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(NAMES, inner), max_leaves=20))
def test_that_any_json_for_facts_is_read_or_refused(value: Any) -> None:
    with suppress(Invalid):
        Checkpoint.from_bytes(file_of(json.dumps(value)))
