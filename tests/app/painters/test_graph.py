"""The diagram of a network: grouping, opening and closing, zoom, and what it costs to paint."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter

from app.document.record import RunRecord
from app.look.theme import Theme
from app.painters.canvases.graph_hand import GraphHand
from app.painters.export import picture, save_svg
from app.painters.graph import GraphPainter, layout_of
from app.painters.ink import Ink
from app.panels.panel import ViewPanel
from app.views.course.architecture import ArchitectureView, graph_of
from app.views.drawing import Nothing, Viewport
from app.views.graph import Graph, Sight
from engine.events import Facts, Layer

AREA = QRectF(0, 0, 900, 560)


def network(blocks: int, layers: int = 3) -> tuple[Layer, ...]:
    inside = tuple(
        Layer(f"stage{1 + block // 8}.{block % 8}.conv{number}", "Convolution 3×3, 8", (8, 4, 4), 584, 9344)
        for block in range(blocks)
        for number in range(layers)
    )
    return (
        Layer("stem", "Convolution 3×3, 8", (8, 8, 8), 224, 14336),
        *inside,
        Layer("output", "Fully connected, 10", (10,), 90, 80),
    )


def test_that_layers_are_grouped_by_the_parts_of_their_names() -> None:
    graph = graph_of(network(10), (3, 8, 8), "groups")
    assert [block.title for block in graph.blocks] == ["Input", "stem", "stage1", "stage2", "output"]
    stage = graph.blocks[2]
    assert [part.title for part in stage.inner] == [f"part {number}" for number in range(1, 9)]
    assert (stage.layers, stage.parameters, stage.multiply_adds) == (24, 24 * 584, 24 * 9344)
    assert stage.shape == (8, 4, 4)
    assert sum(block.parameters for block in graph.blocks) == sum(layer.parameters for layer in network(10))


def test_that_a_layer_passed_twice_stands_there_twice_with_keys_of_its_own() -> None:
    layer = Layer("block.activation", "ReLU", (4,), 0, 0)
    other = Layer("block.linear", "Fully connected, 4", (4,), 20, 16)
    graph = graph_of((layer, other, layer), (4,), "layers")
    keys = [block.key for block, _ in graph.shown()]
    assert len(set(keys)) == len(keys) == 4


@pytest.mark.parametrize(
    ("blocks", "show", "expected"),
    [
        (2, "automatic", 9),
        (16, "automatic", 19),
        (48, "automatic", 9),
        (48, "layers", 147),
        (48, "groups", 9),
    ],
)
def test_that_groups_open_by_themselves_only_as_long_as_few_blocks_are_shown(
    blocks: int, show: str, expected: int
) -> None:
    assert len(graph_of(network(blocks), (3, 8, 8), show).shown()) == expected


def test_that_the_same_network_is_the_same_drawing_so_that_a_run_repaints_nothing() -> None:
    assert graph_of(network(5), (3, 8, 8), "automatic") is graph_of(network(5), (3, 8, 8), "automatic")


@pytest.mark.parametrize("count", [1, 9, 28, 150])
def test_that_blocks_follow_each_other_without_overlap_inside_the_area(count: int) -> None:
    layers = tuple(Layer(f"l{number}", "ReLU", (4,), 0, 0) for number in range(count))
    layout = layout_of(AREA, graph_of(layers, (), "layers"))
    places = [layout.place(index) for index in range(count)]
    assert not any(places[i].intersects(places[i + 1]) for i in range(count - 1))
    assert all(place.right() * layout.scale <= AREA.width() for place in places)


def test_that_the_whole_of_150_layers_is_seen_when_it_is_fitted() -> None:
    graph = graph_of(network(49), (3, 8, 8), "layers")
    shown: list[Graph] = [graph]
    hand = GraphHand(shown.append)
    hand.fit(graph, AREA)
    layout = layout_of(AREA, shown[-1])
    assert layout.size[0] * layout.scale <= AREA.width() + 1
    assert layout.size[1] * layout.scale <= AREA.height() + 1
    hand.fit(shown[-1], AREA)
    assert layout_of(AREA, shown[-1]).scale == layout_of(AREA, graph).scale


@pytest.mark.parametrize("height", [150, 230, 560])
def test_that_no_words_lie_over_the_blocks(
    theme: Theme, monkeypatch: pytest.MonkeyPatch, height: int
) -> None:
    """How to move the graph, or what is told of a block, stood over the last line of blocks."""
    area, ink = QRectF(0, 0, 440, height), Ink(theme)
    image = QImage(440, height, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    clips: list[QRectF] = []
    strips: list[str] = []

    def note_clip(by: QPainter, *_: object) -> None:
        clips.append(by.transform().mapRect(by.clipBoundingRect()))

    monkeypatch.setattr("app.painters.graph._paint_block", note_clip)
    monkeypatch.setattr("app.painters.graph._paint_foot", lambda by, area, text, ink: strips.append(text))
    for blocks in (3, 49):
        graph = graph_of(network(blocks), (3, 8, 8), "groups")
        graph = replace(graph, sight=Sight(chosen=graph.blocks[0].key))
        GraphPainter().paint(painter, area, graph, ink)
    painter.end()
    assert len(strips) == 2
    assert clips
    assert all(clip.bottom() <= height - ink.small_size.height() - 12 for clip in clips)


def test_that_a_graph_that_is_shown_whole_ends_above_its_foot() -> None:
    for blocks in (1, 2, 3, 5):
        layout = layout_of(AREA, graph_of(network(blocks), (3, 8, 8), "groups"))
        if layout.scale <= layout.fitting:
            assert layout.size[1] * layout.scale <= AREA.height() - 30


def test_that_text_is_never_smaller_by_itself_than_can_be_read() -> None:
    assert layout_of(AREA, graph_of(network(200), (3, 8, 8), "layers")).scale >= 0.6


def painted_blocks(graph: Graph) -> int:
    layout = layout_of(AREA, graph)
    return len(layout.seen(AREA))


def test_that_what_is_hidden_costs_nothing() -> None:
    """As many blocks are painted of 150 layers as of 1,500; closed groups are not even laid out."""
    some, many = (graph_of(network(blocks), (3, 8, 8), "layers") for blocks in (49, 490))
    assert painted_blocks(some) == painted_blocks(many) < 110
    closed = graph_of(network(490), (3, 8, 8), "groups")
    assert len(layout_of(AREA, closed).shown) == 3 + 62


def test_that_it_is_painted_into_pictures_and_files(theme: Theme, tmp_path: Any) -> None:
    graph = graph_of(network(49), (3, 8, 8), "automatic")
    ink = Ink(theme)
    image = picture(graph, AREA.size().toSize(), "Architecture", ink)
    assert not image.isNull()
    save_svg(tmp_path / "a.svg", graph, AREA.size().toSize(), "Architecture", ink)
    assert "stem" in (tmp_path / "a.svg").read_text()
    words = GraphPainter.by_drawing[Graph].words(graph)
    assert words.startswith("A network of 149 layers: ")
    blank = QImage(40, 30, QImage.Format.Format_RGB32)
    painter = QPainter(blank)
    GraphPainter.by_drawing[Graph].paint(painter, QRectF(0, 0, 40, 30), graph, ink)  # a tiny area
    painter.end()


@pytest.fixture
def panel(theme: Theme, qtbot: Any) -> ViewPanel:
    made = ViewPanel(ArchitectureView(), theme)
    qtbot.addWidget(made)
    made.resize(900, 560)
    made.show()
    layers = network(48)
    made.set_plan(
        RunRecord.planned(layers, sum(layer.parameters for layer in layers), Facts("image", (3, 8, 8)))
    )
    return made


def graph_in(panel: ViewPanel) -> Graph:
    assert isinstance(panel.drawing, Graph)
    return panel.drawing


def at(panel: ViewPanel, index: int) -> Any:
    area = panel.canvas.shown.area()
    layout = layout_of(area, graph_in(panel))
    centre = layout.place(index).center() - layout.corner
    return (centre * layout.scale + area.topLeft()).toPoint()


def test_that_the_network_is_seen_before_any_training(panel: ViewPanel, theme: Theme) -> None:
    assert len(graph_in(panel).shown()) == 9
    assert isinstance(ArchitectureView().draw((), Viewport()), Nothing)


def test_that_a_double_click_opens_a_group_and_a_click_on_its_name_closes_it(
    panel: ViewPanel, qtbot: Any
) -> None:
    qtbot.mouseDClick(panel.canvas.shown, Qt.MouseButton.LeftButton, pos=at(panel, 2))
    graph = graph_in(panel)
    assert len(graph.shown()) == 16
    area = panel.canvas.shown.area()
    layout = layout_of(area, graph)
    band = layout.bands(layout.seen(area))[0]
    name = (band.area.topLeft() + QPointF(20, 6) - layout.corner) * layout.scale + area.topLeft()
    qtbot.mouseClick(panel.canvas.shown, Qt.MouseButton.LeftButton, pos=name.toPoint())
    assert len(graph_in(panel).shown()) == 9


def test_that_a_click_tells_more_and_dragging_and_the_wheel_keep_what_is_chosen(
    panel: ViewPanel, qtbot: Any
) -> None:
    qtbot.mouseClick(panel.canvas.shown, Qt.MouseButton.LeftButton, pos=at(panel, 1))
    chosen = graph_in(panel).sight.chosen
    assert chosen == graph_in(panel).blocks[1].key
    for _ in range(6):
        qtbot.keyClick(panel.canvas.shown, Qt.Key.Key_Plus)
    assert graph_in(panel).sight.zoom > 2
    before = layout_of(panel.canvas.shown.area(), graph_in(panel)).corner
    qtbot.mousePress(panel.canvas.shown, Qt.MouseButton.LeftButton, pos=at(panel, 1))
    start = at(panel, 1)
    qtbot.mouseMove(panel.canvas.shown, start)
    hand = panel.canvas.shown._hand
    hand.drag(graph_in(panel), panel.canvas.shown.area(), QPointF(start) + QPointF(-80, -60))
    qtbot.mouseRelease(panel.canvas.shown, Qt.MouseButton.LeftButton, pos=start)
    after = layout_of(panel.canvas.shown.area(), graph_in(panel)).corner
    assert after.x() > before.x()
    assert graph_in(panel).sight.chosen == chosen


def test_that_the_keys_walk_from_block_to_block_and_open_and_close(panel: ViewPanel, qtbot: Any) -> None:
    keys = [Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Return]
    for key in keys:
        qtbot.keyClick(panel.canvas.shown, key)
    graph = graph_in(panel)
    assert len(graph.shown()) == 16
    assert graph.sight.chosen == graph.blocks[2].inner[0].key
    qtbot.keyClick(panel.canvas.shown, Qt.Key.Key_Backspace)
    assert len(graph_in(panel).shown()) == 9


def test_that_how_it_is_looked_at_stays_while_the_run_goes_on(panel: ViewPanel, qtbot: Any) -> None:
    qtbot.mouseDClick(panel.canvas.shown, Qt.MouseButton.LeftButton, pos=at(panel, 2))
    layers = network(48)
    record = RunRecord.planned(layers, 1, Facts("image", (3, 8, 8)))
    panel.set_records([record])
    assert len(graph_in(panel).shown()) == 16
    shown = graph_in(panel)
    record.changes += 1
    panel.refresh()
    assert graph_in(panel) is shown


def test_that_the_table_holds_every_layer_with_its_shape_and_cost() -> None:
    layers = network(2)
    record = RunRecord.planned(layers, 1, Facts("image", (3, 8, 8)))
    header, *rows = ArchitectureView().rows((record,))
    assert header == ["layer", "what", "shape", "parameters", "multiply-adds"]
    assert rows[0] == ["stem", "Convolution 3×3, 8", "8x8x8", 224, 14336]
    assert len(rows) == len(layers)
