"""The network of ``matcher``: describes the places of a page and of a reference so that the same things are like.

After Vondrick et al. 2018 ("Tracking emerges by colorizing videos"): descriptions are compared by their inner product,
and are good where they point at a reference's places that have the page's own colours. Convolutions see what is drawn;
deep down every place attends to all others of its picture, and to those of the other picture in turn (as in LoFTR, Sun
et al. 2021), so that a sleeve is described by whose it is, and by what there is to be told apart from.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import torch
import torch.nn.functional as nnf
from torch import Tensor, nn

from mangapaint.colorizers.networks.area_descriptors import QUICK, SHARP, AreaNetwork, Parting
from mangapaint.colorizers.networks.attention import Attending
from mangapaint.colorizers.networks.blocks import Up, down, norm
from mangapaint.colorizers.networks.shape import one_of, padded, whole

WIDTHS = {"small": (32, 64, 96, 128), "large": (48, 96, 160, 256)}
"""Channels at a half, a quarter, an eighth and a sixteenth of the picture."""
CELL = 4
"""Pixels of a side of what is described as one place."""
LENGTH = 64
"""Numbers of a description."""
LAYERS = 3
"""Of attention, to the own picture and to the other."""
WAVES = 8
"""Sines and cosines along each axis by which places are told, the longest as long as the picture."""
DIVISOR = 16
SEEN, COLORS = 3, 3
"""Channels of what is looked at, and of colours, where they are known: CIELAB in parts of about one."""
LEAST = 1e-4
"""Deviation that is added to what descriptions are divided by."""


@dataclass(frozen=True, eq=False)
class Seen:
    """What the convolutions see in pictures, at a quarter, an eighth and a sixteenth of ``size`` (height, width)."""

    size: tuple[int, int]
    quarter: Tensor
    eighth: Tensor
    deep: Tensor


@dataclass(frozen=True, eq=False)
class Described:
    """Places of a page and of a reference, as they are seen beside each other, at a quarter of their sizes.

    ``page`` and ``reference`` are vectors, float (n, LENGTH, h / 4, w / 4), rounded up: of the page the longer the more
    certain it is where they point, of the reference of length 1; ``absent`` are the logits of the page's places,
    (n, h / 4, w / 4), for not being in the reference. ``here`` and ``there`` (n, c, ...) is what they were told from.
    """

    page: Tensor
    reference: Tensor
    absent: Tensor
    here: Tensor
    there: Tensor


class DescriptorNetwork(nn.Module):
    """Describes the places of pages and references, and matches their areas."""

    def __init__(self, shape: Mapping[str, str]) -> None:
        super().__init__()
        self.shape = whole(shape, size="small", context="both", colors="on")
        half, quarter, eighth, sixteenth = WIDTHS[one_of(self.shape, "size", tuple(WIDTHS))]
        context = one_of(self.shape, "context", ("both", "own", "off"))
        self.colors = one_of(self.shape, "colors", ("on", "off")) == "on"
        self.first = nn.Sequential(nn.Conv2d(SEEN, half, 5, 2, 2), norm(half), nn.ReLU())
        self.second = down(half, quarter, blocks=1)
        self.third = down(quarter, eighth, blocks=2)
        self.fourth = down(eighth, sixteenth, blocks=2)
        self.places = nn.Linear(4 * WAVES, sixteenth)
        # Colours tell references apart from pages: were they looked at, nothing would be like itself at first.
        self.tint = nn.Linear(COLORS, sixteenth, bias=False)
        nn.init.zeros_(self.tint.weight)
        self.own = nn.ModuleList(Attending(sixteenth) for _ in range(LAYERS if context != "off" else 0))
        self.other = nn.ModuleList(Attending(sixteenth) for _ in range(LAYERS if context == "both" else 0))
        self.up8 = Up(sixteenth, eighth)
        self.up4 = Up(eighth, quarter)
        self.last = nn.Conv2d(quarter, LENGTH, 1)
        self.absent = nn.Conv2d(quarter, 1, 1)
        self.certain = nn.Conv2d(quarter, 1, 1)
        nn.init.zeros_(self.certain.weight)
        self.sharp = nn.Parameter(torch.tensor(math.log(SHARP) / QUICK))
        self.wholes = AreaNetwork(quarter + LENGTH, COLORS)

    def forward(self, page: Tensor, reference: Tensor, colors: Tensor, keeps: Tensor) -> Described:
        """Describe pages beside their references, both float (n, 1, h, w), 0..1: gray, or the lines of either.

        ``colors`` are the references', float (n, COLORS, h, w) as ``parts`` makes them; ``keeps`` (n,) is 1 where
        both are gray and 0 for line art.
        """
        return self.compared(self.seen(page, keeps), self.seen(reference, keeps, colors))

    def seen(self, picture: Tensor, keeps: Tensor, colors: Tensor | None = None) -> Seen:
        """Look at pages, or at references with their colours."""
        size = picture.shape[-2], picture.shape[-1]
        kept = keeps.to(picture).reshape(-1, 1, 1, 1).expand_as(picture)
        layers = torch.cat([picture - 0.5, (1 - picture) * (1 - kept), kept], dim=1)
        quarter = self.second(self.first(padded(layers, DIVISOR)))
        eighth = self.third(quarter)
        deep = self.fourth(eighth)
        if colors is not None and self.colors:
            even = nnf.interpolate(padded(colors.to(picture), DIVISOR), size=deep.shape[-2:], mode="area")
            deep = deep + self.tint(even.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)
        return Seen(size, quarter, eighth, deep)

    def compared(self, page: Seen, reference: Seen) -> Described:
        """Describe the places of both, as they are seen beside each other."""
        one, two = self._attended(page.deep, reference.deep)
        here, there = self._joined(one, page), self._joined(two, reference)
        found, others = _evened(self.last(here).float(), self.last(there).float())
        certain = (self.certain(here).float() + QUICK * self.sharp).exp()
        return Described(found * certain, others, self.absent(here).float()[:, 0], here, there)

    def areas(self, places: Described, colors: Tensor, here: Parting, there: Parting) -> tuple[Tensor, Tensor]:
        """Return the logits of the areas of pages, (n, p), for those of references, (n, p, r), and for none, (n, p).

        ``colors`` are the references', as for ``forward``. What their places have in common is where it begins.
        """
        rows, columns = places.reference.shape[-2:]
        ours, theirs = here.members(*places.page.shape[-2:]), there.members(rows, columns)
        even = nnf.interpolate(colors.float(), size=(rows, columns), mode="area")
        page, known = _pooled(ours, places.page), _pooled(ours, places.here.float())
        reference, others = _pooled(theirs, places.reference), _pooled(theirs, places.there.float())
        pointed = page @ reference.transpose(1, 2)
        absent = _pooled(ours, places.absent[:, None])[..., 0]
        more, none = self.wholes(torch.cat([known, nnf.normalize(page, dim=2)], dim=2),
                                 torch.cat([others, nnf.normalize(reference, dim=2)], dim=2),
                                 _pooled(theirs, even), here, there)  # fmt: skip
        return pointed + more, absent + none

    @staticmethod
    def pointers(page: Tensor, reference: Tensor) -> Tensor:
        """Return the logits of places, (n, LENGTH, p), for those of a reference, (n, LENGTH, r), as (n, p, r)."""
        return page.transpose(1, 2) @ reference

    def _attended(self, one: Tensor, two: Tensor) -> tuple[Tensor, Tensor]:
        """Let each place see all others of its picture, then those of the other; waves tell where places lie."""
        here, there = self._tokens(one), self._tokens(two)
        for number, layer in enumerate(self.own):
            here, there = layer(here, here), layer(there, there)
            if number < len(self.other):
                across = self.other[number]
                here, there = across(here, there), across(there, here)
        return here.transpose(1, 2).reshape(one.shape), there.transpose(1, 2).reshape(two.shape)

    def _tokens(self, deep: Tensor) -> Tensor:
        rows, columns = deep.shape[-2:]
        return deep.flatten(2).transpose(1, 2) + self.places(_waves(rows, columns, deep))

    def _joined(self, deep: Tensor, picture: Seen) -> Tensor:
        """Bring what was attended to back to a quarter of the picture, without what it was padded by."""
        rows, columns = (-(-side // CELL) for side in picture.size)
        return self.up4(self.up8(deep, picture.eighth), picture.quarter)[..., :rows, :columns]


def _evened(one: Tensor, two: Tensor) -> tuple[Tensor, Tensor]:
    """Return descriptions (n, c, h, w) of length 1, less what all places of both pictures have in common."""
    both = torch.cat([one.flatten(2), two.flatten(2)], dim=2)
    mean, deviation = both.mean(dim=2)[..., None, None], both.std(dim=2)[..., None, None] + LEAST
    first, second = (nnf.normalize((values - mean) / deviation, dim=1) for values in (one, two))
    return first, second


def _pooled(members: Tensor, values: Tensor) -> Tensor:
    """Return the means over areas, (n, k, places), of what places have, (n, c, ...): (n, k, c)."""
    return members @ values.flatten(2).transpose(1, 2)


def parts(lab: Tensor) -> Tensor:
    """Return CIELAB, float (n, 3, ...), in parts of about one, as the network is given it."""
    return lab / lab.new_tensor([100.0, 50.0, 50.0]).reshape(3, *[1] * (lab.ndim - 2))


def _waves(rows: int, columns: int, like: Tensor) -> Tensor:
    """Return where the places of a grid lie, (rows * columns, 4 * WAVES), in parts of its longer side."""
    side = max(rows, columns)
    y, x = ((torch.arange(count, device=like.device) + 0.5 - count / 2) / side for count in (rows, columns))
    turns = torch.arange(1, WAVES + 1, device=like.device) * math.pi
    along = [torch.cat([torch.sin(axis[:, None] * turns), torch.cos(axis[:, None] * turns)], dim=1) for axis in (y, x)]
    grid = torch.cat([along[0][:, None].expand(-1, columns, -1), along[1][None].expand(rows, -1, -1)], dim=2)
    return grid.reshape(rows * columns, -1).to(like)
