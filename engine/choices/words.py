"""Words for what a value has to be, by the names that pydantic gives types and bounds."""

from __future__ import annotations

WANTED = {
    "float_type": "a number",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "string_type": "a text in quotes",
    "bool_type": "true or false",
    "tuple_type": "a list in square brackets",
    "dict_type": "a section with settings",
    "model_type": "a section with settings",
    "finite_number": "a finite number",
}

BOUNDS = {"gt": "greater than", "ge": "at least", "lt": "less than", "le": "at most"}


def plain(number: float) -> str:
    """Return a number as people write it: 1,000,000 and 0.001, not 1e+06."""
    return f"{number:,.0f}" if number == int(number) and abs(number) < 1e16 else f"{number:g}"
