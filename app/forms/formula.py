"""Formulas as they are written in docstrings, for the screen: indices lowered, powers raised."""

from __future__ import annotations

import html
import re

_INDEX = re.compile(r"([_^])(?:\{([^}]*)\}|\(([^()]*)\)|([^\W_]+|[′*+−-]))")


def formula_html(text: str) -> str:
    """Return rich text: `θ_{t+1}`, `x_i` and `σ^2` get their indices and powers; line breaks follow semicolons."""

    def lowered(found: re.Match[str]) -> str:
        tag = "sub" if found[1] == "_" else "sup"
        inside = found[2] or found[4] or f"({found[3]})"
        return f"<{tag}>{inside}</{tag}>"

    lines = [part.strip() for part in html.escape(text, quote=False).split("; ")]
    return "<br>".join(_INDEX.sub(lowered, line) for line in lines)
