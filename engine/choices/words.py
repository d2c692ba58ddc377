"""Words for what a value has to be, by the names that pydantic gives types and bounds."""

from __future__ import annotations

TYPES = {
    "float": "a number",
    "int": "a whole number",
    "str": "a text in quotes",
    "bool": "true or false",
    "tuple": "a list in square brackets",
}
"""By the type of a schema."""

WANTED = {
    "float_type": TYPES["float"],
    "int_type": TYPES["int"],
    "int_from_float": TYPES["int"],
    "string_type": TYPES["str"],
    "bool_type": TYPES["bool"],
    "tuple_type": TYPES["tuple"],
    "dict_type": "a section with settings",
    "model_type": "a section with settings",
    "finite_number": "a finite number",
}
"""By the type of an error."""

BOUNDS = {
    "gt": "greater than {bound}",
    "ge": "at least {bound}",
    "lt": "less than {bound}",
    "le": "at most {bound}",
}


def plain(number: float) -> str:
    """Return a number as people write it: 1,000,000 and 0.001, not 1e+06."""
    # from there on a float does not hold every digit that would be written
    return f"{number:,.0f}" if number == int(number) and abs(number) < 1e16 else f"{number:g}"


def rounded(number: float, figures: int) -> str:
    """Return a number with so many figures that count, whole digits all kept: 100300 and 0.01235."""
    whole = 10.0 ** (figures - 1) <= abs(number) < 1e15  # with an exponent, 1.003e+05, few read it
    return f"{number:.0f}" if whole else f"{number:.{figures}g}"
