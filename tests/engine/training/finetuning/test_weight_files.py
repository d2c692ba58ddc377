"""Files of weights: those of others are read as they are, hostile ones are refused; none runs code."""

from __future__ import annotations

import collections
import io
import json
import pickle
import random
import struct
import zipfile
from pathlib import Path
from typing import Any

import pytest
import safetensors.torch
import torch
from torch import Tensor, nn

from engine.training.finetuning.weight_files import Unreadable, tensors_in

TENSORS = {"layer.weight": torch.arange(6.0).reshape(2, 3), "layer.bias": torch.tensor([1.0, 2.0])}


def saved(value: object, *, old: bool = False) -> bytes:
    """Return what `torch.save` writes; `old`: as it did before version 1.6, as the public files do."""
    buffer = io.BytesIO()
    torch.save(value, buffer, _use_new_zipfile_serialization=not old)
    return buffer.getvalue()


def assert_same(found: dict[str, Tensor], wanted: dict[str, Tensor] = TENSORS) -> None:
    assert found.keys() == wanted.keys()
    assert all(torch.equal(found[name], tensor) for name, tensor in wanted.items())


def test_that_safetensors_are_read() -> None:
    assert_same(tensors_in(safetensors.torch.save(TENSORS), ".safetensors"))


@pytest.mark.parametrize("old", [False, True])
@pytest.mark.parametrize(
    "wrapped",
    [
        lambda tensors: tensors,
        lambda tensors: collections.OrderedDict(tensors),
        lambda tensors: {name: nn.Parameter(tensor) for name, tensor in tensors.items()},
        lambda tensors: {"state_dict": tensors, "epoch": 3},
        lambda tensors: {"model": tensors, "optimizer": {"lr": 0.1}},
        lambda tensors: {"model_state_dict": tensors, "loss": 0.5},
    ],
    ids=["plain", "ordered", "parameters", "state_dict", "model", "model_state_dict"],
)
def test_that_what_torch_saves_is_read_however_it_is_wrapped(wrapped: Any, old: bool) -> None:
    assert_same(tensors_in(saved(wrapped(TENSORS), old=old), ".pt"))


def test_that_half_precision_is_read() -> None:
    halves = {name: tensor.bfloat16() for name, tensor in TENSORS.items()}
    assert_same(tensors_in(safetensors.torch.save(halves), ".safetensors"), halves)
    assert_same(tensors_in(saved(halves), ".pth"), halves)


def test_that_what_is_no_plain_tensor_is_passed_over() -> None:
    odd = {"sparse": torch.eye(2).to_sparse(), "text": "words", "meta": torch.empty(2, device="meta")}
    assert_same(tensors_in(saved({**TENSORS, **odd}), ".pt"))


@pytest.mark.parametrize(
    "value", [3, "text", [1, 2], {"a": 1}, {"state_dict": {"a": "b"}}, {1: torch.ones(1)}]
)
def test_that_a_file_without_named_tensors_is_refused(value: object) -> None:
    with pytest.raises(Unreadable, match=r"no weights by name|no tensors"):
        tensors_in(saved(value), ".pt")


class _Trap:
    """What unpickling would run."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return (Path.touch, (self.path,))


@pytest.mark.parametrize("old", [False, True])
def test_that_code_in_a_file_is_named_and_not_run(tmp_path: Path, old: bool) -> None:
    trap = tmp_path / "run"
    with pytest.raises(Unreadable, match="could run code") as caught:
        tensors_in(saved({**TENSORS, "trap": _Trap(trap)}, old=old), ".pt")
    assert "state_dict()" in str(caught.value)
    assert "weights_only" not in str(caught.value)  # no advice to switch the protection off
    assert not trap.exists()


def test_that_a_whole_module_is_refused_with_what_to_save_instead() -> None:
    with pytest.raises(Unreadable, match=r"model\.state_dict\(\)"):
        tensors_in(saved(nn.Linear(2, 2)), ".pt")


def test_that_a_bare_pickle_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable):
        tensors_in(pickle.dumps(_Trap(tmp_path / "run")), ".pth")
    assert not (tmp_path / "run").exists()


def header(facts: dict[str, Any], data: bytes = b"", length: int | None = None) -> bytes:
    text = json.dumps(facts).encode()
    return struct.pack("<Q", len(text) if length is None else length) + text + data


LYING = {
    "empty": b"",
    "short": b"\x01\x02",
    "length beyond the end": header({}, length=2**62),
    "negative length": header({}, length=2**64 - 1),
    "data beyond the end": header({"a": {"dtype": "F32", "shape": [9], "data_offsets": [0, 36]}}, bytes(4)),
    "shape larger than data": header({"a": {"dtype": "F32", "shape": [9], "data_offsets": [0, 4]}}, bytes(4)),
    "huge shape": header({"a": {"dtype": "F32", "shape": [2**40, 2**40], "data_offsets": [0, 4]}}, bytes(4)),
    "unknown type": header({"a": {"dtype": "X9", "shape": [1], "data_offsets": [0, 4]}}, bytes(4)),
    "no JSON": struct.pack("<Q", 4) + b"{{{{",
    "no tensors": header({}),
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(64),
}


@pytest.mark.parametrize("content", LYING.values(), ids=LYING)
def test_that_a_lying_safetensors_file_is_refused(content: bytes) -> None:
    with pytest.raises(Unreadable):
        tensors_in(content, ".safetensors")


@pytest.mark.parametrize("old", [False, True])
def test_that_every_cut_file_is_refused_or_whole(old: bool) -> None:
    whole = saved(TENSORS, old=old)
    for end in range(0, len(whole) - 1, 7):
        with pytest.raises(Unreadable):
            tensors_in(whole[:end], ".pt")


@pytest.mark.parametrize("old", [False, True])
def test_that_broken_bytes_are_refused_or_read_as_tensors(old: bool) -> None:
    whole, chance = saved(TENSORS, old=old), random.Random(old)
    for _ in range(400):
        broken = bytearray(whole)
        for _ in range(chance.choice((1, 1, 3))):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        try:
            found = tensors_in(bytes(broken), ".pt")
        except Unreadable:
            continue
        assert all(type(tensor) is Tensor for tensor in found.values())


def repacked(content: bytes, change: Any, compression: int = zipfile.ZIP_STORED) -> bytes:
    """Return an archive of torch with its parts written anew."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(result, "w", compression) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return result.getvalue()


def test_that_an_archive_that_would_grow_is_refused() -> None:
    bomb = repacked(saved(TENSORS), lambda name, data: data + bytes(1 << 20), zipfile.ZIP_DEFLATED)
    with pytest.raises(Unreadable, match="packed"):
        tensors_in(bomb, ".pt")


def test_that_a_tensor_larger_than_its_numbers_is_refused() -> None:
    """A stride of 0 would let four bytes claim to be any size; beyond its numbers a tensor may not reach."""
    large = saved({"a": torch.zeros(4).as_strided((2, 2), (2, 1))})
    grown = repacked(large, lambda name, data: data[:-12] if name.endswith("data/0") else data)
    with pytest.raises(Unreadable):
        tensors_in(grown, ".pt")


def test_that_an_old_file_that_claims_terabytes_is_refused() -> None:
    whole = saved({"a": torch.zeros(3)}, old=True)
    # the count of numbers stands in the pickle as one byte: K\x03
    lying = whole.replace(b"K\x03Ntq", b"\x8a\x06\x00\x00\x00\x00\x00\x10Ntq")
    assert lying != whole
    with pytest.raises(Unreadable):
        tensors_in(lying, ".pt")
