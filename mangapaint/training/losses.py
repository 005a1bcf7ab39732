"""The losses: how far what a network made is from the truth.

Every loss is the mean over samples of each sample's own mean, so that halves of a batch average to the whole.
``counted`` is bool (n, h, w), the pixels that count (None: all); a sample that has none of them adds nothing. What
comes in half precision is reckoned in single.
"""

from __future__ import annotations

import torch
import torch.nn.functional as nnf
from torch import Tensor

from mangapaint.colorizers.gamut import STEP
from mangapaint.colorizers.networks.distribution import centres, soft_encoded

MIXED = 0.5
"""Lambda of Zhang 2016: so much of the even distribution is mixed into how frequent bins are."""
SMOOTHED = 5.0
"""Deviation, in a,b, of the Gaussian that smooths how frequent bins are."""
TRUE_TO_COLOR = 100.0
"""What L1 counts beside the adversarial loss."""


def mean_over_samples(values: Tensor, counted: Tensor | None = None) -> Tensor:
    """Return the mean over samples of each one's mean over its pixels, from values (n, h, w)."""
    if counted is None:
        return values.mean()
    inside = counted.to(values)
    total = inside.flatten(1).sum(dim=1)
    return ((values * inside).flatten(1).sum(dim=1) / total.clamp(min=1)).mean()


def l1(found: Tensor, truth: Tensor, counted: Tensor | None = None) -> Tensor:
    """Return the mean absolute difference of (n, c, h, w)."""
    return mean_over_samples((found.float() - truth).abs().mean(dim=1), counted)


def l2(found: Tensor, truth: Tensor, counted: Tensor | None = None) -> Tensor:
    """Return the mean squared difference of (n, c, h, w)."""
    return mean_over_samples((found.float() - truth).square().mean(dim=1), counted)


def smooth_l1(found: Tensor, truth: Tensor, counted: Tensor | None = None, *, delta: float = 1.0) -> Tensor:
    """Return Huber's loss of (n, c, h, w): half the square up to ``delta``, from there on a straight line.

    As in Zhang 2017, who take a ``delta`` of 1 in a,b.
    """
    return mean_over_samples(nnf.huber_loss(found.float(), truth, reduction="none", delta=delta).mean(dim=1), counted)


def farness(found: Tensor, truth: Tensor, counted: Tensor | None = None, *, scale: float) -> Tensor:
    """Return how far off (n, c, h, w) are, 0..1: 1 - exp(-distance^2 / (2 scale^2)), the loss of Welsch 1975.

    What is far off costs hardly less a little nearer: of several likely colours one is chosen, where the absolute and
    the squared difference are least between them.
    """
    squared = (found.float() - truth).square().sum(dim=1)
    return mean_over_samples(1 - torch.exp(squared / (-2 * scale**2)), counted)


def class_entropy(scores: Tensor, classes: Tensor, counted: Tensor | None = None) -> Tensor:
    """Return the cross-entropy of scores (n, k, h, w) with the right class of each pixel, int64 (n, h, w)."""
    return mean_over_samples(nnf.cross_entropy(scores.float(), classes, reduction="none"), counted)


def bin_entropy(logits: Tensor, ab: Tensor, weights: Tensor | None = None, counted: Tensor | None = None) -> Tensor:
    """Return the cross-entropy of logits (n, 313, h, w) with true a,b (n, 2, h, w), soft-encoded over five bins.

    ``weights``, (313,), say what a pixel counts by its nearest bin (see ``rebalancing``). The truth is never laid out
    over all bins: as its shares sum to 1, what is lost is the logarithm of all that is held likely, less the truth's.
    """
    which, shares = soft_encoded(ab)
    logits = logits.float()
    lost = logits.logsumexp(dim=1) - (shares * logits.gather(1, which)).sum(dim=1)
    if weights is not None:
        lost = lost * weights[which[:, 0]]
    return mean_over_samples(lost, counted)


def rebalancing(counts: Tensor) -> Tensor:
    """Return what pixels of each bin count, float32 (313,), from how many of them a training set has, or which part.

    Zhang 2016: w ~ ((1 - lambda) p + lambda / Q)^-1 with lambda 0.5, where p is how frequent a bin is, smoothed in
    a,b; w has mean 1 under p. Without a single pixel all count the same.
    """
    p = smoothed(counts)
    weights = 1 / ((1 - MIXED) * p + MIXED / len(p))
    return (weights / (p * weights).sum()).float()


def smoothed(counts: Tensor) -> Tensor:
    """Return how frequent each bin is, float64 (313,) that sum to 1, each spread over its neighbours in a,b."""
    places = centres(counts.double())
    spread = torch.exp(-torch.cdist(places, places).square() / (2 * SMOOTHED**2))
    found = (spread / spread.sum(dim=0)) @ counts.double()
    return found / found.sum() if found.sum() > 0 else torch.full_like(found, 1 / len(found))


def adversarial(logits: Tensor, *, real: bool) -> Tensor:
    """Return how far a discriminator's logits (n, ...) are from saying that everything is real, or nothing is."""
    return nnf.binary_cross_entropy_with_logits(logits.float(), torch.full_like(logits, real, dtype=torch.float32))


def generated(logits: Tensor, found: Tensor, truth: Tensor) -> Tensor:
    """Return what a generator loses: the discriminator sees through it, and its colours (n, 3, h, w) are not true."""
    return adversarial(logits, real=True) + TRUE_TO_COLOR * l1(found, truth)


def region_unrest(ab: Tensor, regions: Tensor) -> Tensor:
    """Return how much a,b (n, 2, h, w) vary inside regions, int (n, h, w), labels from 0 on, below 0 of none.

    The variance about each region's own mean, over the regions' pixels; 1 is a deviation of one step between bins.
    """
    labels = regions.long()
    inside = labels >= 0
    count = int(labels.max()) + 1 if labels.numel() else 0
    if count <= 0:
        return ab.float().sum() * 0
    own = labels.clamp(min=0) + count * torch.arange(len(labels), device=labels.device)[:, None, None]
    values = ab.float().permute(0, 2, 3, 1)
    means = _means(values[inside], own[inside], count * len(labels))
    away = (values - means[own]).square().sum(dim=3) / STEP**2
    return mean_over_samples(away, inside)


def _means(values: Tensor, labels: Tensor, count: int) -> Tensor:
    """Return the mean of the values (m, c) of each label (m,), (count, c); 0 where there is none."""
    sums = values.new_zeros(count, values.shape[1]).index_add(0, labels, values)
    return sums / torch.bincount(labels, minlength=count).clamp(min=1)[:, None]
