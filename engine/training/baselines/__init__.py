"""Baselines: what is reached without a network, on the same split and by the same metrics."""

from engine.training.baselines.beside import Beside
from engine.training.baselines.selection import baselines

__all__ = ["Beside", "baselines"]
