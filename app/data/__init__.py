"""The data page: what the network will receive."""
