"""Branches and shortcuts are not drawn as if they followed each other."""

from __future__ import annotations

from app.views.course.architecture import graph_of
from engine.events import Layer


def shown(*names: str, show: str = "layers") -> list[tuple[str, bool]]:
    layers = tuple(Layer(name, "Convolution 3×3, 8", (8, 4, 4), 10, 10) for name in names)
    found = graph_of(layers, (1, 4, 4), show).shown()
    return [(block.title, block.beside) for block, _ in found]


def test_that_branches_stand_beside_each_other_and_their_own_layers_follow() -> None:
    found = shown(
        "stem", "module.branch_1.a", "module.branch_3.a", "module.branch_3.b", "module.branch_pooling.a",
        "output",
    )  # fmt: skip
    assert [beside for _, beside in found] == [False, False, False, True, False, True, False]


def test_that_a_closed_group_is_never_beside_for_what_it_holds() -> None:
    assert not any(
        beside for _, beside in shown("stem", "module.branch_1.a", "module.branch_3.a", show="groups")
    )


def test_that_a_shortcut_runs_beside_the_layers_it_goes_around() -> None:
    found = dict(shown("layer1.0.conv1", "layer1.0.conv2", "layer1.0.downsample.0", "layer1.0.downsample.1"))
    assert sum(found.values()) == 1
