"""The network of ``guided``: one part looks at the page once, a smaller one at the hints after every stroke.

After Zhang, Zhu et al. 2017 ("Real-Time User-Guided Image Colorization with Learned Deep Priors"): hints as a,b and a
mask, simulated for training; a distribution over bins of the a,b plane beside one colour; colours of the whole picture
as an optional global hint. Ours differs so that few hints go far and a stroke is cheap:

- hints reach far by three ways that need no learning to be useful: as ``levin`` spreads them over the page, along it
  (``hint_flow``: the hint that is nearest, as colour flows) and by looks (attention: every place listens to the hints
  whose surroundings are like its own, by luminance at first and by whatever it learns later). All bear directly upon
  the distribution, so that a network which knows nothing yet already spreads hints, and learning goes into what hints
  leave open;
- its colour is what ``levin`` makes of the hints, pixel by pixel, wherever it holds that for right, and its own
  elsewhere: many hints lose nothing of their exactness, few gain by what is learned;
- no batch normalisation, so a picture's colours never depend on what else is in the batch.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import torch
import torch.nn.functional as nnf
from torch import Tensor, nn

from mangapaint.colorizers.gamut import COUNT
from mangapaint.colorizers.hint_flow import AB_SCALE, CELL, LIGHT_SCALE
from mangapaint.colorizers.networks.blocks import Residual, Up, conv, down, norm
from mangapaint.colorizers.networks.color import lightness
from mangapaint.colorizers.networks.distribution import annealed_mean, centres
from mangapaint.colorizers.networks.shape import one_of, padded, whole

WIDTHS = {"small": (24, 48, 96, 128), "large": (64, 128, 256, 384)}
"""Channels at a half, a quarter, an eighth and a sixteenth of the page."""
ENCODINGS = ("all", "flow", "given")
"""What of the hints a network is told: everything; not what levin spreads; only where they are (Zhang 2017)."""
LOOKS = 12
"""Dimensions in which places are compared with hints, beside L."""
LIGHT_NEAR = 0.05
"""Of L (0..1): places that differ by so much are alike to 1 - 1/e, before anything is learned."""
SPREAD = 8.0
"""Deviation in a,b of what a hint says about the places it bears upon."""
TRUSTED = (-1.5, -1.5, 0.0)
"""Logarithms of how far the nearest hint, those of like looks and what levin spreads are trusted at first, ..."""
KEPT = 2.0
"""... and the logit of how much of levin's colour stays, before anything is learned."""
YIELDS = 0.15
"""To which power the nearness of a hint is that share of levin's colour which nothing learned can take, ..."""
FEW, CROWDED = 0.2, 2.0
"""... and of the rest what is learned takes all while hints are near to so much of the picture in the mean, and less by
this power the more there are. Chroma accuracy of 21 pictures with 1, 5, 20 and 100 dots: .30, .45, .65, .775; without
regard to how many there are .30, .45, .645, .77; levin alone .24, .43, .65, .775."""
PALE = 0.8
"""L (0..1) of fills that no hint says anything about, before anything is learned."""
DIVISOR = 16


@dataclass(frozen=True, eq=False)
class PageFeatures:
    """What the first part sees in a page: features at a half, a quarter, an eighth and a sixteenth of its size, the
    ``looks`` (n, LOOKS + 1, h / 4, w / 4) by which places are compared, and the size of the page itself."""

    half: Tensor
    quarter: Tensor
    eighth: Tensor
    sixteenth: Tensor
    looks: Tensor
    size: tuple[int, int]


@dataclass(frozen=True, eq=False)
class HintTensors:
    """Hints as ``colorizers.hint_flow`` lays them: ``given`` and ``flow`` (n, 4, h / 4, w / 4), ``tokens`` (n, t).

    ``spread`` (n, 3, h / 2, w / 2) is what levin makes of them, scaled like ``given``, all 0 without any hint.
    ``overall`` (n, 314) is the wanted histogram over the bins, and 1 where there is one.
    """

    given: Tensor
    flow: Tensor
    tokens: Tensor
    spread: Tensor
    overall: Tensor

    @classmethod
    def none(cls, page: Tensor) -> HintTensors:
        """Return no hints at all for pages (n, c, h, w)."""
        count, _, height, width = page.shape
        rows, columns = -(-height // CELL), -(-width // CELL)
        empty = page.new_zeros(count, 4, rows, columns)
        tokens = torch.full((count, 1), -1, dtype=torch.int64, device=page.device)
        spread = page.new_zeros(count, 3, -(-height // 2), -(-width // 2))
        return cls(empty, empty, tokens, spread, page.new_zeros(count, COUNT + 1))


@dataclass(frozen=True, eq=False)
class Answer:
    """What the network says: ``logits`` (n, 313, h / 4, w / 4) over the bins; at half the page's size how much of
    levin's colour stays, ``kept`` (n, 1, h / 2, w / 2), and what is added to that, ``own`` (n, 3, h / 2, w / 2): L of
    the fill and a,b. ``lab`` is the sum."""

    logits: Tensor
    kept: Tensor
    own: Tensor
    lab: Tensor


class GuidedNetwork(nn.Module):
    """Colours pages from hints, or without any."""

    def __init__(self, shape: Mapping[str, str]) -> None:
        super().__init__()
        self.shape = whole(shape, size="small", hints="all")
        self.told = one_of(self.shape, "hints", ENCODINGS)
        half, quarter, eighth, sixteenth = WIDTHS[one_of(self.shape, "size", tuple(WIDTHS))]
        self.first = nn.Sequential(nn.Conv2d(3, half, 5, 2, 2), norm(half), nn.ReLU(), Residual(half))
        self.second = down(half, quarter, blocks=1)
        self.third = down(quarter, eighth, blocks=2)
        self.fourth = down(eighth, sixteenth, blocks=2)
        self.wide = nn.Sequential(*(Residual(sixteenth, dilation) for dilation in (2, 4, 2)))
        self.looks = nn.Conv2d(quarter + eighth, LOOKS, 1)
        self.light_scale = nn.Parameter(torch.tensor(1 / LIGHT_NEAR))
        self.unlike = nn.Parameter(torch.tensor(3.0))
        self.hints = nn.Conv2d(15, quarter, 3, padding=1)
        self.hinted4 = nn.Sequential(nn.Conv2d(quarter, quarter, 1), Residual(quarter))
        self.hinted8 = down(quarter, eighth, blocks=1)
        self.hinted16 = down(eighth, sixteenth, blocks=2)
        self.overall = nn.Linear(COUNT + 1, sixteenth)
        self.scene = nn.Linear(2 * sixteenth, sixteenth)
        self.up8 = Up(sixteenth, eighth)
        self.up4 = Up(eighth, quarter)
        self.bins = nn.Conv2d(quarter, COUNT, 1)
        self.trust = nn.Conv2d(quarter, 3, 1)
        self.narrow = nn.Conv2d(quarter, half - 3, 1)
        self.fine = nn.Sequential(conv(2 * half + 4, half), norm(half), nn.ReLU(), conv(half, 4))
        self._begin()

    def _begin(self) -> None:
        """Start where hints alone decide: what is learned begins as nothing."""
        for layer in (self.bins, self.trust, self.fine[-1]):
            assert isinstance(layer, nn.Conv2d)
            nn.init.zeros_(layer.weight)
            assert layer.bias is not None
            nn.init.zeros_(layer.bias)
        assert self.trust.bias is not None
        with torch.no_grad():
            self.trust.bias.copy_(torch.tensor(TRUSTED))
        nn.init.normal_(self.looks.weight, std=0.01)
        nn.init.normal_(self.overall.weight, std=0.01)

    def page(self, page: Tensor, keeps: Tensor) -> PageFeatures:
        """Look at pages, float (n, 1, h, w), 0..1; ``keeps`` (n,) is 1 where they are gray and 0 for line art."""
        size = page.shape[-2], page.shape[-1]
        page = padded(page, DIVISOR)
        kept = keeps.to(page).reshape(-1, 1, 1, 1).expand_as(page)
        half = self.first(torch.cat([page - 0.5, (1 - page) * (1 - kept), kept], dim=1))
        quarter = self.second(half)
        eighth = self.third(quarter)
        sixteenth = self.wide(self.fourth(eighth))
        wide = nnf.interpolate(eighth, scale_factor=2, mode="bilinear", align_corners=False)
        learned = self.looks(torch.cat([quarter, wide], dim=1))
        light = nnf.avg_pool2d(page, CELL) * kept[..., ::CELL, ::CELL] * self.light_scale
        return PageFeatures(half, quarter, eighth, sixteenth, torch.cat([light, learned], dim=1), size)

    def forward(self, seen: PageFeatures, hints: HintTensors) -> Answer:
        """Colour pages that were looked at."""
        hints = self._as_told(hints)
        rows, columns = seen.quarter.shape[-2:]
        given, flow = (_fitted(layer, rows, columns) for layer in (hints.given, hints.flow))
        spread = _fitted(hints.spread, *seen.half.shape[-2:])
        wide = nnf.avg_pool2d(spread, 2)
        heard = self._heard(seen.looks, given, _refitted(hints.tokens, hints.given.shape[-1], columns))
        quarter = self.hinted4(nnf.relu(seen.quarter + self.hints(torch.cat([given, flow, heard, wide], dim=1))))
        eighth = self.hinted8(quarter) + seen.eighth
        deep = self._deep(self.hinted16(eighth) + seen.sixteenth, hints.overall)
        quarter = self.up4(self.up8(deep, eighth), quarter)
        logits = self._logits(quarter, flow, heard, wide)
        kept, own = self._fine(quarter, seen.half, logits, flow, heard, spread)
        lab = kept * spread.float() * _units(own) + own
        height, width = (-(-side // CELL) for side in seen.size)
        half = -(-seen.size[0] // 2), -(-seen.size[1] // 2)
        kept, own, lab = (layer[..., : half[0], : half[1]] for layer in (kept, own, lab))
        return Answer(logits[..., :height, :width], kept, own, lab)

    def painted(self, page: Tensor, keeps: Tensor) -> tuple[Tensor, Tensor | None]:
        """Colour pages without hints: CIELAB, (n, 3, h, w), and the distribution at a quarter of their size."""
        answer = self(self.page(page, keeps), HintTensors.none(page))
        lab = nnf.interpolate(answer.lab.float(), page.shape[-2:], mode="bilinear", align_corners=False)
        light = torch.where(keeps[:, None, None, None] > 0, lightness(page), lab[:, :1])
        return torch.cat([light, lab[:, 1:]], dim=1), answer.logits

    def _as_told(self, hints: HintTensors) -> HintTensors:
        if self.told == "all":
            return hints
        hints = replace(hints, spread=torch.zeros_like(hints.spread))
        if self.told == "flow":
            return hints
        return replace(hints, flow=torch.zeros_like(hints.flow), tokens=torch.full_like(hints.tokens, -1))

    def _heard(self, looks: Tensor, given: Tensor, tokens: Tensor) -> Tensor:
        """Return what each place hears from the hints that look like it, (n, 4, h, w): colour, and how loud (0..1)."""
        count, _, rows, columns = looks.shape
        there = tokens.clamp(min=0)
        places = looks.flatten(2).transpose(1, 2)
        spoken = torch.gather(places, 1, there[..., None].expand(-1, -1, places.shape[2]))
        colors = torch.gather(given[:, :3].flatten(2).transpose(1, 2), 1, there[..., None].expand(-1, -1, 3))
        scores = -torch.cdist(places.float(), spoken.float(), compute_mode="use_mm_for_euclid_dist").square() / 2
        scores = scores.masked_fill((tokens < 0)[:, None], -1e4)
        silence = -self.unlike.square().expand(count, places.shape[1], 1)
        shares = torch.softmax(torch.cat([scores, silence], dim=2), dim=2)[..., :-1]
        loud = shares.sum(dim=2, keepdim=True)
        heard = torch.cat([shares @ colors.float() / loud.clamp(min=1e-4), loud], dim=2).to(looks)
        return heard.transpose(1, 2).reshape(count, 4, rows, columns)

    def _deep(self, deep: Tensor, overall: Tensor) -> Tensor:
        """Tell the deepest features what the whole picture is like."""
        whole = torch.cat([deep.mean(dim=(2, 3)), deep.amax(dim=(2, 3))], dim=1)
        told: Tensor = self.scene(whole) + self.overall(overall)
        return nnf.relu(deep + told[..., None, None])

    def _logits(self, quarter: Tensor, flow: Tensor, heard: Tensor, spread: Tensor) -> Tensor:
        """Return what the features say about the bins, (n, 313, h, w), and what hints say, as far as they are trusted:
        a Gaussian about their colour, which is |bin - color|^2 less what is equal for all bins.

        In single precision throughout: in half, such large numbers would be off by more than a hint differs from its
        neighbours.
        """
        with torch.autocast(quarter.device.type, enabled=False):
            return self._in_single(quarter.float(), flow.float(), heard.float(), spread.float())

    def _in_single(self, quarter: Tensor, flow: Tensor, heard: Tensor, spread: Tensor) -> Tensor:
        trusted = torch.exp(self.trust(quarter)) * torch.cat([flow[:, 3:], heard[:, 3:], flow[:, 3:]], dim=1)
        said = torch.stack([flow[:, 1:3], heard[:, 1:3], spread[:, 1:3]], dim=1)
        colors = (trusted[:, :, None] * said).sum(dim=1) * (AB_SCALE / SPREAD)
        grid = centres(quarter) / SPREAD
        borne = torch.cat([grid, -grid.square().sum(dim=1, keepdim=True) / 2], dim=1)
        weight = torch.cat([self.bins.weight, borne[..., None, None].to(self.bins.weight)], dim=1)
        return nnf.conv2d(torch.cat([quarter, colors, trusted.sum(dim=1, keepdim=True)], dim=1), weight, self.bins.bias)

    def _fine(self, quarter: Tensor, half: Tensor, logits: Tensor, flow: Tensor, heard: Tensor,
              spread: Tensor) -> tuple[Tensor, Tensor]:  # fmt: skip
        """Return how much of levin's colour stays at each place of half the page's size, and what is added to it: for
        the rest the annealed mean, and what makes both finer. The nearer a hint, the less is left to the network."""
        ab = annealed_mean(logits) / AB_SCALE
        weights = torch.cat([flow[:, 3:], heard[:, 3:]], dim=1)
        lights = torch.cat([flow[:, :1], heard[:, :1]], dim=1)
        total = weights.sum(dim=1, keepdim=True)
        light = ((weights * lights).sum(dim=1, keepdim=True) + PALE * (1 - total).clamp(min=0)) / total.clamp(min=1)
        coarse = nnf.interpolate(torch.cat([light, ab, self.narrow(quarter), flow[:, 3:]], dim=1), half.shape[-2:],
                                 mode="bilinear", align_corners=False)  # fmt: skip
        found = self.fine(torch.cat([coarse, half, spread], dim=1)).float()
        there = (flow[:, 3:].amax(dim=(2, 3), keepdim=True) > 0).float() * (self.told == "all")
        kept = torch.sigmoid(KEPT + found[:, 3:]) * there
        own = (1 - kept) * coarse[:, :3].float() + found[:, :3]
        open_ = (1 - coarse[:, -1:].float().clamp(min=0) ** YIELDS) * _left(flow[:, 3:].float())
        open_ = torch.where(there > 0, open_, torch.ones_like(open_))
        return 1 - open_ * (1 - kept), open_ * own * _units(own)


def _left(near: Tensor) -> Tensor:
    """Return how much of a picture is left to what is learned, (n, 1, 1, 1), by how near hints are, (n, 1, h, w)."""
    return ((1 - near.mean(dim=(2, 3), keepdim=True)) / (1 - FEW)).clamp(max=1) ** CROWDED


def _units(like: Tensor) -> Tensor:
    """Return what scaled L, a and b are multiplied by, (1, 3, 1, 1)."""
    return like.new_tensor([LIGHT_SCALE, AB_SCALE, AB_SCALE]).reshape(1, 3, 1, 1)


def _fitted(layer: Tensor, rows: int, columns: int) -> Tensor:
    """Add empty cells below and to the right."""
    return nnf.pad(layer, (0, columns - layer.shape[-1], 0, rows - layer.shape[-2]))


def _refitted(tokens: Tensor, before: int, after: int) -> Tensor:
    """Return numbers of cells on a grid of so many columns as numbers on a wider one."""
    wider = tokens // before * after + tokens % before
    return torch.where(tokens < 0, tokens, wider)
