"""Loading of folders whose every file registers choices."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from pkgutil import iter_modules


def import_siblings(package: str, path: Iterable[str]) -> None:
    """Import every module of `package` (call as `import_siblings(__name__, __path__)`), in name order.

    Also those in folders below it, so that a family may be sorted into folders without a word to anybody.
    """
    for found in sorted(iter_modules(path), key=lambda found: found.name):
        module = import_module(f"{package}.{found.name}")
        # pkgutil's own walk_packages would pass over a folder that cannot be imported, without a word.
        if found.ispkg:
            import_siblings(module.__name__, module.__path__)
