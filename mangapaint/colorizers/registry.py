"""The table of methods, which of them can run here, and which one "auto" means."""

from __future__ import annotations

from dataclasses import dataclass

from mangapaint.colorizers.analogy import Analogy
from mangapaint.colorizers.deep_features import DeepFeatures
from mangapaint.colorizers.guided import Guided
from mangapaint.colorizers.histogram import HistogramRanges
from mangapaint.colorizers.learned import LEARNED
from mangapaint.colorizers.levin import Levin
from mangapaint.colorizers.matcher import Matcher
from mangapaint.colorizers.method import ColorRequest, Method, MethodInfo, Need
from mangapaint.colorizers.palette_cnn import PaletteCnn
from mangapaint.colorizers.propagation import Propagation
from mangapaint.colorizers.weights import Weights, meant_for, method_of
from mangapaint.document.page import Kind
from mangapaint.errors import UserError

METHODS: tuple[Method, ...] = (
    Matcher(),
    Guided(),
    Propagation(),
    Levin(),
    Analogy(),
    DeepFeatures(),
    HistogramRanges(),
    PaletteCnn(),
    *LEARNED,
)
"""In the order in which "auto" thinks of them, apart from those that have to learn a series first."""
AUTO = "auto"
QUICKEST = "propagation"
"""What colours by hints alone at once, until a slower method is ready."""
LEARNT = frozenset({Need.SERIES, Need.WEIGHTS})
"""What a file of weights answers."""

_REMEDIES = {
    Need.HINTS: "draw a stroke, or give a picture of hints (--hints)",
    Need.REFERENCE: "give a coloured reference (--reference)",
    Need.SERIES: "train it on your series first (mangapaint train {id}), or give its weights (--weights)",
    Need.WEIGHTS: "they did not come with this copy; train it (mangapaint train {id}), or give its weights (--weights)",
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


def check_weights(info: MethodInfo, weights: Weights | None) -> None:
    """Raise ``UserError`` for weights that were given by name and that a method would leave aside."""
    if weights is not None and method_of(weights) != info.id:
        own = method_of(weights)
        remedy = f"choose --method {own}" if info.needs & LEARNT else f"leave --weights out, or choose --method {own}"
        raise UserError(f"these weights are of the method {own}, not {info.id}", path=weights.path, remedy=remedy)


def capabilities(weights: Weights | None = None) -> tuple[Capability, ...]:
    """Say of every method whether it can run on this machine (guidance is looked at when it is asked to run).

    ``weights`` are those that requests will have, if any.
    """
    return tuple(_capability(item.info, weights) for item in METHODS)


def _capability(info: MethodInfo, weights: Weights | None) -> Capability:
    lack = _lack_of_weights(info, weights)
    return Capability(info, available=not lack, why_not=lack)


def missing(info: MethodInfo, request: ColorRequest) -> str:
    """Say what a method lacks for this request, with the remedy; empty when it can run."""
    has = {
        Need.HINTS: bool(request.strokes or request.hints),
        Need.REFERENCE: bool(request.references),
    }
    for need, given in has.items():
        if need in info.needs and not given:
            return f"{info.id} needs {need.value}: {_REMEDIES[need]}"
    lack = _lack_of_weights(info, request.weights)
    if lack:
        return f"{info.id} needs weights: {lack}"
    if request.analysis.kind not in info.kinds:
        return f"{info.id} cannot colour a page of kind {request.analysis.kind.value}: choose another kind (--kind)"
    return ""


def _lack_of_weights(info: MethodInfo, weights: Weights | None) -> str:
    """Say how a method comes by weights where it needs some and has none; otherwise nothing."""
    need = next((need for need in Need if need in info.needs & LEARNT), None)
    try:
        lacks = need is not None and meant_for(info.id, weights) is None
    except UserError as error:  # what was given has become unreadable
        return error.line()
    return _REMEDIES[need].format(id=info.id) if need is not None and lacks else ""


def _suits(info: MethodInfo, kind: Kind) -> bool:
    """Say whether "auto" thinks of a method for pages of a kind at all."""
    return Need.SERIES not in info.needs and (info.suits is None or kind in info.suits)


def unlearned(kind: Kind) -> str:
    """Say why "auto" does without the weights that come with the program; empty where it has them, or needs none."""
    infos = (item.info for item in METHODS if item.info.needs == {Need.WEIGHTS} and item.info.hurries)
    lack = next((_lack_of_weights(info, None) for info in infos if _suits(info, kind)), "")
    return f"coloured without learned weights: {lack}" if lack else ""


def choose(request: ColorRequest) -> Method:
    """Return the method a request means: the named one; for "auto" that of its weights, unless there are references to
    colour from, or else the first that has all it needs and has to learn no series.

    Raises ``UserError`` when it lacks something.
    """
    wanted = request.method
    if wanted == AUTO and request.weights is not None and not request.references:
        wanted = method_of(request.weights)
    if wanted != AUTO:
        named = method(wanted)
        lack = missing(named.info, request)
        if lack:
            raise UserError("the page cannot be coloured", path=request.analysis.page.path, remedy=lack)
        return named
    for item in METHODS:
        if _suits(item.info, request.analysis.kind) and not missing(item.info, request):
            return item
    path = request.analysis.page.path
    raise UserError("there is nothing to colour the page from", path=path, remedy=NO_GUIDANCE)
