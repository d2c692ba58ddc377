"""Every registered choice of every family, so that tests cover new ones without naming them."""

from __future__ import annotations

from typing import Any, get_origin

import engine.experiment  # noqa: F401 - fills the families
from engine.choices import Choice, Family, fields


def choices(*families: str) -> list[type[Choice]]:
    """All choices of the families named, or of all families."""
    return [choice for name in families or Family.every for choice in Family.every[name].values()]


def label(choice: type[Choice]) -> str:
    """What a test is called that is run with this choice."""
    return f"{choice.family.name}.{choice.kind}"


def example(choice: type[Choice], **settings: Any) -> Any:
    """The choice with its defaults; settings without a default get some text."""
    needed = {field.name: _some(field.annotation) for field in fields(choice) if field.required}
    return choice(**{**needed, **settings})


def _some(annotation: Any) -> object:
    return ("some",) if get_origin(annotation) is tuple else "some"
