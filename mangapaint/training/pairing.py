"""Pictures in pairs that show the same things, each with its page, and labels of what belongs together in both.

A drawn scene's other picture: the same things bear the same number. Another picture of a real series: what has the same
colour belongs together. The same picture once more, bent, turned, mirrored and otherwise exposed: the same areas.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cached_property

import cv2
import numpy as np

from mangapaint.colorizers.voting import labelled, palette
from mangapaint.colorizers.working import to_lab
from mangapaint.document.page import Pixels
from mangapaint.training.augmentation import augmented, worn
from mangapaint.training.inputs import page_of
from mangapaint.training.recoloring import hues_turned
from mangapaint.training.samples import NOWHERE, Input, Labels, Original, Sample
from mangapaint.training.sampling import DRAWN, SHOWN, Endless

ITSELF = 0.4
"""How often a picture that has others of its series is paired with itself all the same."""
COLORS = 24
"""Labels that the colours of two pictures of a series are gathered under, at most."""
COUNTED = 4
"""Colours are gathered from each so many-th row and column."""


@dataclass(frozen=True, eq=False)
class Pairs(Endless):
    """Pages, each with the ``reference`` that it is to be found in.

    The ``regions`` of both bear the same numbers where they belong together.
    """

    @cached_property
    def beside(self) -> dict[str, tuple[int, ...]]:
        """The numbers of each series' pictures."""
        found = defaultdict(list)
        for number in self.indices:
            found[self.originals.sources[number].series].append(number)
        return {series: tuple(numbers) for series, numbers in found.items()}

    def __getitem__(self, number: int) -> Sample:
        """Return a page with its reference; raises ``UserError`` where none of the originals can be read."""
        rng = np.random.default_rng((SHOWN, self.seed, number))
        chosen = self.inputs[int(rng.integers(len(self.inputs)))]
        at, original = self.epochs.found(self.originals, number, drawn=chosen in DRAWN, divided=True)
        other = self._other(at, original, drawn=chosen in DRAWN, rng=rng)
        page, reference = self._placed(original, other, chosen, rng)
        return replace(self._sample(page, chosen, rng), reference=self._sample(reference, chosen, rng))

    def _other(self, at: int, original: Original, *, drawn: bool, rng: np.random.Generator) -> Original:
        """Return another picture of the series, or the same one."""
        others = [number for number in self.beside[self.originals.sources[at].series] if number != at]
        if not others or rng.random() < ITSELF:
            return original
        chosen = others[int(rng.integers(len(others)))]
        found = (self.originals.drawn if drawn else self.originals.get)(chosen, divided=True)
        return original if found is None else found

    def _placed(self, one: Original, two: Original, chosen: Input,
                rng: np.random.Generator) -> tuple[Original, Original]:  # fmt: skip
        """Return both as they are shown, their labels as ``regions``."""
        if one.identities is not None and two.identities is not None:
            one, two = (replace(item, regions=item.identities) for item in (one, two))
        still = replace(self.augmentation, recolor=0.0)  # or nothing of one colour would have one in both
        drawn = [augmented(item, self.size, still, input=chosen, rng=rng) for item in (one, two)]
        if self.augmentation.recolor and rng.random() < self.augmentation.recolor:
            turn = int(rng.integers(1 << 32))
            drawn = [replace(item, color=hues_turned(item.color, np.random.default_rng(turn))) for item in drawn]
        if one is not two and one.identities is None:
            labels = _by_color(*(item.color for item in drawn))
            return replace(drawn[0], regions=labels[0]), replace(drawn[1], regions=labels[1])
        return drawn[0], drawn[1]

    def _sample(self, placed: Original, chosen: Input, rng: np.random.Generator) -> Sample:
        page = worn(page_of(chosen, placed, rng), self.augmentation, rng)
        regions = np.full(self.size, NOWHERE, np.int32) if placed.regions is None else placed.regions
        return Sample(chosen, page, placed.color, np.zeros((*self.size, 4), np.uint8), regions)


def _by_color(one: Pixels, two: Pixels) -> tuple[Labels, Labels]:
    """Label the pixels of two pictures, uint8 RGB (h, w, 3), by what colour of both together they have."""
    labs = [to_lab(np.asarray(cv2.medianBlur(item, 5), dtype=np.uint8)) for item in (one, two)]
    colors = palette(np.concatenate([lab[::COUNTED, ::COUNTED].reshape(-1, 3) for lab in labs]), most=COLORS)
    first, second = (labelled(lab.reshape(-1, 3), colors).reshape(lab.shape[:2]).astype(np.int32) for lab in labs)
    return first, second
