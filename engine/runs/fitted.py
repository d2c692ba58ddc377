"""The fitted preprocessing of a run: preprocessing.json, and of texts the tokenizer in a file of its own."""

from __future__ import annotations

from engine.atomic import write_json
from engine.choices import Invalid, Problem
from engine.data.prepared import Prepared
from engine.data.preprocessor import Preprocessor
from engine.data.raw import Found
from engine.runs.folder import RunFolder

_TOKENIZER = "tokenizer"
"""The entry of the inputs that has a file of its own, as other programs expect it."""
_FOUND = "found"
"""The entry that says what reading found out; runs of earlier versions lack it."""


def write_preprocessor(folder: RunFolder, prepared: Prepared) -> None:
    """Keep how raw data became inputs: tokenizer.json where there is one, and preprocessing.json."""
    document = {**prepared.preprocessor.to_json(), _FOUND: dict(prepared.found)}
    tokenizer = document["inputs"].pop(_TOKENIZER, None)
    if tokenizer is not None:
        write_json(folder.tokenizer, tokenizer)
    write_json(folder.preprocessing, document)


def read_preprocessor(folder: RunFolder) -> Preprocessor:
    """Return what `write_preprocessor` kept; raises Invalid, saying which file is missing or wrong."""
    document = folder.read_json(folder.preprocessing)
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
