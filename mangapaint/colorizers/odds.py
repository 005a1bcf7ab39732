"""How likely what was found in references is right: by what each sign of it adds to the odds (logistic regression).

Rows of coefficients, the constant first, for luminance (False) and for lines (True). All but those of places that look
alike were fitted by ``mangapaint bench odds``, which also says how far they tell the truth: on 33 pairs of series that
nothing was learned from, parts of these cut out and enlarged, and 24 pairs of scenes.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Field = NDArray[np.float32]
Row = tuple[float, ...]

REGISTERED: dict[bool, Row] = {
    False: (0.767, -0.003, -0.201, -0.037, 0.949, 0.069, 0.217, -0.063, 1.918),
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
    False: (-2.807, 3.165, 1.175, -0.228, -0.241, -0.193, 0.52),
    True: (2.743, 0.297, 0.686, 0.391, -1.122, 0.095, -1.441),
}
"""Of what a cell of a page decides (see ``voting.decided_signs``) ..."""
DECIDED_LEARNED: dict[bool, Row] = {
    False: (-2.464, 3.504, 1.22, -0.143, 0.221, 0.507, 0.623),
    True: (2.72, -0.093, 0.433, 0.364, -1.455, 0.594, -1.762),
}
"""... and of that where a network points, too."""


def likely(signs: Field, row: Row) -> Field:
    """Return how likely what has these signs, (..., k), is right, 0..1, float32 (...)."""
    weights = np.array(row, np.float32)
    return np.asarray(1 / (1 + np.exp(-(signs @ weights[1:] + weights[0]))), dtype=np.float32)
