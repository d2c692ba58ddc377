"""Make the series among the data files of `resources/samples` from their public sources.

Needs the data of three packages for Python, unpacked into one folder::

    pip download --no-deps sktime==1.2.0 vega_datasets==0.9.0 statsmodels==0.15.0
    for wheel in *.whl; do unzip -q -o $wheel -d unpacked; done
    python packaging/make_series_samples.py unpacked

Labelled series become an `.npz` without pickled objects: `values`, float32 of shape (places, channels), all
series one after another; `lengths`, how many places each has; `labels`, unsigned bytes that index the
`classes` of the TOML file beside it; `test`, 1 for the series of the published test part. Courses over time
become CSV with the numbers of their source. Running the script twice gives the same files.
"""

from __future__ import annotations

import argparse
import csv
import io
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

SAMPLES = Path(__file__).resolve().parent.parent / "resources" / "samples"


def utterances(path: Path) -> list[tuple[Any, int]]:
    """The series of a .ts file, (places, channels) each, with their labels."""
    lines = path.read_text(encoding="utf-8", errors="replace").split("@data\n")[1].splitlines()
    found = []
    for line in filter(None, lines):
        *channels, label = line.split(":")
        values = [[float(value) for value in channel.split(",")] for channel in channels]
        found.append((np.array(values, np.float32).T, int(label)))
    return found


def write_arrays(path: Path, **arrays: Any) -> None:
    """Write one `.npz` with a fixed time stamp, so that equal arrays give equal bytes."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, values in arrays.items():
            content = io.BytesIO()
            np.save(content, values, allow_pickle=False)
            # of itself such an entry is of the year 1980
            entry = zipfile.ZipInfo(f"{name}.npy")
            archive.writestr(entry, content.getvalue(), zipfile.ZIP_DEFLATED, compresslevel=9)


def japanese_vowels(unpacked: Path, target: Path) -> None:
    """Write the 270 series of the published training part, then the 370 of the test part."""
    folder = unpacked / "sktime" / "datasets" / "data" / "JapaneseVowels"
    parts = [utterances(folder / f"JapaneseVowels_{part}.ts") for part in ("TRAIN", "TEST")]
    series = [one for part in parts for one in part]
    write_arrays(
        target,
        values=np.concatenate([values for values, _ in series]),
        lengths=np.array([len(values) for values, _ in series], np.int32),
        # the source counts its classes from 1
        labels=np.array([label - 1 for _, label in series], np.uint8),
        test=np.repeat(np.array([0, 1], np.uint8), [len(part) for part in parts]),
    )


def rewritten(source: Path, target: Path, header: list[str]) -> None:
    """Write a CSV with other names above its columns and dates as 2010-01-01."""
    with source.open(encoding="utf-8", newline="") as file:
        _, *rows = csv.reader(file)
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows([row[0].replace("/", "-"), *row[1:]] for row in rows if row)


def main() -> None:
    """Read the folder of the unpacked packages from the command line and write every sample."""
    parser = argparse.ArgumentParser(description="Make the series of resources/samples.")
    parser.add_argument(
        "unpacked", type=Path, help="the folder that holds sktime, vega_datasets, statsmodels"
    )
    unpacked = parser.parse_args().unpacked
    japanese_vowels(unpacked, SAMPLES / "japanese_vowels.npz")
    seattle = unpacked / "vega_datasets" / "_data" / "seattle-temps.csv"
    rewritten(seattle, SAMPLES / "temperatures.csv", ["time", "temperature"])
    sunspots = unpacked / "statsmodels" / "datasets" / "sunspots" / "sunspots.csv"
    rewritten(sunspots, SAMPLES / "sunspots.csv", ["year", "sunspots"])


if __name__ == "__main__":
    main()
