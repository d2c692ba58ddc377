"""A kind of data is named in its room, and nowhere else: no table, no match and no ladder beside it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest

from app.modalities.appearance import appearance_of
from engine.choices import Family
from engine.data.description import InputKind
from engine.data.modality import Modality, file_sorts, modalities, modality_of

ROOT = Path(__file__).parents[1]
ALLOWED = {
    "engine/architectures/layer_kinds/lines.py",  # what each is called between two layers
    "engine/architectures/layer_kinds/starts.py",  # the lists of layers to begin with
    "app/forms/input_words.py",  # what forms say of each
}
"""Files that hold a table over the kinds of inputs, which are what networks receive and not what data is."""
DEFINED = {"engine/data/description.py"}
"""Where those kinds are defined."""

CLASSES = {one.raw.__name__ for one in modalities().values()} | {
    one.encoder.__name__ for one in modalities().values()
}
WORDS = {*get_args(InputKind), *modalities(), *file_sorts()}
WORDS |= {name for one in modalities().values() for name in (*one.other_names, one.room)}


def rooms() -> set[str]:
    return {one.room for one in modalities().values()}


def in_a_room(path: Path) -> bool:
    parts = path.relative_to(ROOT).parts
    if parts[:2] == ("app", "modalities"):
        return True
    return parts[:2] == ("engine", "data") and parts[2] in rooms()


def named(node: ast.AST) -> set[str]:
    """Return the names of classes and the words that stand in a piece of code."""
    inside = list(ast.walk(node))
    return {one.id for one in inside if isinstance(one, ast.Name)} | {
        one.value for one in inside if isinstance(one, ast.Constant) and isinstance(one.value, str)
    }


def dispatches(function: ast.AST) -> Iterator[str]:
    """Give each table, match and ladder of a function that tells several kinds of data apart."""
    ladder: set[str] = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Dict):
            keys = [named(key) & (CLASSES | WORDS) for key in node.keys if key is not None]
            if sum(map(bool, keys)) > max(1, len(node.keys) / 2):
                yield f"table in line {node.lineno}"
        elif isinstance(node, ast.Match):
            cases = [named(case.pattern) & (CLASSES | WORDS) for case in node.cases]
            if sum(map(bool, cases)) > 1:
                yield f"match in line {node.lineno}"
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"isinstance", "issubclass"}:
            ladder |= named(node.args[1]) & CLASSES
    encoders = {name for name in ladder if name.endswith("Encoder")}
    if len(ladder - encoders) > 1 or len(encoders) > 1:  # an encoder beside its own data is one kind
        yield f"ladder over {sorted(ladder)}"


def found_in(path: Path) -> list[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    pieces: list[ast.AST] = []
    for node in tree.body:
        pieces += node.body if isinstance(node, ast.ClassDef) else [node]
    return [found for piece in pieces for found in dispatches(piece)]


def test_that_kinds_of_data_are_told_apart_in_their_rooms_alone() -> None:
    files = [path for part in ("engine", "app") for path in sorted((ROOT / part).rglob("*.py"))]
    outside = {
        path.relative_to(ROOT).as_posix(): found
        for path in files
        if not in_a_room(path) and (found := found_in(path))
    }
    assert set(outside) - DEFINED <= ALLOWED, outside
    assert len(ALLOWED) <= 3


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("def f(raw):\n    return {Table: 1, ImageSet: 2}[type(raw)]", True),
        ("X = {'series': 1, 'images': 2, 'texts': 3}", True),
        ("def f(raw):\n    match raw:\n        case Table(): pass\n        case Corpus(): pass", True),
        ("def f(raw):\n    return isinstance(raw, Table) or isinstance(raw, Texts)", True),
        (
            "def f(raw, encoder):\n    return isinstance(raw, Table) and isinstance(encoder, TableEncoder)",
            False,
        ),
        ("X = {'images': 1, 'colour': 2, 'height': 3}", False),
    ],
)
def test_that_the_rule_sees_what_it_is_about(code: str, told: bool, tmp_path: Path) -> None:
    file = tmp_path / "code.py"
    file.write_text(code, encoding="utf-8")
    assert bool(found_in(file)) == told


@pytest.mark.parametrize("modality", modalities().values(), ids=modalities())
def test_that_every_modality_is_whole(modality: Modality[Any]) -> None:
    assert modality_of(modality.raw) is modality
    assert modality.encoder.takes is modality.raw
    assert modality.encoder.model_fields["kind"].default in (modality.kind, *modality.other_names)
    assert modality.usual_source in Family.every["data"]
    assert {sort.key for sort in modality.sorts} <= set(modality.read_from) <= set(file_sorts())
    shown = appearance_of(modality.kind)
    assert all((shown.one(), shown.several("3"), shown.group.title()))


@pytest.mark.parametrize("room", sorted(rooms()))
def test_that_every_room_has_the_same_table_of_contents(room: str) -> None:
    folder = ROOT / "engine" / "data" / room
    named = {path.stem for path in folder.iterdir() if path.suffix == ".py" or path.is_dir()}
    assert {"modality", "raw", "sources", "read", "encode", "fit", "inspect", "new"} <= named
    assert len(list(folder.glob("*.py"))) <= 20
    assert (ROOT / "app" / "modalities" / f"{room}.py").is_file()


def test_that_no_two_modalities_stand_in_the_same_tables_alike() -> None:
    ranks = [one.precedence for one in modalities().values() if one.precedence]
    assert len(set(ranks)) == len(ranks)
