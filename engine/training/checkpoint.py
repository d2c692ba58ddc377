"""Checkpoints: everything a run needs to go on as if it had never stopped."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

import safetensors
import safetensors.torch
import torch
from torch import Tensor

from engine.choices import Invalid, Message, Problem

FORMAT = 1
# nothing else was ever written; a file from elsewhere is not trusted with other types
_TYPES = frozenset({"F32", "F64", "I64"})
_MOST_THREADS = 4096
_MOST_SECONDS = 1e12


@dataclass(frozen=True)
class Checkpoint:
    """A run between two steps.

    `step`: updates made; `seconds`: time trained; `tensors`: on the CPU, by name: "parameters" (the flat
    vector), "buffer.*", "state.*" (of the optimizer), "epoch.loss_sum" (of the epoch that is under way) and
    "best.*" (weights, loss and epoch of the best validation so far); `decisions`: what was decided by
    measurement and must not be decided anew, as plain JSON: "threads", and "ended" with why the run ended.
    """

    step: int
    seconds: float
    tensors: Mapping[str, Tensor]
    decisions: Mapping[str, Any] = field(default_factory=dict)

    def to_bytes(self) -> bytes:
        """Return the checkpoint as a safetensors file."""
        facts = {"format": FORMAT, "step": self.step, "seconds": self.seconds}
        # One entry alone: safetensors writes several in an order that changes from call to call.
        metadata = {"ravine": json.dumps({**facts, "decisions": dict(self.decisions)})}
        return safetensors.torch.save(dict(self.tensors), metadata)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Return the checkpoint that `to_bytes` wrote; raises Invalid for anything else."""
        try:
            found = safetensors.deserialize(data)  # type: ignore[no-untyped-call]
            tensors = {name: _tensor(name, facts) for name, facts in found}
            facts = _facts(data)
            return cls(
                _step(facts["step"]), _seconds(facts["seconds"]), tensors, _decisions(facts["decisions"])
            )
        except (safetensors.SafetensorError, ValueError, KeyError, TypeError, RecursionError) as error:
            why = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise Invalid(
                [Problem("", Message("this is no checkpoint of Ravine, or a damaged one: {why}", why=why))]
            ) from error


def _facts(data: bytes) -> dict[str, Any]:
    """Return what the header says besides tensors; its soundness was checked by `safetensors`."""
    # by hand, as `deserialize` leaves the metadata out: a file begins with its header, and that with its
    # length
    size = int.from_bytes(data[:8], "little")
    found = json.loads(json.loads(data[8 : 8 + size])["__metadata__"]["ravine"])
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise ValueError(Message("its format is not {format}", format=FORMAT))
    return found


def _tensor(name: str, facts: Mapping[str, Any]) -> Tensor:
    if facts["dtype"] not in _TYPES:
        raise ValueError(
            Message(
                "{name!r} holds {kind}, not one of {types}",
                name=name[:60],
                kind=facts["dtype"],
                types=", ".join(sorted(_TYPES)),
            )
        )
    kind = {"F32": torch.float32, "F64": torch.float64, "I64": torch.int64}[facts["dtype"]]
    if not facts["data"]:
        # frombuffer refuses no bytes at all.
        return torch.empty(facts["shape"], dtype=kind)
    # A bytearray, as torch warns of memory that it must not write to.
    return torch.frombuffer(bytearray(facts["data"]), dtype=kind).reshape(facts["shape"])


def _step(value: object) -> int:
    # in Python true is an int; and steps are counted on from here in 64 bits
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**62:
        raise ValueError(Message("step is {value:.60}", value=str(value)))
    return value


def _seconds(value: object) -> float:
    if not isinstance(value, int | float) or not 0 <= value < _MOST_SECONDS:
        raise ValueError(Message("seconds is {value:.60}", value=str(value)))
    return float(value)


def _decisions(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise TypeError("decisions are no section")
    threads, ended = value.get("threads", 1), value.get("ended", "")
    if not isinstance(threads, int) or isinstance(threads, bool) or not 1 <= threads <= _MOST_THREADS:
        raise ValueError(Message("threads is {threads!r:.60}", threads=threads))
    if not isinstance(ended, str):
        raise TypeError(f"ended is {ended!r:.60}")
    return value
