"""The self-test in the window: what the engine tries in a process of its own, and the export of a figure."""
