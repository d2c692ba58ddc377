"""Drawings with two axes in a scene of pyqtgraph. Imported with the first of them: pyqtgraph takes 0.3 s."""
