"""The processes of the engine: the only room that knows there is another process."""
