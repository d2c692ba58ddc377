"""The report of a self-test, for a bug report: nothing in it tells who the person is, or where."""

from __future__ import annotations

import getpass
import platform
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from engine.choices import Message

_HOME, _USER, _MACHINE = "~", "(user)", "(computer)"


def report(versions: Mapping[str, str], outcomes: Iterable[tuple[str, str]]) -> str:
    """Return versions, then what failed and why, then what was well, without personal data.

    `outcomes` are the names of checks, each with what went wrong, "" if nothing.
    """
    tried = list(outcomes)
    failed = [
        Message("FAILED  {name}\n        {trouble}", name=name, trouble=trouble)
        for name, trouble in tried
        if trouble
    ]
    well = [f"ok      {name}" for name, trouble in tried if not trouble]
    lines = [
        "Ravine self-test",
        *(f"{name}: {version}" for name, version in versions.items()),
        Message("{passed} of {count} checks passed", passed=len(well), count=len(tried)),
        "",
        *failed,
        *well,
    ]
    return impersonal("\n".join(lines)) + "\n"


def impersonal(text: str) -> str:
    """Return the text with the home folder, the names of the person and of the computer taken out."""
    home = Path.home()
    for path in sorted({str(home), home.as_posix(), str(home.resolve()), repr(str(home))[1:-1]}, key=len)[
        ::-1
    ]:
        if len(path) > 1:  # that of a system's own account may be the root folder
            text = text.replace(path, _HOME)
    for name, instead in ((_user_name(), _USER), (platform.node(), _MACHINE)):
        if name:
            text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", instead, text, flags=re.IGNORECASE)
    return text


def _user_name() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # an account that the system has no entry for
        return ""
