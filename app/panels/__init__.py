"""Panels: a card with a view in it, and the options made from its fields."""
