"""What is protected at this moment, as a shape to be hatched: bubbles, what the artist protected, less what is free."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QPainterPath

from mangapaint.analysis.analysis import PageAnalysis
from mangapaint.colorizers.held import Ballot
from mangapaint.document.document import Document
from mangapaint.ui.hatching import shape_of


class Protection:
    """Counts the strokes' votes as the methods do; keeps them, so that it follows a stroke while it is drawn."""

    def __init__(self) -> None:
        self._ballot: Ballot | None = None
        self._mask: NDArray[np.bool_] | None = None
        self._shape: QPainterPath | None = None

    def shape(self, analysis: PageAnalysis, document: Document) -> QPainterPath | None:
        """Return the regions of a document's page that are protected, in page pixels; the same shape while they are
        the same regions, None where there are none."""
        if self._ballot is None or self._ballot.analysis is not analysis:
            self._ballot, self._mask = Ballot(analysis), None
        mask = self._ballot.count(document.strokes).protected
        if self._mask is None or not np.array_equal(mask, self._mask):
            self._mask = mask
            self._shape = shape_of(analysis.regions, mask) if mask.any() else None
        return self._shape

    def forget(self) -> None:
        """Let go of the page."""
        self._ballot = self._mask = self._shape = None
