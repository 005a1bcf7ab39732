"""Which method colours a request in the window, and in an artist's words what the chosen one lacks."""

from __future__ import annotations

from dataclasses import replace

from mangapaint.colorizers.method import ColorRequest, Method, MethodInfo, Need
from mangapaint.colorizers.registry import AUTO, LEARNT, QUICKEST, choose, missing, unlearned
from mangapaint.colorizers.registry import method as method_by_id
from mangapaint.document.page import Kind
from mangapaint.document.strokes import stroke
from mangapaint.errors import UserError

_LACKS = {
    Need.REFERENCE: "needs a reference: drop a coloured picture on the references",
    Need.HINTS: "needs a hint: draw over an area with the brush",
    Need.SERIES: "has learned no series yet: see File, Learn a series",
    Need.WEIGHTS: "needs weights, and there are none: see File, Learn a series",
}
"""In the order in which they are told."""
FIRST = stroke([(0, 0)], width=1, color=(255, 255, 255))
"""Stands for the first hint before there is one: which it is does not matter to the choice of a method."""
UNLEARNED = "Hints colour their own areas only: the weights that come with mangapaint are missing or damaged"
_UNFIT = "does not colour this kind of page: choose another method, or another kind"


def suited(request: ColorRequest) -> Method | None:
    """Return the method a request means; None where it lacks something, or there is nothing to colour from."""
    if request.method == AUTO and not (request.strokes or request.hints or request.references):
        return None
    try:
        return choose(request)
    except UserError:
        return None


def foreseen(request: ColorRequest) -> Method | None:
    """Return the method a request means, or will mean as soon as there is a hint: it may look at the page ahead."""
    return suited(request if request.strokes or request.hints else replace(request, strokes=(FIRST,)))


def looks_first(method: Method) -> bool:
    """Say whether a method looks at references, or shows the page to a network, before it colours: that takes long."""
    return bool(method.info.needs & {Need.REFERENCE, *LEARNT})


def by_hints(request: ColorRequest) -> ColorRequest:
    """Return the request that colours the page by its hints alone where its method looks at things first."""
    method = suited(request)
    if method is None or not looks_first(method):
        return request
    return replace(request, references=(), weights=None, method=QUICKEST)


def lacking(request: ColorRequest) -> str:
    """Say what the chosen method lacks, and where the choice is left to the program, what that does without."""
    if request.method == AUTO:
        given = request.references or request.weights
        return "" if given or not unlearned(request.analysis.kind) else UNLEARNED
    try:
        info = method_by_id(request.method).info
    except UserError as error:
        return error.line()
    if not missing(info, request):
        return ""
    words = (text for need, text in _LACKS.items() if need in info.needs and _lacks(info, need, request))
    return f"\u201c{info.title}\u201d {next(words, _UNFIT)}"


def _lacks(info: MethodInfo, need: Need, request: ColorRequest) -> bool:
    return bool(missing(replace(info, needs=frozenset({need}), kinds=frozenset(Kind)), request))
