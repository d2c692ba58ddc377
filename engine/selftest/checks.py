"""The checks of the self-test, by name: is the installation whole, does it train, save and go on?

A check gets a folder for its files and raises what went wrong. None leaves anything outside that folder.
"""

from __future__ import annotations

import json
import platform
import shutil
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

from engine import __version__
from engine.choices import Choice, Family, Message
from engine.data.modality import SmallData, modalities
from engine.events import Event
from engine.experiment import Experiment
from engine.runs.creation import create
from engine.runs.execution import execute
from engine.runs.folder import RunFolder
from engine.selftest.small import experiment_on, experiment_with, plain_experiment, simple_experiment
from engine.training.control import Control

_STEPS = 10
_FEW_STEPS = 2
_TABLES = (".csv", ".xlsx", ".parquet")
_PICTURES = (".png", ".jpg", ".webp", ".tif", ".gif")
_PROGRAM = Path(__file__).resolve().parents[2]
_AS_BUILT = _PROGRAM / "registries.json"
"""Only in an installed program: the choices and files there were when it was built."""

Attempt = Callable[[Path], None]


def checks() -> Mapping[str, Attempt]:
    """Return every check by its name, in the order in which they are to be tried."""
    return dict(_all())


def trouble_with(attempt: Attempt, place: Path) -> str:
    """Try it in a folder of its own below `place`; return what went wrong, "" if nothing."""
    own = place / "check"
    shutil.rmtree(own, ignore_errors=True)  # of a check that ended its process
    own.mkdir(parents=True)
    try:
        attempt(own)
    except Exception as error:  # noqa: BLE001 - whatever goes wrong here is the result
        traceback.print_exc(file=sys.stderr)
        return f"{type(error).__name__}: {error}"
    finally:
        shutil.rmtree(own, ignore_errors=True)
    return ""


def versions() -> dict[str, str]:
    """Return the versions of what matters, the system, and the device that would be used."""
    import numpy as np
    import torch

    from engine.training.devices import pick

    return {
        "ravine": __version__,
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "python": platform.python_version(),
        "torch": str(torch.__version__),
        "numpy": np.__version__,
        "device": pick("auto").words,
    }


def _all() -> Iterator[tuple[str, Attempt]]:
    for family in Family.every.values():
        yield f"{family.name}: {', '.join(family) or 'none'}", partial(_filled, family)
    if _AS_BUILT.exists():
        yield "everything this program was built with", _whole
    for architecture in Family.every["architectures"].values():
        yield Message("train {kind}", kind=architecture.kind), partial(_trained, architecture, _STEPS)
    for optimizer in Family.every["optimizers"].values():
        yield Message("train with {kind}", kind=optimizer.kind), partial(_trained, optimizer, _STEPS)
    for task in Family.every["tasks"].values():
        yield Message("learn {kind}", kind=task.kind), partial(_trained, task, _FEW_STEPS)
    for augmentation in Family.every["augmentations"].values():
        yield (
            Message("change examples by {kind}", kind=augmentation.kind),
            partial(_trained, augmentation, _FEW_STEPS),
        )
    for modality, small in ((one, small) for one in modalities().values() for small in one.small):
        said = Message("learn {task} from {name}", task=small.task, name=modality.name)
        yield said, partial(_learnt, small)
    for ending in _TABLES:
        yield Message("train on a table in a file {ending}", ending=ending), partial(_read_table, ending)
    for ending in _PICTURES:
        yield Message("train on pictures in files {ending}", ending=ending), partial(_read_pictures, ending)
    yield "stop and go on with the same result", _resumed


def _filled(family: Family, _: Path) -> None:
    if not len(family):
        raise RuntimeError(f"no {family.name} are registered; the installation is not whole")


def _whole(_: Path) -> None:
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


def _trained(choice: type[Choice], steps: int, place: Path) -> None:
    _run(create(place / "runs", experiment_with(choice, place)), steps)


def _learnt(small: SmallData, place: Path) -> None:
    _run(create(place / "runs", experiment_on(small, place)), _FEW_STEPS)


def _read_table(ending: str, place: Path) -> None:
    """Train on a table in a file of that format."""
    import pandas as pd

    rows = 60
    table = pd.DataFrame({"a": [index / rows for index in range(rows)], "b": ["x", "y", "z"] * (rows // 3)})
    path = place / f"table{ending}"
    writers: dict[str, Callable[..., object]] = {
        ".csv": table.to_csv,
        ".xlsx": table.to_excel,
        ".parquet": table.to_parquet,
    }
    writers[ending](path, index=False)
    _train_on(simple_experiment({"kind": "table", "path": str(path), "target": "b"}, 8), place)


def _read_pictures(ending: str, place: Path) -> None:
    """Train on a folder of picture files of that format."""
    from PIL import Image

    for name in ("black", "white"):
        folder = place / "pictures" / name
        folder.mkdir(parents=True)
        for index in range(10):
            Image.new("RGB", (12, 12), name).save(folder / f"{index}{ending}")
    _train_on(simple_experiment({"kind": "images", "path": str(place / "pictures")}, 8), place)


def _train_on(experiment: Experiment, place: Path) -> None:
    _run(create(place / "runs", experiment), _FEW_STEPS)


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


def _resumed(place: Path) -> None:
    """Train once without and once with an interruption; raises RuntimeError when the weights differ."""
    whole, parted = (create(place / "runs", plain_experiment()) for _ in range(2))
    _run(whole, None)
    _run(parted, _STEPS // 2)
    _run(parted, None)
    if whole.model.read_bytes() != parted.model.read_bytes():
        raise RuntimeError("the weights differ from those of an uninterrupted run")
