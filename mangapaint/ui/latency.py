"""How long strokes wait for their colours."""

from __future__ import annotations

import time


class Latency:
    """Knows of every finished stroke whose colours are not shown yet when it was finished."""

    def __init__(self) -> None:
        self._released: dict[int, float] = {}

    def release(self, moment: int, at: float) -> None:
        """Note that the stroke of a moment was finished at a time of ``time.perf_counter``."""
        self._released[moment] = at

    def reach(self, moment: int) -> float | None:
        """Return the milliseconds the newest stroke up to a moment, now shown, has waited; None if none waited."""
        reached = [known for known in self._released if known <= moment]
        waited = (time.perf_counter() - self._released[max(reached)]) * 1000 if reached else None
        for known in reached:
            del self._released[known]
        return waited

    def clear(self) -> None:
        """Forget all, as for another page."""
        self._released.clear()
