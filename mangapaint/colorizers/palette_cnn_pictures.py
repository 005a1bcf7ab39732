"""What the Auto-Coloring Network (2016) sees of a picture, and the palette its labels stand for.

Each picture becomes three channels at working size: gray, edges (Canny after a Gaussian, thresholds 20 and 80) and FAST
corners, brought there by INTER_AREA. The colours of the references are clustered by k-means; a pixel's label is its
cluster. The source works on squares of 112 pixels; here the longer side is so long, and the picture keeps its form. Its
two frames are of one size, and the thinner an edge, the less INTER_AREA leaves of it: so page and references are first
brought to the size of the smallest of them. Pages without washes have no grays to compare, so the references are
drawn like them: their areas turn white and only what is thin and dark remains.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from mangapaint.analysis.analysis import PageAnalysis
from mangapaint.analysis.corners import corners
from mangapaint.analysis.edges import edges
from mangapaint.analysis.ink import as_rgb, luminance
from mangapaint.analysis.palette import main_colors
from mangapaint.colorizers import working
from mangapaint.document.page import Kind, Picture, Pixels, Reference

MIDDLE = 0.5
"""Gray that counts as 0, as what lies beyond the border does; there are no edges and corners there either."""
LINE_PART = 0.02
"""Of the longer side: what is darker than its surroundings and thinner than this is a line."""
ROUNDS, ATTEMPTS = 20, 3
"""Of k-means."""
MOST_SAMPLES = 60_000
"""Pixels that are clustered; of more, an even choice."""
DESCRIPTOR_SIZE = 4
"""Of a SIFT keypoint: its descriptor then looks at 24 x 24 working pixels, nearly as far as the network does."""
DESCRIPTOR_LENGTH = 128
MOST_DESCRIBED = 128
"""A descriptor's numbers are divided by this: they are 0 to 255, 512 long together."""
WIDEST_TURN = 10.0
"""Degrees."""
STRONGEST_BLUR = 1.5
"""Deviation of the Gaussian in working pixels."""
LEAST_BLUR = 0.1
"""... less changes nothing."""
NOWHERE = -1
"""The label of pixels that a rotation brings in from beyond the border."""

Field = NDArray[np.float32]
Labels = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Sight:
    """A picture as the network sees it.

    ``channels`` is float32 (h, w, 3): gray (-0.5..0.5), edges and corners (0..1); ``descriptors`` float32 (h, w, 128),
    about 0..1, or None.
    """

    channels: Field
    descriptors: Field | None = None

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.channels.shape[0], self.channels.shape[1]


@dataclass(frozen=True, eq=False)
class Lesson:
    """A reference to learn from: what is seen, and the palette's row for each pixel, int64 (h, w), -1 for none."""

    sight: Sight
    labels: Labels

    def varied(self, rng: np.random.Generator) -> Lesson:
        """Return it turned by up to 10 degrees or not, and blurred by a sigma of up to 1.5 or not, at even odds."""
        turned = self._turned(rng.uniform(-WIDEST_TURN, WIDEST_TURN)) if rng.random() < 0.5 else self
        sigma = rng.uniform(0, STRONGEST_BLUR) if rng.random() < 0.5 else 0
        if sigma < LEAST_BLUR:
            return turned
        blurred = np.asarray(cv2.GaussianBlur(turned.sight.channels, (0, 0), sigma), dtype=np.float32)
        return replace(turned, sight=replace(turned.sight, channels=blurred))

    def _turned(self, angle: float) -> Lesson:
        height, width = self.labels.shape
        matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), angle, 1)
        places = np.arange(1, height * width + 1, dtype=np.float32).reshape(height, width)
        # Places are exact in float32 up to 2**24 of them; 0 is what has come from beyond the border.
        found = cv2.warpAffine(places, matrix, (width, height), flags=cv2.INTER_NEAREST).astype(np.int64) - 1
        channels = cv2.warpAffine(self.sight.channels, matrix, (width, height), flags=cv2.INTER_LINEAR)
        descriptors = self.sight.descriptors
        if descriptors is not None:
            descriptors = descriptors.reshape(-1, DESCRIPTOR_LENGTH)[found]
        labels = np.where(found < 0, NOWHERE, self.labels.ravel()[found])
        return Lesson(Sight(np.asarray(channels, dtype=np.float32), descriptors), labels)


@dataclass(frozen=True, eq=False)
class Material:
    """All there is to learn and to apply it to.

    ``colors`` is the palette, uint8 (K, 3) sRGB; ``lessons`` one for each reference; ``page`` what is to be coloured.
    """

    colors: Pixels
    lessons: tuple[Lesson, ...]
    page: Sight

    def picture(self, labels: Labels) -> Pixels:
        """Return the palette picture of a page's labels, (h, w), twice as large and linear between: uint8 RGB."""
        height, width = labels.shape
        doubled = cv2.resize(self.colors[labels], (2 * width, 2 * height), interpolation=cv2.INTER_LINEAR)
        return np.asarray(doubled, dtype=np.uint8)


@dataclass(frozen=True)
class Choices:
    """What an artist decides about it.

    ``size`` is the longer side in working pixels; ``count`` how many colours, None for as many as the references have;
    ``chroma`` is True to cluster a,b instead of R,G,B; ``described`` adds descriptors.
    """

    size: int
    count: int | None
    chroma: bool
    described: bool


def material(analysis: PageAnalysis, references: Sequence[Reference], choices: Choices, *, seed: int) -> Material:
    """Make a page and at least one reference ready; the palette is common to all references."""
    common = _common_size(analysis, references, choices.size)
    drawn = not (analysis.kind.keeps_luminance or analysis.kind is Kind.TONE)
    pictures = [_resized(as_rgb(reference.pixels), choices.size) for reference in references]
    colors, labels = palette(pictures, count=choices.count, chroma=choices.chroma, seed=seed)
    lessons = tuple(
        Lesson(sight(_reference_gray(reference, common, drawn=drawn), choices), its)
        for reference, its in zip(references, labels, strict=True)
    )
    return Material(colors, lessons, sight(working.page_gray(analysis, common), choices))


def sight(gray: Pixels, choices: Choices) -> Sight:
    """Return what the network sees of a gray picture, uint8 (H, W)."""
    marks = np.zeros_like(gray)
    places = corners(gray)[:, :2].astype(int)
    marks[places[:, 1], places[:, 0]] = 255
    planes = [_resized(plane, choices.size) for plane in (gray, edges(gray), marks)]
    channels = np.dstack(planes).astype(np.float32) / 255
    channels[..., 0] -= MIDDLE
    return Sight(np.asarray(channels, dtype=np.float32), described(planes[0]) if choices.described else None)


def described(gray: Pixels) -> Field:
    """Return an upright SIFT descriptor of each pixel (Lowe 2004), float32 (h, w, 128), about 0..1."""
    height, width = gray.shape
    points = [cv2.KeyPoint(float(x), float(y), DESCRIPTOR_SIZE, 0) for y in range(height) for x in range(width)]
    _, found = cv2.SIFT.create().compute(gray, points)
    return np.asarray(found / MOST_DESCRIBED, dtype=np.float32).reshape(height, width, DESCRIPTOR_LENGTH)


def palette(pictures: Sequence[Pixels], *, count: int | None, chroma: bool, seed: int) -> tuple[Pixels, list[Labels]]:
    """Cluster the colours of RGB pictures, uint8 (h, w, 3): the colours, uint8 (K, 3), and each picture's labels.

    ``count`` is the most colours there may be (None: chosen by what the pictures show); ``chroma`` clusters a,b, and a
    cluster's colour then has the mean L of its pixels.
    """
    pixels = np.concatenate([picture.reshape(-1, 3) for picture in pictures])
    if count is None:
        column = Picture(np.ascontiguousarray(pixels[:, None]), "references")
        count = max(1, len(main_colors(column, count=None, seed=seed).colors))
    lab = working.to_lab(pixels[:, None])[:, 0]
    values = lab[:, 1:] if chroma else pixels.astype(np.float32)
    labels = _nearest(values, _centers(values, count, seed))
    used, labels = np.unique(labels, return_inverse=True)
    sums = np.stack([np.bincount(labels, plane, len(used)) for plane in (lab if chroma else pixels).T], axis=1)
    means = sums / np.bincount(labels)[:, None]
    parts = np.cumsum([picture.shape[0] * picture.shape[1] for picture in pictures])[:-1]
    split = [its.reshape(picture.shape[:2]) for its, picture in zip(np.split(labels, parts), pictures, strict=True)]
    return _srgb(means) if chroma else np.rint(means).astype(np.uint8), split


def _centers(values: Field, count: int, seed: int) -> Field:
    """Return the centres of up to ``count`` clusters of values, float32 (N, D)."""
    sample = np.ascontiguousarray(values[:: -(-len(values) // MOST_SAMPLES)])
    different = np.unique(sample, axis=0)
    if len(different) <= count:
        return different
    cv2.setRNGSeed(seed % 2**31)
    criteria = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_COUNT, ROUNDS, 0.3)
    none = np.zeros((0, 1), np.int32)
    centers = cv2.kmeans(sample, count, none, criteria, ATTEMPTS, cv2.KMEANS_PP_CENTERS)[2]
    return np.asarray(centers, dtype=np.float32)


def _nearest(values: Field, centers: Field) -> Labels:
    """Return the nearest centre of each value, int64 (N,)."""
    products = values @ centers.T
    return np.asarray(((centers**2).sum(axis=1) - 2 * products).argmin(axis=1), dtype=np.int64)


def _srgb(lab: NDArray[np.float64]) -> Pixels:
    rgb = cv2.cvtColor(lab.astype(np.float32)[None], cv2.COLOR_LAB2RGB)[0]
    return np.rint(np.clip(rgb, 0, 1) * 255).astype(np.uint8)


def _common_size(analysis: PageAnalysis, references: Sequence[Reference], size: int) -> int:
    """Return the longer side at which edges and corners are looked for: the smallest picture's, at least ``size``."""
    return max(size, min(max(picture.height, picture.width) for picture in (analysis.page, *references)))


def _reference_gray(reference: Reference, longest: int, *, drawn: bool) -> Pixels:
    """Return a reference's luma with at most so long a side; ``drawn`` as line art."""
    gray = luminance(Reference(working.shrunk(reference.pixels, longest), reference.name))
    if not drawn:
        return gray
    side = 2 * max(1, round(LINE_PART * max(gray.shape) / 2)) + 1
    paper = cv2.morphologyEx(gray, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)))
    return np.asarray(cv2.divide(gray, paper, scale=255), dtype=np.uint8)


def _resized(pixels: Pixels, longest: int) -> Pixels:
    """Return a picture with exactly so long a longer side, and at least one pixel on the other."""
    height, width = pixels.shape[:2]
    share = longest / max(height, width)
    size = max(1, round(width * share)), max(1, round(height * share))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
