"""Which weights are kept: the running average of a network's, calmer than the last step's, and the best so far."""

from __future__ import annotations

import copy
import math

import torch
from torch import Tensor, nn

HEAD_START = 10
"""The average is short at first, so that the weights nothing was learned in yet are soon forgotten."""


class Averaged:
    """A network of its own whose weights follow another's."""

    def __init__(self, network: nn.Module, decay: float) -> None:
        self.network = copy.deepcopy(network).requires_grad_(False).eval()
        self._decay = decay

    def update(self, network: nn.Module, step: int) -> None:
        """Take in a network's weights, and what its normalisations have counted, after so many steps."""
        ours, theirs = _floating(self.network), _floating(network)
        with torch.no_grad():
            torch._foreach_lerp_(ours, theirs, 1 - min(self._decay, step / (HEAD_START + step)))
            for kept, seen in zip(_counters(self.network), _counters(network), strict=True):
                kept.copy_(seen)


class Best:
    """The weights with the least loss on what nothing is learned from, and for how many looks they have been that.

    With a ``patience`` of None nothing is kept: then the last weights are as good as any.
    """

    def __init__(self, patience: int | None) -> None:
        self.weights: dict[str, Tensor] = {}
        self.loss = math.inf
        self.looks = 0
        self._patience = patience

    def weigh(self, network: nn.Module, loss: float) -> bool:
        """Keep a network's weights if they are the best so far; return whether patience has come to its end."""
        if self._patience is None:
            return False
        if loss < self.loss:
            self.weights = {name: value.detach().clone() for name, value in network.state_dict().items()}
            self.loss, self.looks = loss, 0
        else:
            self.looks += 1
        return self.looks >= self._patience

    def in_place(self, network: nn.Module) -> nn.Module:
        """Return a network with the best weights; as it is where none are kept."""
        if not self.weights:
            return network
        best = copy.deepcopy(network)
        best.load_state_dict(self.weights)
        return best


def _floating(network: nn.Module) -> list[Tensor]:
    return [value for value in network.state_dict().values() if value.is_floating_point()]


def _counters(network: nn.Module) -> list[Tensor]:
    return [value for value in network.state_dict().values() if not value.is_floating_point()]
