"""How the weights that ship are taught: what ``mangapaint train METHOD --recipe shipped`` fills in.

The steps are what a processor with two cores takes in one to two hours, and a GPU in about as long. Everything can be
said otherwise on the command line; what was used stands in the weights' metadata.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from mangapaint.errors import UserError
from mangapaint.training.samples import Input


@dataclass(frozen=True)
class Teaching:
    """How long, from how many series of scenes beside the pictures that are given, and in samples of which size."""

    steps: int
    scenes: int
    size: int
    batch: int
    rate: float
    shape: tuple[tuple[str, str], ...] = ()
    inputs: tuple[Input, ...] = (Input.GRAY, Input.GRAY, Input.INK, Input.TONE)
    """What pages are made as; gray ones count twice, since they differ more from each other."""


SEEN = (Input.GRAY, Input.INK)
"""What pages and references are compared as: of screentone and edges ``matcher`` sees the ink alone."""
TEACHINGS: Mapping[tuple[str, str], Teaching] = MappingProxyType({
    ("guided", "cpu"): Teaching(steps=6_500, scenes=100, size=192, batch=4, rate=1.5e-3),
    ("guided", "cuda"): Teaching(steps=60_000, scenes=600, size=256, batch=64, rate=2e-3),
    ("colorful", "cpu"): Teaching(steps=3_000, scenes=30, size=128, batch=8, rate=1e-3),
    ("colorful", "cuda"): Teaching(steps=60_000, scenes=600, size=192, batch=64, rate=1e-3, shape=(("width", "32"),)),
    ("matcher", "cpu"): Teaching(steps=5_500, scenes=100, size=192, batch=8, rate=1e-3, inputs=SEEN),
    ("matcher", "cuda"): Teaching(steps=60_000, scenes=600, size=256, batch=64, rate=1e-3, shape=(("size", "large"),),
                                  inputs=SEEN),
})  # fmt: skip
"""By method and device."""


def teaching(method: str, device: str) -> Teaching:
    """Return how a method's shipped weights are taught on a device; raises ``UserError`` where none ship."""
    if (method, device) not in TEACHINGS:
        known = ", ".join(dict.fromkeys(name for name, _ in TEACHINGS))
        raise UserError(f"no weights of {method} ship", remedy=f"leave --recipe out, or train one of {known}")
    return TEACHINGS[method, device]
