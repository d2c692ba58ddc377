"""Taking the steps of a run again: a moment of it, and the proof that it can be left and gone on with."""
