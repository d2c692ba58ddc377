"""Serving: the engine as a process of its own; messages, the GPU worker thread, the host."""
