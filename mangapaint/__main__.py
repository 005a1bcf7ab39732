"""Runs the command line with ``python -m mangapaint``."""

import sys

from mangapaint.cli import main

if __name__ == "__main__":
    sys.exit(main())
