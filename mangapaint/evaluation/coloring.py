"""A page coloured without hints by one method, to the end, and the seconds of each step; which methods can."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from mangapaint.batch import Stages, composed
from mangapaint.colorizers import registry
from mangapaint.colorizers.device import resolve
from mangapaint.colorizers.method import ColorRequest, Matches, Method, MethodInfo, Need
from mangapaint.colorizers.ready import Ready, learned_through, ready
from mangapaint.colorizers.weights import Weights, method_of
from mangapaint.document.page import Pixels
from mangapaint.errors import UserError
from mangapaint.progress import Progress, Span

Options = tuple[tuple[str, str], ...]
Learn = Callable[[Ready, Progress], Ready]
"""Lets a method learn."""


def methods_from_reference(ids: Sequence[str], weights: Weights | None = None) -> tuple[Method, ...]:
    """Return the named methods, or all that need a reference and can run here; and the one whose weights are given.

    Raises ``UserError`` for a named one that needs hints or cannot run, and where there is none at all.
    """
    names = [*ids, *([method_of(weights)] if weights else [])]
    named = tuple(_able(registry.method(name), weights) for name in dict.fromkeys(names))
    if ids:
        return named
    here = {row.info.id for row in registry.capabilities(weights) if row.available}
    wanted = {Need.REFERENCE}
    found = tuple(item for item in registry.METHODS if item.info.id in here and item.info.needs >= wanted)
    able = (*(item for item in found if Need.HINTS not in item.info.needs and item not in named), *named)
    if not able:
        raise UserError("no method here colours from a reference alone", remedy="see: mangapaint methods")
    return able


def methods_unguided(ids: Sequence[str], given: Collection[str] = ()) -> tuple[Method, ...]:
    """Return the named methods, or all that colour from nothing but weights, with the weights that come with them.

    Of the methods ``given`` other weights are at hand, so they may be named where none came with them. Raises
    ``UserError`` for a named one that needs guidance or has no weights.
    """
    here = {row.info.id for row in registry.capabilities() if row.available}
    named = tuple(registry.method(name) for name in dict.fromkeys(ids))
    for item in named:
        if not item.info.needs <= registry.LEARNT:
            needs = " and ".join(sorted(need.value for need in item.info.needs - registry.LEARNT))
            raise UserError(f"{item.info.id} needs {needs}", remedy="name other methods with --method")
        if item.info.id not in given:
            _able(item, None)
    able = named if ids else (item for item in registry.METHODS if item.info.needs <= registry.LEARNT)
    return tuple(item for item in able if item.info.id in here)


def check_choices(methods: Sequence[Method], options: Options, device: str) -> None:
    """Raise ``UserError`` for an option that none of the methods has, a choice it does not offer, a missing device."""
    resolve("cuda" if device == "cuda" else "cpu", ())
    for item in methods:
        registry.check_options(item.info, options_of(item.info, options))
    for option, choice in options:
        if not any(options_of(item.info, ((option, choice),)) for item in methods):
            ids = ", ".join(item.info.id for item in methods)
            raise UserError(f"{ids}: there is no option {option}={choice}", remedy="see: mangapaint methods")


def options_of(info: MethodInfo, options: Options) -> Options:
    """Return those of the options that a method has."""
    own = {row.id for row in info.options}
    return tuple(option for option in options if option[0] in own)


@dataclass(frozen=True, eq=False)
class Run:
    """A coloured page, uint8 RGB (H, W, 3), the seconds of each stage, and how much the method had learned (0..1).

    Stages are prepare, learn, colorize and compose. ``matches`` say where colours are from, if the method knows.
    """

    result: Pixels
    stages: dict[str, float]
    learned: float
    matches: Matches | None = None


def colored(method: Method, request: ColorRequest, progress: Progress, *, learn: Learn = learned_through) -> Run:
    """Colour a page as a request asks, its options narrowed to the method's own.

    Raises ``UserError`` where the method lacks something.
    """
    request = replace(request, method=method.info.id, options=options_of(method.info, request.options))
    lack = registry.missing(method.info, request)
    if lack:
        raise UserError(lack)
    stages = Stages()
    with stages.stage("prepare"):
        made = ready(method, request, Span(progress, 0.0, 0.2))
    with stages.stage("learn"):
        made = learn(made, Span(progress, 0.2, 0.8))
    with stages.stage("colorize"):
        colorization = method.colorize(made.values, request, Span(progress, 0.8, 0.9))
    with stages.stage("compose"):
        result = composed(request.analysis, colorization)
    return Run(result, stages.seconds, made.learned, colorization.matches)


def _able(method: Method, weights: Weights | None) -> Method:
    """Return a method that was named, if it can run here without hints."""
    row = next(row for row in registry.capabilities(weights) if row.info.id == method.info.id)
    if not row.available:
        raise UserError(f"{method.info.id} cannot run here: {row.why_not}", remedy="see: mangapaint methods")
    if Need.HINTS in method.info.needs:
        raise UserError(f"{method.info.id} needs hints", remedy="name other methods with --method")
    return method
