"""``mangapaint bench odds``: how far matching tells the truth about how likely it is right, and what would."""

from __future__ import annotations

import argparse

from mangapaint.cli.bench_reference import inputs_of, pairs_arguments, splits_of
from mangapaint.cli.command import (
    DEVICES,
    DONE,
    BarProgress,
    Command,
    answer,
    json_argument,
    opened_weights,
    weights_argument,
)
from mangapaint.errors import UserError


def _arguments(parser: argparse.ArgumentParser) -> None:
    pairs_arguments(parser, given="all")
    parser.add_argument("--device", choices=DEVICES, default="auto")
    which = parser.add_mutually_exclusive_group()
    weights_argument(which, "measure these, of matcher, instead of those that ship")
    which.add_argument("--hand-made", action="store_true", help="measure matching as it is without weights")
    json_argument(parser, "as JSON on stdout")


def _run(options: argparse.Namespace) -> int:
    from mangapaint.evaluation.odds_bench import Plan, bench_odds
    from mangapaint.evaluation.tables import odds_as_text

    if options.every < 1 or options.scenes < 0:
        raise UserError("a bench needs pictures", remedy="give --every as 1 or more, and --scenes as 0 or more")
    plan = Plan(
        data=options.data,
        scenes=options.scenes,
        inputs=inputs_of(options),
        splits=splits_of(options),
        every=options.every,
        weights=opened_weights(options),
        hand_made=options.hand_made,
        device=options.device,
    )
    found = bench_odds(plan, BarProgress())
    answer(options, found, odds_as_text(found))
    return DONE


ODDS = Command("odds", "how far the matcher's confidence tells the truth", _arguments, _run)
