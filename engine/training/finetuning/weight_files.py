"""Weights in files of others: safetensors, or what `torch.save` wrote; no code in them is ever run."""

from __future__ import annotations

import io
import pickle
import re
import struct
import warnings
import zipfile
from collections.abc import Iterable, Mapping

import safetensors
import safetensors.torch
import torch
from torch import Tensor, nn

from engine.choices import Message

NESTS = ("state_dict", "model_state_dict", "model", "state")
"""Under these names training scripts put the weights beside optimizer and epoch."""
_MOST_FACTS = 1 << 26
"""Bytes of a file's description of its tensors; a network of 10,000 tensors takes less than two million."""
_MOST_PARTS = 100_000
_SLACK = 1 << 20
_GLOBAL = re.compile(r"GLOBAL ([\w.]{1,200})")


class Unreadable(ValueError):
    """A file that holds no weights, or not only weights; says why."""


def tensors_in(content: bytes, suffix: str) -> dict[str, Tensor]:
    """Return the tensors in the content of a file by name, on the CPU; `suffix` is ".safetensors" or another.

    What is no tensor is passed over. Of nested sections the one that holds the weights is taken. Raises
    Unreadable, and nothing else, for whatever is damaged, lies about its size or would run code.
    """
    found: Iterable[tuple[object, object]]
    found = (_safetensors(content) if suffix == ".safetensors" else _unnested(_saved(content))).items()
    tensors = {
        name: value.detach()
        for name, value in found
        if isinstance(name, str) and isinstance(value, Tensor) and _is_plain(value)
    }
    if not tensors:
        raise Unreadable("it holds no tensors")
    return tensors


def _is_plain(value: Tensor) -> bool:
    """Return whether a tensor is numbers in memory, and no stranger sort of tensor."""
    return (
        # Not isinstance: subclasses may run code of their own in whatever is done with them.
        type(value) in (Tensor, nn.Parameter)
        and value.layout == torch.strided
        and value.device.type == "cpu"
        and not value.is_quantized
    )


def _safetensors(content: bytes) -> dict[str, Tensor]:
    try:
        found = safetensors.torch.load(content)
    except (safetensors.SafetensorError, LookupError, ValueError, TypeError, RuntimeError) as error:
        raise Unreadable(
            Message("it is no sound safetensors file ({first_line})", first_line=_first_line(error))
        ) from None
    return dict(found)


def _saved(content: bytes) -> object:
    """Return what `torch.save` wrote, if it is made of tensors, numbers, texts and containers alone."""
    # Since torch 1.6 a zip archive is written; a bare pickle before, which cannot grow.
    if content[:4] == b"PK\x03\x04":
        _refuse_unsound_archive(content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about the age of the format
            # Never without weights_only: unpickling the file of a stranger would run what it asks for.
            return torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        raise Unreadable(_refused(str(error))) from None
    # torch.load promises no kind of error for bytes that are damaged.
    except (
        ArithmeticError,
        AssertionError,
        AttributeError,
        EOFError,
        LookupError,
        MemoryError,
        OSError,
        RuntimeError,
        TypeError,
        ValueError,
        struct.error,
    ) as error:
        raise Unreadable(
            Message(
                "it is damaged, or not written by torch.save ({first_line})", first_line=_first_line(error)
            )
        ) from None


def _refused(message: str) -> str:
    """Return why the unpickler stopped; torch's own message advises to switch the protection off."""
    named = _GLOBAL.search(message)
    if named is None:
        return "it is damaged, or not written by torch.save"
    return Message(
        "besides tensors it holds {named}, which could run code and is therefore not opened; "
        "save the weights alone, with torch.save(model.state_dict(), …) or as safetensors",
        named=named[1],
    )


def _refuse_unsound_archive(content: bytes) -> None:
    """Raise Unreadable for an archive that would grow when it is unpacked; torch stores without packing."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, struct.error, NotImplementedError, OverflowError) as error:
        raise Unreadable(Message("it is damaged ({first_line})", first_line=_first_line(error))) from None
    if len(parts) > _MOST_PARTS:
        raise Unreadable(Message("it is an archive of {count:,} parts", count=len(parts)))
    if any(part.compress_type != zipfile.ZIP_STORED for part in parts):
        raise Unreadable("it is a packed archive; torch.save writes unpacked ones")
    if sum(part.file_size for part in parts) > len(content) + _SLACK:
        raise Unreadable("it claims to hold more bytes than it has")
    if any(part.filename.endswith(".pkl") and part.file_size > _MOST_FACTS for part in parts):
        raise Unreadable("its description of the tensors is too large")


def _unnested(found: object) -> Mapping[object, object]:
    """Return the mapping of tensors in what was saved: itself, or the section of it that holds them."""
    if isinstance(found, Mapping):
        if any(isinstance(value, Tensor) for value in found.values()):
            return found
        for name in NESTS:
            inner = found.get(name)
            if isinstance(inner, Mapping) and any(isinstance(value, Tensor) for value in inner.values()):
                return inner
    raise Unreadable(
        Message("it holds no weights by name, neither itself nor as {nests}", nests=", ".join(NESTS))
    )


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [""])[0][:200] or type(error).__name__
