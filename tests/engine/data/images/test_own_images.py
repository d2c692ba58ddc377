"""Pictures as people have them: depth, endings, what is left out, lists from other computers."""

from __future__ import annotations

import re
import shutil
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from engine.choices import Invalid
from engine.data.decisions import decision_in
from engine.data.images.raw import ImageSet
from engine.data.images.read.survey import Survey, small_size
from engine.data.images.sources.images import Images
from engine.data.modality import modality_of
from engine.data.preparation.prepare import prepare_raw
from engine.data.preprocessing import Preprocessing
from engine.data.split import Split
from engine.suggestions import begun
from engine.training.plan import Plan

RANDOM = np.random.default_rng(0)


def read(path: Path, **settings: Any) -> ImageSet:
    found = Images(path=str(path), **settings).read(0)
    assert isinstance(found, ImageSet)
    return found


def deep(folder: Path, kind: Any, low: float, high: float, ending: str = ".tif") -> Path:
    """Two classes of pictures whose values are evenly drawn."""
    for name in ("a", "b"):
        (folder / name).mkdir(parents=True)
        for number in range(4):
            values = RANDOM.uniform(low, high, (8, 8))
            values[0, :2] = low, high
            Image.fromarray(values.astype(kind)).save(folder / name / f"{number}{ending}")
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("cat", "dog"):
        (tmp_path / "pets" / name).mkdir(parents=True)
        for number in range(3):
            pixels = RANDOM.integers(0, 256, (8, 8, 3), np.uint8)
            Image.fromarray(pixels).save(tmp_path / "pets" / name / f"{number}.png")
    return tmp_path / "pets"


@pytest.mark.parametrize(
    ("kind", "low", "high", "black", "white", "ending"),
    [
        (np.uint16, 0, 65000, 0, 65535, ".png"),
        (np.uint16, 10, 4000, 0, 4095, ".png"),
        (np.uint16, 0, 1000, 0, 1023, ".tif"),
        (np.int32, 0, 16000, 0, 16383, ".tif"),
        (np.float32, 0.1, 0.9, 0, 1, ".tif"),
        (np.float32, -0.9, 0.9, -1, 1, ".tif"),
        (np.float32, 3, 250, 0, 255, ".tif"),
        (np.float32, -1000, 2000, -1000, 2000, ".tif"),
    ],
)
def test_that_black_and_white_follow_from_the_kind_of_file(
    tmp_path: Path, kind: Any, low: float, high: float, black: float, white: float, ending: str
) -> None:
    found = read(deep(tmp_path, kind, low, high, ending))
    assert (found.found["black"], found.found["white"]) == (black, white)
    assert any("Black and White decide" in notice for notice in found.notices)
    span = (high - low) / (white - black) * 255
    assert int(found.pixels.max()) - int(found.pixels.min()) == pytest.approx(span, abs=2)


def test_that_faint_pictures_are_spread_over_all_levels_alike(tmp_path: Path) -> None:
    found = read(deep(tmp_path, np.uint16, 997, 1014, ".png"))
    assert (found.pixels.min(), found.pixels.max()) == (0, 255)
    assert found.found["black"] == pytest.approx(997, abs=1)
    again = read(tmp_path, black=997, white=1014)
    assert (again.pixels == found.pixels).all()
    assert "black" not in again.found


def test_that_a_new_picture_is_read_in_the_range_of_training(tmp_path: Path) -> None:
    """A dark picture stays dark: its own brightest value is not white."""
    source = Images(path=str(deep(tmp_path / "train", np.uint16, 0, 4000, ".png")))
    trained = source.read(0)
    Image.fromarray(np.full((8, 8), 200, np.uint16)).save(tmp_path / "dark.png")
    new = source.filled(trained.found).replaced(path=str(tmp_path / "dark.png"))
    raw = new.read_new(None)  # type: ignore[arg-type]
    assert isinstance(raw, ImageSet)
    assert (raw.pixels == round(200 / 4095 * 255)).all()


def test_that_colours_of_sixteen_bits_are_told_to_be_cut(folder: Path) -> None:
    """Pillow keeps their upper 8 bits: those of a camera of 12 bits come out nearly black."""
    rows = b"".join(b"\0" + bytes([8, 0, 4, 0, 2, 0] * 8) for _ in range(8))
    chunks = ((b"IHDR", struct.pack(">IIBBBBB", 8, 8, 16, 2, 0, 0, 0)), (b"IDAT", zlib.compress(rows)))
    written = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in (*chunks, (b"IEND", b""))
    )
    assert not any("16 bits" in notice for notice in read(folder).notices)
    (folder / "cat" / "deep.png").write_bytes(b"\x89PNG\r\n\x1a\n" + written)
    found = read(folder)
    assert any("colours of 16 bits in 1 picture are cut" in notice for notice in found.notices)
    assert found.pixels[found.names.index("cat/deep.png")][0, 0].tolist() == [8, 4, 2]


def test_that_pictures_which_show_nothing_are_told(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        for shade in range(3):
            Image.fromarray(np.full((8, 8), shade, np.uint8)).save(tmp_path / name / f"{shade}.png")
    assert any("only 3 grey levels of 256" in notice for notice in read(tmp_path).notices)


@pytest.mark.parametrize(
    ("form", "name"),
    [
        ("JPEG", "1.jfif"),
        ("JPEG", "1.JPG"),
        ("JPEG", "1"),
        ("PNG", "1.data"),
        ("WEBP", "1.webp"),
        ("JPEG2000", "1.jp2"),
        ("AVIF", "1.avif"),
        ("TIFF", "1.TIFF"),
        ("GIF", "1.photo"),
    ],
)
def test_that_a_picture_is_known_by_its_ending_or_its_beginning(folder: Path, form: str, name: str) -> None:
    (folder / "owl").mkdir()
    for number in range(2):
        pixels = RANDOM.integers(0, 256, (16, 16, 3), np.uint8)
        Image.fromarray(pixels).save(folder / "owl" / f"{number}{name[1:]}", format=form)
    found = read(folder)
    assert found.classes == ("cat", "dog", "owl")
    assert len(found) == 8


def test_that_what_is_no_picture_is_named_with_counts_by_class(folder: Path) -> None:
    (folder / "bar").mkdir()
    for number in range(12):
        (folder / "bar" / f"IMG_{number}.HEIC").write_bytes(b"\x00\x00\x00\x18ftypheic")
    (folder / "dog" / "broken.jpg").write_bytes(b"\xff\xd8\xff nothing more")
    (folder / "Thumbs.db").write_bytes(b"x")
    (folder / "cat" / "._1.png").write_bytes(b"x")
    notices = read(folder).notices
    assert any(
        "bar: 12 files are no pictures that can be read, left out: .heic, as" in one for one in notices
    )
    assert any("the class bar is left out" in one for one in notices)
    assert any("broken.jpg" in one and "dog (1)" in one for one in notices)
    assert not any("Thumbs" in one or "._1" in one for one in notices)


def test_that_a_class_of_broken_pictures_alone_is_named(folder: Path) -> None:
    for file in (folder / "dog").iterdir():
        file.write_bytes(file.read_bytes()[:40])
    assert any("the class dog is left out" in notice for notice in read(folder).notices)


def test_that_pictures_of_several_frames_and_clear_ones_are_told(folder: Path) -> None:
    frames = [Image.new("L", (8, 8), shade) for shade in (10, 200)]
    frames[0].save(folder / "cat" / "9.gif", save_all=True, append_images=frames[1:])
    Image.new("RGBA", (8, 8), (0, 0, 0, 0)).save(folder / "dog" / "9.png")
    found = read(folder)
    assert any("1 file holds several pictures" in notice for notice in found.notices)
    assert any("laid on white" in notice for notice in found.notices)
    clear = found.names.index("dog/9.png")
    assert (found.pixels[clear] == 255).all()
    assert (read(folder, background="black").pixels[clear] == 0).all()
    assert found.pixels[found.names.index("cat/9.gif")].max() < 20


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("cat\\{}.png", False),
        ("{}.png", True),
        ("{}", True),
        ("C:\\photos\\pets\\cat\\{}.png", True),
        ("/home/ada/pets/cat/{}.png", True),
        ("./cat/{}.png", False),
    ],
)
def test_that_a_list_from_another_computer_finds_its_files(folder: Path, written: str, told: bool) -> None:
    shutil.rmtree(folder / "dog")
    rows = "\n".join(f"{written.format(number)},{'xyx'[number]},P{number}" for number in range(3))
    (folder / "list.csv").write_text(f"file,label,patient\n{rows}\n", encoding="utf-8")
    found = read(folder / "list.csv")
    assert len(found) == 3
    assert found.classes == ("x", "y")
    assert found.found["paths"] == "file"
    assert any("found by name" in notice for notice in found.notices) == told


def test_that_a_number_behind_facts_is_asked_about_and_facts_of_a_test_part_are_no_labels(
    tmp_path: Path,
) -> None:
    for part, count in (("train", 30), ("test", 12)):
        (tmp_path / part).mkdir()
        rows = []
        for number in range(count):
            pixels = RANDOM.integers(0, 256, (8, 8, 3), np.uint8)
            Image.fromarray(pixels).save(tmp_path / part / f"{part}{number}.png")
            facts = ",".join(str(number >> place & 1) for place in range(4))
            rows.append(f"{part}{number},{facts}" + f",{3 * number}" * (part == "train"))
        names = "Id,Eyes,Face,Near,Blur" + ",Pawpularity" * (part == "train")
        (tmp_path / f"{part}.csv").write_text("\n".join([names, *rows]) + "\n", encoding="utf-8")
    found = read(tmp_path)
    assert len(found) == 30
    asked = [decision for decision in map(decision_in, found.notices) if decision.doubtful]
    assert [[other.value for other in decision.others] for decision in asked] == [["Pawpularity"]]


@pytest.mark.parametrize(("different", "guess"), [(30, "numbers"), (10, "classes")])
def test_that_labels_which_hardly_recur_are_numbers(tmp_path: Path, different: int, guess: str) -> None:
    for number in range(30):
        pixels = RANDOM.integers(0, 256, (8, 8, 3), np.uint8)
        Image.fromarray(pixels).save(tmp_path / f"{number}.png")
    rows = [f"{number}.png,{number % different + 18}" for number in range(30)]
    (tmp_path / "age.csv").write_text("\n".join(["file,age", *rows]) + "\n", encoding="utf-8")
    raw = read(tmp_path)
    assert modality_of(type(raw)).guess(raw) == guess


def test_that_a_column_for_each_class_and_one_of_parts_are_understood(folder: Path) -> None:
    rows = [f"cat/{n}.png,1,0,train" for n in range(3)] + [f"dog/{n}.png,0,1,test" for n in range(3)]
    (folder / "marks.csv").write_text("\n".join(["image,cat,dog,split", *rows]), encoding="utf-8")
    found = read(folder / "marks.csv")
    assert found.labels.tolist() == ["cat"] * 3 + ["dog"] * 3
    assert found.published is not None
    assert found.published.tolist() == ["train"] * 3 + ["test"] * 3
    (folder / "marks.csv").write_text(
        "image,cat,dog,ox\ncat/0.png,1,1,0\ndog/0.png,0,1,1\n", encoding="utf-8"
    )
    several = read(folder / "marks.csv")
    assert several.labels.tolist() == ["cat;dog", "dog;ox"]
    assert several.found["label_separator"] == ";"


def test_that_a_list_beside_pictures_without_folders_is_read(tmp_path: Path) -> None:
    for number in range(4):
        pixels = RANDOM.integers(0, 256, (8, 8, 3), np.uint8)
        Image.fromarray(pixels).save(tmp_path / f"IMG_{number}.png")
    rows = "\n".join(f"IMG_{number},{'ab'[number % 2]}" for number in range(4))
    (tmp_path / "labels.csv").write_text(f"id,label\n{rows}\n", encoding="utf-8")
    found = read(tmp_path)
    assert found.classes == ("a", "b")
    assert "labels.csv, a list beside the pictures" in found.notices[0]


@pytest.mark.parametrize(("name", "kept"), [("trainLabels.csv", 4), ("labels.csv", 0)])
def test_that_of_pictures_with_one_name_those_of_the_part_of_the_list_are_meant(
    tmp_path: Path, name: str, kept: int
) -> None:
    for part, grey in (("train", 0), ("test", 255)):
        (tmp_path / part).mkdir()
        for number in range(1, 5):
            Image.new("L", (8, 8), grey).save(tmp_path / part / f"{number}.png")
    Image.new("L", (8, 8), 0).save(tmp_path / "train" / "5.png")
    (tmp_path / name).write_text("id,label\n1,cat\n2,dog\n3,cat\n4,dog\n5,cat\n")
    found = read(tmp_path / name, paths="id")
    assert len(found.pixels) == kept + 1
    assert not found.pixels.any()
    assert any("for several pictures, as " in notice for notice in found.notices) == (kept == 0)


@pytest.mark.parametrize("columns", ["image,dx,age", "image,ClassId,age", "image,Finding Labels,age"])
@pytest.mark.parametrize("shelves", [("images_001", "images_002"), ("part1", "part2"), ("all", "all")])
def test_that_numbered_folders_are_no_classes_where_a_list_says_more(
    tmp_path: Path, columns: str, shelves: tuple[str, str]
) -> None:
    """What the column of classes is called decides whether it is taken or asked for, never the folders."""
    for number in range(6):
        place = tmp_path / shelves[number % 2] / f"{number}.png"
        place.parent.mkdir(exist_ok=True)
        Image.fromarray(RANDOM.integers(0, 256, (8, 8, 3), np.uint8)).save(place)
    rows = "\n".join(f"{number},{'nm'[number // 3]},{number}" for number in range(6))
    (tmp_path / "metadata.csv").write_text(f"{columns}\n{rows}\n", encoding="utf-8")
    (tmp_path / "names.txt").write_text("\n".join(f"{number}.png" for number in range(6)), encoding="utf-8")
    if "dx" in columns:
        with pytest.raises(Invalid, match=r"metadata\.csv lists the pictures; name its column") as refusal:
            read(tmp_path)
        assert refusal.value.problems[0].path == "data.label"
        assert ("set Class to the outermost folder" in str(refusal.value)) == (shelves[0] != shelves[1])
        assert read(tmp_path, label="dx").classes == ("m", "n")
    else:
        assert read(tmp_path).classes == ("m", "n")
    if shelves[0] != shelves[1]:
        assert any("set Class to the outermost folder" in one for one in read(tmp_path, label="age").notices)
        assert read(tmp_path, classes="outer").classes == shelves


def test_that_a_list_of_some_pictures_changes_no_numbered_classes(folder: Path) -> None:
    (folder / "cat").rename(folder / "00001")
    (folder / "dog").rename(folder / "00002")
    (folder / "00001" / "rows.csv").write_text("file,label\n0.png,x\n1.png,y\n2.png,x\n", encoding="utf-8")
    assert read(folder).classes == ("00001", "00002")


def test_that_raw_pictures_of_cameras_are_left_out_as_such(folder: Path) -> None:
    for number in range(3):
        (folder / "cat" / f"{number}.CR2").write_bytes(b"II*\0\x10\0\0\0CR\x02\0")
    found = read(folder)
    assert len(found) == 6
    assert any(
        "cat: 3 files are no pictures that can be read, left out: 0.CR2" in one for one in found.notices
    )


def test_that_texts_beside_pictures_are_not_called_boxes(tmp_path: Path) -> None:
    for number in range(4):
        pixels = RANDOM.integers(0, 256, (8, 8, 3), np.uint8)
        Image.fromarray(pixels).save(tmp_path / f"{number}.png")
        (tmp_path / f"{number}.txt").write_text("cat", "utf-8")
    with pytest.raises(Invalid, match=r"a text of its own \(0.txt: cat\)"):
        read(tmp_path)


ANNOTATED = {
    "masks": (["images/1.png", "images/2.png", "masks/1.png", "masks/2.png"], [], "masks"),
    "masks with a word behind": (["img/1.png", "img/2.png", "gt/1_mask.png", "gt/2_mask.png"], [], "masks"),
    "masks in parts": ([f"{part}/{kind}/1.png" for part in ("train", "val") for kind in ("images", "labels")],
                       [], "masks"),
    "masks far away": (["images/a_1.png", "images/a_2.png", "annotations/trimaps/a_1.png",
                        "annotations/trimaps/a_2.png"], [], "annotations seems to hold masks"),
    "masks with other words behind": ([f"{top}/{part}/x_{n}_{top}.png" for top in ("gtFine", "left8bit")
                                       for part in ("train", "val") for n in (1, 2)], [], "gtFine seems"),
    "YOLO": (["images/train/1.png", "images/val/2.png"], ["labels/train/1.txt", "labels/val/2.txt"], "YOLO"),
    "VOC": (["JPEGImages/1.png", "JPEGImages/2.png"], ["Annotations/1.xml", "Annotations/2.xml"], "VOC"),
    "boxes beside the pictures": (["1.png", "2.png"], ["1.xml", "2.xml"], "VOC"),
    "COCO": (["train2017/1.png", "val2017/2.png"], ["annotations/instances_train2017.json"], "COCO"),
    "masks of each cell": ([f"{n}/{kind}.png" for n in (1, 2, 3) for kind in ("images/a", "masks/b")], [],
                           "masks seems"),
    "masks that mirror the folders": ([f"{top}/{town}/{n}.png" for top in ("images", "masks")
                                       for town in ("Aachen", "Ulm") for n in (1, 2)], [], "take masks out"),
    "masks of parts": ([f"{part}{kind}/A_{n}{kind[:2]}.png" for part in ("train", "val") for n in (1, 2)
                        for kind in ("", "_labels")], [], "train_labels seems"),
    "masks of cars": ([f"train{kind}/{car}a_{n}{kind[:5]}.png" for car in (10, 20, 30) for n in (1, 2)
                       for kind in ("", "_masks")], [], "train_masks seems"),
    "COCO as others write it": (["train/1.png", "valid/2.png"], ["train/_annotations.coco.json"], "COCO"),
}  # fmt: skip


@pytest.mark.parametrize(("pictures", "beside", "told"), ANNOTATED.values(), ids=ANNOTATED)
def test_that_masks_and_boxes_are_no_classes(
    tmp_path: Path, pictures: list[str], beside: list[str], told: str
) -> None:
    for name in (*pictures, *beside):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("{}", "utf-8")
    for name in pictures:
        Image.fromarray(RANDOM.integers(0, 256, (8, 8, 3), np.uint8)).save(tmp_path / name)
    with pytest.raises(Invalid, match=told) as refusal:
        read(tmp_path)
    assert "list the pictures in a CSV" in str(refusal.value)


@pytest.mark.parametrize("names", [("ground", "sky"), ("manual", "automatic"), ("white label", "red")])
def test_that_classes_called_nearly_as_masks_are_classes(tmp_path: Path, names: tuple[str, str]) -> None:
    for name in names:
        (tmp_path / name).mkdir()
        for number in range(3):
            pixels = RANDOM.integers(0, 256, (8, 8, 3), np.uint8)
            Image.fromarray(pixels).save(tmp_path / name / f"{number}.png")
    assert read(tmp_path).classes == tuple(sorted(names))


def test_that_of_several_lists_the_one_of_training_or_of_most_pictures_is_taken(tmp_path: Path) -> None:
    (tmp_path / "img").mkdir()
    for number in range(9):
        pixels = RANDOM.integers(0, 256, (8, 8, 3), np.uint8)
        Image.fromarray(pixels).save(tmp_path / "img" / f"{number}.png")
    rows = "".join(f"{number}.png,{'ab'[number % 2]}\n" for number in range(8))
    (tmp_path / "a_submission.csv").write_text("image,label\n8.png,z\n", encoding="utf-8")
    (tmp_path / "data_partition.txt").write_text(rows.replace("a", "0").replace("b", "1"), encoding="utf-8")
    for name in ("train.csv", "z.csv"):
        (tmp_path / name).write_text(f"image,label\n{rows}", encoding="utf-8")
        assert read(tmp_path).classes == ("a", "b"), name
        (tmp_path / name).unlink()
    (tmp_path / "a_submission.csv").write_text(f"image,label\n{rows}7,8,9\n", encoding="utf-8")
    with pytest.raises(Invalid, match=r"The table beside them cannot be read: a_submission\.csv.*line 10"):
        read(tmp_path)


@pytest.mark.parametrize("row", ["{name} {code}", "{name}", "{name}\t{code}"])
def test_that_lists_of_parts_beside_class_folders_tell_the_parts(folder: Path, row: str) -> None:
    names = [f"{name}/{number}.png" for name in ("cat", "dog") for number in range(3)]
    lines = [row.format(name=name, code=place // 3) for place, name in enumerate(names)]
    (folder / "train_list.txt").write_text("\n".join(lines[1:3] + lines[4:]), encoding="utf-8")
    assert read(folder).published is None
    (folder / "val_list.txt").write_text("\n".join([lines[0], lines[3]]), encoding="utf-8")
    (folder / "notes.txt").write_text("These are pets.\n", encoding="utf-8")
    found = read(folder)
    assert found.classes == ("cat", "dog")
    assert found.published is not None
    assert found.published.tolist() == ["validation", "train", "train"] * 2
    assert "parts of the split are taken from train_list.txt, val_list.txt" in found.notices[0]
    assert "1 file is no picture that can be read, left out: notes.txt" in found.notices[1]


def test_that_classes_with_descriptions_beside_them_stay_classes(folder: Path) -> None:
    """Boxes of pictures that lie in class folders change nothing; nor do classes chosen by hand."""
    for name in ("cat", "dog"):
        for number in range(3):
            (folder / name / f"{number}.xml").write_text("<annotation/>", "utf-8")
    assert read(folder).classes == ("cat", "dog")
    (folder / "dog").rename(folder / "masks")
    assert read(folder, classes="inner").classes == ("cat", "masks")


@pytest.mark.parametrize(
    ("kind", "before", "each"),
    [
        (np.uint8, [], [f"Reading picture {number} of 8" for number in range(1, 9)]),
        (np.uint16, ["Looking for black and white of pictures of more than 8 bits"] * 8, []),
    ],
)
def test_that_reading_is_told_before_each_picture_and_can_be_stopped_there(
    kind: Any, before: list[str], each: list[str], tmp_path: Path
) -> None:
    path, told = deep(tmp_path / "all", kind, 0, 250), [(0.0, "")]

    class Stopped(Exception):
        pass

    def report(share: float, words: str) -> None:
        assert told[-1][0] <= share <= 1
        told.append((share, words))
        if words == "Reading picture 3 of 8" and not each:
            raise Stopped

    if each:
        Images(path=str(path)).read(0, report)
    else:
        with pytest.raises(Stopped):
            Images(path=str(path)).read(0, report)
    words = [one for _, one in told]
    assert [one for one in words if one in each] == each
    assert [one for one in words if one in before] == before


WITH_MASKS = {
    "in the class folders": ["{label}/images/{number}.png", "{label}/masks/{number}.png"],
    "of pictures named by their class": [
        "images/{label}_{number}.png",
        "annotations/trimaps/{label}_{number}.png",
    ],
}


@pytest.mark.parametrize("forms", WITH_MASKS.values(), ids=WITH_MASKS)
def test_that_pictures_that_have_classes_besides_masks_are_read_without_them(
    tmp_path: Path, forms: list[str]
) -> None:
    drawn(tmp_path, [form.format(label=label, number=number) for form in forms for label in ("cat", "dog")
                     for number in range(1, 4)])  # fmt: skip
    found = read(tmp_path)
    assert (found.classes, len(found)) == (("cat", "dog"), 6)
    assert "6 pictures in" in found.notices[0]
    assert "left out: masks" in found.notices[0]
    again = Images(path=str(tmp_path)).filled(found.found)
    network = prepare_raw(found, Split(), Preprocessing(), "classes", 0).preprocessor
    assert len(again.read_labelled(network)) == len(again.read_new(network)) == 6


def drawn(folder: Path, names: list[str]) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(RANDOM.integers(0, 256, (8, 8, 3), np.uint8)).save(folder / name)


PARTED = {
    "numbers of pictures (CUB)": {
        "images.txt": "{id} {name}.png", "train_test_split.txt": "{id} {train}", "classes.txt": "{id} bird"},
    "names without ending (Food-101)": {"meta/train.txt": "{name}", "meta/test.txt": "-{name}"},
    "names and numbers of parts (CelebA)": {"list_eval_partition.txt": "{stem}.png {test2}"},
    "train and validation together (Pets)": {"annotations/trainval.txt": "{stem} 1 1 1",
                                             "annotations/test.txt": "-{stem} 1 1 1"},
}  # fmt: skip


@pytest.mark.parametrize("lists", PARTED.values(), ids=PARTED)
def test_that_lists_of_published_sets_tell_the_parts(tmp_path: Path, lists: dict[str, str]) -> None:
    names = [f"{label}/{label}_{number:02d}" for label in ("cat", "dog") for number in range(6)]
    drawn(tmp_path, [f"images/{name}.png" for name in names])
    for place, row in lists.items():
        (tmp_path / place).parent.mkdir(exist_ok=True)
        rows = [
            row.lstrip("-").format(
                id=number, name=name, stem=name[4:], train=number % 2, test2=2 - 2 * (number % 2)
            )
            for number, name in enumerate(names)
            if "{id}" in row or "{test2}" in row or number % 2 == (0 if row[0] == "-" else 1)
        ]
        (tmp_path / place).write_text("\n".join(rows) + "\n", encoding="utf-8")
    found = read(tmp_path)
    assert found.published is not None
    parts = dict(zip(found.names, found.published.tolist(), strict=True))
    assert parts == {f"images/{name}.png": ("test", "train")[number % 2] for number, name in enumerate(names)}


def test_that_numbers_in_a_list_of_one_part_are_classes(tmp_path: Path) -> None:
    """As train_subset0.csv of DeepWeeds, whose 1 is a weed and not the validation part."""
    rows: dict[str, list[str]] = {"train": [], "val": [], "test": []}
    for number in range(24):
        part = ("train", "train", "val", "test")[number // 2 % 4]
        rows[part].append(f"{number:02d}.png,{number % 2}\n")
    drawn(tmp_path, [f"images/{number:02d}.png" for number in range(24)])
    (tmp_path / "labels").mkdir()
    for part, lines in rows.items():
        text = "Filename,Label\n" + "".join(lines)
        (tmp_path / "labels" / f"{part}_subset0.csv").write_text(text, encoding="utf-8")
    found = read(tmp_path)
    assert found.classes == ("0", "1")
    assert found.published is not None
    assert [(found.published == part).sum() for part in ("train", "validation", "test")] == [12, 6, 6]


def test_that_several_splits_of_the_same_pictures_are_not_mixed(tmp_path: Path) -> None:
    names = [f"{label}/{label}_{number}.png" for label in ("cat", "dog") for number in range(6)]
    drawn(tmp_path, [f"images/{name}" for name in names])
    (tmp_path / "labels").mkdir()
    for first, second in ((1, 0), (2, 1)):
        for part, rest in (("train", second), ("test", 1 - second)):
            (tmp_path / "labels" / f"{part}{first}.txt").write_text(
                "\n".join(names[rest::2]), encoding="utf-8"
            )
    assert read(tmp_path).published is None


def test_that_a_part_that_lies_in_no_class_folders_takes_its_classes_from_its_list(tmp_path: Path) -> None:
    drawn(
        tmp_path,
        [f"train/{label}/images/{label}_{number}.png" for label in ("n01", "n02") for number in range(4)],
    )
    drawn(tmp_path, [f"{part}/images/{part}_{number}.png" for part in ("val", "test") for number in range(4)])
    rows = "".join(f"val_{number}.png\tn0{number % 2 + 1}\t0\t32\n" for number in range(4))
    (tmp_path / "val" / "val_annotations.txt").write_text(rows, encoding="utf-8")
    found = read(tmp_path)
    assert found.classes == ("n01", "n02")
    assert found.published is not None
    assert (found.published == "validation").sum() == 4
    assert "4 pictures in images of the test part left out" in " ".join(found.notices)


def test_that_a_list_of_few_pictures_does_not_hide_that_of_most(tmp_path: Path) -> None:
    drawn(
        tmp_path,
        [f"bones-training/{number}.png" for number in range(8)] + ["bones-test/20.png", "bones-test/21.png"],
    )
    rows = "".join(f"{number},{number * 3},{number % 2 == 0}\n" for number in range(8))
    (tmp_path / "bones-training.csv").write_text(f"id,boneage,male\n{rows}", encoding="utf-8")
    (tmp_path / "bones-test.csv").write_text("id,Sex\n20,M\n21,F\n", encoding="utf-8")
    with pytest.raises(Invalid, match=r"name its column that says the class \(boneage, male\)"):
        read(tmp_path)


def test_that_columns_of_minus_one_and_one_are_labels(folder: Path) -> None:
    for number in range(4):
        (folder / f"{number}.png").write_bytes((folder / "cat" / "0.png").read_bytes())
    (folder / "l.csv").write_text(
        "id,Bald,Smiling,Young\n0.png,-1,1,1\n1.png,1,-1,1\n2.png,-1,-1,1\n", "utf-8"
    )
    found = Images(path=str(folder / "l.csv")).read(0)
    assert isinstance(found, ImageSet)
    assert found.labels.tolist() == ["Smiling;Young", "Bald;Young", "Young"]


@pytest.mark.parametrize("inner", ["pets", "data/pets"])
def test_that_a_set_that_holds_itself_once_more_counts_once(tmp_path: Path, inner: str) -> None:
    drawn(tmp_path, [f"pets/{label}/{number}.png" for label in ("cat", "dog") for number in range(3)])
    shutil.copytree(tmp_path / "pets", tmp_path / "copy")
    top = tmp_path if inner == "data/pets" else tmp_path / "pets"
    (top / inner).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / "copy").rename(top / inner)
    found = read(top)
    assert (found.classes, len(found)) == (("cat", "dog"), 6)
    assert "copies of the pictures beside them, left out" in found.notices[0]


def test_that_classes_of_equal_names_of_files_are_no_copies(tmp_path: Path) -> None:
    drawn(
        tmp_path, [f"{outer}/{inner}/{number}.png" for outer in "12" for inner in "12" for number in range(3)]
    )
    assert len(read(tmp_path)) == 12


def test_that_a_list_of_what_numbered_classes_are_is_told(tmp_path: Path) -> None:
    drawn(
        tmp_path, [f"training/training/{label}/{number}.png" for label in ("n0", "n1") for number in range(3)]
    )
    text = (
        "Label, Latin Name  , Common Name\nn0  , alouatta_palliata\t, howler\nn1  , erythrocebus\t, patas\n"
    )
    (tmp_path / "monkey_labels.txt").write_text(text, encoding="utf-8")
    found = read(tmp_path)
    assert found.classes == ("n0", "n1")
    assert "monkey_labels.txt says what the classes are: n0 is alouatta_palliata or howler" in " ".join(
        found.notices
    )


@pytest.mark.parametrize("again", [3, 5])
def test_that_pictures_with_several_sentences_each_are_refused_as_a_list_of_labels(
    folder: Path, again: int
) -> None:
    """As the captions of Flickr8k; of a few pictures with two rows one may be a mistake."""
    names = [f"cat/{number}.png" for number in range(3)] + [f"dog/{number}.png" for number in range(3)]
    rows = [f"{name},A pet ." for name in names] + [f"{name},Another one ." for name in names[: again - 1]]
    (folder / "captions.txt").write_text("image,caption\n" + "\n".join(rows) + "\n", encoding="utf-8")
    if again == 3:
        assert len(read(folder / "captions.txt")) == 8
        return
    with pytest.raises(Invalid, match=r"^data\.label: 4 of 6 pictures stand in several rows of the list"):
        read(folder / "captions.txt")


def test_that_numbered_classes_in_several_parts_are_no_shelves(tmp_path: Path) -> None:
    names = [f"{part}/n0{code}/{part}_{code}{number}.png" for part in ("train", "val") for code in (1, 2)
             for number in range(3)]  # fmt: skip
    drawn(tmp_path, names)
    rows = "".join(f"{name},n01,n02,False\n" for name in names)
    (tmp_path / "noisy_imagenette.csv").write_text(f"path,noisy_0,noisy_1,is_valid\n{rows}", encoding="utf-8")
    assert read(tmp_path).classes == ("n01", "n02")


def test_that_a_test_set_without_classes_beside_the_folder_of_classes_is_no_class(tmp_path: Path) -> None:
    drawn(
        tmp_path, [f"simpsons/{label}/pic_{number}.png" for label in ("bart", "lisa") for number in range(3)]
    )
    drawn(tmp_path, [f"kaggle_testset/bart_{number}.png" for number in range(2)])
    assert read(tmp_path).classes == ("bart", "lisa")


def test_that_lists_of_names_tell_the_parts_of_listed_pictures(tmp_path: Path) -> None:
    drawn(tmp_path, [f"images_00{number % 2}/{number}.png" for number in range(8)])
    rows = "".join(f"{number}.png,{'ab'[number // 2 % 2]},5\n" for number in range(8))
    (tmp_path / "Data_Entry.csv").write_text(f"Image Index,Finding Labels,Age\n{rows}", encoding="utf-8")
    for name, part in (("train_val_list.txt", range(6)), ("test_list.txt", range(6, 8))):
        (tmp_path / name).write_text("".join(f"{number}.png\n" for number in part), encoding="utf-8")
    found = read(tmp_path)
    assert found.published is not None
    assert found.published.tolist() == ["train"] * 6 + ["test"] * 2


def test_that_names_that_begin_with_parts_tell_no_classes_where_a_list_does(tmp_path: Path) -> None:
    drawn(tmp_path, [f"images/{part}_{number}.png" for part in ("Train", "Test") for number in range(6)])
    rows = "".join(f"Train_{number},{number % 2},{1 - number % 2}\n" for number in range(6))
    (tmp_path / "train.csv").write_text(f"image_id,healthy,rust\n{rows}", encoding="utf-8")
    assert read(tmp_path).classes == ("healthy", "rust")


def banded(path: Path, bands: int) -> None:
    """Write a TIFF of 4 × 4 pixels of bytes with so many bands, which Pillow itself cannot write."""
    entries = [(256, 4), (257, 4), (258, 8), (259, 1), (262, 1 if bands > 5 else 2), (273, 200), (277, bands)]
    entries += [(278, 4), (279, 16 * bands), (284, 1)]
    head = struct.pack("<2sHIH", b"II", 42, 8, len(entries))
    table = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in entries)
    path.write_bytes((head + table + bytes(4)).ljust(200, b"\0") + bytes(range(16)) * bands)


OTHER_PICTURES = {
    "a satellite": (lambda path: banded(path, 13), "it has 13 bands, of which a picture in colour has three"),
    "a telephone": (lambda path: path.write_bytes(b"\0\0\0\x18ftypheic" + bytes(99)), "HEIC"),
    "a film": (lambda path: path.write_bytes(b"\0\0\0\x18ftypisom" + bytes(99)), "it is a film"),
    "a scanner": (lambda path: path.write_bytes(bytes(128) + b"DICM" + bytes(99)), "DICOM"),
    "a page in place of a picture": (lambda path: path.write_bytes(b"<!DOCTYPE html><p>404"), "a web page"),
    "a drawing": (lambda path: path.write_bytes(b"<svg><path/></svg>"), "made of lines"),
    "nothing": (lambda path: path.write_bytes(b""), "nothing is in it"),
}


@pytest.mark.parametrize(("write", "told"), OTHER_PICTURES.values(), ids=OTHER_PICTURES)
def test_that_what_a_picture_is_instead_is_told_once_for_all(
    write: Any, told: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    for name in ("a/1.tif", "a/2.tif", "b/1.tif", "b/2.tif"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        write(tmp_path / name)
    with pytest.raises(Invalid, match=re.escape(told)) as refusal:
        read(tmp_path)
    assert str(refusal.value).count(told) == 1
    assert capfd.readouterr() == ("", "")


def test_that_bands_that_are_not_read_are_told(folder: Path) -> None:
    # as four bands of a drone: colours and near infrared
    Image.new("RGBX", (8, 8), (10, 20, 30, 40)).save(folder / "cat" / "bands.tif")
    assert "1 picture has more bands than are read" in " ".join(read(folder).notices)


@pytest.mark.parametrize("rows", ["1,9\n", "a,1\n"])
def test_that_a_table_with_a_row_for_each_picture_but_no_names_is_refused(tmp_path: Path, rows: str) -> None:
    drawn(tmp_path, [f"input_{place % 3}_{place}.png" for place in range(30)])
    read(tmp_path)  # without the table, the names of the files tell the classes
    (tmp_path / "facts.csv").write_text("suite,code\n" + rows * 30)
    with pytest.raises(Invalid, match="no column with the names of their files"):
        read(tmp_path)
    assert len(read(tmp_path, classes="name")) == 30


@pytest.mark.parametrize(
    ("size", "wanted"),
    [
        ((600, 100), (96, 16)),
        ((100, 600), (16, 96)),
        ((4000, 3000), (64, 48)),
        # what is small is not made larger, and a thread stays one
        ((8, 64), (8, 64)),
        ((3000, 20), (512, 3)),
    ],
)
def test_that_strips_keep_what_a_network_needs_of_their_shorter_side(
    size: tuple[int, int], wanted: tuple[int, int]
) -> None:
    assert small_size(*size) == wanted
    assert Survey((size,) * 5).size() == wanted


def test_that_what_the_program_chooses_for_strips_is_a_network_that_fits(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        for number in range(10):
            Image.new("RGB", (100, 600), (number, 20 * number, 100)).save(tmp_path / name / f"{number}.png")
    experiment = begun(Images(path=str(tmp_path)), "strips")
    plan = Plan(experiment, experiment.recipe.prepared())
    assert plan.description.inputs.shape == (3, 96, 16)
    assert plan.blueprint.parameters > 0
