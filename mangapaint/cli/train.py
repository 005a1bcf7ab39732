"""``mangapaint train``: teaching a network coloured pictures, from folders and videos into a file of weights."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from mangapaint.cli.command import DEVICES, DONE, INTERRUPTED, BarProgress, Command, answer, json_argument
from mangapaint.errors import UserError

SHIPPED = "shipped"


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("method", metavar="METHOD", help="palette-classes, unet, gan, colorful, guided")
    parser.add_argument("-o", "--out", type=Path, required=True, metavar="WEIGHTS.safetensors")
    parser.add_argument("--recipe", choices=(SHIPPED,), help="as the weights that come with the program were taught")
    parser.add_argument("--resume", action="store_true", help="go on from the checkpoint beside the weights")
    _data_arguments(parser)
    _network_arguments(parser)
    _learning_arguments(parser)
    parser.add_argument("--credits", default="", metavar="TEXT", help="whose pictures these are, for the metadata")
    parser.add_argument("--licence", default="", metavar="TEXT", help="of the weights, for the metadata")
    json_argument(parser, "report on stdout")


def _data_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", type=Path, nargs="+", action="extend", default=[], metavar="DIR|VIDEO",
                        help="coloured pictures: folders (each a series), pictures, videos")  # fmt: skip
    parser.add_argument("--every", type=int, default=50, metavar="N", help="of a video, one frame in so many")
    parser.add_argument("--scenes", type=int, metavar="N", help="so many series of drawn scenes beside")
    parser.add_argument("--input", default="", metavar="NAME,NAME",
                        help="what pages are made as: gray, edges, ink, tone (default: by method)")  # fmt: skip
    parser.add_argument("--series", action="store_true", default=None,
                        help="it is one series: things keep their colours (default: if it is one folder)")  # fmt: skip


def _network_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--from", type=Path, dest="start", metavar="WEIGHTS", help="start from what these know")
    parser.add_argument("--shape", action="append", default=[], metavar="KEY=VALUE", help="of the network: width=32")


def _learning_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--minutes", type=float, metavar="M", help="how long it takes; default: 20")
    parser.add_argument("--steps", type=int, metavar="N", help="how many steps it takes, always with the same outcome")
    parser.add_argument("--patience", type=int, metavar="N", help="end after so many looks at nothing gained")
    parser.add_argument("--size", type=int, metavar="PIXELS", help="side of the samples")
    parser.add_argument("--batch", type=int, metavar="N", help="samples of a step, of all processes together")
    parser.add_argument("--rate", type=float, metavar="R", help="how fast it learns")
    parser.add_argument("--workers", type=int, metavar="N", help="processes that make samples")
    parser.add_argument("--device", choices=DEVICES, default="auto")
    parser.add_argument("--seed", type=int, default=0)


def _run(options: argparse.Namespace) -> int:
    from mangapaint.training.distributed import leave

    code = _trained(options)
    leave(code)
    return code


def _trained(options: argparse.Namespace) -> int:
    from tqdm import tqdm

    from mangapaint.training.running import train

    def say(line: str) -> None:
        tqdm.write(f"mangapaint: {line}", file=sys.stderr)

    report = train(_order(options), preparing=BarProgress(), learning=BarProgress(), say=say)
    if report is None:
        return DONE
    moment = report.moment
    text = f"{report.out}: {options.method}, {moment.step} steps in {moment.seconds:.0f} s"
    answer(options, report.as_dict(), text)
    if report.interrupted:
        say(f"interrupted after step {moment.step}; the same command with --resume goes on from there")
    return INTERRUPTED if report.interrupted else DONE


def _order(options: argparse.Namespace) -> Any:
    from mangapaint.training.running import Order

    _check(options)
    return Order(
        method=options.method,
        out=options.out,
        data=tuple(options.data),
        scenes=options.scenes,
        every=options.every,
        series=options.series,
        inputs=_inputs(options.input),
        shipped=options.recipe == SHIPPED,
        shape=_shape(options.shape),
        start=options.start,
        resume=options.resume,
        steps=options.steps,
        minutes=options.minutes,
        patience=options.patience,
        size=options.size,
        batch=options.batch,
        rate=options.rate,
        workers=options.workers,
        device=options.device,
        seed=options.seed,
        about={key: text for key in ("credits", "licence") if (text := getattr(options, key))},
    )


def _check(options: argparse.Namespace) -> None:
    """Raise ``UserError`` for numbers that mean nothing."""
    for name, least in (("scenes", 0), ("every", 1), ("seed", 0), ("patience", 1)):
        value = getattr(options, name)
        if value is not None and value < least:
            raise UserError(f"--{name} is {value}", remedy=f"give a number from {least} on")


def _inputs(text: str) -> tuple[Any, ...]:
    from mangapaint.training.samples import Input

    known = {item.value: item for item in Input}
    names = list(filter(None, text.split(",")))
    unknown = [name for name in names if name not in known]
    if unknown:
        raise UserError(f"--input knows no {unknown[0]!r}", remedy=f"choose among: {', '.join(known)}")
    return tuple(known[name] for name in dict.fromkeys(names))


def _shape(texts: list[str]) -> tuple[tuple[str, str], ...]:
    pairs = [text.partition("=") for text in texts]
    for text, (key, equals, value) in zip(texts, pairs, strict=True):
        if not (key and equals and value):
            raise UserError(f"--shape {text!r} has no meaning", remedy="write it as KEY=VALUE, such as width=32")
    return tuple(sorted({key: value for key, _, value in pairs}.items()))


TRAIN = Command("train", "Teach a network coloured pictures, into a file of weights.", _arguments, _run)
