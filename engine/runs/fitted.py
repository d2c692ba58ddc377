"""The fitted preprocessing of a run: preprocessing.json, and of texts the tokenizer in a file of its own."""

from __future__ import annotations

from engine.atomic import write_json
from engine.choices import Invalid
from engine.data.preprocessor import Preprocessor
from engine.runs.folder import RunFolder

_TOKENIZER = "tokenizer"
"""The entry of the inputs that has a file of its own, as other programs expect it."""


def write_preprocessor(folder: RunFolder, preprocessor: Preprocessor) -> None:
    """Keep how raw data became inputs: tokenizer.json where there is one, and preprocessing.json."""
    document = preprocessor.to_json()
    tokenizer = document["inputs"].pop(_TOKENIZER, None)
    if tokenizer is not None:
        write_json(folder.tokenizer, tokenizer)
    write_json(folder.preprocessing, document)


def read_preprocessor(folder: RunFolder) -> Preprocessor:
    """Return what `write_preprocessor` kept; raises Invalid, saying which file is missing or wrong."""
    document = folder.read_json(folder.preprocessing)
    inputs = document.get("inputs")
    if folder.tokenizer.exists() and isinstance(inputs, dict):
        inputs[_TOKENIZER] = folder.read_json(folder.tokenizer)
    try:
        return Preprocessor.from_json(document)
    except Invalid as error:
        raise Invalid([problem.under(folder.preprocessing.name) for problem in error.problems]) from None
