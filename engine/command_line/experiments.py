"""Finding an experiment, changing its settings from the command line, and checking it."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from copy import deepcopy
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from pydantic import ValidationError

from engine import experiment_file
from engine.choices import Choice, Family, Invalid, Message, Problem, did_you_mean, fields
from engine.choices.settings import PATHS
from engine.command_line.decision_lines import decision_lines
from engine.command_line.output import json_text, tell
from engine.data.source import Source
from engine.experiment import Experiment
from engine.experiment_file import Loaded
from engine.suggestions import following

if TYPE_CHECKING:
    from engine.training.plan import Plan

_PATHS = frozenset(
    {"preprocessing.tokenizer_file", "start.weights"}
    | {
        f"data.{field.name}"
        for source in Source.every()
        for field in fields(source)
        if field.setting.role in PATHS
    }
)
"""Settings that are paths."""
PRESETS = Path(__file__).resolve().parents[2] / "resources" / "presets"


def presets() -> dict[str, Path]:
    """Return the presets by name."""
    return {path.name.removesuffix(".toml"): path for path in sorted(PRESETS.glob("*.toml"))}


def find(name: str) -> Path:
    """Return the experiment file of that path, or of the preset of that name; raises Invalid."""
    path = Path(name)
    # a file first: who gave his own the name of a preset means his own
    if path.exists():
        return path
    known = presets()
    if name in known:
        return known[name]
    raise Invalid(
        [
            Problem(
                "",
                Message(
                    "{name} is neither a file nor a preset{guess}",
                    name=name,
                    guess=did_you_mean(name, known),
                ),
            )
        ]
    )


def _why_none(path: Path, refusal: Invalid) -> Invalid:
    """Return why a path is no experiment: for data and runs, which command takes them."""
    from engine.opening import EXPERIMENT, RUN, UNKNOWN, sort_of

    sort = sort_of(path)
    if sort == RUN:
        why = Message("{path} is the folder of a run: go on with it by the command resume", path=path)
    elif sort in (EXPERIMENT, UNKNOWN):
        return refusal
    else:
        why = Message("{path} is data, no experiment: the command new writes an experiment for it", path=path)
    return Invalid([Problem("", why)])


def load(name: str, changes: Sequence[str] = ()) -> Experiment:
    """Return the experiment of that file or preset with changed settings and absolute paths.

    `changes` are texts "path.to.setting=value". Warnings go to stderr. Raises Invalid with every problem.
    """
    path = find(name)
    try:
        text = experiment_file.read_text(path)
        values = experiment_file.parse_values(text)
    except Invalid as error:
        raise _why_none(path, error) from None
    loaded = changed(values, changes) if changes else experiment_file.parse(text)
    for warning in loaded.warnings:
        sys.stderr.write(Message("warning: {warning}\n", warning=str(warning)))
    return loaded.experiment.located(path.absolute().parent)


def check(name: str, changes: Sequence[str], *, as_json: bool) -> int:
    """Check an experiment as `train` would; exit code 0, or 2 with a line per problem."""
    from engine.data.cells.values import counted
    from engine.runs.preparation import Preparations, foresee

    try:
        experiment = load(name, changes)
        plan = Preparations().beginning(experiment)
        foresee(plan)
    except Invalid as error:
        # in JSON problems are the result and go to stdout; else `main` tells them on stderr, as of all
        # commands
        if not as_json:
            raise
        problems = [{"path": problem.path, "message": problem.message} for problem in error.problems]
        sys.stdout.write(json_text({"problems": problems}))
        return 2
    if as_json:
        content = {
            "problems": [],
            "notices": list(plan.notices),
            "decisions": [asdict(decision) for decision in plan.decisions],
            "parameters": plan.blueprint.parameters,
            "multiply_adds": plan.blueprint.multiply_adds,
            "batch_size": plan.batch_size,
            "steps_per_epoch": plan.steps_per_epoch,
        }
        sys.stdout.write(json_text(content))
        return 0
    tell_decisions(plan)
    asked = sum(decision.doubtful for decision in plan.decisions)
    sys.stdout.write(
        Message(
            "{name}: can be trained, but {counted} in doubt, as said above\n"
            if asked
            else "{name}: no problems\n",
            name=experiment.name,
            counted=counted(asked, "thing is", "things are"),
        )
    )
    return 0


def tell_decisions(plan: Plan) -> None:
    """Tell how the data was read: what changed anything on stderr, what is as usual on stdout.

    Below each stand cells as written and as read, and what to set for another reading.
    """
    for decision in plan.decisions:
        stream = sys.stderr if decision.said else sys.stdout
        tell(stream, "".join(f"{line}\n" for line in decision_lines(decision, plan.experiment)))


def tell_notices(plan: Plan) -> None:
    """Tell on stderr what was left out, filled or guessed when the data was read."""
    for notice in plan.notices:
        tell(sys.stderr, Message("warning: {notice}\n", notice=notice))


# ------------------------------------------------------------------------------------ changing settings


def changed(values: dict[str, Any], changes: Sequence[str]) -> Loaded:
    """Return the experiment of a file's values with changed settings, texts "path.to.setting=value".

    A value is what it means in TOML, or the text itself where only a text will do: a sheet called 2024 is a
    name. What depends on a change and is not set itself follows, as the loss does the task, and is told.
    Raises Invalid with every problem.
    """
    asked = [_asked(change) for change in changes]
    loaded = _as_meant(values, asked)
    try:
        before = experiment_file.understood(deepcopy(values)).experiment
    except Invalid:
        # what was wrong in the file has been mended by the changes: nothing says what followed from what
        return loaded
    set_now = {path.partition(".")[0] for path, _ in asked}
    return _with_what_follows(before, loaded, set_now)


def _with_what_follows(before: Experiment, loaded: Loaded, set_now: Collection[str]) -> Loaded:
    """Return the experiment with what follows from its changes, but for sections that were set by hand."""
    after = loaded.experiment
    whole = following(before, after)
    changes = {
        name: getattr(whole, name)
        for name in Experiment.model_fields
        if name not in set_now and getattr(whole, name) != getattr(after, name)
    }
    told = tuple(
        Problem(name, Message("is {title} now, which follows from what was set", title=_titles(one)))
        for name, one in changes.items()
    )
    return Loaded(after.replaced(**changes), (*loaded.warnings, *told)) if changes else loaded


def _titles(chosen: object) -> str:
    """Return what a choice is called, or several."""
    several = chosen if isinstance(chosen, tuple) else (chosen,)
    return ", ".join(one.title if isinstance(one, Choice) else str(one) for one in several) or "nothing"


def _as_meant(values: Mapping[str, Any], asked: Sequence[tuple[str, str]]) -> Loaded:
    try:
        return _with_changes(values, [(path, toml_value(text)) for path, text in asked])
    except Invalid as error:
        wrong = {problem.path for problem in error.problems}
        as_texts = [(path, text if path in wrong else toml_value(text)) for path, text in asked]
        with suppress(Invalid):
            return _with_changes(values, as_texts)
        raise


def _asked(change: str) -> tuple[str, str]:
    path, equals, value = change.partition("=")
    if not equals or not path.strip():
        raise Invalid([Problem(change, "must be PATH=VALUE, as in optimizer.learning_rate=0.01")])
    return path.strip(), value.strip()


def _with_changes(values: Mapping[str, Any], changes: Sequence[tuple[str, Any]]) -> Loaded:
    made = deepcopy(dict(values))
    for path, value in changes:
        _put(made, path.split("."), _here(path, value))
    return experiment_file.understood(made)


def _here(path: str, value: Any) -> Any:
    """Return a path as the person at the prompt means it: from the current folder."""
    if path in _PATHS and _is_relative(value):
        return str(Path(value).expanduser().absolute())
    return value


def _is_relative(value: object) -> bool:
    return isinstance(value, str) and value != "" and "\x00" not in value and not Path(value).is_absolute()


def toml_value(text: str) -> Any:
    """Return what `text` means in TOML; what is no TOML value is a text."""
    try:
        return tomllib.loads(Message("value = {text}", text=text))["value"]
    # so names need no quotation marks of TOML within those of the shell; brackets may nest too deep
    except (ValueError, RecursionError):
        return text


def _put(values: dict[str, Any], path: Sequence[str], value: Any) -> None:
    """Set one value, making sections on the way; a new kind first drops the settings that it lacks."""
    place: Any = values
    for depth, part in enumerate(path[:-1]):
        place = _step(place, path[: depth + 1], part, values)
    last = path[-1]
    if isinstance(place, list):
        index = _index(place, path, last)
        # a slice, as the index may be one beyond the last: it then adds
        place[index : index + 1] = [value]
        return
    if last == "kind":
        _drop_lacking(place, path[0], value)
    place[last] = value


def _step(place: Any, path: Sequence[str], part: str, values: dict[str, Any]) -> Any:
    if isinstance(place, list):
        index = _index(place, path, part)
        place[index:] = place[index:] or [{}]
        found = place[index]
    else:
        if part not in place:
            place[part] = _default_section(part, values) if len(path) == 1 else {}
        found = place[part]
    if not isinstance(found, dict | list):
        raise Invalid([Problem(".".join(path), "is a value, not a section: nothing below it can be set")])
    return found


def _index(place: list[Any], path: Sequence[str], part: str) -> int:
    """Return the index that `part` writes; one beyond the last adds an item."""
    # not isdigit, which takes ², too; and int refuses thousands of digits with an error of its own
    if part.isdecimal() and len(part) < 10 and int(part) <= len(place):
        return int(part)
    have = Message("a list of {count}", count=len(place)) if place else "an empty list"
    raise Invalid(
        [
            Problem(
                ".".join(path),
                Message(
                    "is {have}: {part!r} is none of it; {count} adds an item",
                    have=have,
                    part=part,
                    count=len(place),
                ),
            )
        ]
    )


def _default_section(name: str, values: dict[str, Any]) -> dict[str, Any] | list[Any]:
    """Return the section that is meant where the file has none: its kind, to which settings belong.

    A list of choices is copied whole, so that its items are counted as they are meant.
    """
    try:
        whole = experiment_file.plain(Experiment.model_validate(values)).get(name)
    except ValidationError:
        # wrong elsewhere, perhaps mended by a later change: the check tells it in the end
        whole = experiment_file.plain(Experiment()).get(name)
    if isinstance(whole, list):
        return whole
    return {"kind": whole["kind"]} if isinstance(whole, dict) and "kind" in whole else {}


def _drop_lacking(section: dict[str, Any], name: str, kind: object) -> None:
    family = _family_of(name)
    if family is None or not isinstance(kind, str) or kind not in family:
        return  # the check names the kinds there are
    known = family[kind].model_fields
    for key in [key for key in section if key not in known and key != "kind"]:
        del section[key]


def _family_of(section: str) -> Family | None:
    """Return the family whose choices stand in a section (or in its list), None where there is none."""
    field = Experiment.model_fields.get(section)
    if field is None:
        return None
    # a list of choices is written tuple[Augmentation, ...]
    base = next(iter(get_args(field.annotation)), field.annotation)
    return base.family if isinstance(base, type) and issubclass(base, Choice) else None
