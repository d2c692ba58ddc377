"""Views of how a run goes and of the network it trains; every file here registers itself."""

from engine.choices import import_siblings

import_siblings(__name__, __path__)
