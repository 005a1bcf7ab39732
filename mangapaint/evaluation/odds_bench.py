"""``mangapaint bench odds``: how far matching tells the truth when it says how likely it is right.

Pages are looked up in references, and what is registered, what the network finds and what cells decide is compared with
the true colours: of what is said to be right with some likelihood, how much is. The logistic regressions that would fit
best are found beside it; a row of ``colorizers.odds`` is such a fit. Decisions rest on what is registered and found, so
they are fitted after it. Of pictures in files a part is cut out and enlarged, too, and looked up in the same reference;
and every page is looked up in references of another series, which do not show it.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from mangapaint.analysis.analysis import analyze
from mangapaint.analysis.drawn import line_art
from mangapaint.colorizers import odds, parts
from mangapaint.colorizers.matcher import Looked, describer_of, looked_up
from mangapaint.colorizers.matching import (
    OUTSIDE,
    colors_along,
    colors_of,
    compared_along,
    light_part,
    pointed_at,
    registered_signs,
    registrations,
    spread,
)
from mangapaint.colorizers.pointing import Describer
from mangapaint.colorizers.voting import akin_to, decided_signs
from mangapaint.colorizers.weights import Weights
from mangapaint.document.page import Kind, Page, Reference
from mangapaint.errors import UserError
from mangapaint.evaluation.metrics import NEAR, NEUTRAL, lab, turned_gray
from mangapaint.evaluation.pairs import Loaded, Pair, Skipped, find, load
from mangapaint.evaluation.scene_pairs import FIRST, load_scenes, scene_pairs
from mangapaint.progress import Progress, Silent

REGISTERED, FOUND, DECIDED = "registered", "found", "decided"
BINS = (0.0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.6, 0.8, 1.0)
"""Between these likelihoods what is said is counted together."""
SHADE = 15.0
"""CIELAB distance up to which a colour of line art, whose lightness is chosen as well, counts as the same."""
MEASURED = 100
"""Series of scenes that are left out, since ``bench reference`` measures them."""
INKY = 70.0
"""Softened lines up to this L count as ink."""
CUT, STRANGE = "cut out and enlarged", "beside a stranger's reference"
LEAST_CUT, MOST_CUT = 0.4, 0.85
"""Parts of the sides that are cut out."""
EACH = 4
"""Of what is registered each so many-th row and column is counted."""
COLORED = 0.75
"""How much of all is what has colour, in truth or as it is claimed: paper is right easily, and nobody sees it."""
ROUNDS, HELD = 30, 1e-2
"""Newton's steps of a fit, and how strongly its coefficients are held near 0."""

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Plan:
    """Where pairs are found, of how many series of scenes they are drawn beside, and what is made of them.

    ``hand_made``: matching is measured as it is without a network.
    """

    data: Path | None = None
    scenes: int = 0
    inputs: tuple[Kind, ...] = (Kind.GRAY, Kind.LINE)
    splits: tuple[str, ...] = ()
    every: int = 1
    weights: Weights | None = None
    hand_made: bool = False
    device: str = "auto"


@dataclass(frozen=True, eq=False)
class Said:
    """Of one part of a page: the ``signs`` (n, k) of what was found or decided, whether it is ``right``, bool (n,), and
    what it counts, (n,), 1 in all; ``row`` are the coefficients that its likelihood follows from at present."""

    what: str
    input: Kind
    kind: str
    signs: Values
    right: NDArray[np.bool_]
    worth: Values
    row: odds.Row


@dataclass(frozen=True, eq=False)
class Claim:
    """What one step says of a part: the signs (n, k), the colours (n, 3) CIELAB, and of which pixels, int (h, w), -1:
    none."""

    what: str
    signs: NDArray[np.float32]
    colors: NDArray[np.float32]
    labels: NDArray[np.int64]
    row: odds.Row


def bench_odds(plan: Plan, progress: Progress | None = None) -> dict[str, Any]:
    """Measure; ``rows`` say of each input, step and range of likelihoods what part of all it is and how much of it is
    right; ``fits`` are the coefficients that would fit best, each kind of pairs counting the same; ``skipped``.

    Raises ``UserError`` where there is nothing to measure, or no network.
    """
    progress = progress or Silent()
    pairs, skipped = _pairs(plan)
    describer = None if plan.hand_made else describer_of(plan.weights, plan.device)
    if describer is None and not plan.hand_made:
        raise UserError("there are no weights for matcher", remedy="give some with --weights FILE")
    said: list[Said] = []
    others: dict[object, tuple[Reference, ...]] = {}
    for number, pair in enumerate(pairs):
        progress.report(number / len(pairs), pair.name)
        try:
            whole = load(pair) if pair.scene is None else load_scenes(pair)
            for loaded in (whole, *_cut(whole), *_estranged(whole, others)):
                said += _said(loaded, describer)
            others.pop(_series(pair), None)
            others[_series(pair)] = whole.references
            others = dict([*others.items()][-2:])  # no more are needed
        except UserError as error:
            skipped.append(Skipped(pair.name, error.line()))
    progress.report(1.0, "Done")
    said = [item for item in said if len(item.right)]
    if not said:
        raise UserError("no pair could be measured", path=plan.data,
                        remedy="; ".join(f"{item.name}: {item.why}" for item in skipped[:1]))  # fmt: skip
    keys = dict.fromkeys((item.input, item.what) for item in said)
    groups = [[item for item in said if (item.input, item.what) == key] for key in keys]
    return {
        "rows": [row for group in groups for row in _rows(group)],
        "fits": [_fit(group) for group in groups],
        "skipped": [asdict(item) for item in skipped],
    }


def _pairs(plan: Plan) -> tuple[list[Pair], list[Skipped]]:
    pairs, skipped = ([], []) if plan.data is None else find(plan.data, plan.inputs, splits=plan.splits)
    pairs = [*pairs[:: plan.every], *scene_pairs(plan.scenes, plan.inputs, first=FIRST + MEASURED)]
    if not pairs:
        raise UserError("there is nothing to measure", remedy="give --data DIR or --scenes N")
    return pairs, skipped


def _cut(whole: Loaded) -> Iterator[Loaded]:
    """Yield a part of a page that is made from the truth, enlarged to the size of all of it."""
    pair = whole.pair
    if pair.scene is not None or pair.page is not None:
        return
    rng = np.random.default_rng(zlib.crc32(pair.name.encode()))
    height, width = whole.truth.shape[:2]
    part = rng.uniform(LEAST_CUT, MOST_CUT)
    rows, columns = max(1, int(height * part)), max(1, int(width * part))
    y, x = int(rng.integers(height - rows + 1)), int(rng.integers(width - columns + 1))
    truth = np.ascontiguousarray(whole.truth[y : y + rows, x : x + columns])
    truth = np.asarray(cv2.resize(truth, (width, height), interpolation=cv2.INTER_CUBIC), dtype=np.uint8)
    page = Page(line_art(truth) if pair.input is Kind.LINE else turned_gray(truth), pair.name)
    yield Loaded(replace(pair, kind=CUT), page, whole.references, truth)


def _estranged(whole: Loaded, known: Mapping[object, tuple[Reference, ...]]) -> Iterator[Loaded]:
    """Yield a page beside references of another series, of which the ``known`` ones tell, if there is one."""
    others = [references for series, references in known.items() if series != _series(whole.pair)]
    if others:
        yield replace(whole, pair=replace(whole.pair, kind=STRANGE), references=others[-1])


def _series(pair: Pair) -> object:
    """Return what tells the series of a pair from others."""
    return pair.truth.parent if pair.scene is None else pair.scene.series


def _said(loaded: Loaded, describer: Describer | None) -> Iterator[Said]:
    """Yield what was found and what was decided of each part of a page."""
    analysis = analyze(loaded.page, kind=loaded.pair.input)
    rects = parts.rects(analysis)
    for rect in rects:
        looked = looked_up(analysis, rect, loaded.references, describer, panel=len(rects) > 1)
        size = looked.sight.fine.shape[1], looked.sight.fine.shape[0]
        truth = lab(np.asarray(cv2.resize(loaded.truth[rect.slices], size, interpolation=cv2.INTER_AREA)))
        claims = [*_registered(looked), *_found(looked, describer), _decided(looked, learned=describer is not None)]
        yield from (_judged(claim, truth, loaded.pair.kind, lines=looked.sight.lines) for claim in claims)


def _judged(claim: Claim, truth: NDArray[np.float32], kind: str, *, lines: bool) -> Said:
    """Hold a claim against the true colours, CIELAB (h, w, 3): the mean of those that it is of."""
    if truth.shape[:2] != claim.labels.shape:
        truth = np.asarray(cv2.resize(truth, claim.labels.shape[::-1], interpolation=cv2.INTER_AREA))
    inside = claim.labels >= 0
    labels, count = claim.labels[inside], len(claim.signs)
    pixels = np.bincount(labels, minlength=count)
    there = pixels > 0
    sums = np.stack([np.bincount(labels, truth[..., i][inside], count) for i in range(3)], axis=1)
    true = sums[there] / pixels[there, None]
    apart = claim.colors[there] - true
    right = np.linalg.norm(apart[:, 1:], axis=1) <= NEAR
    if lines:
        right &= np.linalg.norm(apart, axis=1) <= SHADE
    chroma = [np.hypot(values[..., 1], values[..., 2]) for values in (claim.colors[there], true)]
    colored = np.maximum(*chroma) > NEUTRAL
    worth = _counting(np.sqrt(pixels[there]), colored)
    given = Kind.LINE if lines else Kind.GRAY
    signs = claim.signs[there].astype(np.float64)
    return Said(claim.what, given, kind, signs, right, worth, claim.row)


def _counting(worth: Values, colored: NDArray[np.bool_]) -> Values:
    """Let what has colour, bool (n,), count ``COLORED`` of all; the sum is 1."""
    shares = np.where(colored, COLORED, 1 - COLORED) if colored.any() and not colored.all() else np.ones(len(worth))
    sums = np.where(colored, worth[colored].sum(), worth[~colored].sum())
    return np.asarray(worth * shares / np.maximum(sums, 1e-9))


def _registered(looked: Looked) -> Iterator[Claim]:
    """Yield what is taken over along each transform, where it leads into the reference and the page has no ink."""
    page = looked.sight
    for reference in looked.references:
        for warp in registrations(page, reference):
            light = compared_along(reference, warp)
            height, width = light.shape
            signs = registered_signs(page.light, light, warp.pairs).reshape(height * width, -1)
            _, colors = colors_along(reference, warp, (height, width))
            there = (light > OUTSIDE / 2) & ~(page.lines & (page.light < INKY))
            labels = np.full((height, width), -1, np.int64)
            labels[::EACH, ::EACH] = np.arange(height * width).reshape(height, width)[::EACH, ::EACH]
            labels[~there] = -1
            yield Claim(REGISTERED, signs, colors.reshape(-1, 3), labels, odds.REGISTERED[page.lines])


def _found(looked: Looked, describer: Describer | None) -> Iterator[Claim]:
    """Yield what the network points at, if there is one and it has anything to point at."""
    page, colors = looked.sight, colors_of(looked.references)
    answer = None if describer is None else pointed_at(page, looked.references, describer)
    if answer is None:
        return
    pointed, signs = answer
    akin = akin_to(colors, light_part(page))
    most = akin[(pointed.share @ akin).argmax(axis=1)] * pointed.share
    found = most @ colors / np.maximum(most.sum(axis=1), 1e-9)[:, None]
    labels = page.areas.labels if page.lines else spread(pointed.shape, page.fine.shape)
    yield Claim(FOUND, signs, found, labels.astype(np.int64), odds.POINTED[page.lines])


def _decided(looked: Looked, *, learned: bool) -> Claim:
    """Return what the cells decided."""
    row = (odds.DECIDED_LEARNED if learned else odds.DECIDED)[looked.sight.lines]
    signs = decided_signs(looked.cells, looked.decision)
    return Claim(DECIDED, signs, looked.decision.lab, looked.cells.labels.astype(np.int64), row)


def _rows(group: Sequence[Said]) -> Iterator[dict[str, Any]]:
    """Yield what there is of each range of likelihoods, by kind of pairs and over all kinds."""
    for kind in (*dict.fromkeys(item.kind for item in group), ""):
        members = [item for item in group if kind in ("", item.kind)]
        right, worth = np.concatenate([item.right for item in members]), _worth(members)
        said = np.concatenate([odds.likely(item.signs.astype(np.float32), item.row) for item in members])
        about = {"input": group[0].input.value, "what": group[0].what, "group": kind or "all", "parts": len(members)}
        for low, high in pairwise(BINS):
            inside = (said >= low) & ((said < high) | (high == BINS[-1]))
            if worth[inside].any():
                yield about | {
                    "said": f"{100 * low:.0f} to {100 * high:.0f}",
                    "part": float(worth[inside].sum() / worth.sum()),
                    "right": float(np.average(right[inside], weights=worth[inside])),
                }


def _worth(members: Sequence[Said]) -> Values:
    """Return what each thing counts, so that kinds of pairs count the same; 1 on the mean."""
    kinds = {kind: sum(item.kind == kind for item in members) for kind in {item.kind for item in members}}
    worth = np.concatenate([item.worth / kinds[item.kind] for item in members])
    return np.asarray(worth / worth.mean())


def _fit(group: Sequence[Said]) -> dict[str, Any]:
    """Return the coefficients that fit best beside those of now."""
    signs, right = (np.concatenate([getattr(item, name) for item in group]) for name in ("signs", "right"))
    best = fitted(signs, right, _worth(group))
    return {
        "input": group[0].input.value,
        "what": group[0].what,
        "now": list(group[0].row),
        "best": [round(float(value), 3) for value in best],
    }


def fitted(signs: Values, right: NDArray[np.bool_], worth: Values) -> Values:
    """Return the coefficients of a logistic regression, the constant first, (k + 1,), by Newton's method."""
    inputs = np.column_stack([np.ones(len(signs)), signs])
    found = np.zeros(inputs.shape[1])
    for _ in range(ROUNDS):
        likely = 1 / (1 + np.exp(-inputs @ found))
        bent = (inputs * (worth * likely * (1 - likely))[:, None]).T @ inputs + HELD * np.eye(len(found))
        found += np.linalg.solve(bent, inputs.T @ (worth * (right - likely)) - HELD * found)
    return np.asarray(found)
