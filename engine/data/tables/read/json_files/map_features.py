"""Things on a map (GeoJSON) as records: their properties, and where they lie."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.data.tables.read.json_files.flat import with_others

_COORDINATES = ("longitude", "latitude", "third coordinate")
"""GeoJSON (RFC 7946) has longitude first, and perhaps a third behind both: mostly a height, but a depth of
earthquakes."""


def of_feature(feature: Mapping[str, Any]) -> dict[str, Any]:
    """Return the properties of a thing on a map, where it lies if it is a point, and all else it holds.

    Shapes other than points stay lists, which are told of where they are left out.
    """
    properties = feature.get("properties")
    found = dict(properties) if isinstance(properties, dict) else {}
    place = feature.get("geometry")
    where = place.get("coordinates") if isinstance(place, dict) else None
    point = isinstance(where, list) and isinstance(place, dict) and place.get("type") == "Point"
    rest = {name: value for name, value in feature.items() if name not in ("type", "properties", "geometry")}
    if point and isinstance(where, list):
        found = with_others(found, [(_coordinate(index), one) for index, one in enumerate(where)])
    elif place is not None:
        rest["geometry"] = place
    return with_others(found, rest)


def _coordinate(index: int) -> str:
    return _COORDINATES[index] if index < len(_COORDINATES) else f"coordinate {index + 1}"
