"""Numbers as people read them: few figures, thin spaces between thousands, powers of ten written as such."""

from __future__ import annotations

import math

_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_THIN_SPACE = "\u202f"


def number(value: float, figures: int = 3) -> str:
    """Return a number with so many significant figures.

    >>> number(0.041234), number(38026), number(-2.5e-7)
    ('0.0412', '38\u202f026', '−2.5×10⁻⁷')
    """
    if math.isnan(value):
        return "–"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    if value == 0:
        return "0"
    exponent = _exponent(value, figures)
    if exponent < -4 or exponent >= 7:
        return _power(value, exponent, figures)
    places = max(figures - 1 - exponent, 0)
    text = f"{value:.{places}f}"
    return _grouped(text)


def whole(value: float) -> str:
    """Return a whole number with its thousands apart."""
    return _grouped(f"{value:.0f}")


def percent(share: float, figures: int = 0) -> str:
    """Return a fraction as a percentage.

    >>> percent(0.934)
    '93\u202f%'
    """
    if not math.isfinite(share):
        return "–"
    return f"{100 * share:.{figures}f}{_THIN_SPACE}%".replace("-", "−")


def tick(value: float, step: float) -> str:
    """Return the label of a tick among ticks that are `step` apart: no more figures than that asks for."""
    if abs(value) < step * 1e-6:
        return "0"
    size = max(abs(value), step)
    if size >= 1e6 or size < 1e-4:
        exponent = math.floor(math.log10(abs(value)) + 1e-9)
        places = max(exponent - math.floor(math.log10(step) + 1e-9), 0)
        return _power(value, exponent, min(places, 6) + 1)
    # rounding must not let a power of ten fall just below itself
    places = max(-math.floor(math.log10(step) + 1e-9), 0)
    return _grouped(f"{value:.{places}f}")


def decade(exponent: int) -> str:
    """Return the label of 10**exponent."""
    return tick(10.0**exponent, 10.0**exponent) if -4 <= exponent <= 5 else "10" + _superscript(exponent)


def _exponent(value: float, figures: int) -> int:
    # by writing it, which rounds: 9.999 in three figures is 1.00e+01
    return int(f"{value:.{figures - 1}e}".split("e")[1])


def _power(value: float, exponent: int, figures: int) -> str:
    mantissa = f"{value / 10.0**exponent:.{figures - 1}f}"
    if "." in mantissa:
        mantissa = mantissa.rstrip("0").rstrip(".")
    power = "10" + _superscript(exponent)
    if mantissa in ("1", "-1"):
        return power if mantissa == "1" else "−" + power
    return f"{mantissa}×{power}".replace("-", "−")


def _superscript(exponent: int) -> str:
    return str(exponent).translate(_SUPERSCRIPTS)


def _grouped(text: str) -> str:
    sign = "−" if text.startswith("-") else ""
    whole_part, _, fraction = text.lstrip("-").partition(".")
    if len(whole_part) > 3:
        head = len(whole_part) % 3 or 3
        parts = [whole_part[:head], *(whole_part[i : i + 3] for i in range(head, len(whole_part), 3))]
        whole_part = _THIN_SPACE.join(parts)
    return sign + whole_part + ("." + fraction if fraction else "")
