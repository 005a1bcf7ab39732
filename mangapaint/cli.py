"""The commands. The window is the command without arguments; Qt, torch and cv2 are imported only where needed."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mangapaint import __version__
from mangapaint.errors import Cancelled, UserError
from mangapaint.settings import Settings

DONE, FAILED, USAGE, INTERRUPTED = 0, 1, 2, 130
KINDS = ("auto", "line", "gray", "tone", "mixed")
DEVICES = ("auto", "cpu", "cuda")


@dataclass(frozen=True)
class Command:
    """One command: its name, what it is for, its arguments and what it does."""

    name: str
    help: str
    arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]


class BarProgress:
    """Progress as a bar on stderr."""

    def __init__(self) -> None:
        from tqdm import tqdm

        form = "{desc:<22} {percentage:3.0f}%|{bar:20}| {elapsed}"
        self._bar = tqdm(total=100, file=sys.stderr, leave=False, bar_format=form, disable=not sys.stderr.isatty())

    def report(self, fraction: float, text: str) -> None:
        """Move the bar."""
        self._bar.set_description_str(text, refresh=False)
        self._bar.n = round(100 * fraction)
        self._bar.refresh()
        if fraction >= 1:
            self._bar.close()

    def check(self) -> None:
        """Ctrl+C interrupts by itself."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code: 0 done, 1 failed, 2 wrong usage, 130 interrupted."""
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


def _window_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("page", nargs="?", type=Path, metavar="PAGE", help="the page to open")
    parser.add_argument("--sample", action="store_true", help="open the sample page with its reference and hints")


def _run_window(options: argparse.Namespace) -> int:
    try:
        from mangapaint.ui.app import run
    except ImportError as error:
        remedy = "run: mangapaint doctor"
        raise UserError(f"the window cannot be opened here ({error})", remedy=remedy) from error
    return run(options.page, sample=options.sample)


def _colorize_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("page", type=Path, metavar="PAGE")
    parser.add_argument("-o", "--out", type=Path, required=True, metavar="OUT.png")
    parser.add_argument("--hints", type=Path, metavar="HINTS.png", help="opaque pixels are hints; the page's size")
    parser.add_argument("--reference", type=Path, action="append", default=[], metavar="REF.png")
    parser.add_argument("--method", default="auto", metavar="ID", help="see: mangapaint methods")
    parser.add_argument("--kind", choices=KINDS, default="auto", help="what sort of page it is")
    parser.add_argument("--gap", type=int, metavar="PIXELS", help="holes in the ink up to this wide are closed")
    parser.add_argument("--option", action="append", default=[], metavar="ID=CHOICE", help="see: mangapaint methods")
    parser.add_argument("--device", choices=DEVICES, default="auto")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true", help="report on stdout")


def _run_colorize(options: argparse.Namespace) -> int:
    from mangapaint.batch import Task, colorize
    from mangapaint.colorizers.registry import AUTO, method
    from mangapaint.document.page import Kind

    if options.method != AUTO:
        method(options.method)
    task = Task(
        page=options.page,
        out=options.out,
        hints=options.hints,
        references=tuple(options.reference),
        method=options.method,
        kind=None if options.kind == "auto" else Kind(options.kind),
        gap=options.gap,
        options=_options(options.option),
        device=options.device,
        seed=options.seed,
        image_limit=Settings.load()["image_limit"],
    )
    report = colorize(task, BarProgress())
    text = f"{report.out}: {report.method}, {report.kind}, {sum(report.seconds.values()):.1f} s"
    _answer(options, report.as_dict(), text)
    return DONE


def _analyze_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("page", type=Path, metavar="PAGE")
    parser.add_argument("-o", "--out", type=Path, required=True, metavar="DIR")
    parser.add_argument("--json", action="store_true", help="analysis.json on stdout, too")


def _run_analyze(options: argparse.Namespace) -> int:
    from mangapaint.batch import analyze_to

    limit = Settings.load()["image_limit"]
    found = analyze_to(options.page, options.out, image_limit=limit, progress=BarProgress())
    _answer(options, found, f"{options.out}: {found['kind']}, {found['regions']} regions, {found['corners']} corners")
    return DONE


def _json_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="as JSON on stdout")


def _run_methods(options: argparse.Namespace) -> int:
    from mangapaint.colorizers.registry import capabilities

    rows: list[dict[str, Any]] = [
        {
            "id": row.info.id,
            "title": row.info.title,
            "source": row.info.source,
            "needs": sorted(need.value for need in row.info.needs),
            "kinds": sorted(kind.value for kind in row.info.kinds),
            "options": {item.id: list(item.choices) for item in row.info.options},
            "available": row.available,
            "why_not": row.why_not,
        }
        for row in capabilities()
    ]
    _answer(options, rows, "\n".join(_method_line(row) for row in rows))
    return DONE


def _method_line(row: dict[str, Any]) -> str:
    here = "" if row["available"] else f"  not here: {row['why_not']}"
    line = f"{row['id']:<16} {row['title']:<20} needs {', '.join(row['needs']) or 'nothing':<10} {row['source']}{here}"
    return "\n".join([line, *(f"{'':<16} --option {key}={'|'.join(found)}" for key, found in row["options"].items())])


def _run_doctor(options: argparse.Namespace) -> int:
    from mangapaint.doctor import as_text, examine

    found = examine()
    _answer(options, found, as_text(found))
    return FAILED if found["problems"] else DONE


def _bench_arguments(parser: argparse.ArgumentParser) -> None:
    kinds = parser.add_subparsers(dest="bench", required=True, metavar="BENCH")
    live = kinds.add_parser("live", help="strokes in the real window: how soon the page takes colour")
    live.add_argument("--page", type=Path, required=True, metavar="PAGE")
    live.add_argument("--strokes", type=int, default=100, metavar="N")
    live.add_argument("--seed", type=int, default=0)
    live.add_argument("--json", action="store_true", help="as JSON on stdout")
    live.set_defaults(measure=_bench_live)
    _bench_hints_arguments(kinds.add_parser("hints", help="random dots of the truth: how exactly pictures take colour"))
    _bench_reference_arguments(kinds.add_parser("reference", help="one coloured picture: how exactly pages take it"))


def _bench_hints_arguments(hints: argparse.ArgumentParser) -> None:
    hints.add_argument("--data", type=Path, metavar="DIR",
                       help="holds lineart/NAME/{line,color}.png and series/NAME/*.png")  # fmt: skip
    hints.add_argument("--counts", default="10,30,100", metavar="N,N", help="dots on each picture")
    hints.add_argument("--method", action="append", default=[], metavar="ID", help="default: all that need hints only")
    hints.add_argument("--kind", choices=("all", "line", "gray"), default="all")
    hints.add_argument("--all", action="store_true", help="every picture, not each tenth (drawn by hand, gray: eighth)")
    hints.add_argument("--limit", type=int, metavar="N", help="at most so many pictures of a group")
    hints.add_argument("--vs", choices=("gmic",), help="measure this beside (pip install 'mangapaint[bench]')")
    hints.add_argument("--page", type=Path, metavar="PAGE", help="how long one more stroke takes on this page")
    hints.add_argument("--seed", type=int, default=0)
    hints.add_argument("--json", action="store_true", help="as JSON on stdout, with each picture's figures")
    hints.set_defaults(measure=_bench_hints)


def _bench_reference_arguments(bench: argparse.ArgumentParser) -> None:
    bench.add_argument("--data", type=Path, metavar="DIR",
                       help="holds NAME/{source,target}.png, or pairs/ and lineart/ with pairs.csv")  # fmt: skip
    bench.add_argument("--method", action="append", default=[], metavar="ID", help="default: all that need a reference")
    bench.add_argument("--option", action="append", default=[], metavar="ID=CHOICE", help="see: mangapaint methods")
    bench.add_argument("--input", choices=("gray", "line", "all"), default="gray", help="what the targets become")
    bench.add_argument("--split", default="", metavar="NAME,NAME", help="only pairs of these, by index.csv")
    bench.add_argument("--all", action="store_true", help="every pair for methods that learn, too, not each eighth")
    bench.add_argument("--every", type=int, default=1, metavar="N", help="only each so many-th pair")
    bench.add_argument("--limit", type=int, metavar="N", help="at most so many pairs of a sort")
    bench.add_argument(
        "--sheets", type=Path, metavar="DIR", help="write what came of it as contact sheets, worst first"
    )
    bench.add_argument("--page", type=Path, metavar="PAGE", help="how long this page takes, with --reference")
    bench.add_argument("--reference", type=Path, metavar="REF")
    bench.add_argument("--vs", choices=("patches",), help="time the network patch by patch on the page beside")
    bench.add_argument("--vs-seconds", type=float, default=0.0, metavar="S",
                       help="end its learning after so long and say what all would take")  # fmt: skip
    bench.add_argument("--device", choices=DEVICES, default="auto")
    bench.add_argument("--seed", type=int, default=0)
    bench.add_argument("--json", action="store_true", help="as JSON on stdout, with each picture's figures")
    bench.set_defaults(measure=_bench_reference)


def _run_bench(options: argparse.Namespace) -> int:
    measure: Callable[[argparse.Namespace], int] = options.measure
    return measure(options)


def _bench_live(options: argparse.Namespace) -> int:
    from mangapaint.ui.bench import live

    found = live(options.page, strokes=options.strokes, seed=options.seed)
    _answer(options, found, "\n".join(f"{key:<18} {value}" for key, value in found.items()))
    return DONE


def _bench_hints(options: argparse.Namespace) -> int:
    from mangapaint.evaluation.hints_bench import bench_hints
    from mangapaint.evaluation.speed import page_speed
    from mangapaint.evaluation.tables import HINTS, as_text, speed_as_text

    if options.data is None and options.page is None:
        raise UserError("there is nothing to measure", remedy="give --data DIR, --page PAGE or both")
    found: dict[str, Any] = {}
    texts: list[str] = []
    if options.page is not None:
        found["page"] = page_speed(options.page, options.method, vs_gmic=options.vs == "gmic", seed=options.seed,
                                   progress=BarProgress())  # fmt: skip
        texts.append(speed_as_text(found["page"]))
    if options.data is not None:
        found |= bench_hints(_hints_plan(options), BarProgress())
        texts.append(as_text(found["rows"], HINTS))
    _answer(options, found, "\n\n".join(texts))
    return DONE


def _hints_plan(options: argparse.Namespace) -> Any:
    from mangapaint.document.page import Kind
    from mangapaint.evaluation.hints_bench import Plan

    return Plan(
        data=options.data,
        counts=_counts(options.counts),
        methods=tuple(options.method),
        vs_gmic=options.vs == "gmic",
        kinds=(Kind.LINE, Kind.GRAY) if options.kind == "all" else (Kind(options.kind),),
        everything=options.all,
        limit=options.limit,
        seed=options.seed,
    )


def _bench_reference(options: argparse.Namespace) -> int:
    from mangapaint.evaluation.reference_bench import bench_reference
    from mangapaint.evaluation.reference_speed import page_time
    from mangapaint.evaluation.tables import page_time_as_text, reference_as_text

    _check_reference(options)
    found: dict[str, Any] = {}
    texts: list[str] = []
    if options.page is not None:
        found["page"] = page_time(_timing(options), BarProgress())
        texts.append(page_time_as_text(found["page"]))
    if options.data is not None:
        found |= bench_reference(_reference_plan(options), BarProgress())
        texts.append(reference_as_text(found))
    _answer(options, found, "\n\n".join(texts))
    return DONE


def _check_reference(options: argparse.Namespace) -> None:
    if options.data is None and options.page is None:
        raise UserError("there is nothing to measure", remedy="give --data DIR, or --page PAGE with --reference REF")
    if (options.page is None) != (options.reference is None):
        raise UserError("a page is timed with its reference", remedy="give both --page PAGE and --reference REF")
    if options.vs and options.page is None:
        raise UserError("--vs times one page", remedy="give --page PAGE with --reference REF, too")
    if options.vs_seconds < 0:
        raise UserError("--vs-seconds is less than nothing", remedy="give seconds, or 0 to learn to the end")


def _timing(options: argparse.Namespace) -> Any:
    from mangapaint.evaluation.reference_speed import Timing

    return Timing(
        page=options.page,
        reference=options.reference,
        methods=tuple(options.method),
        options=_options(options.option),
        vs_patches=options.vs == "patches",
        vs_seconds=options.vs_seconds,
        device=options.device,
        seed=options.seed,
    )


def _reference_plan(options: argparse.Namespace) -> Any:
    from mangapaint.document.page import Kind
    from mangapaint.evaluation.reference_bench import Plan

    return Plan(
        data=options.data,
        methods=tuple(options.method),
        options=_options(options.option),
        inputs=(Kind.GRAY, Kind.LINE) if options.input == "all" else (Kind(options.input),),
        splits=tuple(filter(None, options.split.split(","))),
        everything=options.all,
        every=options.every,
        limit=options.limit,
        sheets=options.sheets,
        device=options.device,
        seed=options.seed,
    )


def _options(texts: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Return options written as ID=CHOICE."""
    parts = (text.partition("=") for text in texts)
    return tuple((name, choice) for name, _, choice in parts)


def _counts(text: str) -> tuple[int, ...]:
    try:
        return tuple(int(part) for part in text.split(","))
    except ValueError as error:
        remedy = "write numbers with commas between, such as 10,30,100"
        raise UserError(f"--counts {text!r} is no list of numbers", remedy=remedy) from error


def _answer(options: argparse.Namespace, values: Any, text: str) -> None:
    print(json.dumps(values, indent=2) if options.json else text)


WINDOW = Command("", "Open the window, on a page if one is given.", _window_arguments, _run_window)
COMMANDS = (
    Command("colorize", "Colour a page from hints or references into a PNG.", _colorize_arguments, _run_colorize),
    Command("analyze", "Write a page's palette, edges, corners and regions.", _analyze_arguments, _run_analyze),
    Command("methods", "List the ways to colour a page.", _json_argument, _run_methods),
    Command("doctor", "Say what this machine has and lacks.", _json_argument, _run_doctor),
    Command(
        "bench", "Measure how fast the window is, and how exactly pages are coloured.", _bench_arguments, _run_bench
    ),
)
