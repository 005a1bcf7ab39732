"""The table of methods, which of them can run here, and which one "auto" means."""

from __future__ import annotations

from dataclasses import dataclass

from mangapaint.colorizers.analogy import Analogy
from mangapaint.colorizers.deep_features import DeepFeatures
from mangapaint.colorizers.histogram import HistogramRanges
from mangapaint.colorizers.levin import Levin
from mangapaint.colorizers.matcher import Matcher
from mangapaint.colorizers.method import ColorRequest, Method, MethodInfo, Need
from mangapaint.colorizers.palette_cnn import PaletteCnn
from mangapaint.colorizers.propagation import Propagation
from mangapaint.errors import UserError

METHODS: tuple[Method, ...] = (
    Matcher(),
    Propagation(),
    Levin(),
    Analogy(),
    DeepFeatures(),
    HistogramRanges(),
    PaletteCnn(),
)
AUTO = "auto"

_REMEDIES = {
    Need.HINTS: "draw a stroke, or give a picture of hints (--hints)",
    Need.REFERENCE: "give a coloured reference (--reference)",
    Need.SERIES: "train it on your series first (mangapaint train)",
    Need.WEIGHTS: "its weights are not installed",
}


NO_GUIDANCE = f"{_REMEDIES[Need.HINTS]}; or {_REMEDIES[Need.REFERENCE]}"


@dataclass(frozen=True)
class Capability:
    """Whether a method can run on this machine, and if not, why."""

    info: MethodInfo
    available: bool
    why_not: str = ""


def method(method_id: str) -> Method:
    """Return a method by its id; raises ``UserError`` for one that does not exist."""
    found = next((item for item in METHODS if item.info.id == method_id), None)
    if found is None:
        known = ", ".join((AUTO, *(item.info.id for item in METHODS)))
        raise UserError(f"there is no method {method_id!r}", remedy=f"choose one of: {known}")
    return found


def check_options(info: MethodInfo, options: tuple[tuple[str, str], ...]) -> None:
    """Raise ``UserError`` for an option, as (id, choice), that a method does not have."""
    known = {row.id: row.choices for row in info.options}
    for option, choice in options:
        if choice not in known.get(option, ()):
            offered = ", ".join(f"{key}={'|'.join(found)}" for key, found in known.items()) or "none"
            raise UserError(f"{info.id} has no option {option}={choice}", remedy=f"choose among: {offered}")


def capabilities() -> tuple[Capability, ...]:
    """Say of every method whether it can run on this machine (guidance is looked at when it is asked to run)."""
    return tuple(Capability(item.info, available=True) for item in METHODS)


def missing(info: MethodInfo, request: ColorRequest) -> str:
    """Say what a method lacks for this request, with the remedy; empty when it can run."""
    has = {
        Need.HINTS: bool(request.strokes or request.hints),
        Need.REFERENCE: bool(request.references),
    }
    for need in info.needs:
        if not has.get(need, False):
            return f"{info.id} needs {need.value}: {_REMEDIES[need]}"
    if request.analysis.kind not in info.kinds:
        return f"{info.id} cannot colour a page of kind {request.analysis.kind.value}: choose another kind (--kind)"
    return ""


def choose(request: ColorRequest) -> Method:
    """Return the method a request means: the named one, or for "auto" the first that has all it needs.

    Raises ``UserError`` when it lacks something.
    """
    if request.method != AUTO:
        named = method(request.method)
        lack = missing(named.info, request)
        if lack:
            raise UserError("the page cannot be coloured", path=request.analysis.page.path, remedy=lack)
        return named
    for item in METHODS:
        if not missing(item.info, request):
            return item
    path = request.analysis.page.path
    raise UserError("there is nothing to colour the page from", path=path, remedy=NO_GUIDANCE)
