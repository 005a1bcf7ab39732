"""``mangapaint doctor``: what this machine has and lacks."""

from __future__ import annotations

import argparse

from mangapaint.cli.command import DONE, FAILED, Command, answer, json_argument


def _run(options: argparse.Namespace) -> int:
    from mangapaint.doctor import as_text, examine

    found = examine()
    answer(options, found, as_text(found))
    return FAILED if found["problems"] else DONE


DOCTOR = Command("doctor", "Say what this machine has and lacks.", json_argument, _run)
