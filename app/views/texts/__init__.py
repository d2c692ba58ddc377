"""Views of texts with what the network makes of them; every file here registers itself."""

from engine.choices import import_siblings

import_siblings(__name__, __path__)
