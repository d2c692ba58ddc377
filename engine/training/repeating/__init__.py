"""Taking the steps of a run again: a moment of it, and the comparison of all that came out."""
