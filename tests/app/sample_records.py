"""Records of runs as the engine would tell them, for the tests of views, painters and pages."""

from __future__ import annotations

import numpy as np

from app.record import RunRecord
from engine.events import Block, Event, Facts, Layer, Measured, Pictured, RunEnded, RunStarted

IMAGES = Facts("image", (1, 8, 8), (), "classes", ("label",), tuple("0123456789"))
PLANE = Facts("vector", (2,), ("x1", "x2"), "classes", ("class",), ("A", "B", "C"))
LINE = Facts("vector", (1,), ("x",), "numbers", ("y",))
TABLE = Facts("vector", (4,), ("a", "b", "c", "d"), "numbers", ("price", "weight"))
HEIGHTS = Facts("vector", (2,), ("x1", "x2"), "numbers", ("z",))
EVERY = (IMAGES, PLANE, LINE, TABLE, HEIGHTS)
LAYERS = (Layer("dense 1", "Linear", (16,), 64, 48), Layer("output", "Linear", (3,), 51, 48))


def started(facts: Facts, step: int = 0, name: str = "Run") -> RunStarted:
    return RunStarted("runs/1", name, step, 8, 20, "CPU", 115, LAYERS, facts)


def numbers(epochs: int = 8, metric: str = "accuracy") -> Measured:
    random = np.random.default_rng(0)
    steps = 20 * epochs
    loss = (2 * np.exp(-np.arange(steps) / 50) * random.uniform(0.8, 1.2, steps)).astype(np.float32)
    falling = (2 * np.exp(-np.arange(1, epochs + 1) / 3)).astype(np.float32)
    blocks = (
        Block("loss", 1, 1, loss),
        Block("learning_rate", 1, 1, np.full(steps, 0.01, np.float32)),
        Block("train.loss", 20, 20, falling),
        Block("validation.loss", 20, 20, falling * np.float32(1.2)),
        Block(f"validation.{metric}", 20, 20, 1 - falling / 3),
    )
    return Measured(blocks, steps, epochs, 3.0, 900.0)


def letters(text: str) -> np.ndarray:
    return np.frombuffer(text.encode(), np.uint8)


def pictures(facts: Facts) -> list[Event]:
    """Return one picture of every probe that fits the data."""
    random = np.random.default_rng(1)
    classes = max(len(facts.classes), 1)
    rows = np.arange(30)
    truth, predicted = random.integers(0, classes, 30), random.integers(0, classes, 30)
    found: dict[str, dict[str, np.ndarray]] = {
        "gradient_norms": {
            "gradient": np.array([0.5, 0.01, 0.2, 0.0], np.float32),
            "weight": np.array([3, 0.1, 2, 0.2], np.float32),
            "names": letters("dense_1.weight\ndense_1.bias\noutput.weight\noutput.bias"),
        }
    }
    if facts.target_kind == "classes":
        found["confusion"] = {"matrix": random.integers(0, 9, (classes, classes))}
        found["class_probabilities"] = {
            "probabilities": random.dirichlet(np.ones(classes), 30).astype(np.float32),
            "truth": truth,
            "rows": rows,
        }
    else:
        true = random.normal(size=(30, len(facts.target_names))).astype(np.float32)
        found["predicted_against_true"] = {"truth": true, "predicted": true * 0.8, "rows": rows}
    if facts.input_kind == "image":
        found["image_predictions"] = {
            "pixels": random.integers(0, 255, (30, 8, 8, 1)).astype(np.uint8),
            "truth": truth,
            "predicted": predicted,
            "confidence": random.random(30).astype(np.float32),
            "loss": random.random(30).astype(np.float32),
            "rows": rows,
        }
        shades = random.integers(0, 255, (2, 8, 8)).astype(np.uint8)
        found["feature_maps"] = {
            "picture": random.integers(0, 255, (8, 8, 1)).astype(np.uint8),
            "truth": truth[:1],
            "predicted": predicted[:1],
            "names": letters("layer_1\tconvolution\nlayer_2\tpooling"),
        }
        for index in range(2):
            found["feature_maps"] |= {
                f"maps.{index}": shades,
                f"channels.{index}": np.array([1, 0]),
                f"range.{index}": np.array([-1, 2], np.float32),
            }
        found["filters"] = {"names": letters("layer_1"), "filters.0": shades[:, :3, :3]}
    if facts.input_shape == (2,):
        found["decision_surface"] = {
            "x0": np.array([-1, 1], np.float32),
            "x1": np.array([-2, 2], np.float32),
            "points": random.uniform(-1, 1, (30, 2)).astype(np.float32),
            "part": random.integers(0, 2, 30).astype(np.uint8),
            "labels": truth,
        }
        cells = random.random((12, 10)).astype(np.float32)
        plane = {"winner": random.integers(0, classes, (12, 10)).astype(np.uint8), "confidence": cells}
        found["decision_surface"] |= plane if facts.classes else {"value": cells}
    if facts.input_shape == (1,):
        x = np.linspace(-1, 1, 50, dtype=np.float32)
        found["fitted_curve"] = {
            "x": x,
            "y": np.sin(x)[:, None],
            "point_x": x[::2],
            "point_y": np.cos(x[::2])[:, None],
            "part": (np.arange(25) % 4 == 0).astype(np.uint8),
        }
    return [Pictured(probe, 160, arrays) for probe, arrays in found.items()]


def record(facts: Facts = IMAGES, epochs: int = 8, name: str = "Run", *, ended: bool = False) -> RunRecord:
    made = RunRecord()
    made.apply(started(facts, name=name))
    made.apply(numbers(epochs, "accuracy" if facts.classes else "r2"))
    for event in pictures(facts):
        made.apply(event)
    if ended:
        made.apply(RunEnded("finished", 20 * epochs, epochs, "All epochs are done.", {}))
    return made
