"""How likely what was found in references is right: by what each sign of it adds to the odds (logistic regression).

Rows of coefficients, the constant first, for luminance (False) and for lines (True). ``mangapaint bench odds`` says how
far they tell the truth, and what would. It fitted those of registered lines, of what a network points at, and of what
regions of line art decide with it: on pairs of series that nothing was learned from, parts of these cut out and
enlarged, scenes, and pages beside references of another series.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Field = NDArray[np.float32]
Row = tuple[float, ...]

REGISTERED: dict[bool, Row] = {
    False: (1.121, -0.068, -0.095, -0.162, 0.907, 1.292, 0.264, 0.03, 0.0),
    True: (-2.233, -0.006, -0.042, -0.067, 0.694, 1.769, 0.285, -0.127, 3.044),
}
"""Of a registered place (see ``matching.registered_signs``), ..."""
LOOKS: dict[bool, Row] = {
    False: (-1.442, -0.191, -0.287, -1.408, 0.011, -0.013, -0.033, 0.127),
    True: (-0.578, -0.081, 0.008, -1.347, -0.016, -0.053, 0.009, 0.0),
}
"""... of places that look alike (see ``matching.alike_signs``), ..."""
POINTED: dict[bool, Row] = {
    False: (-1.923, 0.997, 0.198, -0.414, -0.68),
    True: (-1.425, 0.62, -0.148, 0.408, 0.256),
}
"""... and what a network points at: places of luminance, areas of line art (see ``pointing``)."""
DECIDED: dict[bool, Row] = {
    False: (-1.735, -0.787, 0.0, 0.0, 0.0, 0.0, 0.0, 5.15),
    True: (-1.858, -1.662, 0.0, 0.0, 0.0, 0.0, 0.0, 3.512),
}
"""Of what a cell of a page decides (see ``voting.decided_signs``), by two signs alone, fitted to 26 pairs of pictures
and 13 unrelated ones (gray), to these as line art, and to 22 drawn pages: by more, strangers took colour; ..."""
DECIDED_LEARNED: dict[bool, Row] = {
    False: (-1.979, -0.714, 0.0, 0.0, 0.0, 0.0, 0.0, 4.478),
    True: (1.425, 0.648, 0.617, 0.169, -0.681, 0.64, -2.118, 0.0),
}
"""... and of that where a network points, too."""


def likely(signs: Field, row: Row) -> Field:
    """Return how likely what has these signs, (..., k), is right, 0..1, float32 (...)."""
    weights = np.array(row, np.float32)
    return np.asarray(1 / (1 + np.exp(-(signs @ weights[1:] + weights[0]))), dtype=np.float32)
