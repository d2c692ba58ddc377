"""Engine and inspector as the window uses them: real processes, messages through pipes."""

from __future__ import annotations

import json
import os
import signal
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Any, Self, cast

import numpy as np
import pytest

from engine.command_line.experiments import load
from engine.data.inspection.records import Inspection
from engine.events import ENDED, Measured, Reading, RunEnded, RunStarted, StateChanged
from engine.experiment import Experiment
from engine.inference.results import Augmented, Predicted, Sketched
from engine.probes.fitted_functions import Surface
from engine.runs import status
from engine.runs.creation import create
from engine.runs.folder import RunFolder
from engine.runs.history.reader import HistoryReader
from engine.runs.scoring.scores import Evaluated
from engine.serving import protocol as p
from engine.serving.frames import Decoder, encode
from engine.serving.pipes import _frame
from tests.engine.runs.real_runs import start_engine
from tests.patience import PATIENCE


class Client:
    """The window's end of the pipes."""

    def __init__(self, home: Path, command: str) -> None:
        self.process = start_engine(home, command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.heard: list[Any] = []
        self._inbox: SimpleQueue[Any] = SimpleQueue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        decoder = Decoder()
        assert self.process.stdout is not None
        while content := self.process.stdout.read1(1 << 16):  # type: ignore[attr-defined]
            for message in decoder.feed(content):
                self._inbox.put(message)

    def say(self, message: object) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(encode(message))
        self.process.stdin.flush()

    def wait(self, condition: Callable[[Any], bool], seconds: float = PATIENCE) -> Any:
        """Return the first message from now on that fits; everything heard is kept in `heard`."""
        until = time.monotonic() + seconds
        while True:
            try:
                message = self._inbox.get(timeout=1)
            except Empty:
                if time.monotonic() < until and self.process.poll() is None:
                    continue
                pytest.fail(f"not heard; the last was {self.heard[-3:]}")
            self.heard.append(message)
            if condition(message):
                return message

    def answer(self, number: int) -> Any:
        kinds = p.Answer | p.Refused | p.Cancelled
        return self.wait(lambda message: isinstance(message, kinds) and message.number == number)

    def event(self, kind: type, condition: Callable[[Any], bool] = lambda event: True) -> Any:
        def fits(said: Any) -> bool:
            return isinstance(said, p.RunEvent) and isinstance(said.event, kind) and condition(said.event)

        return self.wait(fits).event

    def close(self) -> int:
        assert self.process.stdin is not None
        self.process.stdin.close()
        return self.process.wait(30)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type | None, *_: BaseException | TracebackType | None) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self._reader.join(10)
        self.process.stdout.close()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def shared(home: Path) -> Iterator[Client]:
    """One engine for the tests that leave it idle."""
    with Client(home, "serve") as client:
        client.wait(lambda message: isinstance(message, p.Ready))
        yield client


def _values(name: str, *changes: str) -> dict[str, Any]:
    return load(name, ["training.device=cpu", *changes]).model_dump(mode="json", exclude_none=True)


def _read_all(folder: str) -> dict[str, list[float]]:
    with HistoryReader(RunFolder(Path(folder)).history) as history:
        return {name: history.column(name).values.tolist() for name in history.names()}


def test_that_the_engine_greets_first_and_says_ready_when_torch_is_there(shared: Client) -> None:
    assert isinstance(shared.heard[0], p.Hello)
    ready = shared.heard[-1]
    assert ready.device.startswith("CPU") or ready.device
    assert 0 < ready.memory_used <= ready.memory_total


def test_that_a_run_says_every_number_once_and_in_order(shared: Client, home: Path) -> None:
    shared.say(p.Watch(({"kind": "decision_surface"},)))
    shared.say(p.Request(1, p.Train(_values("moons", "training.epochs=30"), str(home / "runs"))))
    folder = shared.answer(1).value
    mark = len(shared.heard)
    ended = shared.event(RunEnded)
    assert ended.state == "finished"
    assert {"train", "validation"} <= ended.scores.keys()
    events = [said.event for said in shared.heard[mark:] if isinstance(said, p.RunEvent)]
    assert isinstance(events[0], RunStarted)
    losses = [value for event in events if isinstance(event, Measured) for block in event.blocks
              if block.series == "loss" for value in block.values.tolist()]  # fmt: skip
    assert losses == _read_all(folder)["loss"]
    readings = [event for event in events if isinstance(event, Reading)]
    assert isinstance(readings[-1].found, Surface)
    shared.say(p.Watch(()))


def test_that_pause_step_and_continue_do_what_they_say(shared: Client, home: Path) -> None:
    shared.say(p.Request(2, p.Train(_values("spirals", "training.epochs=40"), str(home / "runs"))))
    shared.say(p.Pause())
    folder = shared.answer(2).value
    paused = shared.event(StateChanged, lambda event: event.state == "paused")
    assert json.loads((Path(folder) / "status.json").read_bytes())["state"] == "paused"
    shared.say(p.Advance(3))
    again = shared.event(StateChanged, lambda event: event.state == "paused")
    assert again.step == paused.step + 3
    shared.say(p.Advance(epoch=True))
    at_epoch = shared.event(StateChanged, lambda event: event.state == "paused")
    assert at_epoch.step % 14 == 0
    shared.say(p.Request(3, p.Sketch(_values("digits_cnn"))))
    sketched = shared.answer(3).value
    assert isinstance(sketched, Sketched)
    assert sketched.parameters == sum(layer.parameters for layer in sketched.layers) > 0
    shared.say(p.Request(4, p.Train(_values("moons"), str(home / "runs"))))
    assert isinstance(shared.answer(4), p.Refused)
    shared.say(p.Continue())
    shared.event(StateChanged, lambda event: event.state == "running")
    shared.say(p.Stop())
    ended = shared.event(RunEnded)
    assert ended.state in ("stopped", "finished")
    assert (Path(folder) / "model.safetensors").exists()


def test_that_a_stopped_run_can_go_on_and_be_tested_and_used(shared: Client, home: Path) -> None:
    shared.say(p.Request(5, p.Train(_values("wine", "training.epochs=200"), str(home / "runs"))))
    shared.say(p.Pause())  # so that the run is not over before a busy machine comes to stop it
    folder = shared.answer(5).value
    shared.event(StateChanged, lambda event: event.state == "paused")
    shared.say(p.Advance(40))
    shared.event(StateChanged, lambda event: event.state == "paused" and event.step >= 40)
    shared.say(p.Stop())
    stopped = shared.event(RunEnded)
    assert stopped.state == "stopped"
    shared.say(p.Request(6, p.Resume(folder)))
    assert shared.answer(6).value == folder
    assert shared.event(RunStarted).step == stopped.step
    assert shared.event(RunEnded).state == "finished"
    shared.say(p.Request(7, p.Resume(folder)))
    assert "finished" in str(shared.answer(7).problems[0])
    shared.say(p.Request(8, p.Evaluate(folder, "test")))
    evaluated = shared.answer(8).value
    assert isinstance(evaluated, Evaluated)
    assert evaluated.arrays["confusion"].shape == (3, 3)
    assert "logistic" in evaluated.baselines
    rows = tuple({"alcohol": "13.2", "ash": "2.1"} for _ in range(2))
    shared.say(p.Request(9, p.Predict(folder, rows=rows)))
    assert isinstance(shared.answer(9), p.Refused)


def test_that_digits_are_predicted_from_pixels(shared: Client, home: Path) -> None:
    shared.say(p.Request(10, p.Train(_values("digits_cnn", "training.epochs=1"), str(home / "runs"))))
    folder = shared.answer(10).value
    shared.event(RunEnded)
    shared.say(p.Request(11, p.Predict(folder, pixels=np.zeros((2, 32, 32), np.uint8))))
    predicted = shared.answer(11).value
    assert isinstance(predicted, Predicted)
    assert predicted.values.shape == (2, 10)
    assert np.allclose(predicted.values.sum(axis=1), 1, atol=1e-5)
    assert predicted.pixels is not None


def test_that_bad_requests_are_refused_with_every_problem(shared: Client, home: Path) -> None:
    shared.say(p.Request(20, p.Train({"optimizer": {"kind": "adm"}, "seed": -1}, str(home / "runs"))))
    assert {problem.path for problem in shared.answer(20).problems} == {"optimizer.kind", "seed"}
    shared.say(p.Request(21, p.Train(_values("wine", "architecture.kind=cnn"), str(home / "none"))))
    assert [problem.path for problem in shared.answer(21).problems] == ["architecture.kind"]
    assert not (home / "none").exists()
    shared.say(p.Request(22, p.Evaluate(str(home), "test")))
    assert "experiment.toml" in str(shared.answer(22).problems[0])
    shared.say(p.Request(23, p.Evaluate("/nowhere", "bogus")))
    assert isinstance(shared.answer(23), p.Refused)
    shared.say(p.Request(24, p.Inspect({})))
    assert isinstance(shared.answer(24), p.Refused)


def test_that_the_end_of_stdin_interrupts_the_run_which_then_goes_on(home: Path) -> None:
    with Client(home, "serve") as client:
        client.say(p.Request(1, p.Train(_values("spirals", "training.epochs=2000"), str(home / "runs"))))
        folder = client.answer(1).value
        client.event(Measured, lambda event: event.step > 20)
        assert client.close() == 0
    kept = json.loads((Path(folder) / "status.json").read_bytes())
    assert kept["state"] == "interrupted"
    assert len(_read_all(folder)["loss"]) == kept["step"] > 20


def test_that_a_killed_engine_leaves_a_run_that_reads_as_interrupted(home: Path) -> None:
    with Client(home, "serve") as client:
        client.say(p.Request(1, p.Train(_values("spirals", "training.epochs=2000"), str(home / "runs"))))
        folder = client.answer(1).value
        client.event(Measured, lambda event: event.step > 20)
        assert status.read(RunFolder(Path(folder))).state == "running"
        client.process.kill()
        client.process.wait()
        assert status.read(RunFolder(Path(folder))).state == "interrupted"


def test_that_a_window_that_takes_nothing_holds_nothing_up(home: Path) -> None:
    """The worker finishes though nobody reads; later the window hears that it missed numbers."""
    process = start_engine(home, "serve", stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin is not None
    assert process.stdout is not None
    with process:
        # long enough that pictures fill the pipe and then wait in vain, however fast the machine is
        changes = [
            "training.epochs=1000000",
            "training.batch_size=4",
            "stopping.0.kind=time",
            "stopping.0.minutes=0.2",
        ]
        process.stdin.write(encode(p.Watch(({"kind": "decision_surface"},))))
        process.stdin.write(encode(p.Request(1, p.Train(_values("moons", *changes), str(home / "unread")))))
        process.stdin.flush()
        while not any(
            json.loads(path.read_bytes())["state"] in ENDED
            for path in (home / "unread").glob("*/status.json")
        ):
            assert process.poll() is None
            time.sleep(0.1)
        process.stdin.close()
        messages = list(Decoder().feed(process.stdout.read()))
    assert any(isinstance(message, p.Missed) for message in messages)
    assert isinstance(
        [message for message in messages if isinstance(message, p.RunEvent)][-1].event, RunEnded
    )


@pytest.fixture(scope="module")
def inspector(home: Path) -> Iterator[Client]:
    with Client(home, "inspect") as client:
        yield client


def test_that_the_inspector_tells_what_data_is_without_torch(inspector: Client, home: Path) -> None:
    inspector.say(p.Request(1, p.Inspect(_values("wine"))))
    found = inspector.answer(1).value
    assert isinstance(found, Inspection)
    assert found.count == 178
    assert found.description is not None
    assert found.description.targets.size == 3
    if sys.platform == "linux":
        maps = Path(f"/proc/{inspector.process.pid}/maps").read_text(encoding="utf-8")
        assert "libtorch" not in maps
    (home / "bad.csv").write_bytes(bytes(range(256)) * 40)
    inspector.say(
        p.Request(2, p.Inspect({"data": {"kind": "table", "path": str(home / "bad.csv"), "target": "y"}}))
    )
    refused = inspector.answer(2)
    assert isinstance(refused, p.Refused)
    assert refused.problems[0].path.startswith("data")
    (home / "plain.csv").write_text("a,b\n" + "1,2\n3,4\n" * 20)
    data = {"kind": "table", "path": str(home / "plain.csv")}
    # not of the loss, which may be mended before the data is read again
    inspector.say(p.Request(3, p.Inspect({"data": data, "loss": {"kind": "mean_squared"}})))
    assert [problem.path for problem in inspector.answer(3).value.problems] == ["data.target"]


def test_that_a_cancelled_inspection_is_given_up(inspector: Client) -> None:
    for number in range(10, 20):
        inspector.say(p.Request(number, p.Inspect(_values("fashion_mnist_cnn", f"seed={number}"))))
    inspector.say(p.Cancel(19))
    assert isinstance(inspector.answer(19), p.Cancelled)


def test_that_the_processes_end_with_their_stdin(home: Path) -> None:
    with Client(home, "inspect") as client:
        client.wait(lambda message: isinstance(message, p.Hello))
        assert client.close() == 0
    with Client(home, "serve") as client:
        client.say(p.Quit())
        assert client.process.wait(60) == 0


def test_that_augmented_pictures_are_shown_and_what_does_not_fit_is_refused_with_its_place(
    shared: Client,
) -> None:
    values = _values("digits_cnn")
    shared.say(p.Request(91, p.Augment({**values, "augmentations": [{"kind": "shift"}, {"kind": "mixup"}]})))
    found = shared.answer(91).value
    assert isinstance(found, Augmented)
    assert found.pixels.shape == (4, 8, 8, 8, 1)
    assert found.pixels.dtype == np.uint8
    shared.say(p.Request(92, p.Augment({**values, "augmentations": [{"kind": "cutout", "side": 20}]})))
    refused = shared.answer(92)
    assert isinstance(refused, p.Refused)
    assert [problem.path for problem in refused.problems] == ["augmentations.0.side"]


# ------------------------------------------------------------------------------------------ by force

WRONG: dict[str, bytes] = {
    "a greeting of its own": encode(p.Hello("x", 1)),
    "a saying": encode(p.Ready("1", "2", "CPU", 0, 0)),
    "no record of the protocol": struct.pack("<I", 1) + b"\x01",
    "a list that is a number": encode(p.Watch(cast("Any", 5))),
    "a number that is a mapping": encode(p.Cancel(cast("Any", {}))),
    "steps that are words": encode(p.Advance(cast("Any", "x"), epoch=False)),
    "a folder that is a number": encode(p.Request(1, p.Resume(cast("Any", 7)))),
    "a command without an envelope": encode(p.Sketch({})),
    "an envelope with what is no command": encode(p.Request(1, cast("Any", p.Pause()))),
    "an envelope without a command": encode(p.Request(1, cast("Any", None))),
    "an envelope numbered by a word": encode(p.Request(cast("Any", "x"), p.ListChecks())),
    "a giant": struct.pack("<I", 0xFFFFFFFF) + bytes(50),
    "half a frame": encode(p.Pause())[:-1],
    "random bytes": bytes(np.random.default_rng(3).integers(0, 256, 5000, np.uint8)),
}


@pytest.mark.parametrize("content", WRONG.values(), ids=WRONG.keys())
def test_that_what_cannot_be_understood_ends_a_process_as_the_end_of_its_input_does(
    content: bytes, home: Path
) -> None:
    with Client(home, "inspect") as client:  # the same reader stands in the engine
        client.wait(lambda message: isinstance(message, p.Hello))
        assert client.process.stdin is not None
        client.process.stdin.write(content)
        client.process.stdin.flush()
        if content is WRONG["half a frame"]:
            client.process.stdin.close()
        assert client.process.wait(60) == 0


def test_that_a_run_in_training_is_checkpointed_when_the_window_says_nonsense(home: Path) -> None:
    with Client(home, "serve") as client:
        client.say(p.Request(1, p.Train(_values("spirals", "training.epochs=2000"), str(home / "runs"))))
        folder = client.answer(1).value
        client.event(Measured, lambda event: event.step > 20)
        client.say(p.Advance(cast("Any", "x"), epoch=False))
        assert client.event(RunEnded).state == "interrupted"
        assert client.process.wait(30) == 0
    assert list((Path(folder) / "checkpoints").iterdir())


def test_that_resuming_where_nothing_can_be_written_ends_with_why(shared: Client, home: Path) -> None:
    folder = create(home / "runs", Experiment.model_validate(_values("wine")))
    status.write(folder, status.Status("stopped"))
    folder.lock.mkdir()  # as good as a folder that is read-only, also for whoever may write everywhere
    shared.say(p.Request(30, p.Resume(str(folder.path))))
    assert shared.answer(30).value == str(folder.path)
    ended = shared.event(RunEnded)
    assert ended.state == "failed"
    assert "Make the folder writable" in ended.why
    shared.say(p.Request(31, p.Sketch(_values("wine"))))
    assert isinstance(shared.answer(31), p.Answer)


def test_that_names_of_files_that_are_no_text_travel(shared: Client, home: Path) -> None:
    runs = home / os.fsdecode(b"runs\xe9")
    shared.say(p.Request(32, p.Train(_values("wine", "training.epochs=1"), str(runs))))
    folder = shared.answer(32).value
    assert folder.startswith(str(runs))
    assert shared.event(RunEnded).state == "finished"


def test_that_an_answer_that_cannot_travel_is_refused(capfd: pytest.CaptureFixture[str]) -> None:
    (told,) = Decoder().feed(_frame(p.Answer(3, cast("Any", object()))))
    assert isinstance(told, p.Refused)
    assert told.number == 3
    ended = RunEnded("finished", 1, 1, "", {"train": {"loss": cast("Any", object())}})
    (told,) = Decoder().feed(_frame(p.RunEvent("run", ended)))
    assert told.event.state == "finished"


@pytest.mark.skipif(os.name == "nt", reason="signals are a matter of POSIX")
def test_that_an_engine_under_nohup_outlives_its_terminal(home: Path) -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # as nohup leaves it to its children
    try:
        client = Client(home, "serve")
    finally:
        signal.signal(signal.SIGHUP, before)
    with client:
        client.say(p.Request(1, p.Train(_values("spirals", "training.epochs=2000"), str(home / "runs"))))
        client.answer(1)
        step = client.event(Measured, lambda event: event.step > 20).step
        client.process.send_signal(signal.SIGHUP)
        client.event(Measured, lambda event: event.step > step + 50)
        client.say(p.Stop())
        assert client.event(RunEnded).state == "stopped"


@pytest.mark.skipif(os.name == "nt", reason="signals are a matter of POSIX")
@pytest.mark.parametrize("name", ["SIGHUP", "SIGTERM"])
def test_that_an_engine_that_is_told_to_end_leaves_a_checkpoint(name: str, home: Path) -> None:
    with Client(home, "serve") as client:
        client.say(p.Request(1, p.Train(_values("spirals", "training.epochs=2000"), str(home / "runs"))))
        folder = Path(client.answer(1).value)
        client.event(Measured, lambda event: event.step > 20)
        client.process.send_signal(getattr(signal, name))
        step = client.event(RunEnded, lambda event: event.state == "interrupted").step
        assert client.process.wait(60) == 0
    assert (folder / "checkpoints" / f"step-{step:012d}.safetensors").is_file()
