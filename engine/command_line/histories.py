"""The `history` and `log` commands: the numbers of a run for other programs."""

from __future__ import annotations

import sys
from pathlib import Path

from engine.choices import Invalid, Message, Problem
from engine.command_line.codes import DONE
from engine.command_line.output import write_out
from engine.runs import status
from engine.runs.folder import opened
from engine.runs.history.reader import HistoryReader


def history(run: str, out: Path | None) -> int:
    """Write every number of a run as CSV or Parquet, or as CSV to stdout; return the exit code."""
    from engine.runs.history.tables import history_bytes

    with HistoryReader(opened(run).history) as found:
        content = history_bytes(found, out or Path("history.csv"))
    if out is None:
        sys.stdout.write(content.decode())
    else:
        write_out(out, content)
    return DONE


def log(run: str, folder: Path) -> int:
    """Write the numbers of a run into an event file of TensorBoard's below `folder`; return the exit code."""
    from engine.runs.history.tensorboard import event_file

    opened_run = opened(run)
    stood = status.read(opened_run)
    # a run of TensorBoard's is a folder: two runs of Ravine never share one
    place = folder / opened_run.path.name
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        why = Message("{path} cannot be made: {why}", path=place, why=error.strerror or error)
        raise Invalid([Problem("", why)]) from None
    with HistoryReader(opened_run.history) as found:
        content = b"".join(event_file(found, stood.started, stood.seconds))
    # TensorBoard looks for "tfevents" in names; a run that is logged again takes the place of what it was
    write_out(place / f"events.out.tfevents.{int(stood.started)}.ravine", content)
    sys.stderr.write(Message("written to {path}; see it with tensorboard --logdir {folder}\n",
                             path=place, folder=folder))  # fmt: skip
    return DONE
