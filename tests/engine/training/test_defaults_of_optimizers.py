"""Rules that look around, average or find directions learn in every network with their defaults."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.engine.training.support import experiment_of, prepared_for, run

NETWORKS: dict[str, dict[str, Any]] = {
    "mlp": {
        "data": {"kind": "sample", "name": "digits"},
        "architecture": {"kind": "mlp", "hidden": [32]},
        "training": {"epochs": 3, "batch_size": 32},
    },
    "cnn": {
        "data": {"kind": "sample", "name": "digits"},
        "split": {"train": 0.3, "validation": 0.2, "test": 0.5},
        "architecture": {"kind": "cnn", "channels": [8], "dense": [16], "normalization": "batch"},
        "training": {"epochs": 3, "batch_size": 32},
    },
    "lstm": {
        "data": {"kind": "sample", "name": "japanese_vowels"},
        "architecture": {"kind": "lstm", "layers": 1, "width": 24, "dropout": 0.0},
        "training": {"epochs": 8, "batch_size": 16},
    },
    "transformer": {
        "data": {"kind": "sample", "name": "film_sentences"},
        "preprocessing": {"length": 24},
        "split": {"train": 0.3, "validation": 0.2, "test": 0.5},
        "architecture": {"kind": "transformer_encoder", "layers": 1, "width": 16, "heads": 2, "dropout": 0.0},
        "training": {"epochs": 4, "batch_size": 32},
    },
}


KINDS = (
    "asgd",
    "schedule_free",
    "schedule_free_adamw",
    "sam",
    "sam_adamw",
    "lbfgs",
    "sophia",
    "shampoo",
    "soap",
    "swats",
)


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("kind", KINDS)
def test_that_nobody_who_only_changes_the_optimizer_meets_a_default_that_diverges(
    kind: str, network: str
) -> None:
    experiment = experiment_of({"seed": 1, **NETWORKS[network], "optimizer": {"kind": kind}})
    targets = np.asarray(prepared_for(experiment).validation.targets)
    ran = run(experiment)
    assert ran.ended.state == "finished"
    assert np.isfinite(list(ran.series["loss"].values())).all()
    best = max(ran.series["validation.accuracy"].values())
    # the simplest baseline: always the commonest class
    assert best > np.bincount(targets).max() / len(targets)
