"""The layers family: what a layer list is made of; every file here registers itself."""

from engine.choices import import_siblings

import_siblings(__name__, __path__)
