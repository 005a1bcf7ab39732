"""Small series of drawn pictures, and settings of the measurement of networks that take seconds."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from mangapaint.document.page import Pixels
from mangapaint.evaluation import networks_colorful, networks_guided, networks_sources
from mangapaint.evaluation.networks_teaching import Setting, settings

SKY, GROUND, DISC = (120, 180, 240), (90, 160, 70), (220, 40, 50)
TINY = {
    networks_sources: Setting(64, 2, (("width", "4"),), steps=2),
    networks_colorful: Setting(32, 2, (("width", "2"),), steps=2),
    networks_guided: Setting(32, 2, steps=2),
}


def scene(number: int, *, height: int = 72, width: int = 96) -> Pixels:
    """Sky, ground and a disc that moves with the number."""
    pixels = np.empty((height, width, 3), np.uint8)
    pixels[: height // 2], pixels[height // 2 :] = SKY, GROUND
    middle = width // 4 + number * 7 % (width // 2), height // 2
    cv2.circle(pixels, middle, height // 4, DISC, cv2.FILLED)
    cv2.circle(pixels, middle, height // 4, (0, 0, 0), 2)
    return pixels


def write_series(folder: Path, count: int) -> Path:
    folder.mkdir(parents=True)
    for number in range(count):
        assert cv2.imwrite(str(folder / f"{number:02}.png"), scene(number)[..., ::-1])
    return folder


def make_tiny(monkeypatch) -> None:
    """Let every part be small, however long it learns."""
    for module, setting in TINY.items():
        monkeypatch.setattr(module, "SETTINGS", settings(quick=setting, cpu=setting, cuda=setting))
