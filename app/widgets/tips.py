"""Tool tips: what is made of data is shown letter by letter."""

from __future__ import annotations

_GAP = "\u200b"
"""A letter without width: no tag begins with it."""


def plain(text: str) -> str:
    """Return a tool tip that Qt shows as it stands.

    Qt takes a text for HTML when a tag stands in its first line, and then also loads the pictures that it
    names, from this computer or, on some systems, from another.
    """
    # Qt takes &lt; for a sign of HTML as well (Qt::mightBeRichText)
    return text.replace("<", "<" + _GAP).replace("&lt;", f"&{_GAP}lt;")
