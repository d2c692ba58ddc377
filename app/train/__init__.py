"""Train: a run while it learns, and the session that joins experiment, engine and transport."""
