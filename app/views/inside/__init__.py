"""Views of what is inside of the network; every file here registers itself."""

from engine.choices import import_siblings

import_siblings(__name__, __path__)
