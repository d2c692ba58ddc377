"""Write down what the program is built with, for its self-test: python bundle_registries.py FILE.

A frozen program that lacks a module has an empty family and no error; the self-test compares with this list.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path

from bundle_contents import is_shipped

ROOT = Path(__file__).resolve().parent.parent


def registries() -> dict[str, list[str]]:
    """Every family with its kinds."""
    sys.path.insert(0, str(ROOT))
    import engine.experiment  # noqa: F401 - registers every choice
    from engine.choices import Family

    return {name: sorted(family) for name, family in sorted(Family.every.items())}


def shipped_files(root: Path) -> Iterable[str]:
    """The program's own files besides code, by their path in the program."""
    files = (path for path in (root / "resources").rglob("*") if path.is_file())
    names = (path.relative_to(root).as_posix() for path in files)
    return sorted(name for name in names if is_shipped(name))


if __name__ == "__main__":
    content = {"choices": registries(), "files": list(shipped_files(ROOT))}
    Path(sys.argv[1]).write_text(json.dumps(content, indent=1) + "\n", "utf-8")
