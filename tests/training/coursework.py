"""Samples to teach networks with: small drawn pictures, gray or as lines."""

from __future__ import annotations

import numpy as np
import torch
from drawing import colored

from mangapaint.analysis.ink import luminance
from mangapaint.document.page import Picture
from mangapaint.training.samples import Input, Sample


def sample(color, given=Input.GRAY):
    """A sample whose lines, where it is shown as such, are the picture's black."""
    color = np.ascontiguousarray(color)
    lines = np.where(color.max(axis=2) > 40, 255, 0).astype(np.uint8)
    page = luminance(Picture(color.copy(), "drawn")) if given is Input.GRAY else lines
    regions = np.where(lines > 0, 0, -1).astype(np.int32)
    return Sample(given, page, color, np.zeros((*page.shape, 4), np.uint8), regions)


def samples(given=Input.GRAY, *, size=64):
    """Two pictures, the other one in other colours and turned."""
    one = colored(size)
    return [sample(one, given), sample(np.rot90(one)[..., [1, 2, 0]], given)]


def batch(recipe, shown):
    """What the loader hands over for some samples."""
    rows = [recipe.example(row) for row in shown]
    return {name: torch.from_numpy(np.stack([row[name] for row in rows])) for name in rows[0]}


def taught(course, recipe, given, *, steps, rate):
    """Teach a course one batch over and over; return the loss of the last turn at each step.

    Ever more slowly, so that in the end what normalisations have counted is true of the weights.
    """
    optimizers = [torch.optim.Adam(turn, lr=rate, betas=recipe.betas) for turn in course.turns()]
    course.train()
    found = []
    for step in range(steps):
        for turn, optimizer in enumerate(optimizers):
            optimizer.param_groups[0]["lr"] = rate * (1 - step / steps)
            optimizer.zero_grad(set_to_none=True)
            loss = course(given, turn)
            loss.backward()
            optimizer.step()
        found.append(loss.item())
    return found
