"""Modules of networks for images."""
