"""Painters: one for each kind of drawing; the canvas that shows them and the panel around it.

Every file here with a painter registers it.
"""

from engine.choices import import_siblings

import_siblings(__name__, __path__)
