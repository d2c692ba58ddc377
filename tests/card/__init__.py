"""What can only be known on an NVIDIA card: packaging/dev.py gpu-check runs it within a budget of time."""
