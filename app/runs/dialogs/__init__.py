"""What is asked of a person about runs, each in a window of its own."""
