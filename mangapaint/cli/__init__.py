"""The command line: one row for each command, one file each. Qt, torch and cv2 are imported only where needed."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from mangapaint import __version__
from mangapaint.cli.analyze import ANALYZE
from mangapaint.cli.bench import BENCH
from mangapaint.cli.colorize import COLORIZE
from mangapaint.cli.command import FAILED, INTERRUPTED, USAGE, Command
from mangapaint.cli.doctor import DOCTOR
from mangapaint.cli.methods import METHODS
from mangapaint.cli.train import TRAIN
from mangapaint.cli.window import WINDOW
from mangapaint.errors import Cancelled, UserError

COMMANDS = (COLORIZE, ANALYZE, TRAIN, METHODS, DOCTOR, BENCH)


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code: 0 done, 1 failed, 2 wrong usage, 130 interrupted."""
    _let_others_work()
    arguments = list(sys.argv[1:] if argv is None else argv)
    named = next((command for command in COMMANDS if arguments[:1] == [command.name]), None)
    command = named or WINDOW
    parser = _parser(command, whole=named is None)
    try:
        options = parser.parse_args(arguments[1:] if named else arguments)
        return command.run(options)
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else USAGE
    except UserError as error:
        return _fail(error.line())
    except (KeyboardInterrupt, Cancelled):
        print("mangapaint: interrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()
        return FAILED
    except MemoryError:
        return _fail("not enough memory for this page; close other programs or use a smaller picture")
    except Exception as error:
        if os.environ.get("MANGAPAINT_DEBUG"):
            raise
        kind = type(error).__name__
        return _fail(f"an unexpected error ({kind}: {error}); set MANGAPAINT_DEBUG=1 to see where, and report it")


def _let_others_work() -> None:
    """Let threads that wait for each other sleep, before any library starts some.

    By default they spin. Beside other busy programs on two cores, training then took ten times as long.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")


def _fail(text: str) -> int:
    print(f"mangapaint: {' '.join(text.split())}", file=sys.stderr)
    return FAILED


def _parser(command: Command, *, whole: bool) -> argparse.ArgumentParser:
    if not whole:
        parser = argparse.ArgumentParser(f"mangapaint {command.name}", description=command.help, allow_abbrev=False)
    else:
        rows = "\n".join(f"  {row.name:<10} {row.help}" for row in COMMANDS)
        parser = argparse.ArgumentParser("mangapaint", description=command.help, epilog=f"commands:\n{rows}",
                                         formatter_class=argparse.RawDescriptionHelpFormatter,
                                         allow_abbrev=False)  # fmt: skip
        parser.add_argument("--version", action="version", version=f"mangapaint {__version__}")
    command.arguments(parser)
    return parser
