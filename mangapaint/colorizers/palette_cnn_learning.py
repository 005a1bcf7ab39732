"""How the Auto-Coloring Network (2016) learns a reference and labels a page, on torch: imported only to run.

Adam and cross-entropy, 100 times over all pixels. Where the source shuffles patches into batches, a step here takes
every fourth (on large pictures eighth) pixel of every fourth row, and an epoch goes through all such lattices.
"""

from __future__ import annotations

import copy
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
import torch.nn.functional as nnf
from numpy.typing import NDArray
from torch import Tensor

from mangapaint.colorizers.palette_cnn_network import PaletteNetwork
from mangapaint.colorizers.palette_cnn_pictures import DESCRIPTOR_LENGTH, NOWHERE, Labels, Lesson, Material, Sight
from mangapaint.progress import Progress

LEARNING_RATE, EPSILON = 1e-3, 1e-8
"""Of Adam."""
CALMING = 0.3
"""The last part of all steps, in which the rate falls to nothing. The source keeps it; but then single steps decide
what comes out. Mean chroma accuracy over four pairs of pictures: .77 without, .80 with; a pair varies by .02."""
FINE, COARSE, LARGE_PICTURE = 4, 8, 25_000
"""Strides of the lattices, and the pixels from which on a picture takes the coarse one: a step has some 400 to 800."""
BATCH = 128
"""Patches of a step when learning goes patch by patch."""
PART = 4096
"""Pixels that are labelled at once."""

Places = tuple[slice, slice] | tuple[NDArray[np.int64], NDArray[np.int64]]
"""Pixels of a picture: rows and columns, as numpy takes them."""


@dataclass(frozen=True, eq=False)
class Training:
    """A network that has learned for so many ``steps``, and its optimiser. Learning more returns another one."""

    network: PaletteNetwork
    optimizer: torch.optim.Adam
    steps: int
    seed: int
    device: str

    def advanced(self, material: Material, *, most: int, seconds: float, progress: Progress) -> Training:
        """Return what has learned for so long, up to ``most`` steps in all and at least one; this one stays as it is.

        What a step does depends on the seed and its number alone, so many short lessons come to the same as a long one.
        """
        network, optimizer = copy.deepcopy((self.network, self.optimizer))
        network.train()
        steps, end = self.steps, time.monotonic() + seconds
        while steps < most:
            progress.check()
            for group in optimizer.param_groups:
                group["lr"] = LEARNING_RATE * min(1, (1 - steps / most) / CALMING)
            self._improve(network, optimizer, material, steps)
            steps += 1
            if time.monotonic() >= end:
                break
        return replace(self, network=network, optimizer=optimizer, steps=steps)

    def labels(self, sight: Sight, progress: Progress) -> Labels:
        """Return the label of each pixel, int64 (h, w)."""
        out = np.empty(sight.shape, np.int64)
        self.network.eval()
        with torch.inference_mode():
            for at in _bands(sight.shape, padded=self.network.padded):
                progress.check()
                found = self._scores(self.network, sight, at).argmax(dim=1).cpu().numpy()
                out[at] = found.reshape(out[at].shape)
        return out

    def _improve(self, network: PaletteNetwork, optimizer: torch.optim.Adam, material: Material, step: int) -> None:
        """Take one step of learning."""
        rng = np.random.default_rng((self.seed, step))
        counts = [_parts(lesson, padded=network.padded) for lesson in material.lessons]
        which, part, epoch = turn(counts, seed=self.seed, step=step)
        lesson = material.lessons[which].varied(rng)
        at = _places(lesson, part, padded=network.padded, seed=(self.seed, epoch, 1))
        noise = torch.Generator().manual_seed(int(rng.integers(2**31)))
        labels = torch.from_numpy(lesson.labels[at].reshape(-1)).to(self.device)
        if not (labels != NOWHERE).any():
            return
        scores = self._scores(network, lesson.sight, at, noise)
        optimizer.zero_grad()
        nnf.cross_entropy(scores, labels, ignore_index=NOWHERE).backward()  # type: ignore[no-untyped-call]
        optimizer.step()

    def _scores(self, network: PaletteNetwork, sight: Sight, at: Places,
                noise: torch.Generator | None = None) -> Tensor:  # fmt: skip
        """Return each label's score for the pixels of a picture that lie at ``at``, (n, K)."""
        blocks = _blocks(network, torch.from_numpy(sight.channels).to(self.device), at)
        descriptors = None
        if sight.descriptors is not None:
            chosen = sight.descriptors[at].reshape(-1, DESCRIPTOR_LENGTH)
            descriptors = torch.from_numpy(chosen).to(self.device)
        return network.scores(blocks, descriptors, noise)


def begun(material: Material, *, padded: bool, seed: int, device: str) -> Training:
    """Return a network that has learned nothing yet; a ``padded`` one goes patch by patch, as its source describes."""
    seed %= 2**31
    described = material.page.descriptors is not None
    network = PaletteNetwork(len(material.colors), described=described, padded=padded, seed=seed).to(device)
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    optimizer = torch.optim.Adam(network.parameters(), LEARNING_RATE, eps=EPSILON, fused=True)
    return Training(network, optimizer, 0, seed, device)


def steps_of(material: Material, *, padded: bool) -> int:
    """Return how many steps one pass over all pixels of all references takes."""
    return sum(_parts(lesson, padded=padded) for lesson in material.lessons)


def turn(counts: Sequence[int], *, seed: int, step: int) -> tuple[int, int, int]:
    """Return which lesson, which part of it and which epoch a step is about; lessons have so many parts each.

    Every epoch goes through all parts in an order of its own.
    """
    epoch, place = divmod(step, sum(counts))
    chosen = int(np.random.default_rng((seed, epoch, 0)).permutation(sum(counts))[place])
    which = int(np.searchsorted(np.cumsum(counts), chosen, side="right"))
    return which, chosen - sum(counts[:which]), epoch


def _parts(lesson: Lesson, *, padded: bool) -> int:
    """Return into how many steps a lesson is divided."""
    if padded:
        return -(-lesson.labels.size // BATCH)
    height, width = lesson.labels.shape
    return min(_stride(lesson), height) * min(_stride(lesson), width)


def _places(lesson: Lesson, part: int, *, padded: bool, seed: tuple[int, ...]) -> Places:
    """Return which pixels of a lesson a step is about: a lattice, or patches by chance."""
    height, width = lesson.labels.shape
    if padded:
        order = np.random.default_rng(seed).permutation(height * width)
        return np.divmod(order[part :: _parts(lesson, padded=True)], width)
    stride = _stride(lesson)
    top, left = divmod(part, min(stride, width))
    return slice(top, height, stride), slice(left, width, stride)


def _stride(lesson: Lesson) -> int:
    return FINE if lesson.labels.size < LARGE_PICTURE else COARSE


def _bands(shape: tuple[int, int], *, padded: bool) -> Iterator[Places]:
    """Divide a picture into pieces that are labelled at once."""
    height, width = shape
    if padded:
        for start in range(0, height * width, BATCH):
            yield np.divmod(np.arange(start, min(start + BATCH, height * width)), width)
        return
    rows = max(1, PART // width)
    for top in range(0, height, rows):
        yield slice(top, min(top + rows, height), 1), slice(0, width, 1)


def _blocks(network: PaletteNetwork, channels: Tensor, at: Places) -> Tensor:
    """Return the network's blocks for the pixels at ``at`` of a picture, (h, w, 3): (n, 64, side, side)."""
    before = (network.field - 1) // 2
    after = network.field - 1 - before
    bordered = nnf.pad(channels.permute(2, 0, 1), (before, after, before, after))
    rows, columns = at
    if isinstance(rows, slice) and isinstance(columns, slice):
        cut = bordered[:, rows.start : rows.stop + network.field - 1, columns.start : columns.stop + network.field - 1]
        return network.blocks(cut[None], stride=rows.step).flatten(0, 2)
    patches = bordered.unfold(1, network.field, 1).unfold(2, network.field, 1)
    return network.blocks(patches[:, rows, columns].transpose(0, 1)).flatten(0, 2)
