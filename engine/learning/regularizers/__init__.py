"""Regularizers: what keeps weights or steps small."""
