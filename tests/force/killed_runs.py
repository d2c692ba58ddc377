"""Runs that are killed: several networks, optimizers and schedules with a state of their own, edits.

Each is the text of an experiment and the edits that are repeated at their steps.
"""

from __future__ import annotations

from typing import TypeAlias

from engine.events import Edit

KilledRun: TypeAlias = tuple[str, tuple[Edit, ...]]

SMALL = """
format = 1
name = "Killed"
seed = 3
[data]
kind = "spirals"
samples = 300
[architecture]
kind = "mlp"
hidden = [64, 64]
dropout = 0.2
[optimizer]
kind = "adam"
[training]
batch_size = 16
epochs = 150
device = "cpu"
"""
_DIGITS = """
format = 1
name = "Edited CNN"
[data]
kind = "sample"
name = "digits"
[architecture]
kind = "cnn"
channels = [8]
dense = [16]
normalization = "batch"
dropout = 0.2
[training]
batch_size = 32
epochs = 12
device = "cpu"
"""
_SENTENCES = """
format = 1
name = "Edited Transformer"
[data]
kind = "sample"
name = "film_sentences"
[preprocessing]
length = 24
[architecture]
kind = "transformer_encoder"
layers = 1
width = 16
heads = 2
dropout = 0.1
[training]
batch_size = 32
epochs = 8
device = "cpu"
"""
_EDITS = (
    Edit(11, "architecture.dropout", None, 0.0),
    Edit(50, "loss.label_smoothing", 0.0, 0.1),
    Edit(50, "training.averaging", None, {"kind": "exponential"}),
    Edit(97, "architecture.dropout", None, 0.4),
    Edit(130, "optimizer.learning_rate", None, 0.001),
    Edit(171, "loss.class_weights", None, {"kind": "balanced"}),
    Edit(203, "training.sampling", None, {"kind": "balanced"}),
    Edit(251, "regularizers", [], [{"kind": "clip_norm"}]),
    Edit(288, "training.averaging", None, {"kind": "none"}),
    Edit(300, "schedule", None, {"kind": "cosine"}),
)
EDITED: dict[str, KilledRun] = {"CNN": (_DIGITS, _EDITS), "Transformer": (_SENTENCES, _EDITS)}

_VOWELS = """
format = 1
name = "LSTM"
[data]
kind = "sample"
name = "japanese_vowels"
[architecture]
kind = "lstm"
width = 16
dropout = 0.1
[optimizer]
kind = "schedule_free_adamw"
[schedule]
kind = "plateau"
patience = 1
[training]
batch_size = 16
epochs = 10
device = "cpu"
"""
_MOONS = """
format = 1
name = "MLP"
[data]
kind = "moons"
[architecture]
kind = "mlp"
hidden = [32, 32]
[optimizer]
kind = "{optimizer}"
[schedule]
kind = "warm_restarts"
[training]
batch_size = 16
epochs = 60
device = "cpu"
"""
STATEFUL: dict[str, KilledRun] = {
    "LSTM, schedule-free AdamW, plateau": (_VOWELS, ()),
    **{
        f"MLP, {optimizer}, warm restarts": (_MOONS.replace("{optimizer}", optimizer), ())
        for optimizer in ("soap", "lookahead", "sam", "lbfgs", "prodigy")
    },
}
