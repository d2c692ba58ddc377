"""Optimizers: how weights change, given the gradient. A file for each idea, simplest first."""
