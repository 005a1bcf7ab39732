"""Runs the network of ``matcher``: which places of the references each place of a page points at."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import cast

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from mangapaint.colorizers.networks.descriptors import CELL, DescriptorNetwork, Seen, parts
from mangapaint.colorizers.pointing import Places, Pointed, places_of
from mangapaint.colorizers.sights import Sight
from mangapaint.colorizers.voting import labelled
from mangapaint.colorizers.weights import Weights, load
from mangapaint.colorizers.working import shrunk

LONGEST = 320
"""Pixels on the long side at which pictures are described."""
AT_ONCE = 2048
"""Places that are compared with all others at a time."""

Field = NDArray[np.float32]


@dataclass(frozen=True)
class Describer:
    """Describes places with the network of some weights, on a device."""

    weights: Weights
    device: str

    @torch.inference_mode()
    def pointed(self, page: Sight, references: tuple[Sight, ...], colors: Field, light: float) -> Pointed:
        """Return what the places of a page point at, see ``pointing.Describer``."""
        network = _network(self)
        here, rows = _seen(self, page), []
        for number, reference in enumerate(references):
            own, theirs, absent = network.compared(here, _seen(self, reference))
            size = theirs.shape[2], theirs.shape[3]
            rows.append((own[0].flatten(1), theirs[0].flatten(1), absent.flatten(), places_of(reference, number, size)))
        places = Places.joined([row[3] for row in rows])
        label = torch.from_numpy(labelled(places.lab, colors, light=light)).to(self.device)
        none = torch.stack([row[2] for row in rows]).logsumexp(dim=0) - np.log(len(rows))
        found = []
        for start in range(0, len(none), AT_ONCE):
            some = slice(start, start + AT_ONCE)
            pairs = [(own[:, some], theirs) for own, theirs, *_ in rows]
            found.append(_shares(network, pairs, none[some], label, len(colors)))
        share, place, nothing = (torch.cat(values).cpu().numpy() for values in zip(*found, strict=True))
        shape = -(-here.size[0] // CELL), -(-here.size[1] // CELL)
        return Pointed(shape, share, place.astype(np.intp), nothing, places)


def _network(describer: Describer) -> DescriptorNetwork:
    return cast(DescriptorNetwork, load(describer.weights, "matcher", device=describer.device))


def _shares(network: DescriptorNetwork, rows: list[tuple[torch.Tensor, torch.Tensor]], none: torch.Tensor,
            label: torch.Tensor, count: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:  # fmt: skip
    """Return of some places how much they point at each of ``count`` labels, at which place most, and at none."""
    logits = torch.cat([network.pointers(own[None], theirs[None])[0] for own, theirs in rows], dim=1)
    whole = torch.logaddexp(logits.logsumexp(dim=1), none)
    share, place = logits.new_zeros(len(none), count), label.new_zeros(len(none), count)
    for number in range(count):
        inside = (label == number).nonzero()[:, 0]
        if not len(inside):
            continue
        those = logits[:, inside]
        share[:, number] = (those.logsumexp(dim=1) - whole).exp()
        place[:, number] = inside[those.argmax(dim=1)]
    return share, place, (none - whole).exp()


@lru_cache(maxsize=24)
@torch.inference_mode()
def _seen(describer: Describer, sight: Sight) -> Seen:
    """Look at a picture; what was seen in the latest is remembered."""
    seen = shrunk(sight.fine, LONGEST).astype(np.float32) / np.float32(255)
    picture = torch.from_numpy(seen)[None, None].to(describer.device)
    colors = None
    if sight.lab is not None:
        lab = cv2.resize(sight.lab, seen.shape[::-1], interpolation=cv2.INTER_AREA)
        colors = parts(torch.from_numpy(np.ascontiguousarray(lab.transpose(2, 0, 1)))[None].to(describer.device))
    return _network(describer).seen(picture, torch.tensor([not sight.lines], device=describer.device), colors)
