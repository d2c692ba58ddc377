"""Lists whose names of pictures lost their zeros in a spreadsheet: 1 for 00001.jpg."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from engine.data.images.raw import ImageSet
from engine.data.images.sources.images import Images


def listed(folder: Path, files: list[str], rows: list[str], *, header: str = "id,label") -> ImageSet:
    """Return the pictures of a list beside a folder of such files."""
    (folder / "pictures").mkdir()
    for place, name in enumerate(files):
        Image.new("L", (8, 8), 5 * place).save(folder / "pictures" / name)
    (folder / "labels.csv").write_text("\n".join([header, *rows]), "utf-8")
    found = Images(path=str(folder / "labels.csv")).read(0)
    assert isinstance(found, ImageSet)
    return found


@pytest.mark.parametrize(
    ("file", "written"), [("{:05}.png", "{}"), ("{:03}.png", "{}.png"), ("IMG_{:04}.png", "IMG_{}")]
)
def test_that_pictures_are_found_without_the_zeros_of_their_names(
    file: str, written: str, tmp_path: Path
) -> None:
    numbers = range(1, 31)
    rows = [f"{written.format(number)},{'ab'[number % 2]}" for number in numbers]
    found = listed(tmp_path, [file.format(number) for number in numbers], rows)
    # the pictures and not only their count: each is of its own grey
    assert [int(pixels.max()) for pixels in found.pixels] == [5 * place for place in range(30)]
    assert list(found.labels) == [row.split(",")[1] for row in rows]
    assert any("without the zeros" in notice for notice in found.notices)


def test_that_a_name_that_is_there_is_meant_itself(tmp_path: Path) -> None:
    files = ["1.png", "001.png", *(f"{number}.png" for number in range(2, 11))]
    found = listed(tmp_path, files, [f"{number}.png,{'ab'[number % 2]}" for number in range(1, 11)])
    assert found.pixels[0].max() == 0
    assert not any("without the zeros" in notice for notice in found.notices)


def test_that_one_of_two_names_that_differ_in_zeros_alone_is_not_taken(tmp_path: Path) -> None:
    files = ["01.png", "001.png", *(f"{number:03}.png" for number in range(2, 11))]
    found = listed(tmp_path, files, [f"{number},{'ab'[number % 2]}" for number in range(1, 11)])
    assert len(found) == 9
    assert any("for several pictures" in notice for notice in found.notices)


def test_that_numbers_of_classes_are_no_names(tmp_path: Path) -> None:
    files = [f"{number:05}.png" for number in range(1, 31)]
    rows = [f"{number % 5 + 1},{number}" for number in range(1, 31)]
    found = listed(tmp_path, files, rows, header="label,id")
    assert sorted(found.classes) == ["1", "2", "3", "4", "5"]
