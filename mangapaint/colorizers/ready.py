"""What a method has made ready for a page, for which requests it holds, and learning it to the end."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from mangapaint.colorizers.method import ColorRequest, Learner, Method
from mangapaint.progress import Progress, Span


@dataclass(frozen=True, eq=False)
class Ready:
    """What a method prepared, and the request it was prepared for."""

    method: Method
    request: ColorRequest
    values: Any

    def fits(self, method: Method, request: ColorRequest) -> bool:
        """Say whether it holds for a request: the same page and references, whatever is drawn on it."""
        own, other = self.request, request
        same = own.analysis is other.analysis and _ids(own) == _ids(other)
        alike = (own.seed, own.device, own.weights) == (other.seed, other.device, other.weights)
        return method is self.method and same and alike and _decisive(method, own) == _decisive(method, other)

    @property
    def learned(self) -> float:
        """How much of what it means to learn the method has learned, 0..1; 1 for one that does not learn."""
        return self.method.learned(self.values) if isinstance(self.method, Learner) else 1.0

    def further(self, progress: Progress) -> Ready:
        """Return the same after one more step of learning."""
        assert isinstance(self.method, Learner)
        return replace(self, values=self.method.learn(self.values, self.request, progress))


def ready(method: Method, request: ColorRequest, progress: Progress, *, known: Ready | None = None) -> Ready:
    """Return ``known`` where it holds for the request, otherwise prepare anew."""
    if known is not None and known.fits(method, request):
        return known
    return Ready(method, request, method.prepare(request, progress))


def learned_through(item: Ready, progress: Progress) -> Ready:
    """Let the method learn to the end."""
    while item.learned < 1:
        progress.report(item.learned, "Learning")
        item = item.further(Span(progress, item.learned, item.learned))
    return item


def _decisive(method: Method, request: ColorRequest) -> tuple[str, ...]:
    """Return what was decided about the options that prepare."""
    return tuple(request.option(method.info, row.id) for row in method.info.options if row.prepares)


def _ids(request: ColorRequest) -> list[str]:
    return [reference.id for reference in request.references]
