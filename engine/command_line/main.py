"""The commands, their arguments, and what becomes of errors."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from engine import __version__
from engine.choices import Field, Invalid, Message, Problem, fields
from engine.command_line.codes import BAD_INPUT, DONE, INTERRUPTED
from engine.command_line.output import forget
from engine.command_line.told import add_told, told_in
from engine.inference.writing import Continuing, Searching

Command = Callable[[argparse.Namespace], int]


def run(arguments: Sequence[str]) -> int:
    """Carry out one command and return its exit code; problems are told on stderr, a line each."""
    parser = _parser()
    # not parse_args, which ends before it can be said how a setting of the data is given
    chosen, unknown = parser.parse_known_args(arguments)
    if unknown:
        parser.error(
            Message(
                "unrecognized arguments: {unknown}{advice}",
                unknown=" ".join(unknown),
                advice=_as_setting(unknown),
            )
        )
    command: Command = chosen.command
    try:
        code = command(chosen)
        sys.stdout.flush()  # here, where its errors can be told, and not when Python shuts down
    except Invalid as error:
        for problem in error.problems:
            sys.stderr.write(f"{problem}\n")
        return BAD_INPUT
    except KeyboardInterrupt:
        return INTERRUPTED
    # who reads has seen enough (`| head -1`): no fault of this program
    except BrokenPipeError:
        forget(sys.stdout)
        return DONE
    except MemoryError:
        sys.stderr.write("the memory of this machine is not enough for that\n")
        return BAD_INPUT
    # a full disk, say: what is still unwritten would fail once more as Python shuts down
    except OSError as error:
        forget(sys.stdout)
        sys.stderr.write(f"{error.filename or 'output'}: {error.strerror or error}\n")
        return BAD_INPUT
    return code


def _as_setting(unknown: Sequence[str]) -> str:
    """Return how a setting of the data is written that was given as an option of its own, "" for others."""
    from engine.command_line.told import every_setting

    names = [
        word.removeprefix("--").replace("-", "_").partition("=")[0] for word in unknown if word[:2] == "--"
    ]
    known = [name for name in names if name in every_setting()]
    return (
        Message("; a setting of the data is written --set data.{name}=VALUE", name=known[0]) if known else ""
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="ravine-engine", description="Train neural networks without a window.", allow_abbrev=False
    )
    parser.add_argument("--version", action="version", version=__version__)
    # required: without it Python goes on with no command at all
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    _add_experiments(commands)
    _add_runs(commands)
    _add_histories(commands)
    _add_proving(commands)
    _add_packing(commands)
    _add_processes(commands)
    return parser


def _add_experiments(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    listing = _add(commands, "list", _list, "every choice with its settings, as JSON")
    listing.add_argument("family", nargs="?", metavar="FAMILY", help="show this family alone")
    # taken all the same, as scripts give it to every command
    listing.add_argument("--json", action="store_true", help="(the output is JSON in any case)")

    beginning = _add(commands, "new", _new, "write the experiment that suits data of one's own")
    beginning.add_argument("data", type=Path, metavar="DATA", help="a file or folder")
    beginning.add_argument("-o", "--output", type=Path, metavar="OUT", help="write it to this file")
    _settings(beginning)

    checking = _add(commands, "check", _check, "tell every problem of an experiment, without training it")
    _experiment(checking)
    checking.add_argument("--json", action="store_true", help="print the problems as JSON")

    fitting = _add(
        commands, "find-batch", _find_batch, "try batch sizes and tell the largest that fits into memory"
    )
    _experiment(fitting)
    fitting.add_argument(
        "--memory", type=float, metavar="GB", help="what a step may hold (default: what is free)"
    )
    fitting.add_argument("--json", action="store_true", help="print what was found as JSON")

    trying = _add(
        commands, "find-rate", _find_rate, "try learning rates (range test) and suggest one, without training"
    )
    _experiment(trying)
    trying.add_argument(
        "--from", type=float, dest="lowest", default=1e-6, metavar="RATE", help="the lowest (default: 1e-6)"
    )
    trying.add_argument(
        "--to", type=float, dest="highest", default=10.0, metavar="RATE", help="the highest (default: 10)"
    )
    trying.add_argument("--steps", type=int, default=100, metavar="N", help="how many (default: 100)")
    trying.add_argument("--json", action="store_true", help="print the result as JSON")

    training = _add(commands, "train", _train, "train an experiment")
    _experiment(training)
    training.add_argument("--runs", type=Path, metavar="DIR", help="folder for runs")
    training.add_argument("--device", choices=("auto", "cpu", "cuda"), help="where to train")
    training.add_argument(
        "--json", action="store_true", help="print an event a line instead of a progress bar"
    )
    _later(training)


def _add_runs(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    resuming = _add(commands, "resume", _resume, "go on with a run that has not finished, or to more epochs")
    _run_folder(resuming)
    _moved(resuming)
    resuming.add_argument(
        "--epochs", type=int, metavar="N", help="go on until N epochs are done, also with a finished run"
    )

    branching = _add(commands, "branch", _branch, "train a new run that begins with weights of another one")
    _run_folder(branching)
    branching.add_argument(
        "--step", type=int, metavar="N", required=True, help="the weights after that step of the run"
    )
    _settings(branching)
    branching.add_argument("--runs", type=Path, metavar="DIR", help="folder for runs")
    _later(branching)

    evaluating = _add(
        commands, "evaluate", _evaluate, "the scores of a run on one part of its data, or on a labelled file"
    )
    _run_folder(evaluating)
    evaluating.add_argument(
        "input", type=Path, metavar="FILE", nargs="?", help="a new file or folder whose answers are known"
    )
    evaluating.add_argument(
        "--split", choices=("train", "validation", "test"), default="test", help="which part (default: test)"
    )
    _moved(evaluating)
    _moment(evaluating)
    add_told(evaluating)

    predicting = _add(commands, "predict", _predict, "predictions for new rows, pictures, texts or series")
    _run_folder(predicting)
    predicting.add_argument(
        "input",
        type=Path,
        metavar="INPUT",
        nargs="?",
        help="a table, a picture, a text file with a text a line, series, or a folder of such; - reads texts "
        "from stdin; nothing: forecast what comes after the data of the run",
    )
    predicting.add_argument("-o", "--output", type=Path, metavar="OUT", help="write them to this CSV file")
    _moment(predicting)
    _add_writing(predicting)
    # an option of one name cannot be added twice
    add_told(predicting, taken=[field.name for field in _writing_fields()])

    waiting = _add(commands, "queue", _queue, "the runs that wait, in order; or change or train them")
    waiting.add_argument(
        "action",
        nargs="?",
        default="list",
        choices=("list", "train", "add", "remove", "hold", "release", "first", "last"),
        help="train: one after the other, until none waits; the others take runs (default: list)",
    )
    waiting.add_argument("names", nargs="*", metavar="RUN", help="folders of runs")
    waiting.add_argument("--runs", type=Path, metavar="DIR", help="folder for runs")
    waiting.add_argument(
        "--at-once", type=int, default=1, metavar="N", help="train so many at the same time (default: 1)"
    )
    waiting.add_argument("--most", type=int, metavar="N", help="end after N runs (default: when none waits)")
    waiting.add_argument(
        "--stop-at-failure", action="store_true", help="train no other after a run that failed"
    )
    waiting.add_argument("--json", action="store_true", help="print the result as JSON")

    listing = _add(commands, "runs", _runs, "the runs there are")
    listing.add_argument(
        "where",
        nargs="*",
        metavar="WHERE",
        help="only these: words, and conditions as 'optimizer.learning_rate < 0.01 and tag:paper'",
    )
    listing.add_argument("--runs", type=Path, metavar="DIR", help="folder for runs")
    listing.add_argument("--json", action="store_true", help="print them as JSON")


def _add_histories(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    writing = _add(commands, "history", _history, "every number of a run, a row a step, as CSV or Parquet")
    _run_folder(writing)
    writing.add_argument(
        "-o", "--output", type=Path, metavar="OUT", help="a file in .csv or .parquet (default: CSV to stdout)"
    )
    logging = _add(commands, "log", _log, "the numbers of a run for TensorBoard")
    _run_folder(logging)
    logging.add_argument(
        "--tensorboard", type=Path, metavar="DIR", required=True, help="the folder that TensorBoard is given"
    )


def _add_proving(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    proving = _add(
        commands, "prove", _prove, "take the steps of a run again, with interruptions, and compare bit by bit"
    )
    _run_folder(proving)


def _add_packing(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    packing = _add(commands, "pack", _pack, "write a run into one file, to be sent or kept")
    _run_folder(packing)
    packing.add_argument(
        "-o", "--output", type=Path, metavar="OUT", help="the file or its folder (default: RUN.ravine here)"
    )
    packing.add_argument(
        "--with-data", action="store_true", help="take the data along, so that the run can be gone on with"
    )
    unpacking = _add(commands, "unpack", _unpack, "take a run out of such a file, whoever made it")
    unpacking.add_argument("file", type=Path, metavar="FILE", help="a packed run (.ravine)")
    unpacking.add_argument("--runs", type=Path, metavar="DIR", help="folder for runs")
    unpacking.add_argument("--json", action="store_true", help="print the result as JSON")


def _add_writing(predicting: argparse.ArgumentParser) -> None:
    """Add how texts are written; what is left out takes its default."""
    for field in _writing_fields():
        # argparse fills in values behind % signs
        text = f"{field.setting.help} ({field.default})".replace("%", "%%")
        option = "--" + field.name.replace("_", "-")
        predicting.add_argument(option, type=field.annotation, metavar=field.annotation.__name__, help=text)


def _writing_fields() -> tuple[Field, ...]:
    return (*fields(Continuing), *fields(Searching))


def _add_processes(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    testing = _add(commands, "selftest", _selftest, "check that this installation can train")
    testing.add_argument("--json", action="store_true", help="print what was checked as JSON")
    _add(commands, "serve", _serve, "be the window's engine: messages on stdin and stdout")
    _add(commands, "inspect", _inspect, "be the window's reader of data: messages on stdin and stdout")


def _add(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, command: Command, text: str
) -> argparse.ArgumentParser:
    parser = commands.add_parser(
        name, help=text, description=text[0].upper() + text[1:] + ".", allow_abbrev=False
    )
    parser.set_defaults(command=command)
    return parser


def _experiment(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "experiment", metavar="EXPERIMENT", help="an experiment file, or the name of a preset"
    )
    _settings(parser)


def _settings(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--set",
        action="extend",
        nargs="+",
        default=[],
        metavar="PATH=VALUE",
        help="change settings, as in optimizer.learning_rate=0.01; several may follow; "
        "a path of data given so is relative to the current folder",
    )


def _later(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--later", action="store_true", help="put it into the queue, which `queue train` works through"
    )


def _run_folder(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("run", metavar="RUN", help="the folder of a run")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")


def _moment(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--step", type=int, metavar="N", help="with the weights as they were after that step of the run"
    )


def _moved(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", metavar="PATH", help="where the data of the run lies now, if it was moved")


# Each command imports what it needs when it is called: `list` and `check` must not wait for torch.


def _list(chosen: argparse.Namespace) -> int:
    from engine.command_line.catalogue import print_catalogue

    print_catalogue(chosen.family)
    return DONE


def _new(chosen: argparse.Namespace) -> int:
    from engine.command_line.new import new

    return new(chosen.data, chosen.set, chosen.output)


def _check(chosen: argparse.Namespace) -> int:
    from engine.command_line.experiments import check

    return check(chosen.experiment, chosen.set, as_json=chosen.json)


def _find_batch(chosen: argparse.Namespace) -> int:
    from engine.command_line.finding_batch import find_batch

    return find_batch(chosen.experiment, chosen.set, chosen.memory, as_json=chosen.json)


def _find_rate(chosen: argparse.Namespace) -> int:
    from engine.command_line.finding import find_rate

    span = (chosen.lowest, chosen.highest, chosen.steps)
    return find_rate(chosen.experiment, chosen.set, *span, as_json=chosen.json)


def _train(chosen: argparse.Namespace) -> int:
    from engine.command_line.training import train

    return train(
        chosen.experiment, chosen.set, chosen.runs, chosen.device, as_json=chosen.json, later=chosen.later
    )


def _branch(chosen: argparse.Namespace) -> int:
    from engine.command_line.training import branch

    return branch(chosen.run, chosen.step, chosen.set, chosen.runs, as_json=chosen.json, later=chosen.later)


def _resume(chosen: argparse.Namespace) -> int:
    from engine.command_line.training import resume

    return resume(chosen.run, chosen.data, chosen.epochs, as_json=chosen.json)


def _evaluate(chosen: argparse.Namespace) -> int:
    from engine.command_line.results import evaluate, evaluate_new

    told = told_in(chosen)
    if chosen.input is not None:
        return evaluate_new(chosen.run, chosen.input, told, chosen.step, as_json=chosen.json)
    if chosen.data is not None:
        # --data is a short way to say --set data.path
        told["path"] = chosen.data
    return evaluate(chosen.run, chosen.split, told, chosen.step, as_json=chosen.json)


def _predict(chosen: argparse.Namespace) -> int:
    from engine.command_line.results import PredictionWish, predict

    names = (field.name for field in _writing_fields())
    given = {name: getattr(chosen, name) for name in names if getattr(chosen, name) is not None}
    wish = PredictionWish(chosen.input, chosen.output, given, told_in(chosen), chosen.step)
    return predict(chosen.run, wish, as_json=chosen.json)


def _history(chosen: argparse.Namespace) -> int:
    from engine.command_line.histories import history

    return history(chosen.run, chosen.output)


def _log(chosen: argparse.Namespace) -> int:
    from engine.command_line.histories import log

    return log(chosen.run, chosen.tensorboard)


def _prove(chosen: argparse.Namespace) -> int:
    from engine.command_line.proving import prove

    return prove(chosen.run, as_json=chosen.json)


def _pack(chosen: argparse.Namespace) -> int:
    from engine.command_line.packing import pack

    return pack(chosen.run, chosen.output, with_data=chosen.with_data, as_json=chosen.json)


def _unpack(chosen: argparse.Namespace) -> int:
    from engine.command_line.packing import unpack

    return unpack(chosen.file, chosen.runs, as_json=chosen.json)


def _queue(chosen: argparse.Namespace) -> int:
    from engine.command_line.queueing import AtWork, queue

    if not 1 <= chosen.at_once <= 64:
        raise Invalid([Problem("--at-once", "must be 1 to 64")])
    if chosen.most is not None and chosen.most < 1:
        raise Invalid([Problem("--most", "must be at least 1")])
    manner = AtWork(chosen.at_once, chosen.most, chosen.stop_at_failure, chosen.json)
    return queue(chosen.runs, chosen.action, chosen.names, manner)


def _runs(chosen: argparse.Namespace) -> int:
    from engine.command_line.results import runs

    return runs(chosen.runs, " ".join(chosen.where), as_json=chosen.json)


def _selftest(chosen: argparse.Namespace) -> int:
    from engine.command_line.selftest import selftest

    return selftest(as_json=chosen.json)


def _serve(_: argparse.Namespace) -> int:
    from engine.serving.host import serve

    return serve()


def _inspect(_: argparse.Namespace) -> int:
    from engine.serving.inspector import serve

    return serve()
