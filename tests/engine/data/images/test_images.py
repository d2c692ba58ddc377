"""Pictures in files: folders of classes, lists in a CSV, sizes, colours, broken files."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image

from engine.augmentations.images import Shift
from engine.choices import Invalid
from engine.data.decisions import decision_in
from engine.data.images.raw import ImageSet
from engine.data.images.read.decoding import Broken, Frame, read_image
from engine.data.images.read.files import in_colours
from engine.data.images.read.labelled import read_labelled
from engine.data.images.sources.images import Images
from engine.data.inspection.records import mixed
from engine.suggestions import begun


def image(
    path: Path, colour: Any = (200, 100, 50), size: tuple[int, int] = (8, 8), mode: str = "RGB"
) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new(mode, size, colour).save(path)
    return path


def read(path: Path, **settings: Any) -> ImageSet:
    found = Images(path=str(path), **settings).read(0)
    assert isinstance(found, ImageSet)
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for index in range(3):
        image(tmp_path / "pets" / "cat" / f"{index}.png", (255, 0, 0))
        image(tmp_path / "pets" / "dog" / f"{index}.png", (0, 0, 255))
    return tmp_path / "pets"


def test_that_each_folder_is_a_class(folder: Path) -> None:
    found = read(folder)
    assert found.classes == ("cat", "dog")
    assert found.labels.tolist() == ["cat"] * 3 + ["dog"] * 3
    assert found.names[0] == "cat/0.png"
    assert found.pixels.shape == (6, 8, 8, 3)
    assert found.pixels[0, 0, 0].tolist() == [255, 0, 0]


def test_that_pictures_come_in_natural_order_of_their_names(tmp_path: Path) -> None:
    for name in ("10", "9", "1"):
        image(tmp_path / "class 2" / f"{name}.png")
        image(tmp_path / "class 10" / f"{name}.png")
    names = read(tmp_path).names
    assert names[:3] == ("class 2/1.png", "class 2/9.png", "class 2/10.png")
    assert names[3] == "class 10/1.png"


def test_that_grey_is_one_channel_and_found_out(tmp_path: Path) -> None:
    for name in ("a", "b"):
        image(tmp_path / name / "1.png", 77, mode="L")
        image(tmp_path / name / "2.png", (77, 77, 77))
    assert read(tmp_path).pixels.shape == (4, 8, 8, 1)
    assert (read(tmp_path).pixels == 77).all()
    assert read(tmp_path, colour="colour").pixels.shape == (4, 8, 8, 3)


def test_that_grey_of_a_colour_follows_the_eye(folder: Path) -> None:
    found = read(folder, colour="grey")
    assert found.pixels[0, 0, 0, 0] == round(0.299 * 255)
    assert found.pixels[3, 0, 0, 0] == round(0.114 * 255)


@pytest.mark.parametrize(("fit", "corner"), [("stretch", 200), ("pad", 0), ("crop", 200)])
def test_that_other_shapes_are_brought_to_the_size(tmp_path: Path, fit: Any, corner: int) -> None:
    path = image(tmp_path / "wide.png", (200, 200, 200), (40, 10))
    found = read_image(path, Frame(12, 16, fit))
    assert found.shape == (12, 16, 3)
    assert found[0, 0, 0] == corner


@pytest.mark.parametrize(
    ("sizes", "expected", "fit"),
    [
        ([(20, 10)] * 3, (10, 20), "stretch"),
        ([(20, 10)] * 2 + [(10, 20)] * 2, (20, 20), "pad"),
        ([(256, 128)] * 3, (32, 64), "stretch"),
        ([(30, 30)] * 9 + [(600, 400)], (30, 30), "pad"),
        ([(300, 400), (302, 400)] * 4 + [(400, 300)] * 2, (64, 48), "pad"),  # a telephone, mostly upright
        ([(300, 400)] * 3 + [(400, 300)] * 3, (64, 64), "pad"),
        ([(100, 99), (99, 100)], (64, 64), "stretch"),
    ],
)
def test_that_the_size_suits_all_pictures_and_distorts_none(
    tmp_path: Path, sizes: list[tuple[int, int]], expected: tuple[int, int], fit: str
) -> None:
    for index, size in enumerate(sizes):
        image(tmp_path / "ab"[index % 2] / f"{index}.png", size=size)
    found = read(tmp_path)
    assert found.pixels.shape[1:3] == expected
    assert (found.found["height"], found.found["width"], found.found["fit"]) == (*expected, fit)
    assert any("different proportions" in notice for notice in found.notices) == (fit == "pad")
    # the side that is open goes with the one that is chosen
    assert read(tmp_path, width=5).pixels.shape[1:3] == (round(expected[0] * 5 / expected[1]), 5)


def test_that_broken_files_are_left_out_and_named(folder: Path) -> None:
    (folder / "cat" / "broken.png").write_bytes(b"no picture")
    cut = (folder / "dog" / "1.png").read_bytes()[:40]
    (folder / "dog" / "cut.png").write_bytes(cut)
    (folder / "dog" / "empty.jpg").write_bytes(b"")
    found = read(folder)
    assert len(found) == 6
    (notice,) = found.notices
    assert all(name in notice for name in ("3 of 9", "broken.png", "cut.png", "empty.jpg"))


def test_that_loose_and_hidden_pictures_do_not_count(folder: Path) -> None:
    image(folder / "loose.png")
    image(folder / ".cache" / "thumb.png")
    found = read(folder)
    assert len(found) == 6
    assert found.notices == ("1 picture beside the class folders left out: loose.png",)


def test_that_a_csv_of_paths_names_pictures_and_labels(folder: Path) -> None:
    rows = "".join(f"cat/{index}.png,first\ndog/{index}.png,second\n" for index in range(3))
    (folder / "list.csv").write_text("file,label\n" + rows, encoding="utf-8")
    found = read(folder / "list.csv")
    assert found.classes == ("first", "second")
    assert found.labels.tolist() == ["first", "second"] * 3
    assert found.target == "label"


def test_that_files_missing_from_a_list_are_named_and_columns_can_be_chosen(folder: Path) -> None:
    (folder / "list.csv").write_text(
        "where,what,more\ncat/0.png,7,x\ndog/9.png,8,y\ndog/0.png,8,z\n", encoding="utf-8"
    )
    found = read(folder / "list.csv", label="what")
    assert found.labels.tolist() == ["7", "8"]
    assert "9.png (no such file)" in found.notices[-1]
    with pytest.raises(Invalid, match=r"data\.label: is missing: name the column"):
        read(folder / "list.csv")
    with pytest.raises(Invalid, match=r"data\.paths: no column 'wher'; did you mean 'where'"):
        read(folder / "list.csv", label="what", paths="wher")


def _written(path: Path) -> Path:
    path.write_text("{}", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda folder: folder / "nowhere", "no folder"),
        (lambda folder: folder, "holds no pictures"),
        (lambda folder: image(folder / "1.png").parent, "lie in no folders"),
        (lambda folder: image(folder / "1.png"), "is one picture"),
        (lambda folder: _written(folder / "boxes.json"), "annotations in a form that is not read"),
        (lambda folder: _written(folder / "notes.pdf"), "neither a folder nor a CSV"),
    ],
)
def test_that_a_folder_without_classes_is_refused(tmp_path: Path, make: Any, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        read(make(tmp_path))


def test_that_no_path_at_all_is_refused() -> None:
    with pytest.raises(Invalid, match="is missing"):
        Images().read(0)


def test_that_a_folder_of_broken_pictures_only_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "1.png").write_bytes(b"no")
    with pytest.raises(Invalid, match=r"none of 1 pictures"):
        read(tmp_path)


def test_that_pictures_beyond_the_memory_are_read_into_a_file(folder: Path) -> None:
    large = Images(path=str(folder), height=1024, width=1024)
    found = read_labelled(large, lambda share, words: None, 10_000_000)
    assert found.on_disk
    assert any("kept in a file on the disk" in notice for notice in found.notices)


def test_that_transparency_lies_on_white_and_16_bits_become_8(tmp_path: Path) -> None:
    clear = image(tmp_path / "clear.png", (10, 10, 10, 0), mode="RGBA")
    assert (read_image(clear, Frame(8, 8)) == 255).all()
    deep = tmp_path / "deep.png"
    Image.fromarray(np.full((8, 8), 32896, np.uint16)).save(deep)
    assert (read_image(deep, Frame(8, 8)) == 128).all()


def test_that_a_picture_turned_by_the_camera_stands_upright(tmp_path: Path) -> None:
    path = tmp_path / "turned.jpg"
    whole = Image.new("RGB", (16, 8), (0, 0, 0))
    whole.paste((255, 255, 255), (0, 0, 8, 8))
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned by 90 degrees
    whole.save(path, exif=exif)
    found = read_image(path, Frame(16, 8))
    assert found[2, 4, 0] > 200
    assert found[13, 4, 0] < 50


@given(st.binary(max_size=300), st.sampled_from([".png", ".jpg", ".gif", ".bmp", ".webp", ".tif", ".ppm"]))
def test_that_any_bytes_are_a_picture_or_broken(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, ending: str
) -> None:
    path = tmp_path_factory.mktemp("bytes") / f"p{ending}"
    path.write_bytes(content)
    with pytest.raises(Broken):
        read_image(path, Frame(8, 8))


@given(
    cut=st.floats(0, 0.999),
    flip=st.integers(1, 255),
    ending=st.sampled_from(["png", "jpg", "gif", "bmp", "webp", "tif"]),
)
# more entries than a tag may have, which is only found out when it is asked for
@example(cut=0.26171875, flip=2, ending="tif")
def test_that_a_damaged_picture_is_read_or_broken(
    tmp_path_factory: pytest.TempPathFactory, cut: float, flip: int, ending: str
) -> None:
    path = image(tmp_path_factory.mktemp("damaged") / f"p.{ending}")
    content = bytearray(path.read_bytes())
    content[int(len(content) * cut)] ^= flip
    path.write_bytes(content)
    try:
        assert read_image(path, Frame(8, 8)).shape == (8, 8, 3)
    except Broken as error:
        assert str(error)  # noqa: PT017 - both outcomes are right


def test_that_a_picture_of_absurd_size_is_not_decoded(tmp_path: Path) -> None:
    path = tmp_path / "huge.bmp"
    header = bytearray(image(tmp_path / "small.bmp").read_bytes())
    header[18:26] = (60_000).to_bytes(4, "little") * 2
    path.write_bytes(header)
    with pytest.raises(Broken):
        read_image(path, Frame(8, 8))


def test_that_one_channel_becomes_three_equal_ones() -> None:
    pixels = np.arange(24, dtype=np.uint8).reshape(2, 3, 4, 1)
    assert (in_colours(pixels, 3) == pixels).all()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes and devices of POSIX")
def test_that_pipes_devices_and_programs_for_a_printer_are_left_out(tmp_path: Path) -> None:
    """A pipe never ends, and Pillow hands PostScript to another program, whatever the file is called."""
    for name, shade in (("a", 0), ("b", 250)):
        for number in range(10):
            Image.fromarray(np.full((4, 4), shade, np.uint8)).save(tmp_path / f"{name}{number}.png")
    os.mkfifo(tmp_path / "pipe.png")
    (tmp_path / "printer.png").write_bytes(
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 4 4\n%%EndComments\n"
    )
    rows = [f"{name}{number}.png,{name}" for name in "ab" for number in range(10)]
    rows += ["pipe.png,a", "/dev/zero,a", "printer.png,b"]
    (tmp_path / "list.csv").write_text("\n".join(["path,label", *rows]), encoding="utf-8")
    found = Images(path=str(tmp_path / "list.csv")).read(0)
    assert len(found) == 20
    assert any("3 of 23 pictures cannot be read" in notice for notice in found.notices)


def test_that_names_in_gbk_are_read_as_a_person_reads_them(tmp_path: Path) -> None:
    """A zip of a Chinese Windows, unpacked where names are UTF-8, leaves their bytes as they were."""
    for name in ("合格", "不合格"):
        folder = Path(os.fsdecode(os.fsencode(tmp_path / "x").removesuffix(b"x") + name.encode("gbk")))
        try:
            folder.mkdir()
        except OSError:
            pytest.skip("this file system takes no such names")
        for index in range(2):
            image(folder / os.fsdecode("图".encode("gbk") + f"{index}.png".encode()), size=(20, 20))
    found = read(tmp_path)
    assert set(found.labels.tolist()) == {"合格", "不合格"}
    assert {*found.names} == {f"{name}/图{index}.png" for name in ("合格", "不合格") for index in range(2)}


def test_that_a_short_side_that_nobody_chose_is_told(tmp_path: Path) -> None:
    for index in range(4):
        image(tmp_path / "ab"[index % 2] / f"{index}.png", size=(100, 600))
    (told,) = [notice for notice in read(tmp_path).notices if "times smaller" in notice]
    assert "100 × 600 become 16 × 96, 6.2 times smaller" in told
    assert decision_in(told).setting == "data.width"
    wide = read(tmp_path, width=32)
    assert wide.pixels.shape[1:3] == (192, 32)
    assert not any("times smaller" in notice for notice in wide.notices)


@pytest.mark.parametrize(("size", "most"), [((100, 600), 1), ((40, 40), 2), ((800, 600), 3), ((640, 640), 4)])
def test_that_the_shift_to_begin_with_goes_with_the_size(
    tmp_path: Path, size: tuple[int, int], most: int
) -> None:
    for index in range(4):
        image(tmp_path / "ab"[index % 2] / f"{index}.png", size=size)
    experiment = begun(Images(path=str(tmp_path)), "shift")
    assert [one.most for one in experiment.augmentations if isinstance(one, Shift)] == [most]


@pytest.mark.parametrize("classes", [2, 3, 5])
def test_that_any_few_pictures_of_the_preview_in_a_row_are_of_several_classes(classes: int) -> None:
    # as files are: sorted by class
    labels = np.repeat(np.arange(classes), 60 // classes)
    shown = labels[mixed(np.arange(len(labels)))]
    assert sorted(shown.tolist()) == labels.tolist()
    few = 2 * classes
    assert all(len(set(shown[at : at + few].tolist())) >= classes - 1 for at in range(len(shown) - few))
