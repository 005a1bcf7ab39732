"""G'MIC's "Colorize Lineart [Propagation]", the tool many artists use today, run on the same hints.

It spreads the colours of a hint layer by a watershed over the smoothed line art (G'MIC 3.6.3, CeCILL, from PyPI);
nothing of it is part of mangapaint.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

import numpy as np

from mangapaint.analysis.hints import of_stroke
from mangapaint.document.page import Pixels
from mangapaint.document.strokes import Stroke
from mangapaint.errors import UserError

ID = "gmic"
COMMAND = "fx_colorize_lineart 0,1,0,0.05"
"""Its own defaults: layers are hints above line art; flats come back beside the line art, not divided."""


def check() -> Any:
    """Return the module; raises ``UserError`` with the remedy where it is not installed."""
    try:
        return import_module("gmic")
    except ImportError as error:
        raise UserError("G'MIC is not installed", remedy='run: pip install "mangapaint[bench]"') from error


def colored(line: Pixels, strokes: Sequence[Stroke]) -> Pixels:
    """Return a line-art page, uint8 (H, W), coloured by G'MIC: uint8 RGB (H, W, 3), flats under multiplied ink."""
    paper = line.astype(np.float32)[..., None] / 255
    return np.asarray(np.rint(flats(line, strokes) * paper), dtype=np.uint8)


def flats(line: Pixels, strokes: Sequence[Stroke]) -> Pixels:
    """Return G'MIC's colours alone, uint8 RGB (H, W, 3)."""
    module = check()
    layers = [_image(module, hint_layer(line.shape[0], line.shape[1], strokes)), _image(module, line[..., None])]
    found = module.run(COMMAND, module.ImageList(layers))
    return np.asarray(np.clip(np.rint(np.asarray(found[0].yxc)[..., :3]), 0, 255), dtype=np.uint8)


def hint_layer(height: int, width: int, strokes: Sequence[Stroke]) -> Pixels:
    """Return strokes as a transparent layer, uint8 RGBA (H, W, 4), later ones on top."""
    layer = np.zeros((height, width, 4), np.uint8)
    for item in strokes:
        hint = of_stroke(item, height, width)
        if hint is not None and hint.color is not None:
            layer[hint.rect.slices][hint.mask] = (*hint.color, 255)
    return layer


def _image(module: Any, pixels: Pixels) -> Any:
    return module.Image.from_yxc(np.ascontiguousarray(pixels, dtype=np.float32))
