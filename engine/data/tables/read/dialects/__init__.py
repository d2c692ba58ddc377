"""How a text table is written: separator, quotes, marks of numbers, ends of lines."""
