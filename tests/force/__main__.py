"""Runs what is tried by force, in full or as short as in the ordinary tests."""

from __future__ import annotations

import argparse
import importlib
import sys
import time
import traceback
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.force.tries import Try

ROOMS = tuple(
    f"tests.force.{name}"
    for name in ("kills", "full_disk", "messages", "together", "edges", "files", "optimizers", "waits")
)
OF_WINDOWS = ("tests.app.soak",)


def all_tries(*rooms: str) -> dict[str, Try]:
    """Return every try of some modules by its name."""
    modules = map(importlib.import_module, rooms)
    return {one.name: one for module in modules for one in module.TRIES}


def main() -> int:
    known = all_tries(*ROOMS, *OF_WINDOWS)
    parser = argparse.ArgumentParser("python -m tests.force", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"of: {', '.join(known)}; all when none is given"
    )
    parser.add_argument("--short", action="store_true", help="as short as in the ordinary tests")
    parser.add_argument("--count", type=int, help="so often, instead of as often as in full")
    chosen = parser.parse_args()
    if unknown := [name for name in chosen.names if name not in known]:
        parser.error(f"nothing is called {', '.join(unknown)}; there are: {', '.join(known)}")
    broken = 0
    for name in chosen.names or known:
        one = known[name]
        count = chosen.count or (one.short if chosen.short else one.full)
        began = time.monotonic()
        with TemporaryDirectory(prefix="ravine-force-") as home:
            try:
                said = one.work(Path(home), count)
            except Exception:  # noqa: BLE001 - the others are tried all the same
                traceback.print_exc()
                said, broken = "BROKEN", broken + 1
        print(f"{one.title}: {said} ({time.monotonic() - began:.0f} s)", flush=True)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
