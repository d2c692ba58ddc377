"""Make the data files of `resources/samples` from their public sources.

Needs scikit-learn (a development dependency) and an unpacked Debian package `dataset-fashion-mnist`::

    apt-get download dataset-fashion-mnist
    dpkg -x dataset-fashion-mnist_*.deb fashion
    python packaging/make_samples.py fashion/usr/share/datasets/fashion-mnist

Tables become CSV (UTF-8, comma, a header, the shortest decimal that reads back to the same number).
Images become an `.npz` without pickled objects: `images`, unsigned bytes of shape (count, height, width),
and `labels`, unsigned bytes that index the `classes` of the TOML file beside it. The TOML files are written
by hand. Running the script twice gives the same files; tests/resources/test_samples.py compares the numbers
with their source.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn import datasets

SAMPLES = Path(__file__).resolve().parent.parent / "resources" / "samples"
IMAGES_PER_CLASS = 400
SEED = 0

# scikit-learn calls them age, sex, bmi, bp, s1 (tc), s2 (ldl), s3 (hdl), s4 (tch), s5 (ltg) and s6 (glu).
DIABETES_COLUMNS = (
    "age",
    "sex",
    "body_mass_index",
    "blood_pressure",
    "total_cholesterol",
    "ldl_cholesterol",
    "hdl_cholesterol",
    "cholesterol_ratio",
    "log_triglycerides",
    "blood_sugar",
)


def shortest(value: float) -> str:
    """Write a number with the fewest digits that read back to the same double."""
    return repr(float(value)).removesuffix(".0")


def write_table(name: str, header: Sequence[str], features: Any, target: Iterable[str]) -> None:
    """Write one CSV: the features, then the target as the last column."""
    with (SAMPLES / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        for row, answer in zip(features, target, strict=True):
            writer.writerow([*map(shortest, row), answer])


def write_images(name: str, images: Any, labels: Any) -> None:
    """Write one `.npz` with a fixed time stamp, so that equal pixels give equal bytes."""
    with zipfile.ZipFile(SAMPLES / f"{name}.npz", "w") as archive:
        for part, values in (("images", images), ("labels", labels)):
            content = io.BytesIO()
            np.save(content, values.astype(np.uint8), allow_pickle=False)
            # of itself such an entry is of the year 1980
            entry = zipfile.ZipInfo(f"{part}.npy")
            archive.writestr(entry, content.getvalue(), zipfile.ZIP_DEFLATED, compresslevel=9)


def make_tables() -> None:
    """Write iris, wine, breast cancer and diabetes, class names as words."""
    iris = datasets.load_iris()
    write_table("iris", [*iris.feature_names, "species"], iris.data, iris.target_names[iris.target])
    wine = datasets.load_wine()
    cultivars = [f"cultivar {number + 1}" for number in wine.target]
    write_table("wine", [*wine.feature_names, "cultivar"], wine.data, cultivars)
    cancer = datasets.load_breast_cancer()
    # what scikit-learn calls "radius error" is a standard error
    columns = [name.replace(" error", " standard error") for name in cancer.feature_names]
    write_table("breast_cancer", [*columns, "diagnosis"], cancer.data, cancer.target_names[cancer.target])
    diabetes = datasets.load_diabetes(scaled=False)
    write_table("diabetes", [*DIABETES_COLUMNS, "progression"], diabetes.data, map(shortest, diabetes.target))


def read_idx(path: Path, *, header: int) -> Any:
    """Read the bytes of a gzipped IDX file behind its header (16 bytes for images, 8 for labels)."""
    return np.frombuffer(gzip.decompress(path.read_bytes()), np.uint8, offset=header)


def make_images(fashion: Path) -> None:
    """Write all digits, and as many garments of each class from the training part of Fashion-MNIST."""
    digits = datasets.load_digits()
    write_images("digits", digits.images, digits.target)
    images = read_idx(fashion / "train-images-idx3-ubyte.gz", header=16).reshape(-1, 28, 28)
    labels = read_idx(fashion / "train-labels-idx1-ubyte.gz", header=8)
    random = np.random.default_rng(SEED)
    drawn = [random.choice(np.flatnonzero(labels == k), IMAGES_PER_CLASS, replace=False) for k in range(10)]
    # in the order of the source again
    kept = np.sort(np.concatenate(drawn))
    write_images("fashion_mnist", images[kept], labels[kept])


def main() -> None:
    """Read the folder of Fashion-MNIST from the command line and write every sample."""
    parser = argparse.ArgumentParser(description="Make the data files of resources/samples.")
    parser.add_argument("fashion", type=Path, help="the folder that holds train-images-idx3-ubyte.gz")
    SAMPLES.mkdir(parents=True, exist_ok=True)
    make_tables()
    make_images(parser.parse_args().fashion)


if __name__ == "__main__":
    main()
