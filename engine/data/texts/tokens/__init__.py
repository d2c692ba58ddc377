"""Tokens: what texts are cut into, and how that is learnt."""
