"""The `selftest` command: can this installation train, save, and go on where it stopped?"""

from __future__ import annotations

import json
import platform
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from engine import __version__
from engine.choices import Choice, Family
from engine.command_line.codes import DONE, FAILED
from engine.command_line.output import json_text
from engine.events import Event
from engine.experiment import Experiment
from engine.runs.creation import create
from engine.runs.execution import execute
from engine.runs.folder import RunFolder
from engine.training.control import Control

_STEPS = 10
_SECTIONS = {"architectures": "architecture", "optimizers": "optimizer"}
_VECTORS: dict[str, Any] = {"kind": "blobs", "samples": 300, "classes": 3}
_IMAGES: dict[str, Any] = {"kind": "sample", "name": "digits"}
_TABLES = (".csv", ".xlsx", ".parquet")
_PICTURES = (".png", ".jpg", ".webp", ".tif", ".gif")
_PROGRAM = Path(__file__).resolve().parents[2]
_AS_BUILT = _PROGRAM / "registries.json"
"""Only in an installed program: the choices and files there were when it was built."""


@dataclass(frozen=True)
class Check:
    """One thing that was tried, and what went wrong, "" if nothing."""

    name: str
    trouble: str


def selftest(*, as_json: bool) -> int:
    """Try what matters, print the outcome, and return the exit code: 0, or 3 where something failed."""
    checks = []
    for name, attempt in _attempts():
        checks.append(Check(name, _tried(attempt)))
        if not as_json:
            sys.stdout.write(f"{'ok    ' if not checks[-1].trouble else 'FAILED'}  {name}\n")
            sys.stdout.flush()
            if checks[-1].trouble:
                sys.stdout.write(f"        {checks[-1].trouble}\n")
    if as_json:
        content = {check.name: check.trouble or "ok" for check in checks}
        sys.stdout.write(json_text({"versions": versions(), "checks": content}, indent=1))
    return FAILED if any(check.trouble for check in checks) else DONE


def versions() -> dict[str, str]:
    """Return the versions of what matters, and the device that would be used."""
    import numpy as np
    import torch

    from engine.training.devices import pick

    return {
        "ravine": __version__,
        "python": platform.python_version(),
        "torch": torch.__version__,
        "numpy": np.__version__,
        "device": pick("auto").words,
    }


def _tried(attempt: Callable[[], None]) -> str:
    try:
        attempt()
    except Exception as error:  # noqa: BLE001 - whatever goes wrong here is the result
        traceback.print_exc(file=sys.stderr)
        return f"{type(error).__name__}: {error}"
    return ""


def _attempts() -> Iterator[tuple[str, Callable[[], None]]]:
    yield "versions: " + ", ".join(f"{name} {version}" for name, version in versions().items()), lambda: None
    for family in Family.every.values():
        yield f"{family.name}: {', '.join(family) or 'none'}", partial(_filled, family)
    if _AS_BUILT.exists():
        yield "everything this program was built with", _whole
    for architecture in Family.every["architectures"].values():
        yield f"train {architecture.kind}", partial(_trained, architecture)
    for optimizer in Family.every["optimizers"].values():
        yield f"train with {optimizer.kind}", partial(_trained, optimizer)
    for ending in _TABLES:
        yield f"train on a table in a file {ending}", partial(_read_table, ending)
    for ending in _PICTURES:
        yield f"train on pictures in files {ending}", partial(_read_pictures, ending)
    yield "stop and go on with the same result", _resumed


def _filled(family: Family) -> None:
    if not len(family):
        raise RuntimeError(f"no {family.name} are registered; the installation is not whole")


def _whole() -> None:
    """Raise RuntimeError when a choice or a file is missing that was there when the program was built."""
    built = json.loads(_AS_BUILT.read_text("utf-8"))
    missing = [
        f"{family}.{kind}"
        for family, kinds in built["choices"].items()
        for kind in kinds
        if kind not in Family.every.get(family, ())
    ]
    missing += [name for name in built["files"] if not (_PROGRAM / name).is_file()]
    if missing:
        raise RuntimeError(f"the installation lacks {', '.join(missing)}")


def _experiment(choice: type[Choice] | None = None) -> Experiment:
    choices = {} if choice is None else {_SECTIONS[choice.family.name]: choice()}
    images = "vector" not in getattr(choice, "accepts", {"vector"})
    values = {
        "data": _IMAGES if images else _VECTORS,
        "training": {"batch_size": 32, "epochs": 2, "device": "auto"},
    }
    return Experiment.model_validate({"name": "Self-test", **values, **choices})


def _trained(choice: type[Choice]) -> None:
    with tempfile.TemporaryDirectory() as place:
        _run(create(Path(place), _experiment(choice)), _STEPS)


def _read_table(ending: str) -> None:
    """Train on a table in a file of that format."""
    import pandas as pd

    rows = 60
    table = pd.DataFrame({"a": [index / rows for index in range(rows)], "b": ["x", "y", "z"] * (rows // 3)})
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / f"table{ending}"
        writers: dict[str, Callable[..., object]] = {
            ".csv": table.to_csv,
            ".xlsx": table.to_excel,
            ".parquet": table.to_parquet,
        }
        writers[ending](path, index=False)
        _train_on(place, {"kind": "table", "path": str(path), "target": "b"})


def _read_pictures(ending: str) -> None:
    """Train on a folder of picture files of that format."""
    from PIL import Image

    with tempfile.TemporaryDirectory() as place:
        for name in ("black", "white"):
            folder = Path(place) / "pictures" / name
            folder.mkdir(parents=True)
            for index in range(10):
                Image.new("RGB", (12, 12), name).save(folder / f"{index}{ending}")
        _train_on(place, {"kind": "images", "path": str(Path(place) / "pictures")})


def _train_on(place: str, data: dict[str, Any]) -> None:
    values = {"name": "Self-test", "data": data, "training": {"batch_size": 8, "epochs": 2, "device": "auto"}}
    _run(create(Path(place) / "runs", Experiment.model_validate(values)), 2)


def _run(folder: RunFolder, steps: int | None) -> None:
    """Train so many steps and stop, or all of them; raises RuntimeError when the run fails."""
    control = Control()
    if steps is not None:
        control.advance(steps)

    def say(event: Event) -> None:
        if getattr(event, "state", "") == "paused":
            control.interrupt()

    ended = execute(folder, control, say)
    if ended.state not in ("finished", "interrupted"):
        raise RuntimeError(ended.why)


def _resumed() -> None:
    """Train once without and once with an interruption; raises RuntimeError when the weights differ."""
    with tempfile.TemporaryDirectory() as place:
        whole, parted = (create(Path(place), _experiment()) for _ in range(2))
        _run(whole, None)
        _run(parted, _STEPS // 2)
        _run(parted, None)
        if whole.model.read_bytes() != parted.model.read_bytes():
            raise RuntimeError("the weights differ from those of an uninterrupted run")
