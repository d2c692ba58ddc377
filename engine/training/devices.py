"""Devices: where a network is trained, in words and bytes, and the settings that make training repeatable."""

from __future__ import annotations

import ctypes
import gc
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Literal

import psutil
import torch

from engine.choices import Invalid, Message, Problem

DeviceName = Literal["auto", "cpu", "cuda"]


@dataclass(frozen=True)
class Device:
    """A device that torch can compute on, and what a person calls it ("NVIDIA H200", "CPU · 2 threads")."""

    torch: torch.device
    words: str

    @property
    def kind(self) -> Literal["cpu", "cuda"]:
        """Return which sort of device it is."""
        return "cuda" if self.torch.type == "cuda" else "cpu"


def pick(name: DeviceName = "auto") -> Device:
    """Return the device of that name; "auto" is the NVIDIA card if there is one, else the processor.

    Raises Invalid (`training.device`) when a card is asked for and torch sees none.
    """
    if name != "cpu" and torch.cuda.is_available():
        device = torch.device("cuda", torch.cuda.current_device())
        return Device(device, torch.cuda.get_device_name(device))
    if name == "cuda":
        why = (
            "this torch is built without CUDA" if torch.version.cuda is None else "torch sees no NVIDIA card"
        )
        raise Invalid(
            [
                Problem(
                    "training.device",
                    Message('is "cuda", but {why}; "auto" or "cpu" uses the processor', why=why),
                )
            ]
        )
    count = torch.get_num_threads()
    return Device(
        torch.device("cpu"),
        Message("CPU · {count} threads" if count > 1 else "CPU · {count} thread", count=count),
    )


def memory(device: Device) -> tuple[int, int]:
    """Return how many bytes are used and how many there are.

    On a card: used by everyone, and its memory. On the processor: used by this process, and the machine's.
    """
    if device.kind == "cuda":
        free, total = torch.cuda.mem_get_info(device.torch)
        return total - free, total
    return psutil.Process().memory_info().rss, psutil.virtual_memory().total


def free_memory(device: Device) -> int:
    """Return how many bytes can still be had on the device."""
    if device.kind == "cuda":
        # torch keeps what tensors gave back: for the card it is used, but the next tensors can have it
        kept = torch.cuda.memory_reserved(device.torch) - torch.cuda.memory_allocated(device.torch)
        return torch.cuda.mem_get_info(device.torch)[0] + kept
    return psutil.virtual_memory().available


def held_memory(device: Device) -> int:
    """Return how many bytes this process holds: of a card what torch has taken, else of the machine."""
    if device.kind == "cuda":
        return torch.cuda.memory_reserved(device.torch)
    return psutil.Process().memory_info().rss


def give_memory_back() -> None:
    """Give the system, and the card, what nothing refers to any more; allocators keep it for the next."""
    # a network and its hooks refer to each other
    gc.collect()
    # does nothing where no card is in use
    torch.cuda.empty_cache()
    # of the C library of Linux alone: elsewhere there is no such function, and the system takes it by itself
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


_DENORMAL = 1e-40
"""A number that single precision holds with few of its bits alone."""


@contextmanager
def settled(device: Device, threads: int) -> Iterator[None]:
    """Compute repeatably inside: a fixed number of threads, deterministic kernels, denormal numbers as zero.

    Denormals are flushed because a decaying average (Adam, momentum) of a unit that has died never gets out
    of them: rounding holds it at a few units of the smallest number, where arithmetic is many times slower.
    All is left as it was found: a run in training is judged, and questions are answered, between its steps.
    """
    before, flushed = torch.get_num_threads(), _flushes_denormals()
    if threads != before:
        torch.set_num_threads(threads)
    torch.set_flush_denormal(True)
    if device.kind == "cuda":
        _deterministic_cuda()
    try:
        yield
    finally:
        torch.set_flush_denormal(flushed)
        if threads != before:
            torch.set_num_threads(before)


def _flushes_denormals() -> bool:
    """Return whether denormal numbers count as zero in this thread; torch tells no other way."""
    return not torch.tensor(_DENORMAL).mul(1).item()


def seed_step(device: torch.device, seed: int) -> None:
    """Seed the device's default generator, from which dropout and its like draw."""
    generator_of(device).manual_seed(seed)


def generator_of(device: torch.device) -> torch.Generator:
    """Return the device's default generator."""
    if device.type == "cuda":
        return torch.cuda.default_generators[device.index or 0]
    return torch.default_generator


def is_out_of_memory(error: RuntimeError) -> bool:
    """Return whether torch failed because memory ran out, on a card or on the processor."""
    # the processor's allocator has no class of its own, only this sentence
    return isinstance(error, torch.OutOfMemoryError) or "can't allocate memory" in str(error)


def out_of_memory(device: Device, batch_size: int) -> Problem:
    """Return the problem to tell when memory ran out, with what would help."""
    if batch_size == 1:
        why = Message(
            "the memory of {device} is not enough for a single example: choose a smaller network",
            device=device.words,
        )
        return Problem("architecture", why)
    return Problem(
        "training.batch_size",
        Message(
            "the memory of {device} is not enough for {batch_size} examples at once: lower the batch "
            "size, for instance to {least}, or the micro-batch alone, or choose a smaller network",
            device=device.words,
            batch_size=batch_size,
            least=max(1, batch_size // 2),
        ),
    )


def _deterministic_cuda() -> None:
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # cuBLAS reads it at its first use
    torch.backends.cudnn.benchmark = False
    torch.backends.cudnn.deterministic = True
    # Where an operation has no deterministic form, a run that differs in the last bit beats none.
    warnings.filterwarnings("ignore", message=".*does not have a deterministic implementation.*")
    torch.use_deterministic_algorithms(True, warn_only=True)
    # The gradients of the faster forms of attention differ from run to run, as they add up in any order.
    torch.backends.cuda.enable_flash_sdp(False)
    torch.backends.cuda.enable_mem_efficient_sdp(False)
    torch.backends.cuda.enable_cudnn_sdp(False)
    # All parameters lie in one vector, for the optimizer's sake: cuDNN makes itself a small copy each time.
    warnings.filterwarnings("ignore", message="RNN module weights are not part of single contiguous chunk.*")
    # deterministic mode fills new memory with NaN to find reading before writing, which costs a kernel each
    torch.utils.deterministic.fill_uninitialized_memory = False  # type: ignore[attr-defined]
