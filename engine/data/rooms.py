"""The rooms of the data: a folder with a file `modality.py` is one, and is found by it.

Importing this fills the family of sources and the register of modalities; a new room is named nowhere.
"""

from importlib import import_module
from pkgutil import iter_modules

from engine.data import generators, sample  # noqa: F401 - fill the family, simplest first by their rank

# by iter_modules and not by files: in the bundle there are no folders
_DATA = "engine.data"
for _room in sorted(module.name for module in iter_modules(import_module(_DATA).__path__) if module.ispkg):
    _names = {module.name for module in iter_modules(import_module(f"{_DATA}.{_room}").__path__)}
    if "modality" in _names:
        for _name in sorted({"modality", "sources"} & _names):
            import_module(f"{_DATA}.{_room}.{_name}")
