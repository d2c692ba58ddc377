"""Beginning a run with weights of others: from the folder of an earlier run, or from a file."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from engine.atomic import write_json
from engine.choices import Invalid, Message, Problem
from engine.data.description import PARTS, PartName
from engine.experiment import Experiment
from engine.learning.start import MODEL, Start
from engine.ordinary import read_ordinary
from engine.runs.data.moved import experiment_of
from engine.runs.folder import RunFolder, opened

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor

    from engine.data.source import Source

    # and with it pandas, which the window does without
    from engine.runs.preparation import MakePlan
    from engine.training.finetuning.matching import Match
    from engine.training.model import Model
    from engine.training.plan import Plan

_PATH = "start.weights"
_COPIES = 3
"""A file is held so many times while it is read: its bytes, its tensors, and what is made of them."""
_MOST_SAID = 20_000
_MOST_NAME = 120


@dataclass(frozen=True)
class Found:
    """A file of weights as it lies on the disk; `name` is what a person calls it."""

    name: str
    suffix: str
    content: bytes


def take_weights(folder: RunFolder, start: Start, model: Model, make_plan: MakePlan) -> None:
    """Give `model` the weights that `start` names, and keep in `folder` what of them fitted (start.json).

    Called once, before the first step; from then on checkpoints hold the weights, and the file is not needed.
    `make_plan` plans the earlier run, where the weights are those of one of its steps.
    Raises Invalid, with nothing changed, when they cannot be read, or nothing of them fits.
    """
    _refuse_other_tokens(folder, start)
    if start.step is not None:
        from engine.runs.facts import read_rows

        _refuse_what_was_learnt(opened(_readable(start)), experiment_of(folder).data, read_rows(folder))
    found, match = put_weights(start, model, make_plan)
    facts = {"said": match.sentence(found.name), "hash": hashlib.sha256(found.content).hexdigest()}
    write_json(folder.start, {**facts, **match.to_json()})


def _refuse_what_was_learnt(
    parent: RunFolder, data: Source, rows: Mapping[PartName, NDArray[np.int64]]
) -> None:
    """Raise Invalid where a branch would be judged by examples that its parent has learnt from.

    `data` and `rows`, by part, are those of the branch; of data from elsewhere nothing is known.
    """
    import numpy as np

    from engine.runs.facts import read_rows

    # by what was chosen: how a version reads it is of each run, and no other data
    if experiment_of(parent).data.model_dump() != data.model_dump():
        return
    learnt = read_rows(parent)["train"]
    judged: tuple[PartName, ...] = ("validation", "test")
    if any(np.isin(rows[part], learnt).any() for part in judged):
        why = "would judge a branch by examples that its run has learnt from: take seed and split of that run"
        raise Invalid([Problem("split", why)])


def put_weights(start: Start, model: Model, make_plan: MakePlan) -> tuple[Found, Match]:
    """Give `model` the weights that `start` names; raises Invalid as `take_weights`."""
    from engine.training.finetuning.matching import take

    found = read_weights(start) if start.step is None else _weights_at(start, start.step, make_plan)
    return found, take(model, _tensors(found))


def _weights_at(start: Start, step: int, make_plan: MakePlan) -> Found:
    """Return the weights of a run after one of its steps, as if they lay in a file."""
    from safetensors.torch import save

    from engine.runs.facts import read_preprocessor
    from engine.runs.kept import described
    from engine.runs.repeating.moment import WeightsAt

    run = opened(_readable(start))
    experiment = experiment_of(run)
    try:
        weights = WeightsAt(run, step, make_plan)
        model = weights.model(experiment, described(run, read_preprocessor(run)))
    except Invalid as error:
        # how far the run got is a matter of the step; all else of the run that is named
        problems = [
            problem.under("start") if problem.path == "step" else Problem(_PATH, f"{run.path}: {problem}")
            for problem in error.problems
        ]
        raise Invalid(problems) from None
    name = Message("{run} at step {step}", run=run.path.name, step=step)
    return Found(name, Path(MODEL).suffix, save(model.tensors()))


def fitting(plan: Plan) -> tuple[int, int]:
    """Return how many tensors of the network the chosen weights will fill, and how many it has.

    The network is only planned, and of a file only names and shapes are remembered, so that it may be asked
    at every edit. Raises Invalid when the weights cannot be read, or nothing of them fits.
    """
    from engine.training.finetuning.matching import matched

    start = plan.experiment.start
    path = _readable(start)
    if start.step is None:
        stamp = (path / MODEL if path.is_dir() else path).stat()
        # Asked at every edit of the form: a file of gigabytes is read once as long as it stays the same.
        planned = _planned(start.source, stamp.st_mtime_ns, stamp.st_size)
    else:
        planned = _planned_network(path, start.step)
        rows = {part: plan.prepared.part(part).rows for part in PARTS}
        _refuse_what_was_learnt(opened(path), plan.experiment.data, rows)
    match, _ = matched(plan.blueprint.network, plan.description.inputs.vocabulary, planned)
    return len(match.taken), len(match.taken) + len(match.fresh)


@lru_cache(maxsize=4)
def _planned(weights: str, changed: int, size: int) -> dict[str, Tensor]:
    """Return names and shapes of a file's tensors; `changed` and `size` tell a new file from the old."""
    import torch

    tensors = _tensors(read_weights(Start(weights=weights)))
    # meta tensors: the cache would else hold gigabytes of values that nobody looks at
    return {name: torch.empty_like(tensor, device="meta") for name, tensor in tensors.items()}


@lru_cache(maxsize=4)
def _planned_network(path: Path, step: int) -> dict[str, Tensor]:
    """Return names and shapes of the tensors of a run's network. Raises Invalid where it has no such step."""
    from engine.runs.facts import read_preprocessor
    from engine.runs.kept import described
    from engine.runs.repeating.moment import refuse_other_steps
    from engine.training.sketch import blueprint

    run = opened(path)
    try:
        refuse_other_steps(run, step)
    except Invalid as error:
        raise Invalid([problem.under("start") for problem in error.problems]) from None
    network = blueprint(experiment_of(run), described(run, read_preprocessor(run))).network
    return dict(network.state_dict())


def _tensors(found: Found) -> dict[str, Tensor]:
    from engine.training.finetuning.weight_files import Unreadable, tensors_in

    try:
        return tensors_in(found.content, found.suffix)
    except Unreadable as error:
        raise Invalid(
            [Problem(_PATH, Message("{name} cannot be used: {error}", name=found.name, error=error))]
        ) from None


_BODY_RATE = 0.3
"""At the full rate the first steps, while the new last layer is random, undo what was learnt before."""


def finetuning(run: RunFolder, named: Callable[[str], str], step: int | None = None) -> Experiment:
    """Return a new experiment like that of `run` which begins with its kept weights; `named` gives its name.

    With `step` it begins with the weights that the run had after that step.
    Texts will be cut as they were there. Raises Invalid when the run's experiment cannot be read.
    """
    chosen = run.read_experiment()
    preprocessing = chosen.preprocessing
    if run.tokenizer.is_file():
        preprocessing = preprocessing.replaced(tokenizer="file", tokenizer_file=str(run.tokenizer))
    # Of a run that was fine-tuned itself the name says so already; of a branch it says where that began.
    tuned = chosen.start.weights and chosen.start.step is None
    name = chosen.name if tuned else named(chosen.name)[:_MOST_NAME]
    start = Start(weights=str(run.path), step=step, body_rate=_BODY_RATE)
    return chosen.replaced(name=name, preprocessing=preprocessing, start=start)


NamedAt = Callable[[str, int], str]
"""Returns the name of a branch, from the name of what it is a branch of and the step it begins with."""


def branched(experiment: Experiment, run: RunFolder, step: int, named: NamedAt) -> Experiment:
    """Return the experiment as a branch of `run`: it begins with the weights which that had after `step`.

    Optimizer, schedule and epochs begin anew. `named` gives the name; of a branch of a branch the step of
    this one takes the place of that of the other.
    """
    before = experiment.start.step
    bare = experiment.name if before is None else _without_step(experiment.name, before, named)
    # a long name is cut, and never the step
    name = named(bare[: _MOST_NAME - len(named("", step))].rstrip(), step)
    start = experiment.start.replaced(weights=str(run.path), step=step)
    return experiment.replaced(name=name, start=start)


def _without_step(name: str, step: int, named: NamedAt) -> str:
    """Return what a branch was called before `named` added its step; a name that a person gave, as it is."""
    # a letter that stands in no name shows what `named` writes before and after one
    before, _, after = named("\0", step).partition("\0")
    told = len(name) > len(before) + len(after) and name.startswith(before) and name.endswith(after)
    return name[len(before) : len(name) - len(after)] if told else name


def said_of(folder: RunFolder) -> str:
    """Return in a sentence which weights the run began with; empty where it began with none of others."""
    if not folder.start.exists():
        return ""
    said = folder.read_json(folder.start).get("said")
    # cut, as the file may be a stranger's and the window lays out every letter
    return said[:_MOST_SAID] if isinstance(said, str) else ""


def read_weights(start: Start) -> Found:
    """Return the bytes of the weights that are chosen; raises Invalid when they cannot be read."""
    path = _readable(start)
    try:
        if path.is_dir():
            return _of_run(opened(path))
        most = psutil.virtual_memory().available // _COPIES
        if path.stat().st_size > most:
            why = Message(
                "{name} is too large for the memory of this machine: at most {most:,} bytes fit now",
                name=path.name,
                most=most,
            )
            raise Invalid([Problem(_PATH, why)])
        return Found(path.name, path.suffix.lower(), read_ordinary(path, most))
    except OSError as error:
        raise Invalid(
            [
                Problem(
                    _PATH,
                    Message("{path} cannot be read: {why}", path=path, why=error.strerror or error),
                )
            ]
        ) from None


def _readable(start: Start) -> Path:
    """Return where the chosen weights lie; raises Invalid where they cannot be read."""
    # Once more: a run may go on long after its plan was made, and the file be gone by then.
    if problems := start.problems():
        raise Invalid(problems)
    return Path(start.source)


def _of_run(run: RunFolder) -> Found:
    most = psutil.virtual_memory().available // _COPIES
    try:
        content = run.read_bytes(run.path / MODEL, most)
    except Invalid as error:
        raise Invalid([Problem(_PATH, f"{run.path}: {problem}") for problem in error.problems]) from None
    return Found(run.path.name, Path(MODEL).suffix, content)


def _refuse_other_tokens(folder: RunFolder, start: Start) -> None:
    """Raise Invalid where the weights come from a run that cuts texts otherwise: tokens mean other words."""
    # below a single file of weights nothing lies: it has no tokenizer, and nothing is refused
    theirs, ours = _tokenizer(RunFolder(Path(start.source).absolute())), _tokenizer(folder)
    if theirs is not None and ours is not None and theirs != ours:
        from engine.training.finetuning.matching import SAME_TOKENIZER

        why = Message(
            "cuts texts otherwise than the run that the weights come from: {cure}",
            cure=Message(SAME_TOKENIZER),
        )
        raise Invalid([Problem("preprocessing.tokenizer", why)])


def _tokenizer(run: RunFolder) -> object:
    """Return the tokenizer that a run was trained with as plain JSON, None where it has none."""
    return run.read_json(run.tokenizer) if run.tokenizer.is_file() else None
