"""Bookkeeping: what is noted beside the steps of a run: epochs, probes, speed."""
