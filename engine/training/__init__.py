"""Training: from an experiment to a trained network, as a stream of events."""
