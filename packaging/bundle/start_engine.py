"""What the executable `ravine-engine` runs: the command line, and the engine's processes for the window."""

import multiprocessing
import sys

from engine.__main__ import main

if __name__ == "__main__":
    multiprocessing.freeze_support()  # before anything else: a child process starts this program again
    sys.exit(main())
