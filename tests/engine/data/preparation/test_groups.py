"""Rows that belong together, examples that stand in two parts, labels that are several: split or told."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from engine.choices import Invalid
from engine.data.decisions import decision_in
from engine.data.description import PARTS
from engine.data.images.raw import ImageSet
from engine.data.images.sources.images import Images
from engine.data.preparation.doubts import alike_classes
from engine.data.preparation.partition import partition
from engine.data.preparation.prepare import prepare
from engine.data.prepared import Prepared
from engine.data.preprocessing import Preprocessing
from engine.data.raw import FILE_NAME, FOLDER
from engine.data.series.read.several import seen_several
from engine.data.series.sources.series_table import SeriesTable
from engine.data.split import Split
from engine.data.tables.sources.table_file import TableFile
from engine.data.texts.sources.text_files import TextFiles
from engine.data.texts.sources.text_table import TextTable


def prepared(path: Path, frame: pd.DataFrame, target: str, **split: str) -> Prepared:
    frame.to_csv(path / "t.csv", index=False)
    source = TableFile(path=str(path / "t.csv"), target=(target,))
    return prepare(source, Split.model_validate(split), Preprocessing(), "classes", 0)


def patients() -> pd.DataFrame:
    random = np.random.default_rng(0)
    number = np.repeat(np.arange(30), 6)
    return pd.DataFrame(
        {
            "patient": [f"p{one}" for one in number],
            "score": random.normal(size=180),
            "ill": np.where(number % 3 == 0, "y", "n"),
        }
    )


@pytest.mark.parametrize(("name", "start"), [("patient", 7 * 10**14 + 3), ("PatientId", 100), ("user_id", 1)])
def test_that_names_in_several_rows_are_offered_as_groups(name: str, start: int, tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    frame = pd.DataFrame({name: start + 9_999_971 * random.integers(0, 60, 180)})
    frame = frame.assign(score=random.normal(size=180), ill=random.choice(["y", "n"], 180))
    offered = [
        other.value
        for one in map(decision_in, prepared(tmp_path, frame, "ill").notices)
        for other in one.others
        if one.setting == "split.group"
    ]
    assert offered == [name]
    alone = [decision_in(one).setting for one in prepared(tmp_path, frame, "ill", group=name).notices]
    assert "split.group" not in alone


def test_that_measures_in_several_rows_and_names_of_one_row_are_not(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    frame = pd.DataFrame({"size": random.integers(0, 60, 180), "user_id": random.permutation(180) * 7})
    frame = frame.assign(score=random.normal(size=180), ill=random.choice(["y", "n"], 180))
    told = map(decision_in, prepared(tmp_path, frame, "ill").notices)
    assert "split.group" not in [one.setting for one in told]


def test_that_rows_of_one_group_stay_in_one_part_and_the_group_is_no_input(tmp_path: Path) -> None:
    found = prepared(tmp_path, patients(), "ill", group="patient")
    held = [set(patients()["patient"].iloc[found.part(part).rows]) for part in PARTS]
    assert sum(map(len, held)) == 30 == len(set.union(*held))
    assert found.preprocessor.columns == ("score",)
    sick = [float(np.mean(patients()["ill"].iloc[found.part(part).rows] == "y")) for part in PARTS]
    assert max(sick) - min(sick) < 0.2


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("sizes", [(6,) * 40, (1,) * 90, (50, 20, 10, 5, 5, 5, 3, 2), (3, 9) * 20])
def test_that_groups_are_divided_by_the_shares(sizes: tuple[int, ...], seed: int) -> None:
    groups = np.repeat(np.arange(len(sizes)), sizes)
    parts = partition(np.arange(len(groups)), None, Split(), seed, groups=groups)
    assert sorted(np.concatenate(list(parts.values())).tolist()) == list(range(len(groups)))
    assert sum(len(set(groups[rows])) for rows in parts.values()) == len(sizes)
    for share, part in zip((0.7, 0.15, 0.15), PARTS, strict=True):
        assert abs(len(parts[part]) - share * len(groups)) < max(sizes) + 0.5


@pytest.mark.parametrize(
    ("group", "words"),
    [("patients", "no column 'patients'; did you mean 'patient'"), ("ill", "is the target")],
)
def test_that_a_group_that_cannot_be_is_a_problem(group: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=words):
        prepared(tmp_path, patients(), "ill", group=group)


def test_that_a_column_that_foretells_the_class_is_told(tmp_path: Path) -> None:
    frame = patients().rename(columns={"patient": "ward"})
    assert "ward: each value goes with one class only" in " ".join(prepared(tmp_path, frame, "ill").notices)


@pytest.mark.parametrize("name", ["patient", "record_id", "subjectID", "Participant Id", "user", "author"])
def test_that_a_column_called_as_identifiers_that_repeats_is_proposed(name: str, tmp_path: Path) -> None:
    frame = patients().rename(columns={"patient": name}).assign(ill=["y", "n", "n"] * 60)
    found = prepared(tmp_path, frame, "ill")
    assert found.group == name
    assert f'set split.group to "{name}"' in " ".join(found.notices)
    assert prepared(tmp_path, frame, "ill", group=name).group == ""


@pytest.mark.parametrize("cells", [range(180), ["a", "b", "c"] * 60, [x / 7 for x in range(90)] * 2])
def test_that_what_does_not_repeat_as_identifiers_is_not_proposed(
    cells: Sequence[object], tmp_path: Path
) -> None:
    frame = patients().drop(columns="patient").assign(id=list(cells), ill=["y", "n", "n"] * 60)
    assert prepared(tmp_path, frame, "ill").group == ""


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("codes", [[0] * 18, [0, 1] * 9, [0] * 6 + [1] * 6 + [2] * 6])
def test_that_no_part_stays_empty_where_there_is_a_group_for_each(codes: list[int], seed: int) -> None:
    groups = np.repeat(np.arange(3), 6)
    parts = partition(np.arange(18), np.array(codes), Split(), seed, groups=groups)
    assert [len(parts[part]) for part in PARTS] == [6, 6, 6]
    with pytest.raises(Invalid, match="there are 2 groups, and each stays whole"):
        partition(np.arange(12), np.array(codes[:12]), Split(), seed, groups=groups[:12])


def kept_whole(found: Prepared, groups: list[str]) -> bool:
    held = [{groups[row] for row in found.part(part).rows} for part in PARTS]
    return len(set.union(*held)) == sum(map(len, held)) and all(held)


def test_that_texts_of_a_table_are_kept_together(tmp_path: Path) -> None:
    who = [f"author {row % 25}" for row in range(150)]
    texts = [f"some words {row}" for row in range(150)]
    frame = pd.DataFrame({"text": texts, "author": who, "label": ["p", "q", "q"] * 50})
    frame.to_csv(tmp_path / "t.csv", index=False)
    source = TextTable(path=str(tmp_path / "t.csv"), texts="text", label="label")
    for target in ("classes", "tokens"):
        assert kept_whole(prepare(source, Split(group="author"), Preprocessing(), target, 0), who)


@pytest.mark.parametrize("group", ["folder", "file name", "person"])
def test_that_pictures_are_kept_together(group: str, tmp_path: Path) -> None:
    lines, who = ["path,person,label"], []
    for row in range(80):
        one = row % 16
        place = tmp_path / ("sick" if one % 2 else "well") / f"p{one}"
        place.mkdir(parents=True, exist_ok=True)
        path = place / f"anna{'abcdefghijklmnop'[one]}_{row}.png"
        Image.fromarray(np.full((4, 4), 3 * row, np.uint8)).save(path)
        lines.append(f"{path.relative_to(tmp_path)},p{one},{'sick' if one % 2 else 'well'}")
        who.append(f"p{one}")
    (tmp_path / "list.csv").write_text("\n".join(lines))
    path = tmp_path / "list.csv" if group == "person" else tmp_path
    classes = {} if group == "person" else {"classes": "outer"}
    source = Images.model_validate({"path": str(path), **classes})
    found = prepare(source, Split(group=group), Preprocessing(), "classes", 0)
    assert isinstance(found.raw, ImageSet)
    folders = [next(piece for piece in name.split("/") if piece[:1] == "p") for name in found.raw.names]
    assert kept_whole(found, folders)


@pytest.mark.parametrize("numbered", [True, False])
def test_that_series_of_one_subject_are_kept_together_and_it_is_no_channel(
    numbered: bool, tmp_path: Path
) -> None:
    lines = ["id,t,amp,who,label"]
    for series in range(60):
        who = series % 12 if numbered else f"s{series % 12}"
        lines += [f"{series},{t},{series + t / 9},{who},{'pq'[series % 2]}" for t in range(5)]
    (tmp_path / "t.csv").write_text("\n".join(lines))
    source = SeriesTable(path=str(tmp_path / "t.csv"))
    found = prepare(source, Split(group="who"), Preprocessing(), "classes", 0)
    assert kept_whole(found, [str(series % 12) for series in range(60)])
    assert found.description.inputs.names == ("amp",)


def test_that_published_parts_stay_and_groups_across_them_are_told(tmp_path: Path) -> None:
    frame = patients()
    frame.iloc[:150].to_csv(tmp_path / "t.csv", index=False)
    frame.iloc[147:].to_csv(tmp_path / "test.csv", index=False)
    source = TableFile(path=str(tmp_path / "t.csv"), target=("ill",), test_path=str(tmp_path / "test.csv"))
    found = prepare(source, Split(group="patient"), Preprocessing(), "classes", 0)
    assert found.test.rows.tolist() == list(range(150, 183))
    assert "patient: 1 group stands in more than one of the parts as published" in " ".join(found.notices)
    train, validation = (set(frame["patient"].iloc[part.rows]) for part in (found.train, found.validation))
    assert not train & validation


def test_that_what_has_no_groups_refuses_them(tmp_path: Path) -> None:
    (tmp_path / "t.txt").write_text("some words and more\n" * 200)
    source = TextFiles(path=str(tmp_path / "t.txt"))
    with pytest.raises(Invalid, match="cannot be kept together"):
        prepare(source, Split(group="folder"), Preprocessing(), "tokens", 0)


@pytest.mark.parametrize("times", [1, 6])
def test_that_examples_of_the_test_that_stand_in_training_are_told(times: int, tmp_path: Path) -> None:
    random = np.random.default_rng(1)
    once = pd.DataFrame({"a": random.normal(size=60), "b": random.normal(size=60), "y": ["p", "q"] * 30})
    found = prepared(tmp_path, pd.concat([once] * times), "y")
    assert any("stand in the training part" in notice for notice in found.notices) == (times > 1)


@pytest.mark.parametrize(
    ("classes", "several"),
    [
        (["calm|favor", "calm|against", "favor|urgent", "urgent"], True),
        (["a;b", "b;c", "a;c", "a"], True),
        (["a, b", "b, c", "a, c", "a"], True),
        (["red", "blue", "green"], False),
        (["Paris, France", "Rome, Italy", "Bonn, Germany"], False),
        (["1,5", "2,5", "3,7"], False),
    ],
)
def test_that_classes_that_are_several_labels_are_told(
    classes: list[str], several: bool, tmp_path: Path
) -> None:
    rows = [classes[row % len(classes)] for row in range(60)]
    found = prepared(tmp_path, pd.DataFrame({"a": np.arange(60) / 7, "y": rows}), "y")
    assert any("several labels" in notice for notice in found.notices) == several


def test_that_classes_equal_as_numbers_are_told(tmp_path: Path) -> None:
    frame = pd.DataFrame({"a": np.arange(60) / 7, "y": ["1.1", "1.10", "1.2"] * 20})
    found = prepared(tmp_path, frame, "y")
    assert found.description.targets.classes == ("1.1", "1.10", "1.2")
    assert "1.1 and 1.10 are different classes" in " ".join(found.notices)


def test_that_classes_which_differ_in_capital_letters_alone_are_told() -> None:
    """As Cat in the folder of training and cat in that of test."""
    (told,) = alike_classes("label", ["Cat", "Dog", "cat", "owl"])
    assert "Cat and cat are different classes" in told
    assert alike_classes("label", ["cat", "dog"]) == []


@pytest.mark.parametrize(
    ("cells", "several"),
    [
        (["Excel;R", "R;SPSS", "Excel", "SPSS;Excel;R"], True),
        (["Paris, France", "Rome, Italy", "Bonn, Germany"], False),
        (["3/9", "5/9", "3/5"], False),
        (["red", "blue"], False),
    ],
)
def test_that_inputs_of_several_choices_are_told(cells: list[str], several: bool, tmp_path: Path) -> None:
    frame = pd.DataFrame({"tools": [cells[row % len(cells)] for row in range(60)], "y": ["p", "q", "q"] * 20})
    found = prepared(tmp_path, frame, "y")
    assert any("several choices" in notice for notice in found.notices) == several


def test_that_files_are_grouped_by_their_folders_and_by_the_beginnings_of_their_names() -> None:
    names = ("cat/anna_01.png", "cat/anna_02.png", "dog/ben_01.png")
    images = ImageSet(np.zeros((3, 2, 2, 1), np.uint8), np.array(["a", "b", "a"]), ("a", "b"), names)
    grouping = images.grouping()
    assert grouping[FOLDER].tolist() == ["cat", "cat", "dog"]
    assert grouping[FILE_NAME].tolist() == ["anna", "anna", "ben"]


@pytest.mark.parametrize(("hidden", "proposed"), [("王**", ""), ("王小明", "姓名")])
def test_that_names_of_which_letters_are_hidden_name_nobody(
    hidden: str, proposed: str, tmp_path: Path
) -> None:
    frame = patients()
    first = "王李张刘陈杨赵黄周吴徐孙"
    frame["姓名"] = [first[row % len(first)] + hidden[1:] for row in range(len(frame))]
    found = prepared(tmp_path, frame.drop(columns="patient"), "ill")
    asked = [one for one in map(decision_in, found.notices) if one.setting == "split.group" and one.doubtful]
    assert [one.column for one in asked] == [proposed] * bool(proposed)


def test_that_sales_of_houses_by_street_and_flat_are_no_series() -> None:
    """Houses of a street are sold on many days, each once; a course has a row at most of its moments."""
    draw = np.random.default_rng(3)
    days = pd.date_range("2023-01-01", periods=60).repeat(5)
    sales = pd.DataFrame(
        {
            "sold": days,
            "flat": [f"FLAT {one}" for one in draw.integers(30, size=300)],
            "street": [f"{'ABCDEFGHIJKLMNOPQRST'[one]} ROAD" for one in draw.integers(20, size=300)],
            "town": [f"{'ABCDEFGH'[one]}TON" for one in draw.integers(8, size=300)],
            "price": draw.normal(300, 50, 300).round(),
        }
    )
    assert not seen_several(sales)
    shops = sales.assign(town=[f"{'ABCDE'[one % 5]}TON" for one in range(300)])
    assert "told apart by town" in seen_several(shops)
