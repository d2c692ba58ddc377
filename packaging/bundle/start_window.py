"""What the executable `ravine` runs: the window."""

import multiprocessing
import sys

from app.__main__ import main

if __name__ == "__main__":
    multiprocessing.freeze_support()  # before anything else: a child process starts this program again
    sys.exit(main())
