"""Frames: how messages travel. A length (4 bytes, little-endian), then msgpack. Nothing is ever pickled.

Records travel as their name and the values of their fields; only those that the protocol names are known.
Arrays travel as element type, shape and raw bytes, messages as template and values. Lists arrive as tuples.
The same bytes would do through a pipe, a socket or `ssh HOST ravine-engine serve`. Names of files may hold
bytes that are no text, which Python keeps as surrogates: they travel as they are.
"""

from __future__ import annotations

import dataclasses
import struct
from collections.abc import Iterator, Mapping
from typing import Any

import msgpack
import numpy as np

from engine.choices import Message
from engine.runs.history.packing import Malformed, pack_array, unpack_array
from engine.serving.protocol import RECORDS

MOST_BYTES = 256 << 20
"""Longest frame in bytes; the other side refuses longer ones."""

_LENGTH = struct.Struct("<I")
_RECORD, _ARRAY, _WHOLE, _MESSAGE = 1, 2, 3, 4
_MOST_DEPTH = 16


class BrokenFrame(ValueError):
    """The bytes are no message of the protocol; the stream cannot be read any further."""


def encode(message: object) -> bytes:
    """Return the frame of one message, a record of the protocol; raises TypeError for what cannot travel."""
    if type(message).__name__ not in RECORDS:
        raise TypeError(f"{type(message).__name__} is not a record of the protocol")
    content: bytes = _packed(message)
    if len(content) > MOST_BYTES:
        raise TypeError(f"a {type(message).__name__} of {len(content):,} bytes is too large to travel")
    return _LENGTH.pack(len(content)) + content


class Decoder:
    """Takes bytes as they come and gives whole messages."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        """`most`: longest frame that is accepted, in bytes."""
        self._bytes = bytearray()
        self._most = most

    def feed(self, content: bytes) -> Iterator[Any]:
        """Yield the messages that are whole now; raises BrokenFrame, after which nothing more can be read."""
        self._bytes += content
        while len(self._bytes) >= _LENGTH.size:
            (length,) = _LENGTH.unpack_from(self._bytes)
            if length > self._most:
                raise BrokenFrame(f"a frame of {length:,} bytes is longer than {self._most:,}")
            end = _LENGTH.size + length
            if len(self._bytes) < end:
                return
            frame = bytes(self._bytes[_LENGTH.size : end])
            del self._bytes[:end]
            yield decode(frame)


def decode(content: bytes) -> Any:
    """Return the message in a frame's content; raises BrokenFrame for anything that is no message."""
    message = _unpack(content, 0)
    if type(message).__name__ not in RECORDS:
        raise BrokenFrame("the frame holds no record of the protocol")
    return message


def _extension(value: object) -> Any:
    """Turn what msgpack does not know into extensions, and look-alikes of plain values into plain values."""
    if RECORDS.get(type(value).__name__) is type(value):
        return _record(value)
    if isinstance(value, np.ndarray):
        return msgpack.ExtType(_ARRAY, msgpack.packb(pack_array(value)))
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, Message) and value.values:
        return msgpack.ExtType(_MESSAGE, _packed([value.template, value.values]))
    if isinstance(value, str):
        return str(value)
    if isinstance(value, int):
        return msgpack.ExtType(_WHOLE, str(int(value)).encode())
    if isinstance(value, tuple | list | set | frozenset):
        return list(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"a {type(value).__name__} cannot travel")


def _record(value: Any) -> msgpack.ExtType:
    values = [getattr(value, field.name) for field in dataclasses.fields(value)]
    return msgpack.ExtType(_RECORD, _packed([type(value).__name__, *values]))


def _message(template: object, values: object) -> Message:
    if not isinstance(template, str) or not isinstance(values, dict):
        raise BrokenFrame("a message is no template with values")
    try:
        return Message(template, **values)
    except (
        ArithmeticError,
        LookupError,
        AttributeError,
    ) as error:  # others are caught by `_unpack`
        raise BrokenFrame(f"a message does not take its values: {error}") from None


def _packed(value: object) -> bytes:
    packed: bytes = msgpack.packb(
        value, default=_extension, strict_types=True, unicode_errors="surrogatepass"
    )
    return packed


def _unpack(content: bytes, depth: int) -> Any:
    if depth > _MOST_DEPTH:
        raise BrokenFrame("records are nested too deeply")
    try:
        return msgpack.unpackb(
            content,
            use_list=False,
            strict_map_key=False,
            unicode_errors="surrogatepass",
            ext_hook=lambda code, inner: _read_extension(code, inner, depth + 1),
        )
    except BrokenFrame:
        raise
    except (msgpack.UnpackException, ValueError, TypeError, RecursionError, Malformed) as error:
        raise BrokenFrame(f"not a message: {error}") from None


def _read_extension(code: int, content: bytes, depth: int) -> Any:
    if code == _WHOLE:
        return int(content[:100])
    parts = _unpack(content, depth)
    if not isinstance(parts, tuple) or not parts:
        raise BrokenFrame("an extension holds no list")
    if code == _ARRAY and len(parts) == 3:
        return unpack_array(*parts)
    if code == _MESSAGE and len(parts) == 2:
        return _message(*parts)
    record: Any = RECORDS.get(parts[0]) if code == _RECORD and isinstance(parts[0], str) else None
    if record is None:
        raise BrokenFrame(f"extension {code} is unknown")
    fields = dataclasses.fields(record)
    if len(parts) - 1 != len(fields):
        raise BrokenFrame(f"{parts[0]} has {len(fields)} fields, not {len(parts) - 1}")
    return record(*parts[1:])
