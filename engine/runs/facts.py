"""Facts of a run, written once before its first step: what its numbers depend on beside the experiment.

They are environment.json, the rows of each part, the fitted preprocessing and, of texts, the tokenizer.
"""

from __future__ import annotations

import platform
from typing import TYPE_CHECKING

from engine import __version__
from engine.atomic import write_bytes, write_json
from engine.choices import Invalid, Message, Problem
from engine.data.description import PARTS, PartName
from engine.data.prepared import Prepared
from engine.data.preprocessor import Preprocessor
from engine.data.raw import Found
from engine.runs.folder import MOST_JSON, RunFolder
from engine.training.plan import DataMemory, Plan

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_TOKENIZER = "tokenizer"
"""The entry of the inputs that has a file of its own, as other programs expect it."""
_FOUND = "found"
"""The entry that says what reading found out; runs of earlier versions lack it."""


def write_facts(folder: RunFolder, plan: Plan, *, device: str, threads: int, memory: DataMemory) -> None:
    """Write the facts of a run that begins.

    Raises Invalid where one that goes on finds other data.
    """
    prepared = plan.prepared
    if folder.environment.exists() and folder.split.exists():
        if read_data_hash(folder) != prepared.data_hash:
            raise Invalid([Problem("data", "has changed since the run began, so it cannot go on with it; "
                                   "put the old data back, or start a new run")])  # fmt: skip
        return  # kept as they are: last bits depend on the threads with which the run began
    write_preprocessor(folder, prepared)
    environment = {
        "versions": _versions(),
        "system": platform.system(),
        "machine": platform.machine(),
        "device": device,
        "threads": threads,
        "data_memory": memory,
        "seed": plan.experiment.seed,
        "data_hash": prepared.data_hash,
    }
    write_json(folder.environment, environment)
    # The split is written last: where it stands, the facts before it do.
    write_bytes(folder.split, _split_bytes(prepared))


def _versions() -> dict[str, str]:
    import numpy as np
    import torch

    return {
        "ravine": __version__,
        "python": platform.python_version(),
        "torch": torch.__version__,
        "numpy": np.__version__,
    }


def read_rows(folder: RunFolder) -> dict[PartName, NDArray[np.int64]]:
    """Return which rows of the source are in which part; raises Invalid where that is damaged."""
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        rows = dict(load(folder.read_bytes(folder.split, MOST_JSON)))
    except (SafetensorError, ValueError) as error:
        raise Invalid([Problem(folder.split.name, Message("is damaged: {error}", error=error))]) from None
    if missing := [part for part in PARTS if part not in rows]:
        raise Invalid([Problem(folder.split.name, Message("is damaged: no {part}", part=missing[0]))])
    return {part: rows[part] for part in PARTS}


def _split_bytes(prepared: Prepared) -> bytes:
    """Return which rows of the source are in which part, as int64 by name of the part."""
    from safetensors.numpy import save

    content: bytes = save({part: prepared.part(part).rows for part in PARTS})
    return content


def write_preprocessor(folder: RunFolder, prepared: Prepared) -> None:
    """Keep how raw data became inputs: tokenizer.json where there is one, and preprocessing.json."""
    document = {**prepared.preprocessor.to_json(), _FOUND: dict(prepared.found)}
    tokenizer = document["inputs"].pop(_TOKENIZER, None)
    if tokenizer is not None:
        write_json(folder.tokenizer, tokenizer)
    write_json(folder.preprocessing, document)


def read_data_hash(folder: RunFolder) -> str:
    """Return what tells the data that the run began with from other data; empty where it has not begun."""
    if not folder.environment.exists():
        return ""
    known = folder.read_json(folder.environment).get("data_hash")
    return known if isinstance(known, str) else ""


def read_preprocessor(folder: RunFolder) -> Preprocessor:
    """Return what `write_preprocessor` kept; raises Invalid, saying which file is missing or wrong."""
    document = folder.read_json(folder.preprocessing)
    # no part of the preprocessor, which refuses what it does not know
    document.pop(_FOUND, None)
    inputs = document.get("inputs")
    if folder.tokenizer.exists() and isinstance(inputs, dict):
        inputs[_TOKENIZER] = folder.read_json(folder.tokenizer)
    try:
        return Preprocessor.from_json(document)
    except Invalid as error:
        raise Invalid([problem.under(folder.preprocessing.name) for problem in error.problems]) from None


def read_found(folder: RunFolder) -> Found:
    """Return what reading found out when the run was trained; empty for runs of earlier versions."""
    found = folder.read_json(folder.preprocessing).get(_FOUND, {})
    if not isinstance(found, dict):
        raise Invalid([Problem(f"{folder.preprocessing.name}.{_FOUND}", "must hold a JSON object")])
    return found
