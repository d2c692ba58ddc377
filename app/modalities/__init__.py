"""Modalities in the window: how each kind of data appears, one file a room of the engine's data."""

from engine.choices import import_siblings

import_siblings(__name__, __path__)
