"""Canvases: one for each sort of drawing, by what a hand does to it; `Canvas` shows any drawing."""
