"""About: the list of everything Ravine consists of, each with its licence, as rich text."""

from __future__ import annotations

import html
from collections.abc import Sequence
from functools import cache

from app.language.words import tr
from app.look.resources import RESOURCES
from app.shell.licences import LicensedPart, everything

LINK = "licence:"


# nothing is installed into a program that runs
@cache
def parts() -> Sequence[LicensedPart]:
    """Return everything that is shipped, or, from source, installed."""
    return tuple(everything(RESOURCES.parent))


def sheet() -> str:
    """Return a table of all parts; each links to its licence."""
    cells = "".join(
        f"<tr><td style='padding: 3px 32px 3px 0'><a href='{LINK}{number}'>{html.escape(part.name)}</a></td>"
        f"<td style='padding: 3px 0'>{html.escape(part.licence)}</td></tr>"
        for number, part in enumerate(parts())
    )
    return f"<h3>{html.escape(tr('What it is made of'))}</h3><table>{cells}</table>"


def licence(link: str) -> str:
    """Return the page that a link of the sheet leads to."""
    part = parts()[int(link.removeprefix(LINK))]
    texts = "<hr>".join(_lines(text) for text in part.texts) or html.escape(tr("No text is shipped with it."))
    back = html.escape(tr("Back to the list"))
    heading = f"<h2>{html.escape(part.name)}</h2><p>{html.escape(part.licence)}</p>"
    return f"<p><a href='{LINK}'>{back}</a></p>{heading}{texts}"


def _lines(text: str) -> str:
    return f"<pre style='white-space: pre-wrap; font-size: 11px'>{html.escape(text.strip())}</pre>"
