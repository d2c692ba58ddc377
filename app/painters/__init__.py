"""Painters: one for each kind of drawing, and the canvases that show them.

Every file here with a painter registers it.
"""

from importlib import import_module
from pkgutil import iter_modules

for _found in iter_modules(__path__):
    if not _found.ispkg:  # the folder of plots brings pyqtgraph, which nobody waits for before the first plot
        import_module(f"{__name__}.{_found.name}")
