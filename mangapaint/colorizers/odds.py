"""How likely what was found in references is right: by what each sign of it adds to the odds (logistic regression).

Rows of coefficients, the constant first, for luminance (False) and for lines (True). Those of what a network finds, and
of decisions with it, were fitted by ``mangapaint bench odds``, which also says how far they tell the truth.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Field = NDArray[np.float32]
Row = tuple[float, ...]

REGISTERED: dict[bool, Row] = {
    False: (0.694, -0.002, -0.159, -0.073, 0.315, 0.550, 0.062, -0.065, 2.008),
    True: (-2.598, 0.039, -0.077, -0.068, 0.602, 1.652, 0.209, -0.143, 3.910),
}
"""Of a registered place (see ``matching.registered_signs``), ..."""
LOOKS: dict[bool, Row] = {
    False: (-1.442, -0.191, -0.287, -1.408, 0.011, -0.013, -0.033, 0.127),
    True: (-0.578, -0.081, 0.008, -1.347, -0.016, -0.053, 0.009, 0.0),
}
"""... of places that look alike (see ``matching.alike_signs``), ..."""
POINTED: dict[bool, Row] = {
    False: (-2.493, 0.685, 0.196, -0.297, -0.837),
    True: (-1.408, 0.592, -0.150, 0.033, 0.410),
}
"""... and what a network points at: places of luminance, areas of line art (see ``pointing``)."""
DECIDED: dict[bool, Row] = {
    False: (-1.904, 0.108, 1.246, -0.046, 0.327, -0.638, 2.508),
    True: (3.288, -0.100, 0.521, 0.525, -2.050, 0.466, -1.102),
}
"""Of what a cell of a page decides (see ``voting.decided_signs``) ..."""
DECIDED_LEARNED: dict[bool, Row] = {
    False: (-1.904, 0.108, 1.246, -0.046, 0.327, -0.638, 2.508),
    True: (3.288, -0.100, 0.521, 0.525, -2.050, 0.466, -1.102),
}
"""... and of that where a network points, too."""


def likely(signs: Field, row: Row) -> Field:
    """Return how likely what has these signs, (..., k), is right, 0..1, float32 (...)."""
    weights = np.array(row, np.float32)
    return np.asarray(1 / (1 + np.exp(-(signs @ weights[1:] + weights[0]))), dtype=np.float32)
