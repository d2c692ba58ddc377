"""Modules of networks for texts and series: something happens at every place."""
