"""Full data sets for `dev.py data NAME`, one file each: the file's name is the set's, its `SET` what it is.

A new set is one new file here; nothing else has to be edited.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module

from data_set import DataSet


def every_set() -> dict[str, DataSet]:
    """All sets by name."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return {name: import_module(f"{__name__}.{name}").SET for name in names}
