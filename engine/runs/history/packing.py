"""Records, arrays and plain values as bytes. Nothing that is read can run code.

An array is an element type, a shape and raw numbers; a record its name and the values of its fields by name,
and only the records of a closed table are known; a message its template and its values. Lists come back as
tuples.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from typing import Any, get_args, get_type_hints

import msgpack
import numpy as np
from numpy.typing import NDArray

from engine.choices import Message

Array = NDArray[np.generic]

DTYPES = ("bool", "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64",
          "float16", "float32", "float64")  # fmt: skip
"""The element types that travel and are stored, always little-endian."""

_MOST_AXES = 8
_MOST_DEPTH = 16
_MOST_DIGITS = 4_300
"""Python's own limit for the digits of a whole number in a text."""
_RECORD, _ARRAY, _WHOLE, _MESSAGE = 1, 2, 3, 4


class Malformed(ValueError):
    """Bytes that hold nothing of ours; says what is wrong with them."""


class Unfitting(Malformed):
    """A record that is not known, or of other fields: of another version, perhaps."""


def records_in(*kinds: Any) -> dict[str, type]:
    """Return every record reachable from `kinds` by name: a closed table, for `Packing`.

    Raises TypeError for two of one name: whoever reads could not tell them apart.
    """
    found: dict[str, type] = {}
    waiting = list(kinds)
    while waiting:
        kind = waiting.pop()
        waiting += get_args(kind)
        if isinstance(kind, type) and dataclasses.is_dataclass(kind) and found.get(kind.__name__) is not kind:
            if kind.__name__ in found:
                raise TypeError(f"two records that travel are called {kind.__name__}")
            found[kind.__name__] = kind
            waiting += get_type_hints(kind).values()
    return found


class Packing:
    """Packs and unpacks plain values, arrays of numbers and the records of a table."""

    def __init__(self, records: Mapping[str, type]) -> None:
        """`records`: those that are known, by name."""
        self._records = records

    def pack(self, value: object) -> bytes:
        """Return a value as bytes; raises TypeError for what is neither plain nor one of the records."""
        # Strict: else msgpack takes a Message for a plain str, and nobody could translate it.
        # Surrogatepass: names of files on Linux may hold bytes that are no text.
        packed: bytes = msgpack.packb(
            value, default=self._extension, strict_types=True, unicode_errors="surrogatepass"
        )
        return packed

    def unpack(self, content: bytes) -> Any:
        """Return the value again; raises Malformed for bytes that hold none, Unfitting for other records."""
        return self._unpack(content, 0)

    def _extension(self, value: object) -> Any:
        """Turn what msgpack does not know into extensions, and look-alikes of plain values into these."""
        if self._records.get(type(value).__name__) is type(value):
            return self._packed_record(value)
        if isinstance(value, np.ndarray):
            return msgpack.ExtType(_ARRAY, msgpack.packb(pack_array(value)))
        if isinstance(value, np.generic):  # one number out of an array, which msgpack does not know
            return value.item()
        # before str, which a message is too: its template must arrive to be translated there
        if isinstance(value, Message) and value.values:
            return msgpack.ExtType(_MESSAGE, self.pack([value.template, value.values]))
        if isinstance(value, str):
            return str(value)
        if isinstance(value, int):  # beyond 64 bits: a cell of a table may hold any number
            return msgpack.ExtType(_WHOLE, str(int(value)).encode())
        if isinstance(value, tuple | list | set | frozenset):
            return list(value)
        if isinstance(value, Mapping):
            return dict(value)
        raise TypeError(f"a {type(value).__name__} cannot travel")

    def _packed_record(self, value: Any) -> msgpack.ExtType:
        # By name and not by place: what is on disk outlives a field that is added to the class.
        values = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
        return msgpack.ExtType(_RECORD, self.pack([type(value).__name__, values]))

    def _unpack(self, content: bytes, depth: int) -> Any:
        if depth > _MOST_DEPTH:
            raise Malformed("records are nested too deeply")
        try:
            return msgpack.unpackb(
                content,
                # tuples and no lists, as records are immutable
                use_list=False,
                # keys may be numbers; msgpack by itself takes texts and bytes only
                strict_map_key=False,
                unicode_errors="surrogatepass",
                ext_hook=lambda code, inner: self._read_extension(code, inner, depth + 1),
            )
        except Malformed:  # raised in the hook below: it says already what is wrong
            raise
        except (msgpack.UnpackException, ValueError, TypeError, RecursionError) as error:
            raise Malformed(str(error)) from None

    def _read_extension(self, code: int, content: bytes, depth: int) -> Any:
        if code == _WHOLE:
            # Python needs quadratic time for the digits, which may be a stranger's
            if len(content) > _MOST_DIGITS:
                raise Malformed(f"a whole number of more than {_MOST_DIGITS:,} digits")
            return int(content)
        parts = self._unpack(content, depth)
        if not isinstance(parts, tuple) or not parts:
            raise Malformed("an extension holds no list")
        if code == _ARRAY and len(parts) == 3:
            return unpack_array(*parts)
        if code == _RECORD and len(parts) == 2 and isinstance(parts[0], str) and isinstance(parts[1], dict):
            return self._record(*parts)
        if code == _MESSAGE and len(parts) == 2:
            return _message(*parts)
        raise Malformed(f"extension {code} is unknown")

    def _record(self, name: str, values: dict[str, Any]) -> Any:
        record = self._records.get(name)
        if record is None:
            raise Unfitting(f"no record is called {name!r}")
        try:
            return record(**values)
        except TypeError as error:
            raise Unfitting(f"a {name} has other fields: {error}") from None


def _message(template: object, values: object) -> Message:
    if not isinstance(template, str) or not isinstance(values, dict):
        raise Malformed("a message is no template with values")
    try:
        return Message(template, **values)
    except (ArithmeticError, LookupError, AttributeError) as error:  # others are caught by `_unpack`
        raise Malformed(f"a message does not take its values: {error}") from None


def pack_array(array: Array) -> tuple[str, tuple[int, ...], bytes]:
    """Return element type, shape and raw bytes; raises TypeError for arrays of texts or objects."""
    if array.dtype.name not in DTYPES:
        raise TypeError(f"arrays of {array.dtype.name} cannot be packed; only numbers and truth values")
    little = array.astype(array.dtype.newbyteorder("<"), copy=False)
    return array.dtype.name, array.shape, np.ascontiguousarray(little).tobytes()


def unpack_array(dtype: object, shape: object, content: object) -> Array:
    """Return the array again, read-only; raises Malformed when the three do not belong together."""
    if not isinstance(dtype, str) or dtype not in DTYPES:
        raise Malformed(f"{dtype!r} is not an element type")
    if not isinstance(shape, tuple | list) or len(shape) > _MOST_AXES:
        raise Malformed("the shape is not a short list")
    if not all(type(size) is int and 0 <= size < 2**40 for size in shape):
        raise Malformed("the shape is not made of sizes")
    kind = np.dtype(dtype).newbyteorder("<")
    if not isinstance(content, bytes) or len(content) != math.prod(shape) * kind.itemsize:
        raise Malformed("the length of the content does not match the shape")
    return np.frombuffer(content, kind).reshape(tuple(shape))  # no copy: it is read-only, as records are
