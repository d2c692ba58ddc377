"""Readings as they were kept before they were records: named arrays of numbers, texts as arrays of letters.

What was called how in files changes no more; only what it becomes follows the records of today.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from types import NoneType
from typing import TYPE_CHECKING, Any, cast, get_args, get_origin, get_type_hints

import numpy as np
from numpy.typing import NDArray

from engine.events import LayerSort
from engine.probes.attention import AttentionMap, AttentionMaps, AttentionWeights
from engine.probes.convolutions import (
    FeatureMaps,
    Filters,
    LayerFilters,
    LayerMaps,
    LayerwiseFilters,
    LayerwiseMaps,
)
from engine.probes.forecasts import Forecasts
from engine.probes.probe import Probe
from engine.probes.states import RecurrentStates, StateCourse, StateCourses

if TYPE_CHECKING:
    from engine.networks.sequences.attention import Role

Arrays = Mapping[str, NDArray[np.generic]]


def of_arrays(probe: type[Probe], arrays: Arrays) -> Any:
    """Return the record that a probe would find today; raises KeyError or ValueError where arrays lack."""
    if probe in _NESTED:
        return _NESTED[probe](arrays)
    if probe is Forecasts:
        # where series were no course over time, no forecast was kept, only how many there were
        arrays = {**arrays, "first": arrays["rows"]} if "rows" in arrays else _NO_FORECAST
    record = probe.record()
    hints = get_type_hints(record)
    # a field that came later has its default, and no array
    known = [one for one in fields(record) if one.name in arrays or one.default is MISSING]
    return record(**{one.name: _value(arrays.get(one.name), hints[one.name]) for one in known})


_NO_FORECAST: Arrays = {
    **dict.fromkeys(("history", "truth", "predicted"), np.empty((0, 0), np.float32)),
    **dict.fromkeys(("times", "names"), np.empty(0, np.uint8)),
    "first": np.zeros(1, np.int64),
}


def _value(array: NDArray[np.generic] | None, hint: Any) -> Any:
    """Return an array as what the field of a record is annotated with."""
    if NoneType in get_args(hint):
        return None if array is None else _value(array, get_args(hint)[0])
    if array is None:
        raise KeyError("an array is missing")
    if get_origin(hint) is np.ndarray:
        (element,) = get_args(get_args(hint)[1])
        return array if element is np.generic else array.astype(element)
    if hint is int:
        # there were arrays only: a number was one of length 1
        return int(array[0])
    if hint == tuple[str, ...]:
        return _lines(array)
    if hint == tuple[tuple[str, ...], ...]:
        # lines are apart by a line feed, what stands in one by a tab
        return tuple(_cells(line) for line in _lines(array))
    return "".join(_lines(array))


def _attention(arrays: Arrays) -> AttentionWeights:
    given, written = (_cells("".join(_lines(arrays[key]))) for key in ("inputs", "outputs"))

    def named(index: int, name: str) -> AttentionMap:
        weights = arrays[f"map.{index}"].astype(np.float32)
        # Only its name told then what it was: the parts of a network that translates are called so.
        role: Role = "cross" if "cross" in name else "decoder" if "decoder" in name.split(".") else "self"
        return AttentionMap.of(name, role, weights, given, written)

    return AttentionWeights(tuple(named(*one) for one in enumerate(_lines(arrays["names"]))))


def _states(arrays: Arrays) -> StateCourses:
    courses = (line.partition("\t") for line in _lines(arrays["names"]))
    return StateCourses(
        _cells("".join(_lines(arrays["places"]))),
        tuple(
            StateCourse(layer, what, arrays[f"course.{index}"].astype(np.float32))
            for index, (layer, _, what) in enumerate(courses)
        ),
    )


def _feature_maps(arrays: Arrays) -> LayerwiseMaps:
    def layer(index: int, line: str) -> LayerMaps:
        name, _, sort = line.partition("\t")
        low, high = (float(edge) for edge in arrays[f"range.{index}"])
        channels = arrays[f"channels.{index}"].astype(np.int64)
        maps = arrays[f"maps.{index}"].astype(np.uint8)
        return LayerMaps(name, cast("LayerSort", sort), maps, channels, low, high)

    classes = (int(arrays[key][0]) if key in arrays else None for key in ("truth", "predicted"))
    layers = tuple(layer(*one) for one in enumerate(_lines(arrays["names"])))
    return LayerwiseMaps(arrays["picture"].astype(np.uint8), layers, *classes)


def _filters(arrays: Arrays) -> LayerwiseFilters:
    names = enumerate(_lines(arrays["names"]))
    return LayerwiseFilters(
        tuple(LayerFilters(name, arrays[f"filters.{index}"].astype(np.uint8)) for index, name in names)
    )


_NESTED: Mapping[type[Probe], Callable[[Arrays], Any]] = {
    AttentionMaps: _attention,
    RecurrentStates: _states,
    FeatureMaps: _feature_maps,
    Filters: _filters,
}
"""Those whose record holds a record a layer."""


def _lines(array: NDArray[np.generic]) -> tuple[str, ...]:
    # a wrong letter in a name is better than a panel that shows nothing
    text = array.tobytes().decode("utf-8", "replace")
    # "".split gives one empty line and not none
    return tuple(text.split("\n")) if text else ()


def _cells(line: str) -> tuple[str, ...]:
    return tuple(line.split("\t")) if line else ()
