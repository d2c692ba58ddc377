"""Formulas as they are written in docstrings, for the screen: indices lowered, powers raised."""

from __future__ import annotations

import html
import re

_INDEX = re.compile(r"([_^])(?:\{([^}]*)\}|\(([^()]*)\)|([^\W_]+|[′*+−-]))")

_SIGN = re.compile("[=←<>≤≥∈~]")
"""What makes a statement of a list of names: "i, f, o = ..." says it of three."""
_STATEMENT = re.compile(r"\s*[^\s=←<>≤≥,]{1,6}(?:\s*\([^()]*\))?\s*[=←]")


def formula_html(text: str) -> str:
    """Return rich text: `θ_{t+1}`, `x_i` and `σ^2` get their indices and powers."""

    def lowered(found: re.Match[str]) -> str:
        tag = "sub" if found[1] == "_" else "sup"
        # braces only hold an index together, parentheses are part of it
        inside = found[2] or found[4] or f"({found[3]})"
        return f"<{tag}>{inside}</{tag}>"

    # escaped before the tags come in; quotes are harmless between tags
    return "<br>".join(_INDEX.sub(lowered, html.escape(line, quote=False)) for line in statements(text))


def statements(text: str) -> list[str]:
    """Return the statements of a formula: it is cut at commas outside of brackets, before "name ="."""
    parts = [""]
    depth = 0
    for letter in text:
        depth += (letter in "([{") - (letter in ")]}")
        if letter in ",;" and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    lines: list[str] = []
    for part in parts:
        if lines and (not _STATEMENT.match(part) or not _SIGN.search(lines[-1])):
            lines[-1] += "," + part
        else:
            lines.append(part.strip())
    return lines
