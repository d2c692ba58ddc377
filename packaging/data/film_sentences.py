"""Rated sentences about films and goods: 14,313, each judged by 20 people."""

from __future__ import annotations

import csv
import tarfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from data_packages import PyPI
from data_set import DataSet
from setup_console import SetupError

ARCHIVE = Path("additional_resources") / "hutto_ICWSM_2014.tar.gz"
SOURCES = {
    "film": "hutto_ICWSM_2014/movieReviewSnippets_GroundTruth.txt",
    "shop": "hutto_ICWSM_2014/amazonReviewSnippets_GroundTruth.txt",
}
CLEAR = 0.4
"""Sentences rated nearer to 0 than this are neither positive nor negative; their label is left empty."""


@dataclass(frozen=True)
class Rated:
    """A sentence, its mean rating from -4 to 4, and what it is about."""

    text: str
    score: float
    source: str

    @property
    def label(self) -> str:
        """Positive, negative, or nothing where the rating is not clear."""
        if abs(self.score) <= CLEAR:
            return ""
        return "positive" if self.score > 0 else "negative"


def rated_sentences(package: Path) -> list[Rated]:
    """All sentences of the unpacked source archive of vaderSentiment 0.5, in their order there."""
    found = []
    with tarfile.open(package / ARCHIVE) as archive:
        for source, name in SOURCES.items():
            member = archive.extractfile(name)
            if member is None:
                raise SetupError(f"{package / ARCHIVE} holds no {name}")
            for line in member.read().decode("utf-8").splitlines():
                _, score, text = line.split("\t", 2)
                # so the source writes quotation marks
                found.append(Rated(" ".join(text.replace("''", '"').split()), float(score), source))
    return found


def write_table(target: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a CSV in UTF-8."""
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def make(packages: Sequence[Path], folder: Path) -> None:
    """Write film_sentences.csv: text, label, score and source."""
    rows = [(one.text, one.label, round(one.score, 4), one.source) for one in rated_sentences(packages[0])]
    write_table(folder / "film_sentences.csv", ("text", "label", "score", "source"), rows)


SET = DataSet(
    title="Film and shop sentences: 14,313, rated from -4 to 4, 13,215 of them clearly good or bad",
    licence="MIT, C. J. Hutto",
    size="1.9 MB",
    packages=(PyPI("vaderSentiment", "0.5", source=True),),
    make=make,
    open_with='kind = "text_table"\npath = "FOLDER/film_sentences.csv"\ntexts = "text"\nlabel = "label"',
)
