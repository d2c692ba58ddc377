"""Frames: how messages travel. A length (4 bytes, little-endian), then msgpack. Nothing is ever pickled.

Only the records that the protocol names are known (`engine.runs.history.packing`). The same bytes would do
through a pipe, a socket or `ssh HOST ravine-engine serve`. Names of files may hold bytes that are no text,
which Python keeps as surrogates: they travel as they are.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any

from engine.runs.history.packing import Malformed, Packing
from engine.serving.protocol import RECORDS

MOST_BYTES = 256 << 20
"""Longest frame in bytes; the other side refuses longer ones."""

_LENGTH = struct.Struct("<I")
_PACKING = Packing(RECORDS)


class BrokenFrame(ValueError):
    """The bytes are no message of the protocol; the stream cannot be read any further."""


def encode(message: object) -> bytes:
    """Return the frame of one message, a record of the protocol; raises TypeError for what cannot travel."""
    if type(message).__name__ not in RECORDS:
        raise TypeError(f"{type(message).__name__} is not a record of the protocol")
    content = _PACKING.pack(message)
    if len(content) > MOST_BYTES:  # here, where it can be said instead; the other side could only hang up
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
            # before its bytes are waited for: a broken length would else fill the memory
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
    try:
        message = _PACKING.unpack(content)
    except Malformed as error:
        raise BrokenFrame(f"not a message: {error}") from None
    if type(message).__name__ not in RECORDS:
        raise BrokenFrame("the frame holds no record of the protocol")
    return message
