"""Make the texts among the data files of `resources/samples` from their public sources.

Needs five packages, unpacked into a folder each, called as `PACKAGES` says::

    pip download --no-deps --no-binary :all: vaderSentiment==0.5 pysword==0.2.8
    apt-get download r-cran-janeaustenr sword-text-web sword-text-sparv
    python packaging/make_text_samples.py unpacked

Which sentences are drawn follows from their letters alone, so running the script twice gives the same files.
"""

from __future__ import annotations

import argparse
from hashlib import blake2b
from pathlib import Path

from data.austen import novel
from data.film_sentences import rated_sentences, write_table
from data.spanish_verses import verse_pairs, write_pairs

SAMPLES = Path(__file__).resolve().parent.parent / "resources" / "samples"
PACKAGES = ("vaderSentiment", "r-cran-janeaustenr", "sword-text-web", "sword-text-sparv", "pysword")

SENTENCES = 1200
"""Sentences of each class."""
PAIRS = 3000
_CLEAREST = 2.0
_LETTERS = range(20, 161)


def film_sentences(package: Path, target: Path) -> None:
    """Write sentences rated most clearly, as many good as bad ones, short enough to be read at a glance."""
    # by their text: what was rated twice counts once
    clear = {
        one.text: one
        for one in rated_sentences(package)
        if abs(one.score) >= _CLEAREST and len(one.text) in _LETTERS
    }
    # by a hash: mixed, and the same with every version of Python and NumPy
    mixed = sorted(clear.values(), key=lambda one: blake2b(one.text.encode(), digest_size=8).digest())
    drawn = [
        (one.text, label)
        for label in ("negative", "positive")
        for one in [one for one in mixed if one.label == label][:SENTENCES]
    ]
    # once more: else all of one class would stand before the other
    drawn.sort(key=lambda row: blake2b(row[0].encode(), digest_size=8).digest())
    write_table(target / "film_sentences.csv", ("sentence", "opinion"), drawn)


def austen(package: Path, target: Path) -> None:
    """Write one novel."""
    text = novel(package, "northangerabbey")
    # else Windows would write other bytes
    (target / "austen.txt").write_text(text, encoding="utf-8", newline="\n")


def spanish_verses(packages: list[Path], target: Path) -> None:
    """Write the shortest pairs, in the order of the book."""
    pairs = list(dict.fromkeys(verse_pairs(packages)))
    shortest = set(sorted(pairs, key=lambda pair: (len(pair[0]) + len(pair[1]), pair))[:PAIRS])
    write_pairs(target / "spanish_verses.tsv", [pair for pair in pairs if pair in shortest])


def main() -> None:
    """Read the folder of unpacked packages from the command line and write every sample."""
    parser = argparse.ArgumentParser(description="Make the texts of resources/samples.")
    parser.add_argument("unpacked", type=Path, help=f"the folder that holds {', '.join(PACKAGES)}")
    unpacked = parser.parse_args().unpacked
    vader, novels, *verses = (unpacked / name for name in PACKAGES)
    film_sentences(vader, SAMPLES)
    austen(novels, SAMPLES)
    spanish_verses(verses, SAMPLES)


if __name__ == "__main__":
    main()
