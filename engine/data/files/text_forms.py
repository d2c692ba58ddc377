"""Forms of lines that are neither tables nor prose, known by how they look."""

from __future__ import annotations

import re

SPARSE_LINE = re.compile(r"[+-]?[\d.,]+(\s+qid:\d+)?(\s+\d+:[-+.\deE]+)+\s*(#.*)?")
"""A line of LIBSVM: a label, then pairs as 3:0.5; of rankings with the number of the query."""
NAMED_VALUE = re.compile(r"(?<!\w)[A-Za-z]\w*+=[-+]?\d[\d.]*")
"""A name and its value in a line of a log: temp=21.5. It begins where a word does, and gives back none of its
letters: else a word of 20,000 letters takes a second."""
LONG_MARKS = ("::", "_!_", "|||")
"""Separators of several letters, which are not read: of films, of headlines, of sentences."""
