"""The numbers of a run as an event file that TensorBoard reads.

An event file is a row of records (TFRecord): length, its checksum, data, its checksum. The data of a record
is an `Event` of TensorFlow in the encoding of Protocol Buffers, here one scalar at one step. All records of
a series are equally long and made at once by numpy: TensorBoard's own writer with its 59 MB is not needed.

Sources: tensorflow/core/util/event.proto, summary.proto; tensorflow/core/lib/io/record_writer.h; Castagnoli,
Braeuer and Herrmann, Optimization of Cyclic Redundancy-Check Codes with 24 and 32 Parity Bits, 1993 (CRC).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from engine.runs.history.reader import HistoryReader

Bytes = NDArray[np.uint8]

_STEP_BYTES = 9
"""Bytes of a step, 7 bits each. Small ones are filled up, as readers allow: all records are of one length."""
_MASK = 0xA282EAD8
"""What TFRecord adds to a turned checksum, lest the checksum of a checksum be computed (record_writer.h)."""


def _crc_table() -> NDArray[np.uint32]:
    table = np.arange(256, dtype=np.uint32)
    for _ in range(8):
        table = np.where(table & 1, (table >> 1) ^ np.uint32(0x82F63B78), table >> 1)
    return table


_CRC = _crc_table()


def masked_crc(rows: Bytes) -> NDArray[np.uint32]:
    """Return the masked CRC-32C of each row of `rows` (N, L), as uint32 (N,)."""
    crc = np.full(len(rows), 0xFFFFFFFF, np.uint32)
    for column in rows.T:
        crc = _CRC[(crc ^ column) & 0xFF] ^ (crc >> 8)
    crc = ~crc
    turned: NDArray[np.uint32] = (crc >> np.uint32(15)) | (crc << np.uint32(17))
    # uint32 wraps around, as it is meant to
    return turned + np.uint32(_MASK)


def event_file(history: HistoryReader, began: float, seconds: float) -> Iterator[bytes]:
    """Yield the parts of an event file with every series of a run.

    `began`: when it was started, in seconds since 1970; `seconds`: how long it took. A history keeps no
    times of its steps, so that they are spread evenly. Raises Invalid where the history cannot be read.
    """
    yield _records(_rows([b"\x09" + struct.pack("<d", began), b"\x1a\x0dbrain.Event:2"]))
    last = max((int(history.column(name).steps[-1]) for name in history.names()), default=0)
    for name in history.names():
        found = history.column(name)
        times = began + seconds * found.steps / max(last, 1)
        # TensorBoard makes a group of what stands before a slash: validation/accuracy
        yield _records(_scalars(name.replace(".", "/").encode(), times, found.steps, found.values))


def _scalars(
    tag: bytes, times: NDArray[np.float64], steps: NDArray[np.int64], values: NDArray[np.float32]
) -> Bytes:
    """Return an Event for each value, uint8 (N, L): wall_time = 1, step = 2, summary = 5."""
    count = len(values)
    named = b"\x0a" + _varint(len(tag)) + tag
    # Summary.Value: tag = 1, simple_value = 2, of 4 bytes
    inside = len(named) + 5
    summary = b"\x0a" + _varint(inside) + named + b"\x15"
    head = b"\x2a" + _varint(len(summary) + 4) + summary
    return _rows([b"\x09", _bytes_of(times.astype("<f8")), b"\x10", _steps(steps), head,
                  _bytes_of(values.astype("<f4"))], count)  # fmt: skip


def _records(rows: Bytes) -> bytes:
    """Return rows of equal length as records, one behind the other."""
    length = struct.pack("<Q", rows.shape[1])
    head = length + struct.pack("<I", masked_crc(_rows([length]))[0])
    ends = _bytes_of(masked_crc(rows).astype("<u4"))
    return _rows([head, rows, ends], len(rows)).tobytes()


def _rows(parts: list[bytes | Bytes], count: int = 1) -> Bytes:
    """Return parts side by side, uint8 (N, L); bytes stand in every row."""
    arrays = (np.frombuffer(part, np.uint8)[None] if isinstance(part, bytes) else part for part in parts)
    return np.concatenate([np.broadcast_to(one, (count, one.shape[1])) for one in arrays], axis=1)


def _bytes_of(numbers: NDArray[np.generic]) -> Bytes:
    return np.ascontiguousarray(numbers).view(np.uint8).reshape(len(numbers), -1)


def _steps(steps: NDArray[np.int64]) -> Bytes:
    """Return steps as varints of one length: seven bits a byte, the lowest first; the eighth says: more."""
    shifts = 7 * np.arange(_STEP_BYTES)
    digits = (steps[:, None] >> shifts) & 0x7F
    digits[:, :-1] |= 0x80
    return digits.astype(np.uint8)


def _varint(number: int) -> bytes:
    parts = []
    while number > 0x7F:
        parts.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*parts, number])
