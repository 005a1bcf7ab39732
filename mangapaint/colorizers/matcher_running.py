"""Runs the network of ``matcher``: which places of the references each place of a page points at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from mangapaint.colorizers.networks.area_descriptors import Parting
from mangapaint.colorizers.networks.descriptors import Described, DescriptorNetwork, Seen, parts
from mangapaint.colorizers.pointing import Places, Pointed, places_of, places_of_areas
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
        found = [_compared(self, page, reference) for reference in references]
        places = [places_of(reference, number, (item.reference.shape[2], item.reference.shape[3]))
                for number, (item, reference) in enumerate(zip(found, references, strict=True))]  # fmt: skip
        pairs = [(item.page[0].flatten(1), item.reference[0].flatten(1)) for item in found]
        none = _none([item.absent.flatten() for item in found])

        def logits(some: slice) -> Tensor:
            rows = (DescriptorNetwork.pointers(own[None, :, some], theirs[None])[0] for own, theirs in pairs)
            return torch.cat([*rows], dim=1)

        shape = found[0].page.shape[2], found[0].page.shape[3]
        return self._shared(logits, none, Places.joined(places), shape, colors, light)

    @torch.inference_mode()
    def matched(self, page: Sight, references: tuple[Sight, ...], colors: Field, light: float) -> Pointed:
        """Return what the areas of a page point at, see ``pointing.Describer``; page and some reference have areas."""
        network, here, rows = _network(self), _parting(self, page), []
        shown = [(number, item) for number, item in enumerate(references) if item.areas.count]
        for _, reference in shown:
            described, there = _compared(self, page, reference), _parting(self, reference)
            rows.append(network.areas(described, _colors(self, reference), here, there))
        every = torch.cat([logits[0] for logits, _ in rows], dim=1)
        places = Places.joined([places_of_areas(reference, number) for number, reference in shown])
        none = _none([absent[0] for _, absent in rows])
        return self._shared(lambda some: every[some], none, places, (page.areas.count, 1), colors, light)

    def _shared(self, logits: Callable[[slice], Tensor], none: Tensor, places: Places, shape: tuple[int, int],
                colors: Field, light: float) -> Pointed:  # fmt: skip
        """Return shares of colours, told from the logits of some places at a time."""
        label = torch.from_numpy(labelled(places.lab, colors, light=light)).to(self.device)
        found = []
        for start in range(0, len(none), AT_ONCE):
            some = slice(start, start + AT_ONCE)
            found.append(_shares(logits(some), none[some], label, len(colors)))
        share, place, nothing = (torch.cat(values).cpu().numpy() for values in zip(*found, strict=True))
        return Pointed(shape, share, place.astype(np.intp), nothing, places)


def _network(describer: Describer) -> DescriptorNetwork:
    return cast(DescriptorNetwork, load(describer.weights, "matcher", device=describer.device))


def _none(absent: list[Tensor]) -> Tensor:
    """Return the logits for being in no reference."""
    return torch.stack(absent).logsumexp(dim=0) - np.log(len(absent))


def _shares(logits: Tensor, none: Tensor, label: Tensor, count: int) -> tuple[Tensor, Tensor, Tensor]:
    """Return of some places how much they point at each of ``count`` labels, at which place most, and at none."""
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


@lru_cache(maxsize=8)
@torch.inference_mode()
def _compared(describer: Describer, page: Sight, reference: Sight) -> Described:
    """Describe the places of two pictures; the latest answers are remembered."""
    return _network(describer).compared(_seen(describer, page), _seen(describer, reference))


@lru_cache(maxsize=24)
@torch.inference_mode()
def _seen(describer: Describer, sight: Sight) -> Seen:
    """Look at a picture; what was seen in the latest is remembered."""
    seen = shrunk(sight.fine, LONGEST).astype(np.float32) / np.float32(255)
    picture = torch.from_numpy(seen)[None, None].to(describer.device)
    colors = None if sight.lab is None else _colors(describer, sight, seen.shape)
    return _network(describer).seen(picture, torch.tensor([not sight.lines], device=describer.device), colors)


def _colors(describer: Describer, sight: Sight, size: tuple[int, ...] | None = None) -> Tensor:
    """Return a reference's colours as the network is given them."""
    assert sight.lab is not None
    lab = sight.lab if size is None else cv2.resize(sight.lab, size[::-1], interpolation=cv2.INTER_AREA)
    return parts(torch.from_numpy(np.ascontiguousarray(lab.transpose(2, 0, 1)))[None].to(describer.device))


def _parting(describer: Describer, sight: Sight) -> Parting:
    areas = sight.areas
    return Parting(*(torch.from_numpy(values)[None].to(describer.device)
                     for values in (areas.labels, areas.signs, areas.touching)))  # fmt: skip
