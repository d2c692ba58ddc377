"""Arrays as bytes: an element type, a shape and raw numbers. Nothing that is read can run code."""

from __future__ import annotations

import math
import zlib
from collections.abc import Mapping
from typing import Any

import msgpack
import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.generic]

DTYPES = ("bool", "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64",
          "float16", "float32", "float64")  # fmt: skip
"""The element types that travel and are stored, always little-endian."""

_MOST_AXES = 8


class Malformed(ValueError):
    """Bytes that are no packed arrays; says what is wrong with them."""


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
    return np.frombuffer(content, kind).reshape(tuple(shape))


def pack_arrays(arrays: Mapping[str, Array]) -> bytes:
    """Return named arrays, compressed."""
    return zlib.compress(
        msgpack.packb([[name, *pack_array(np.asarray(value))] for name, value in arrays.items()]), 1
    )


def unpack_arrays(content: bytes, most: int = 64 << 20) -> dict[str, Array]:
    """Return named arrays again; raises Malformed for anything else and beyond `most` bytes unpacked."""
    try:
        opener = zlib.decompressobj()
        plain = opener.decompress(content, most)
        if opener.unconsumed_tail or not opener.eof:
            raise Malformed("the content is cut off or too large")
        items: Any = msgpack.unpackb(plain, use_list=False)
        return {str(name): unpack_array(dtype, shape, raw) for name, dtype, shape, raw in items}
    except Malformed:
        raise
    except (zlib.error, msgpack.UnpackException, ValueError, TypeError, RecursionError) as error:
        raise Malformed(f"not packed arrays ({error})") from None
