"""The table of networks: how each method's is made from its shape."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from torch import nn

Shape = Mapping[str, str]

NETWORKS: dict[str, Callable[[Shape], nn.Module]] = {}
"""By method. Raises ``KeyError`` or ``ValueError`` for a shape that is not one of its own."""
