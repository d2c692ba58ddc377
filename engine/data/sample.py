"""The samples that are shipped with the program, in `resources/samples`."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

from engine.choices import Invalid, Message, Problem, Setting
from engine.data.modality import modalities
from engine.data.raw import Raw
from engine.data.source import Report, Source, silent

# resources/ lies beside engine/, in the source as in what is installed
SAMPLES = Path(__file__).resolve().parents[2] / "resources" / "samples"


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
        return modalities()[self.facts()["kind"]].raw

    @property
    def suits(self) -> str:
        """Return the task the sample is shipped for."""
        return str(self.facts()["task"])

    def read(self, seed: int, report: Report = silent) -> Raw:
        """Read the file. Raises Invalid when the program's own files are damaged."""
        facts = self.facts()
        found: Raw
        try:
            found = modalities()[facts["kind"]].sample(SAMPLES / facts["file"], facts, self, report)
        except Invalid:  # which is a ValueError, too
            raise
        except (OSError, ValueError, KeyError) as error:
            raise Invalid([_damaged(error)]) from None
        return found

    def facts(self) -> dict[str, Any]:
        """Return what the sample says of itself: title, description, target, licence, source and more."""
        try:
            return tomllib.loads((SAMPLES / f"{self.name}.toml").read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise Invalid([_damaged(error)]) from None


def _damaged(error: Exception) -> Problem:
    return Problem(
        "data.name", Message("the sample cannot be read ({error}); install the program again", error=error)
    )
