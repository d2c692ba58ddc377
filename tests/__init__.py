"""Ravine's tests; the folders mirror app/, engine/ and packaging/."""
