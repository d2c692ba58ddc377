"""Records of runs as the engine would tell them, for the tests of views, painters and pages."""

from __future__ import annotations

import numpy as np

from app.document.record import RunRecord
from engine.events import Block, Event, Facts, Layer, Measured, Pictured, RunEnded, RunStarted

IMAGES = Facts("image", (1, 8, 8), (), "classes", ("label",), tuple("0123456789"))
PLANE = Facts("vector", (2,), ("x1", "x2"), "classes", ("class",), ("A", "B", "C"))
LINE = Facts("vector", (1,), ("x",), "numbers", ("y",))
TABLE = Facts("vector", (4,), ("a", "b", "c", "d"), "numbers", ("price", "weight"))
HEIGHTS = Facts("vector", (2,), ("x1", "x2"), "numbers", ("z",))
TEXTS = Facts("tokens", (8,), (), "classes", ("label",), ("bad", "good"), "classification", ("attention",))
TAGS = Facts("tokens", (8,), (), "tags", ("tag",), ("O", "B-place", "I-place"), "tagging", ("recurrent",))
WRITING = Facts("tokens", (8,), (), "tokens", ("text",), (), "language_modelling", ("attention",))
GAPS = Facts("tokens", (8,), (), "tokens", ("text",), (), "masked_language_modelling", ("attention",))
PAIRS = Facts("tokens", (8,), (), "translation", ("Spanish",), (), "translation", ("attention",))
COURSE = Facts("series", (24, 2), ("load", "heat"), "numbers", ("load +1", "load +2"), (), "forecasting")
SOUNDS = Facts("series", (9, 1), ("x",), "classes", ("label",), ("a", "b"), "classification", ("recurrent",))
LINEAR = Facts("vector", (4,), ("a", "b", "c", "d"), "numbers", ("price", "weight"), (), "", ("linear",))
LOGISTIC = Facts("vector", (3,), ("a", "b", "c"), "classes", ("kind",), ("x", "y", "z"), "", ("linear",))
PLAIN = (IMAGES, PLANE, LINE, TABLE, HEIGHTS, LINEAR, LOGISTIC)
SEQUENCES = (TEXTS, TAGS, WRITING, GAPS, PAIRS, COURSE, SOUNDS)
EVERY = (*PLAIN, *SEQUENCES)
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
    if "linear" in (facts.network or ()):
        size = (max(classes - (classes == 2), 1), len(facts.input_names))
        found["coefficients"] = {
            "slope": random.normal(size=size).astype(np.float32),
            "effect": random.normal(size=size).astype(np.float32),
            "error": np.full(size, np.nan if facts.classes else 0.7, np.float32),
        }
    if facts.target_kind == "classes":
        found["confusion"] = {"matrix": random.integers(0, 9, (classes, classes))}
        found["class_probabilities"] = {
            "probabilities": random.dirichlet(np.ones(classes), 30).astype(np.float32),
            "truth": truth,
            "rows": rows,
        }
    elif facts.target_kind == "numbers":
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
    if facts in SEQUENCES:
        found |= of_sequences(random)
    return [Pictured(probe, 160, arrays) for probe, arrays in found.items()]


def of_sequences(random: np.random.Generator) -> dict[str, dict[str, np.ndarray]]:
    """Return what the probes of texts and series say, whatever fits."""
    line = "␣[START]\t␣New\t␣York\tish\t␣[END]"
    tokens, some = letters(line + "\n" + line), random.random((2, 8)).astype(np.float32)
    codes = np.array([[1, 2, 0, -1], [0, 0, 1, 2]])
    course = random.normal(size=(30, 1)).astype(np.float32)
    return {
        "text_predictions": {
            "tokens": tokens,
            "weights": some,
            "truth": np.array([0, 1]),
            "predicted": np.array([0, 0]),
            "confidence": some[:, 0],
            "loss": some[:, 1],
            "rows": np.array([3, 9]),
            "by": letters("saliency"),
        },
        "tagged_text_predictions": {
            "words": letters("New\tYork\tnow\nin\tthe\tNew\tYork"),
            "truth": codes,
            "predicted": codes[::-1].copy(),
            "rows": np.array([3, 9]),
        },
        "generated_texts": {"texts": letters("Once upon a time\nOnce more ↵ upon"), "begun": np.array([4])},
        "filled_gaps": {
            "tokens": tokens,
            "gaps": np.array([[0, 1, 0, 1, 0, 0, 0, 0]] * 2, np.uint8),
            "guesses": letters((line + "\n" + line).replace("New", "Old")),
            "confidence": some,
        },
        "translations": {
            "sources": letters("And God saw it.\nYes."),
            "written": letters("Y vio Dios\n"),
            "references": letters("Y lo vió Dios.\nSí."),
            "rows": np.array([3, 9]),
        },
        "attention_maps": {
            "names": letters("encoder.block_1.attention\ndecoder.block_1.cross"),
            "inputs": letters(line),
            "outputs": letters("␣[START]\t␣Nueva"),
            "map.0": random.dirichlet(np.ones(5), (2, 5)).astype(np.float32),
            "map.1": random.dirichlet(np.ones(5), (2, 2)).astype(np.float32),
        },
        "recurrent_states": {
            "names": letters("body.layer_1.ahead\thidden\nbody.layer_1.ahead\tforget"),
            "places": letters("1\t2\t3"),
            "course.0": random.normal(size=(3, 6)).astype(np.float32),
            "course.1": random.random((3, 6)).astype(np.float32),
        },
        "forecasts": {
            "history": course[:24],
            "truth": course[24:],
            "predicted": course[24:] * np.float32(0.9),
            "windows": np.array([7]),
            "rows": np.array([224]),
            "times": letters("\n".join(f"hour {row}" for row in range(200, 230))),
            "names": letters("load"),
        },
    }


def record(facts: Facts = IMAGES, epochs: int = 8, name: str = "Run", *, ended: bool = False) -> RunRecord:
    made = RunRecord()
    made.apply(started(facts, name=name))
    made.apply(numbers(epochs, "accuracy" if facts.classes else "r2"))
    for event in pictures(facts):
        made.apply(event)
    if ended:
        made.apply(RunEnded("finished", 20 * epochs, epochs, "All epochs are done.", {}))
    return made
