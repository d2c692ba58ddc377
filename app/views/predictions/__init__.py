"""Views of what the network says of examples; every file here registers itself."""

from engine.choices import import_siblings

import_siblings(__name__, __path__)
