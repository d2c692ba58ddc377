"""What classes that are called by numbers are called in a file beside the pictures."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from engine.data.images.sources.images import Images

_SAYS = [
    ("classes.txt", "0 rose\n1 oak\n2 fern\n", True),
    ("classes.txt", "rose\noak\nfern\n", True),
    ("rule.json", '{"0": "rose", "1": "oak", "2": "fern"}', True),
    ("rule.json", '{"rose": 0, "oak": 1, "fern": 2}', True),
    ("classes.txt", "rose\noak\n", False),  # of fewer classes: about something else
    ("notes.json", '{"0": "rose", "license": {"name": "free"}}', False),
    ("broken.json", '{"0": "rose", ', False),
]


@pytest.mark.parametrize("listed", [True, False])
@pytest.mark.parametrize(("name", "text", "told"), _SAYS)
def test_that_a_file_that_names_every_number_is_told(
    listed: bool, name: str, text: str, told: bool, tmp_path: Path
) -> None:
    rows = []
    for place in range(12):
        folder = tmp_path / ("images" if listed else str(place % 3))
        folder.mkdir(exist_ok=True)
        Image.new("RGB", (8, 8), (20 * place, 9, 90)).save(folder / f"{place:03}.png")
        rows.append(f"images/{place:03}.png {place % 3}\n")
    if listed:
        (tmp_path / "list.txt").write_text("".join(rows))
    (tmp_path / name).write_text(text)
    raw = Images(path=str(tmp_path)).read(0)
    said = [one for one in raw.notices if "0 is rose, 1 is oak" in one]
    assert bool(said) is told
