"""From what was read to what a network trains on: split, fitted, encoded. One file per way."""
