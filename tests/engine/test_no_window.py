"""The engine's tests run where there is no window: on a server with a card, say, that has no Qt."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

TESTS = Path(__file__).parent


@pytest.mark.parametrize("folder", [TESTS, TESTS.parent / "force"], ids=lambda folder: folder.name)
def test_that_tests_of_the_engine_import_nothing_of_the_window(folder: Path) -> None:
    asked = {
        f"{path.relative_to(folder)}: {name}"
        for path in folder.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        for name in _imported(node)
        if name.split(".")[0] in ("app", "PySide6", "pytestqt", "pyqtgraph")
    }
    assert not asked


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else []
