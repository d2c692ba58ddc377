"""The run folder: one execution of an experiment, and all of it. Made before torch is imported."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine import experiment_file
from engine.choices import Invalid, Message, Problem, with_paths
from engine.experiment import Experiment
from engine.ordinary import read_ordinary

if TYPE_CHECKING:
    from engine.training.plan import DataMemory

MOST_JSON = 64 << 20
"""Largest JSON file of a run that is read, in bytes."""

MOST_THREADS = 4096
"""What is more than this many in a run's facts is no number of threads."""


@dataclass(frozen=True)
class RunFolder:
    """Where everything of a run lies. Nothing is read or written outside `path`, links are not followed."""

    path: Path

    @property
    def experiment(self) -> Path:
        """What was chosen, every default written out, paths absolute, or of what lies in this very folder."""
        return self.path / "experiment.toml"

    @property
    def edits(self) -> Path:
        """What of the experiment was changed while the run went on, and at which steps; only where it was."""
        return self.path / "edits.json"

    @property
    def status(self) -> Path:
        """How the run stands."""
        return self.path / "status.json"

    @property
    def history(self) -> Path:
        """Every number the run produced."""
        return self.path / "history.sqlite"

    @property
    def environment(self) -> Path:
        """Versions, device, threads, seed and the hash of the data."""
        return self.path / "environment.json"

    @property
    def preprocessing(self) -> Path:
        """The fitted preprocessing."""
        return self.path / "preprocessing.json"

    @property
    def tokenizer(self) -> Path:
        """What texts are cut into; runs with texts have it."""
        return self.path / "tokenizer.json"

    @property
    def started(self) -> Path:
        """What the run said at its start: epochs, layers and what its data is."""
        return self.path / "started.json"

    @property
    def start(self) -> Path:
        """Which pretrained weights were taken, tensor by tensor; only where the experiment names some."""
        return self.path / "start.json"

    @property
    def split(self) -> Path:
        """Which rows of the source are in which part."""
        return self.path / "split.safetensors"

    @property
    def metrics(self) -> Path:
        """The final scores by part, with baselines beside them."""
        return self.path / "metrics.json"

    @property
    def model(self) -> Path:
        """The weights that were kept."""
        return self.path / "model.safetensors"

    @property
    def label(self) -> Path:
        """What a person calls the run and noted of it; only where somebody did."""
        return self.path / "label.json"

    @property
    def checkpoints(self) -> Path:
        """The newest states from which the run can go on."""
        return self.path / "checkpoints"

    @property
    def lock(self) -> Path:
        """The file that the working process holds locked."""
        return self.path / ".lock"

    def read_experiment(self) -> Experiment:
        """Return the run's experiment, its paths absolute; raises Invalid."""
        self._refuse_link(self.experiment)
        # those of a run that was packed are of its own folder, wherever that lies; others stay as they are
        return with_paths(experiment_file.read(self.experiment), lambda path: str(self.path / path))

    def read_json(self, path: Path) -> dict[str, Any]:
        """Return a JSON file of this run as a mapping; raises Invalid, saying which and what is wrong."""
        content = self.read_bytes(path, MOST_JSON)
        try:
            value = json.loads(content)
        except (ValueError, RecursionError) as error:  # the latter for brackets nested thousands deep
            raise Invalid([Problem(path.name, Message("is not valid JSON: {error}", error=error))]) from None
        if not isinstance(value, dict):
            raise Invalid([Problem(path.name, "must hold a JSON object")])
        return value

    def read_threads(self) -> int | None:
        """Return the number of threads the run was begun with, on which last bits depend; None if unknown."""
        if not self.environment.exists():
            return None
        threads = self.read_json(self.environment).get("threads")
        # not isinstance: True is an int, too
        return threads if type(threads) is int and 0 < threads <= MOST_THREADS else None

    def read_data_memory(self) -> DataMemory | None:
        """Return in which memory the data of the run was trained from; None if unknown."""
        if not self.environment.exists():
            return None
        found = self.read_json(self.environment).get("data_memory")
        return found if found in ("device", "host") else None

    def read_bytes(self, path: Path, most: int) -> bytes:
        """Return the content of a file of this run; raises Invalid if it is missing, a link or too large."""
        self._refuse_link(path)
        try:
            if not path.is_file():
                raise Invalid([Problem(path.name, "is missing from the run folder")])
            return read_ordinary(path, most)
        except OSError as error:
            raise Invalid(
                [Problem(path.name, Message("cannot be read: {why}", why=error.strerror or error))]
            ) from None

    def _refuse_link(self, path: Path) -> None:
        """Raise Invalid where a path leads out of the folder, or is a link at all."""
        # a link in a stranger's folder could show any file of the machine
        inside = path.relative_to(self.path)
        # every folder on the way: a link in the middle leads out just as well
        place = self.path
        for part in inside.parts:
            place = place / part
            if part == ".." or place.is_symlink():
                raise Invalid([Problem(str(inside), "is a link; a run folder holds files of its own only")])


def opened(path: str | Path) -> RunFolder:
    """Return the run folder at `path`; raises Invalid when there is none."""
    folder = RunFolder(Path(path).absolute())
    if not folder.path.is_dir():
        raise Invalid([Problem("", Message("{path} is not a folder; give the folder of a run", path=path))])
    if not folder.experiment.is_file():
        raise Invalid(
            [Problem("", Message("{path} is not the folder of a run: experiment.toml is missing", path=path))]
        )
    return folder


def finite(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the mapping with numbers that JSON cannot hold (nan, infinities) as None, at any depth."""
    return {key: _finite(value) for key, value in values.items()}


def _finite(value: Any) -> Any:
    if isinstance(value, Mapping):
        return finite(value)
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    # negated, so that NaN is caught too: it compares as False with everything
    if isinstance(value, float) and not abs(value) < float("inf"):
        return None
    return value
