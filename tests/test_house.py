"""The house stays fit to grow: a class has a name of its own, folders are short, sentences are messages."""

from __future__ import annotations

import ast
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from string import Formatter

ROOT = Path(__file__).resolve().parents[1]
SOURCES = sorted(path for part in ("engine", "app") for path in (ROOT / part).rglob("*.py"))
MOST_FILES = 20
"""More, and a listing is no longer taken in at a glance."""
AMONG_PROGRAMS = ("engine/serving", "engine/runs/history")
"""What is said there is said by one program to another, or to who mends one of them."""


@lru_cache
def trees() -> tuple[tuple[Path, ast.Module], ...]:
    return tuple((path.relative_to(ROOT), ast.parse(path.read_text("utf-8"))) for path in SOURCES)


def test_that_a_class_has_a_name_of_its_own() -> None:
    """Two things of one name are taken for one another by whoever reads, and by frames."""
    defined: dict[str, list[str]] = defaultdict(list)
    for path, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                defined[node.name].append(str(path))
    assert {name: where for name, where in defined.items() if len(where) > 1} == {}


def test_that_no_folder_has_more_files_than_a_reader_takes_in() -> None:
    counts = Counter(path.parent.relative_to(ROOT) for path in SOURCES if path.name != "__init__.py")
    assert {str(folder): count for folder, count in counts.items() if count > MOST_FILES} == {}


def glued(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield sentences into which values are written, outside of errors that only a programmer sees."""
    quiet: set[ast.AST] = set()
    for node in ast.walk(tree):
        programmers = isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call)
        shown = isinstance(node, ast.FunctionDef) and node.name in ("__repr__", "extra_repr")
        if shown or (
            programmers
            and getattr(node.exc.func, "id", "") in ("TypeError", "AssertionError", "RuntimeError")
        ):
            quiet |= set(ast.walk(node))
    for node in ast.walk(tree):
        if not isinstance(node, ast.JoinedStr) or node in quiet:
            continue
        words = "".join(part.value for part in node.values if isinstance(part, ast.Constant))
        if " " in words.strip() and "(?" not in words and sum(letter.isalpha() for letter in words) > 3:
            yield node.lineno, words


def test_that_the_engine_says_messages() -> None:
    """A sentence with values in it can only be said in another language where both are kept apart."""
    found = [
        f"{path}:{line}: {words!r}"
        for path, tree in trees()
        if path.parts[0] == "engine" and not str(path).startswith(AMONG_PROGRAMS)
        for line, words in glued(tree)
    ]
    assert found == []


def test_that_every_message_is_given_the_values_that_it_names() -> None:
    """Whoever meets a problem must not meet a second one while it is told."""
    wrong = []
    for path, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Message" and node.keywords:
                given = {word.arg for word in node.keywords}
                if None in given:
                    continue
                for part in ast.walk(node.args[0]):
                    if isinstance(part, ast.Constant) and isinstance(part.value, str):
                        named = {
                            name.split(".")[0] for _, name, _, _ in Formatter().parse(part.value) if name
                        }
                        wrong += [f"{path}:{node.lineno}: {name}" for name in sorted(named - given)]
    assert wrong == []


def test_that_no_sentence_says_a_kind_of_data_as_it_is_typed_at_the_prompt() -> None:
    """The window has a list of kinds by their titles, and a click where one is offered."""
    found = [
        f"{path}:{node.lineno}"
        for path, tree in trees()
        if path.parts[0] == "engine"
        and not str(path).startswith(AMONG_PROGRAMS)
        and "command_line" not in path.parts
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "data.kind=" in node.value
    ]
    assert found == []


def test_that_the_window_parts_thousands_in_one_way() -> None:
    """A comma is a decimal one to half of the readers; `app.language.numbers` has the thin space."""
    found = [
        f"{path}:{node.lineno}"
        for path, tree in trees()
        if path.parts[0] == "app"
        for node in ast.walk(tree)
        if isinstance(node, ast.FormattedValue)
        and node.format_spec is not None
        and "," in ast.unparse(node.format_spec)
    ]
    assert found == []
