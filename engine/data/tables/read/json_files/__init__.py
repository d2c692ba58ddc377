"""JSON: where its records stand, conversations among them, and the table they make."""
