from __future__ import annotations

import dataclasses
from typing import Any, get_args

import msgpack
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.choices import Problem
from engine.events import Block, Layer, Measured, Reading, RunStarted
from engine.experiment import Experiment
from engine.probes.convolutions import LayerFilters, LayerwiseFilters
from engine.runs.history.packing import records_in
from engine.serving import frames, protocol
from engine.serving.pipes import checked
from engine.serving.protocol import Answer, Predict, Refused, Request, RunEvent, Sketch, Train, Working

plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**80), 2**80)
    | st.floats(allow_nan=False)
    | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4).map(tuple) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)


def _there_and_back(message: object) -> Any:
    (found,) = frames.Decoder().feed(frames.encode(message))
    return found


@given(plain)
def test_that_plain_values_survive_the_way(value: object) -> None:
    assert _there_and_back(Answer(1, value)) == Answer(1, value)


def test_that_nested_records_and_arrays_survive_the_way() -> None:
    blocks = (Block("loss", 1, 1, np.array([1, np.nan, 3], np.float32)),)
    found = _there_and_back(RunEvent("/runs/a", Measured(blocks, 3, 1, 0.5, 100.0)))
    assert isinstance(found.event, Measured)
    assert found.event.blocks[0].values.tobytes() == blocks[0].values.tobytes()
    layer = LayerFilters("conv", np.arange(24, dtype=np.uint8).reshape(2, 3, 4))
    reading = _there_and_back(RunEvent("/runs/a", Reading("filters", 3, LayerwiseFilters((layer,))))).event
    assert isinstance(reading, Reading)
    assert isinstance(reading.found, LayerwiseFilters)
    assert np.array_equal(reading.found.layers[0].filters, layer.filters)
    started = RunEvent("/r", RunStarted("/r", "手写", 0, 1, 2, "CPU", 3, (Layer("a", "b", (1, 2), 3, 4),)))
    assert _there_and_back(started) == started
    refused = Refused(4, (Problem("data.path", "is missing"),))
    assert _there_and_back(refused) == refused


def test_that_an_experiment_survives_the_way() -> None:
    train = _there_and_back(
        Request(1, Train(Experiment().model_dump(mode="json", exclude_none=True), "/runs"))
    )
    assert Experiment.model_validate(train.command.experiment) == Experiment()


def test_that_a_row_with_strange_column_names_survives_the_way() -> None:
    rows = ({"": 1, "Train": "x", "a b": None},)
    assert _there_and_back(Request(1, Predict("/r", rows=rows))).command.rows == rows


@given(st.lists(st.integers(0, 200), max_size=20), st.lists(st.integers(1, 40), min_size=1, max_size=30))
def test_that_messages_come_out_whole_however_the_bytes_arrive(shares: list[int], cuts: list[int]) -> None:
    messages = [Working(share, share / 200, "w" * share) for share in shares]
    content = b"".join(frames.encode(message) for message in messages)
    decoder, found, place = frames.Decoder(), [], 0
    for index in range(len(content)):
        size = cuts[index % len(cuts)]
        found += list(decoder.feed(content[place : place + size]))
        place += size
    assert found == messages


@pytest.mark.parametrize("value", [object(), {1, 2}.__iter__(), np.array(["a"]), np.array([object()])])
def test_that_what_is_no_plain_value_is_not_sent(value: object) -> None:
    with pytest.raises(TypeError):
        frames.encode(Answer(1, value))


def test_that_only_records_of_the_protocol_travel() -> None:
    @dataclasses.dataclass
    class Strange:
        x: int

    for message in (Strange(1), Answer(1, Strange(1)), {"a": 1}, 3):
        with pytest.raises(TypeError):
            frames.encode(message)
    names = {
        "Hello",
        "Ready",
        "Train",
        "RunEvent",
        "Measured",
        "Block",
        "Sketched",
        "Evaluated",
        "Predicted",
        "Inspection",
    }
    assert names <= protocol.RECORDS.keys()


@given(st.binary(max_size=400))
def test_that_any_bytes_give_messages_or_broken_frame(content: bytes) -> None:
    try:
        for message in frames.Decoder(most=1 << 16).feed(content):
            assert type(message).__name__ in protocol.RECORDS
    except frames.BrokenFrame:
        return


@given(st.data())
def test_that_damaged_frames_give_messages_or_broken_frame(data: st.DataObject) -> None:
    block = Block("loss", 1, 1, np.zeros(3, np.float32))
    frame = bytearray(frames.encode(RunEvent("/r", Measured((block,), 1, 1, 1.0, 1.0))))
    for _ in range(data.draw(st.integers(1, 4))):
        frame[data.draw(st.integers(4, len(frame) - 1))] = data.draw(st.integers(0, 255))
    try:
        list(frames.Decoder().feed(bytes(frame)))
    except frames.BrokenFrame:
        return


def _nested(depth: int) -> bytes:
    content = msgpack.packb(["Cancel", {"number": 1}])
    for _ in range(depth):
        content = msgpack.packb(["Answer", {"number": 1, "value": msgpack.ExtType(1, content)}])
    return bytes(msgpack.packb(msgpack.ExtType(1, content)))


@pytest.mark.parametrize(
    "content",
    [
        msgpack.packb({"a": 1}),
        msgpack.packb(msgpack.ExtType(1, msgpack.packb(["os.system", "ls"]))),
        msgpack.packb(msgpack.ExtType(1, msgpack.packb(["Cancel"]))),
        msgpack.packb(msgpack.ExtType(1, msgpack.packb(["Cancel", 1]))),
        msgpack.packb(msgpack.ExtType(1, msgpack.packb(["Cancel", {}]))),
        msgpack.packb(msgpack.ExtType(1, msgpack.packb(["Cancel", {"number": 1, "more": 2}]))),
        msgpack.packb(msgpack.ExtType(1, msgpack.packb(["Cancel", {7: 1}]))),
        msgpack.packb(msgpack.ExtType(2, msgpack.packb(["object", [1], b"12345678"]))),
        msgpack.packb(msgpack.ExtType(2, msgpack.packb(["uint8", [2**60], b""]))),
        msgpack.packb(msgpack.ExtType(3, b"x")),
        msgpack.packb(msgpack.ExtType(9, b"")),
        b"\xdd\xff\xff\xff\xff",
        b"\x91" * 5000,
        _nested(60),
        b"",
    ],
    ids=range(15),
)
def test_that_hostile_frames_are_refused(content: bytes) -> None:
    with pytest.raises(frames.BrokenFrame):
        frames.decode(content)


def test_that_a_frame_longer_than_allowed_is_refused_before_it_is_read() -> None:
    with pytest.raises(frames.BrokenFrame, match="longer"):
        list(frames.Decoder().feed(b"\xff\xff\xff\xff"))


VALUES: dict[str, Any] = {
    "step": 7,
    "number": 3,
    "folder": "/r",
    "part": "test",
    "experiment": {},
    "values": {"optimizer.learning_rate": 0.1},
    "runs": "/",
    "probes": (),
    "name": "train mlp",
    "place": "/p",
}


def made(record: Any) -> Any:
    given = [field for field in dataclasses.fields(record) if field.name in VALUES]
    return record(**{field.name: VALUES[field.name] for field in given})


@pytest.mark.parametrize("command", protocol.COMMANDS)
def test_that_every_command_survives_the_way_in_its_envelope_and_names_its_answer(
    command: type[protocol.Command[Any]],
) -> None:
    message = Request(3, made(command))
    assert _there_and_back(message) == message
    assert checked(_there_and_back(message)) == message
    answer = protocol.answered_with(command)
    assert answer is str or protocol.RECORDS[answer.__name__] is answer


@pytest.mark.parametrize("record", [*get_args(protocol.Steering), protocol.Cancel, protocol.Quit])
def test_that_what_needs_no_answer_survives_the_way_without_one(record: type) -> None:
    message = made(record)
    assert checked(_there_and_back(message)) == message


def test_that_a_command_alone_and_an_envelope_of_something_else_are_refused() -> None:
    nothing: Any = None
    pause: Any = protocol.Pause()
    for wrong in (Sketch({}), Request(1, pause), Request(1, nothing), Answer(1, 2)):
        with pytest.raises(frames.BrokenFrame):
            checked(wrong)


def test_that_two_records_of_one_name_may_not_travel() -> None:
    @dataclasses.dataclass(frozen=True)
    class SoFar:
        request: int

    with pytest.raises(TypeError, match="SoFar"):
        records_in(protocol.Saying, SoFar)
