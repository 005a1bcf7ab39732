"""Draws the sample pictures: ``python packaging/samples [-o DIR]``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "packaging"))

from samples.canvas import Pixels  # noqa: E402
from samples.hints import as_picture, as_strokes, check_hints  # noqa: E402
from samples.page import draw_page, draw_reference  # noqa: E402

DPI = (200, 200)


def main() -> None:
    """Write page.png, reference.png, strokes.json and hints.png."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-o", "--output", type=Path, default=ROOT / "resources" / "samples", help="folder to write to")
    folder: Path = parser.parse_args().output
    folder.mkdir(parents=True, exist_ok=True)
    page, areas, hints = draw_page()
    check_hints(hints, areas)
    _save(Image.fromarray(_with_few_grays(page)), folder / "page.png")
    _save(Image.fromarray(as_picture(hints, page.shape[1], page.shape[0])), folder / "hints.png")
    _save(Image.fromarray(draw_reference()), folder / "reference.png")
    (folder / "strokes.json").write_text(as_strokes(hints), encoding="utf-8")


def _with_few_grays(page: Pixels) -> Pixels:
    """Return the page in 16 grays, black and white among them: as smooth to the eye in half the file."""
    return (np.round(page / 17) * 17).astype(np.uint8)


def _save(image: Image.Image, path: Path) -> None:
    image.save(path, optimize=True, dpi=DPI)


if __name__ == "__main__":
    main()
