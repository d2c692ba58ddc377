"""The samples that are shipped with the program, in `resources/samples`."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np

from engine.choices import Invalid, Problem, Setting
from engine.data.raw import Corpus, ImageSet, Raw, SeriesSet, Table, TextPairs, Texts, Timeline
from engine.data.source import Report, Source, silent

_SORTS: dict[str, type[Raw]] = {
    "table": Table,
    "images": ImageSet,
    "series": SeriesSet,
    "timeline": Timeline,
    "texts": Texts,
    "corpus": Corpus,
    "pairs": TextPairs,
}
SAMPLES = Path(__file__).resolve().parents[3] / "resources" / "samples"


class Sample(Source, kind="sample", title="Sample", rank=1):
    """A small real data set that is shipped with the program."""

    name: Annotated[
        Literal[
            "iris",
            "wine",
            "breast_cancer",
            "diabetes",
            "digits",
            "fashion_mnist",
            "japanese_vowels",
            "temperatures",
            "sunspots",
            "film_sentences",
            "austen",
            "spanish_verses",
        ],
        Setting(
            "Sample",
            "Which data set.",
            options={
                "iris": "Iris: 150 flowers, 3 classes",
                "wine": "Wine: 178 wines of 3 cultivars",
                "breast_cancer": "Breast cancer: 569 rows, 2 classes",
                "diabetes": "Diabetes: 442 rows, predict a number",
                "digits": "Digits: 1,797 handwritten ones of 8×8, 10 classes",
                "fashion_mnist": "Fashion-MNIST: 4,000 pictures of 28×28, 10 classes",
                "japanese_vowels": "Japanese vowels: 640 recordings, 9 speakers",
                "temperatures": "Temperatures: an average year in Seattle hour by hour, forecast a day",
                "sunspots": "Sunspots: 309 years, forecast five",
                "film_sentences": "Film and shop sentences: 2,400, good or bad",
                "austen": "Northanger Abbey: a novel, 77,000 words",
                "spanish_verses": "Verses: 3,000 in English and Spanish",
            },
        ),
    ] = "iris"
    history: Annotated[
        int,
        Setting(
            "History",
            "Rows the network looks back on; 0: as many as suit the sample.",
            unit="rows",
            least=0,
            most=2_000,
            applies=("name", ("temperatures", "sunspots")),
        ),
    ] = 0
    horizon: Annotated[
        int,
        Setting(
            "Horizon",
            "Rows that are forecast at once; 0: as many as suit the sample.",
            unit="rows",
            least=0,
            most=1_000,
            applies=("name", ("temperatures", "sunspots")),
        ),
    ] = 0

    @property
    def holds(self) -> type[Raw]:
        """Return what the sample is."""
        return _SORTS[self.facts()["kind"]]

    @property
    def suits(self) -> str:
        """Return the task the sample is shipped for."""
        return str(self.facts()["task"])

    def read(self, seed: int, report: Report = silent) -> Raw:
        """Read the file. Raises Invalid when the program's own files are damaged."""
        facts = self.facts()
        path = SAMPLES / facts["file"]
        if facts["kind"] == "table":
            from engine.data.memory import free_memory
            from engine.data.tables.read.format import TableFormat
            from engine.data.tables.read.text_tables import read_text_table

            how = TableFormat("utf-8", ",", ".", header="yes")
            return read_text_table(path, how, (facts["target"],), report, free_memory())
        if facts["kind"] == "images":
            return _images(path, facts)
        if facts["kind"] in ("texts", "corpus", "pairs"):
            return _texts(path, facts, report)
        return self._series(path, facts, report)

    def _series(self, path: Path, facts: dict[str, Any], report: Report) -> Raw:
        from engine.data.series.read.samples import series_sample, timeline_sample

        try:
            if facts["kind"] == "series":
                return series_sample(path, facts)
            return timeline_sample(path, facts, self.history, self.horizon, report)
        except (OSError, ValueError, KeyError) as error:
            raise Invalid([_damaged(error)]) from None

    def facts(self) -> dict[str, Any]:
        """Return what the sample says of itself: title, description, target, licence, source and more."""
        try:
            return tomllib.loads((SAMPLES / f"{self.name}.toml").read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise Invalid([_damaged(error)]) from None


def _images(path: Path, facts: dict[str, Any]) -> ImageSet:
    try:
        with np.load(path, allow_pickle=False) as archive:
            images, codes = archive["images"], archive["labels"]
    except (OSError, ValueError, KeyError) as error:
        raise Invalid([_damaged(error)]) from None
    classes = tuple(facts["classes"])
    pixels = np.round(images[..., None] * (255.0 / facts["brightest"])).astype(np.uint8)
    names = tuple(str(index) for index in range(len(pixels)))
    return ImageSet(pixels, np.array(classes)[codes], classes, names, facts["target"])


def _texts(path: Path, facts: dict[str, Any], report: Report) -> Raw:
    from engine.data.memory import free_memory
    from engine.data.tables.read.format import TableFormat
    from engine.data.texts.read.folders import read_corpus
    from engine.data.texts.read.pairs import PairsFormat, read_pairs
    from engine.data.texts.read.tables import TextColumns, read_text_column

    how = TableFormat("utf-8", ",", ".", header="yes")
    if facts["kind"] == "corpus":
        return read_corpus(str(path), how.encoding, report)
    if facts["kind"] == "pairs":
        return read_pairs(PairsFormat(str(path)), how, report, free_memory())
    which = TextColumns(str(path), facts["texts"], facts["target"])
    return read_text_column(which, how, report, free_memory())


def _damaged(error: Exception) -> Problem:
    return Problem("data.name", f"the sample cannot be read ({error}); install the program again")
