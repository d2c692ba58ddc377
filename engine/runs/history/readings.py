"""Readings as they are kept in the history: the record that a probe found, packed and compressed."""

from __future__ import annotations

import types
import zlib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import numpy as np
from numpy.typing import NDArray

import engine.probes  # noqa: F401 - fills the family
from engine.choices import kind_of
from engine.probes.probe import Probe
from engine.runs.history.earlier_readings import of_arrays
from engine.runs.history.packing import Malformed, Packing, Unfitting, records_in, unpack_array

_MOST_BYTES = 64 << 20
"""A reading takes at most so much memory: a file of a stranger may claim anything."""

FOUND: Mapping[str, type] = records_in(*(probe.record() for probe in Probe.kinds().values()))
"""Every record that a probe may find, by name."""

_PACKING = Packing(FOUND)


def pack_found(found: object) -> bytes:
    """Return what a probe found as bytes; raises TypeError for what no probe may find."""
    if FOUND.get(type(found).__name__) is not type(found):
        raise TypeError(f"a {type(found).__name__} is nothing that a probe finds")
    return zlib.compress(_PACKING.pack(found), 1)


def unpack_found(probe: str, content: bytes) -> Any:
    """Return what a probe of that key found.

    Raises Malformed for bytes that are no reading, Unfitting for one that this version does not understand.
    """
    opener = zlib.decompressobj()  # unlike zlib.decompress it can be told where to stop
    try:
        plain = opener.decompress(content, _MOST_BYTES)
    except zlib.error as error:
        raise Malformed(str(error)) from None
    if opener.unconsumed_tail or not opener.eof:
        raise Malformed("the content is cut off or too large")
    found = _PACKING.unpack(plain)
    kind = Probe.kinds().get(kind_of(probe))
    if kind is None:
        raise Unfitting(f"there is no probe {probe!r}")
    if isinstance(found, tuple):  # what is no record was written by a version before there were records
        try:
            found = of_arrays(kind, {str(name): unpack_array(*array) for name, *array in found})
        except (KeyError, IndexError, ValueError, TypeError) as error:
            raise Unfitting(f"what {probe} found is not complete: {error}") from None
    found = _widened(found, kind.record())
    if not conforms(found, kind.record()):
        raise Unfitting(f"what {probe} found is no {kind.record().__name__}")
    return found


def _widened(found: Any, record: type) -> Any:
    """Return a reading with numbers as wide as its record says: earlier versions kept some in float32."""
    narrow = {
        name: value.astype(np.float64)
        for name, hint in get_type_hints(record).items()
        if hint == NDArray[np.float64]
        and isinstance(value := getattr(found, name, None), np.ndarray)
        and value.dtype == np.float32
    }
    return replace(found, **narrow) if narrow else found


def conforms(value: object, hint: Any) -> bool:
    """Return whether a value is what a field of a record is annotated with, all the way down."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return any(conforms(value, one) for one in inner)
    if origin is Literal:
        return value in inner
    if origin is np.ndarray:
        (element,) = get_args(inner[1])
        return isinstance(value, np.ndarray) and np.issubdtype(value.dtype, element)
    if origin is tuple:  # tuple[X, ...]: records have no others
        return isinstance(value, tuple) and all(conforms(one, inner[0]) for one in value)
    if is_dataclass(hint):
        hints = get_type_hints(hint)
        return type(value) is hint and all(
            conforms(getattr(value, field.name), hints[field.name]) for field in fields(hint)
        )
    return type(value) is hint  # not isinstance: True is no count
