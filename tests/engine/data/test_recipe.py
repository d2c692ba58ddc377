"""The recipe of the data: one value says what it depends on; what is written below its paths counts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.choices import Family, fields
from engine.choices.settings import PATHS
from engine.data.images.sources.images import Images
from engine.data.tables.sources.table_file import TableFile
from engine.data.texts.sources.text_pairs import TextPairsFile
from engine.experiment import Experiment
from engine.runs.preparation import Preparations


def folder_of_images(place: Path) -> Experiment:
    for name in ("a", "b"):
        (place / "pictures" / name).mkdir(parents=True)
        (place / "pictures" / name / "1.png").write_bytes(b"\x89PNG")
    return Experiment(data=Images(path=str(place / "pictures")))


def pairs(place: Path) -> Experiment:
    for name in ("one.en", "one.fr"):
        (place / name).write_text("a\nb\n")
    return Experiment(data=TextPairsFile(path=str(place / "one.en"), translations=str(place / "one.fr")))


def table(place: Path) -> Experiment:
    (place / "rows.csv").write_text("x,y\n" + "1,a\n2,b\n" * 10)
    return Experiment(data=TableFile(path=str(place / "rows.csv"), target=("y",), header="yes"))


CHANGES: list[tuple[Callable[[Path], Experiment], Callable[[Path], object]]] = [
    (folder_of_images, lambda place: (place / "pictures" / "a" / "2.png").write_bytes(b"\x89PNG")),
    (folder_of_images, lambda place: (place / "pictures" / "b" / "1.png").unlink()),
    (folder_of_images, lambda place: (place / "pictures" / "b" / "1.png").write_bytes(b"\x89PNG more")),
    (folder_of_images, lambda place: (place / "pictures" / "c").mkdir()),
    (pairs, lambda place: (place / "one.fr").write_text("a\nc\nd\n")),
    (pairs, lambda place: (place / "one.en").unlink()),
    (table, lambda place: (place / "rows.csv").write_text("x,y\n1,a\n")),
]


@pytest.mark.parametrize(("make", "change"), CHANGES)
def test_that_every_change_below_a_path_changes_the_stamp(
    tmp_path: Path, make: Callable[[Path], Experiment], change: Callable[[Path], object]
) -> None:
    recipe = make(tmp_path).recipe
    before = recipe.stamp()
    assert recipe.stamp() == before
    change(tmp_path)
    assert recipe.stamp() != before


def test_that_every_setting_that_is_a_path_is_in_the_stamp(tmp_path: Path) -> None:
    """Which settings are paths is said by their annotation alone."""
    counted = 0
    for source in Family.every["data"].values():
        for field in fields(source):
            if field.setting.role in PATHS:
                place = tmp_path / f"{source.kind}-{field.name}"
                place.write_text("x")
                recipe = Experiment(data=source(**{field.name: str(place)})).recipe
                assert str(place) in [name for name, _, _ in recipe.stamp()]
                counted += 1
    assert counted >= 12


def test_that_prepared_data_is_kept_until_a_file_or_a_choice_changes(tmp_path: Path) -> None:
    experiment, preparations = table(tmp_path), Preparations()
    first = preparations.of(experiment)
    assert preparations.of(experiment.replaced(name="another")) is first
    assert preparations.of(experiment.replaced(seed=1)) is not first
    second = preparations.of(experiment)
    (tmp_path / "rows.csv").write_text("x,y\n" + "1,a\n2,b\n" * 13)
    assert len(preparations.of(experiment).raw) == len(second.raw) + 6


def test_that_a_loop_of_links_has_an_end(tmp_path: Path) -> None:
    experiment = folder_of_images(tmp_path)
    (tmp_path / "pictures" / "a" / "again").symlink_to(tmp_path / "pictures")
    assert len(experiment.recipe.stamp()) < 20
