"""The number of threads is a rule of the work in a step and of the cores there are."""

from __future__ import annotations

import subprocess
import sys

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as some

from engine.data.description import Description, Inputs, Targets
from engine.training.threads import WORK_PER_THREAD, available, threads_for, threads_of
from tests.engine.training.support import experiment_of, plan_of

WORK, CORES = some.integers(0, 10**12), some.integers(1, 256)
FACTS = Description(Inputs("vector", (784,)), Targets("classes", ("class",), ("a", "b")), 3200, 400, 400)


@given(work=WORK, cores=CORES)
def test_that_there_is_a_thread_and_never_more_than_cores_or_than_the_work_is_worth(work: int, cores: int):
    threads = threads_of(work, cores)
    assert 1 <= threads <= cores
    assert threads == 1 or threads * WORK_PER_THREAD <= work


@given(work=WORK, more=WORK, cores=CORES)
def test_that_more_work_never_gets_fewer_threads(work: int, more: int, cores: int):
    assert threads_of(work + more, cores) >= threads_of(work, cores)


@pytest.mark.parametrize(("cores", "threads"), [(1, 1), (2, 2), (3, 3), (4, 3), (16, 15)])
def test_that_where_there_are_many_cores_one_is_left_to_the_window(cores: int, threads: int):
    assert threads_of(10**12, cores) == threads


def test_that_the_work_is_that_of_a_whole_batch(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("engine.training.threads.available", lambda: 2)
    architecture = {"kind": "mlp", "hidden": [512] * 4}
    found = {
        size: threads_for(
            plan_of(experiment_of({}, architecture=architecture, training={"batch_size": size}), FACTS)
        )
        for size in (1, 32, 512, "all")
    }
    assert found == {1: 1, 32: 1, 512: 2, "all": 2}
    small = experiment_of({}, architecture={"kind": "mlp", "hidden": [64, 64]}, training={"batch_size": 32})
    assert threads_for(plan_of(small, FACTS)) == 1


def test_that_no_more_threads_are_offered_than_torch_was_given():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        assert available() == 1
    finally:
        torch.set_num_threads(before)


def test_that_threads_of_the_engine_sleep_while_they_wait():
    code = (
        "import atexit, os, sys; from engine.__main__ import main; sys.argv[1:] = ['--version'];"
        "atexit.register(lambda: print(os.environ['OMP_WAIT_POLICY'])); main()"
    )
    said = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert said.stdout.split()[-1] == "PASSIVE"
