"""The dense network of ``deep-features`` and how it learns. It imports torch, so it is itself imported only to run.

As in the source: every hidden layer has half as many neurons as the descriptor has numbers, there are three of them,
and the squared error of U and V is what is made small.
"""

from __future__ import annotations

import copy
import time
from dataclasses import dataclass, replace

import numpy as np
import torch
import torch.nn.functional as nnf
from numpy.typing import NDArray
from torch import Tensor, nn

from mangapaint.progress import Progress

HIDDEN_LAYERS = 3
BATCH = 1024
"""Pixels of one step."""
STEPS = 1000
"""... and how many steps there are in all."""
LEARNING_RATE = 2e-3
"""Of Adam at first; it falls to nothing along a cosine."""
PART = 16_384
"""Pixels whose colours are told at once."""

Field = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Training:
    """A network that has learned for so many ``steps``, and its optimiser. Learning more returns another one."""

    network: nn.Sequential
    optimizer: torch.optim.Adam
    steps: int
    seed: int

    def advanced(self, descriptors: Field, wanted: Field, *, seconds: float, progress: Progress) -> Training:
        """Return what has learned from pixels, (n, d) and their U, V (n, 2), for so long, at least a step.

        What a step does depends on the seed and its number alone, so many short lessons come to the same as a long one.
        """
        network, optimizer = copy.deepcopy((self.network, self.optimizer))
        known, colors = torch.from_numpy(descriptors), torch.from_numpy(wanted)
        steps, end = self.steps, time.monotonic() + seconds
        while steps < STEPS:
            progress.check()
            chosen = torch.from_numpy(np.random.default_rng((self.seed, steps)).integers(len(known), size=BATCH))
            for group in optimizer.param_groups:
                group["lr"] = LEARNING_RATE * (1 + np.cos(np.pi * steps / STEPS)) / 2
            optimizer.zero_grad()
            loss: Tensor = nnf.mse_loss(network(known[chosen]), colors[chosen])
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            steps += 1
            if time.monotonic() >= end:
                break
        return replace(self, network=network, optimizer=optimizer, steps=steps)

    @property
    def learned(self) -> float:
        """How much of what it means to learn it has learned, 0..1."""
        return self.steps / STEPS

    def colors(self, descriptors: Field, progress: Progress) -> Field:
        """Return U and V of pixels, (n, 2), by their descriptors, (n, d)."""
        parts = []
        with torch.inference_mode():
            for start in range(0, len(descriptors), PART):
                progress.check()
                parts.append(self.network(torch.from_numpy(descriptors[start : start + PART])).numpy())
        return np.concatenate(parts)


def begun(length: int, *, seed: int) -> Training:
    """Return a network for descriptors of so many numbers that has learned nothing yet and says gray."""
    generator = torch.Generator().manual_seed(seed % 2**31)
    width = max(2, length // 2)
    layers: list[nn.Module] = []
    for before in (length, *[width] * (HIDDEN_LAYERS - 1)):
        layer = nn.Linear(before, width)
        nn.init.kaiming_uniform_(layer.weight, nonlinearity="relu", generator=generator)
        nn.init.zeros_(layer.bias)
        layers += [layer, nn.ReLU()]
    last = nn.Linear(width, 2)
    nn.init.zeros_(last.weight)
    nn.init.zeros_(last.bias)
    network = nn.Sequential(*layers, last)
    return Training(network, torch.optim.Adam(network.parameters(), LEARNING_RATE), 0, seed % 2**31)
