"""What was measured, as aligned text and as plain values."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Column:
    """One column: its heading, the value's name in a row, how it is written; words stand to the left."""

    heading: str
    key: str
    form: Callable[[Any], str] = str
    words: bool = False


def _percent(value: float) -> str:
    return f"{100 * value:.1f}"


HINTS = (
    Column("pictures of", "group", words=True),
    Column("method", "method", words=True),
    Column("dots", "dots"),
    Column("pictures", "pictures"),
    Column("fill %", "fill", _percent),
    Column("regions %", "regions", _percent),
    Column("chroma %", "chroma", _percent),
    Column("PSNR dB", "psnr", "{:.1f}".format),
    Column("leak %", "leak", _percent),
    Column("s/update", "seconds", "{:.3f}".format),
)


AUTO = (
    Column("pictures of", "group", words=True),
    Column("coloured by", "method", words=True),
    Column("pictures", "pictures"),
    Column("fill %", "fill", _percent),
    Column("regions %", "regions", _percent),
    Column("chroma %", "chroma", _percent),
    Column("PSNR dB", "psnr", "{:.1f}".format),
    Column("wrong %", "wrong", _percent),
    Column("coloured %", "colored", _percent),
    Column("s/page", "seconds", "{:.2f}".format),
)


REFERENCE = (
    Column("pictures of", "group", words=True),
    Column("input", "input", words=True),
    Column("method", "method", words=True),
    Column("pictures", "pictures"),
    Column("chroma %", "chroma", _percent),
    Column("occurring %", "occurring", _percent),
    Column("regions %", "regions", _percent),
    Column("PSNR dB", "psnr", "{:.1f}".format),
    Column("labels %", "labels", _percent),
    Column("wrong %", "wrong", _percent),
    Column("coloured %", "colored", _percent),
    Column("s/page", "seconds", "{:.2f}".format),
)


ODDS = (
    Column("pictures of", "group", words=True),
    Column("input", "input", words=True),
    Column("what is", "what", words=True),
    Column("parts", "parts"),
    Column("said %", "said"),
    Column("of all %", "part", _percent),
    Column("right %", "right", _percent),
)


SOURCES = (
    Column("series", "series", words=True),
    Column("input", "input", words=True),
    Column("method", "method", words=True),
    Column("pictures", "pictures"),
    Column("L1", "l1", "{:.2f}".format),
    Column("L2", "l2", "{:.2f}".format),
    Column("reported L1", "reported_l1", "{:.2f}".format),
    Column("reported L2", "reported_l2", "{:.2f}".format),
)


COLORFUL = (
    Column("series", "series", words=True),
    Column("network", "network", words=True),
    Column("colour", "color", words=True),
    Column("pictures", "pictures"),
    Column("chroma %", "chroma", _percent),
    Column("PSNR dB", "psnr", "{:.1f}".format),
    Column("vivid %", "vivid", _percent),
)


GUIDED = (
    Column("series", "series", words=True),
    Column("dots", "dots"),
    Column("method", "method", words=True),
    Column("pictures", "pictures"),
    Column("chroma %", "chroma", _percent),
    Column("PSNR dB", "psnr", "{:.1f}".format),
    Column("behind guided on", "behind"),
    Column("s/update", "seconds", "{:.3f}".format),
)


TRAININGS = (
    Column("part", "part", words=True),
    Column("series", "series", words=True),
    Column("network", "network", words=True),
    Column("input", "input", words=True),
    Column("pictures", "pictures"),
    Column("px", "size"),
    Column("batch", "batch"),
    Column("steps", "steps"),
    Column("seconds", "seconds", "{:.0f}".format),
    Column("samples/s", "samples_per_second", "{:.1f}".format),
    Column("waiting %", "waiting", _percent),
)


def as_text(rows: Sequence[dict[str, Any]], columns: Sequence[Column]) -> str:
    """Return rows as a table; what was not measured is a dash."""
    cells = [[column.heading for column in columns], *([_cell(column, row) for column in columns] for row in rows)]
    widths = [max(len(line[place]) for line in cells) for place in range(len(columns))]
    return "\n".join(_line(line, widths, columns) for line in cells)


def plain(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row for JSON: rounded, and None for nan."""
    return {key: _rounded(value) if isinstance(value, float) else value for key, value in row.items()}


def _rounded(value: float) -> float | None:
    return None if math.isnan(value) else round(value, 4)


def _cell(column: Column, row: dict[str, Any]) -> str:
    value = row[column.key]
    return "-" if value is None else column.form(value)


def _line(cells: Sequence[str], widths: Sequence[int], columns: Sequence[Column]) -> str:
    """Words stand to the left, numbers to the right."""
    places = zip(cells, widths, columns, strict=True)
    return "  ".join(cell.ljust(width) if column.words else cell.rjust(width) for cell, width, column in places)


def hints_as_text(found: dict[str, Any]) -> str:
    """Return what a bench of hints found: its table, and the sheets."""
    return _paragraphs(as_text(found["rows"], HINTS), _written(found))


def auto_as_text(found: dict[str, Any]) -> str:
    """Return what a bench without guidance found: its table, of which methods its rows are, and the sheets."""
    ways = [f"{way['name']}: {way['method']} with {way['weights']}" for way in found["ways"] if way["weights"]]
    return _paragraphs(as_text(found["rows"], AUTO), "\n".join(ways), _skipped(found), _written(found))


def reference_as_text(found: dict[str, Any]) -> str:
    """Return what a bench of references found: its table, the one over the same pictures, and what was skipped."""
    parts = [as_text(found["rows"], REFERENCE)]
    if found["same_pictures"]:
        parts.append("on the pictures that all these methods ran on:\n" + as_text(found["same_pictures"], REFERENCE))
    return _paragraphs(*parts, _skipped(found), _written(found))


def odds_as_text(found: dict[str, Any]) -> str:
    """Return what a bench of odds found: its table, the coefficients of now and those that fit best."""
    fits = [f"{row['input']}, {row['what']}: now {_row(row['now'])}, best {_row(row['best'])}" for row in found["fits"]]
    return _paragraphs(as_text(found["rows"], ODDS), "\n".join(fits), _skipped(found))


def _row(values: Sequence[float]) -> str:
    return "(" + ", ".join(map(str, values)) + ")"


def _skipped(found: dict[str, Any]) -> str:
    return "\n".join(f"skipped {item['name']}: {item['why']}" for item in found["skipped"])


def _written(found: dict[str, Any]) -> str:
    return "\n".join(f"wrote {path}" for path in found["sheets"])


def _paragraphs(*parts: str) -> str:
    return "\n\n".join(filter(None, parts))


def networks_as_text(found: dict[str, Any]) -> str:
    """Return what a bench of networks found: a table for each part that was measured, and what was taught."""
    parts = []
    if found["sources"]:
        parts.append("difference per pixel and channel, 0..255 (reported: of other data, so compare the order):\n"
                     + as_text(found["sources"], SOURCES))  # fmt: skip
        parts.append("\n".join(_order_as_text(row) for row in found["orders"]))
    if found["colorful"]:
        parts.append("likely colours, on gray pages:\n" + as_text(found["colorful"], COLORFUL))
    if found["guided"]:
        pages = f"guided learned on {found['pages']} pages; hints are dots of the truth:"
        parts.append(f"{pages}\n{as_text(found['guided'], GUIDED)}")
    parts.append("taught (the networks of a table for equally many steps):\n" + as_text(found["trainings"], TRAININGS))
    return _paragraphs(*parts, _written(found))


def _order_as_text(row: dict[str, Any]) -> str:
    return f"{row['order']} ({row['of']}): " + ", ".join(
        f"{name} {'holds' if row[key] else 'does not hold'}" for name, key in (("L1", "l1"), ("L2", "l2"))
    )


def speed_as_text(found: dict[str, Any]) -> str:
    """Return what one more stroke on a page takes, and how often that is what the other tool takes."""
    height, width = found["size"]
    lines = [f"one more stroke on {found['page']} ({width} x {height})"]
    lines += [
        f"{row['method']:<16} {row['strokes']:>4} on it: median {row['median_ms']:.1f} ms, 95 % {row['p95_ms']:.1f} ms"
        for row in found["methods"]
    ]
    if found["gmic"] is not None:
        lines.append(f"{'gmic':<16} {found['gmic']['strokes']:>4} on it: {found['gmic']['seconds']:.1f} s")
        lines += [f"{name}: {times:.0f} times as fast" for name, times in found["gmic"]["times"].items()]
    return "\n".join(lines)


def page_time_as_text(found: dict[str, Any]) -> str:
    """Return how long one page takes from a reference, and how often that is what the network takes by patches."""
    height, width = found["size"]
    lines = [
        f"{found['page']} ({width} x {height}, {found['kind']}) from {found['reference']}",
        f"with reading ({found['stages']['read']:.2f} s) and analysis ({found['stages']['analysis']:.2f} s):",
        *(f"{row['method']:<16} {row['seconds']:9.2f} s" for row in found["methods"]),
    ]
    beside = found["patches"]
    if beside is not None:
        part = (
            ""
            if beside["learned"] == 1
            else f" ({100 * beside['learned']:.1f} % of its learning was run, and counted for all)"
        )
        lines.append(f"{'patch by patch':<16} {beside['seconds']:9.2f} s{part}")
        lines += [f"{name}: {times:.1f} times as fast" for name, times in beside["times"].items()]
    return "\n".join(lines)
