"""python -m tests.card [--device auto|cpu|cuda] [--seconds 420] [--few] [--out gpu-check.json]"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path


def main() -> int:
    parser = argparse.ArgumentParser("python -m tests.card", description=__doc__)
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="cuda")
    parser.add_argument(
        "--seconds", type=float, default=420.0, help="nothing is begun that would take longer"
    )
    parser.add_argument("--few", action="store_true", help="fewer steps: tries the checks, measures nothing")
    parser.add_argument("--out", type=Path, default=Path("gpu-check.json"), help="where the figures go")
    chosen = parser.parse_args()
    # Before torch is loaded: without it cuBLAS does not add up in one order, and no run is repeated.
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    from engine.choices import Invalid
    from engine.selftest.checks import versions
    from engine.training.devices import pick
    from tests.card.checks import checks
    from tests.card.checkup import as_record, as_table, carried_out

    try:
        device = pick(chosen.device)
    except Invalid as error:
        print(f"{error}\nWith --device cpu everything is tried that needs no card.", file=sys.stderr)
        return 2
    print(f"On {device.words}, {chosen.seconds:.0f} s", flush=True)
    lines = []
    with tempfile.TemporaryDirectory(prefix="ravine-card-") as place:
        every = checks(device, Path(place), few=chosen.few)
        for line in carried_out(every, chosen.seconds, card=device.kind == "cuda"):
            lines.append(line)
            print(f"{line.part}: {line.name}: {line.outcome}, {line.words}", flush=True)
            # Written after each line: a machine that is taken away leaves what was found until then.
            record = as_record(lines, versions(), chosen.seconds)
            chosen.out.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", "utf-8")
    print(f"\n{as_table(lines)}\n{chosen.out}")
    return 1 if any(line.outcome == "failed" for line in lines) else 0


if __name__ == "__main__":
    sys.exit(main())
