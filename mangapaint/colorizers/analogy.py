"""The method ``analogy``: the reference's gray is to its colours as the page's gray is to the colours looked for.

Hertzmann et al. 2001 ("Image Analogies"): coarse to fine over Gaussian pyramids, every pixel is given a place in the
reference whose neighbourhood in gray, at its level and the coarser one, and in the colours found so far is like its
own; a place that goes on where a neighbour's lies is preferred. Welsh, Ashikhmin, Mueller 2002 ("Transferring Color to
Greyscale Images"): only a,b is taken, and the luminance of both pictures is brought to agree first. Irony, Cohen-Or,
Lischinski 2005 ("Colorization by Example"): neighbours vote on which of the reference's colours is right.

What differs, so that it takes seconds: all pixels of a level are looked up together, on a thinned grid where there are
many; then neighbours hand on their places from further and further near, all at once, instead of one pixel after the
other. Gray values agree by the paired zero points of both histograms (see ``histogram``). Mean and deviation, as in the
sources, differ already when one picture shows more bare paper than the other. On 21 pairs chroma accuracy is .68 with
the former and .58 with the latter (.69 with neither; .60, .58, .60 with the pages darkened by a gamma of 1.2). Line
art is not offered: on 10 pairs of line drawings, the references turned into line art, too, it is .08.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from mangapaint.colorizers.analogy_search import analogous
from mangapaint.colorizers.bilateral import joint_bilateral
from mangapaint.colorizers.fusing import Fusion, of_picture
from mangapaint.colorizers.histogram import paired, zero_points
from mangapaint.colorizers.method import Colorization, ColorRequest, MethodInfo, Need, Option
from mangapaint.colorizers.working import Example, example, page_gray, painted, shared_side
from mangapaint.document.page import Kind, Pixels
from mangapaint.progress import Progress

WORKING_SIDE = 256
"""Pixels on the long side of the page, and of a reference, ..."""
MOST_REFERENCES = 4
"""... of which so many are taken at that size; more are taken smaller, so that all together are no larger."""
VOTE_RADIUS, VOTE_NEAR, VOTE_ALIKE = 3, 2.0, 0.02
"""Pixels up to which neighbours vote; deviation, in pixels and in gray (white 1), over which a vote loses weight."""
VOTED_COLORS = 12
"""Colours of the references that are voted on."""
FLATTEST = 1e-3
"""Least deviation of gray (white 1) that another picture's is divided by."""

Field = NDArray[np.float32]


def agreeing(page: Pixels, reference: Pixels, how: str) -> Field:
    """Return a reference's gray values brought to a page's, float32 (h, w), white 1; both are uint8.

    ``how``: "aligned" moves the zero points of its histogram to those of the page's, "moments" its mean and deviation;
    with "kept" it stays as it is.
    """
    values = np.arange(256, dtype=np.float64)
    if how == "moments":
        spread = float(page.std()) / max(float(reference.std()), 255 * FLATTEST)
        values = (values - reference.mean()) * spread + page.mean()
    elif how == "aligned":
        counts = [np.bincount(item.ravel(), minlength=256) / item.size for item in (page, reference)]
        pairs = paired(zero_points(counts[0]), zero_points(counts[1]))
        own, other = ([0.0, *(pair[of].level for pair in pairs), 255.0] for of in (0, 1))
        values = np.interp(values, other, own)
    return (values / 255).astype(np.float32)[reference]


def main_tints(examples: list[Example], count: int, seed: int) -> Field:
    """Return up to ``count`` a,b that stand for the references' colours, (n, 2)."""
    rows = np.concatenate([item.lab[..., 1:].reshape(-1, 2) for item in examples])
    count = min(count, len(np.unique(np.rint(rows), axis=0)))
    cv2.setRNGSeed(seed % 2**31)
    criteria = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_COUNT, 20, 0.5)
    rows = np.repeat(rows, 2, axis=0) if len(rows) == 1 else rows  # cv2.kmeans takes one row for two numbers
    _, _, centers = cv2.kmeans(rows, count, np.zeros((0, 1), np.int32), criteria, 1, cv2.KMEANS_PP_CENTERS)
    return np.asarray(centers, dtype=np.float32)


def voted(lab: Field, gray: Pixels, tints: Field) -> Field:
    """Let each pixel's neighbours of a like gray vote on its tint, and return the mean colour of those who agree.

    ``lab`` is CIELAB (h, w, 3), ``gray`` uint8 (h, w), ``tints`` (n, 2) a,b.
    """
    apart = ((lab[..., None, 1:] - tints) ** 2).sum(axis=3)
    votes = np.eye(len(tints), dtype=np.float32)[apart.argmin(axis=2)]
    spoken = np.concatenate([votes, *(votes * lab[..., channel, None] for channel in range(3))], axis=2)
    guide = gray.astype(np.float32) / np.float32(255)
    heard = joint_bilateral(spoken, guide, radius=VOTE_RADIUS, near=VOTE_NEAR, alike=VOTE_ALIKE)
    shares, *colors = np.split(heard, 4, axis=2)
    winner = shares.argmax(axis=2)[..., None]
    won = np.concatenate([np.take_along_axis(plane, winner, axis=2) for plane in (*colors, shares)], axis=2)
    return np.asarray(won[..., :3] / won[..., 3:], dtype=np.float32)


class Analogy:
    """As the reference's gray is to its colours, so is the page's to its own."""

    info = MethodInfo(
        id="analogy",
        title="Analogy to a reference",
        source="Hertzmann et al. 2001; Welsh, Ashikhmin, Mueller 2002; Irony, Cohen-Or, Lischinski 2005",
        needs=frozenset({Need.REFERENCE}),
        kinds=frozenset({Kind.GRAY, Kind.COLORED, Kind.TONE}),
        options=(
            Option("voting", "Neighbours vote", ("on", "off"),
                   "On: a pixel takes the colour that most of its neighbours of a like gray have.", prepares=True),
            Option("luminance", "Gray of the reference", ("aligned", "moments", "kept"),
                   "Aligned: peaks and valleys of both histograms are brought together. Moments: mean and deviation "
                   "are. Kept: the reference's gray stays as it is.", prepares=True),
        ),
    )  # fmt: skip

    def prepare(self, request: ColorRequest, progress: Progress) -> Fusion:
        """Find a place in the references for every pixel of the page."""
        analysis = request.analysis
        gray = page_gray(analysis, WORKING_SIDE)
        side = shared_side(WORKING_SIDE, len(request.references), MOST_REFERENCES)
        examples = [example(item, side) for item in request.references]
        luminance = request.option(self.info, "luminance")
        references = [(agreeing(gray, item.gray, luminance), item.lab / np.float32(100)) for item in examples]
        lab = analogous(gray.astype(np.float32) / np.float32(255), references, progress) * np.float32(100)
        if request.option(self.info, "voting") == "on":
            lab = voted(lab, gray, main_tints(examples, VOTED_COLORS, request.seed))
        return Fusion.of(request, of_picture(analysis, painted(analysis, gray, lab)), progress)

    def colorize(self, prepared: Fusion, request: ColorRequest, progress: Progress) -> Colorization:
        """Let hints overrule what was found."""
        return prepared.colorized(request, self.info, progress)
