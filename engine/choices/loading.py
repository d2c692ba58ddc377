"""Loading of folders whose every file registers choices."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from pkgutil import iter_modules


def import_siblings(package: str, path: Iterable[str]) -> None:
    """Import every module of `package` (call as `import_siblings(__name__, __path__)`), in name order."""
    for module in sorted(iter_modules(path), key=lambda found: found.name):
        import_module(f"{package}.{module.name}")
