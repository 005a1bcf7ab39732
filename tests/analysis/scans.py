"""Turns clean drawings into scans: grain, JPEG, old paper, lamps and vignettes, a blue pencil's underdrawing; tones."""

from __future__ import annotations

import io

import cv2
import numpy as np
from PIL import Image

from mangapaint.document.page import Pixels

YELLOWED = (244, 226, 190)
BLUE_PENCIL = (150, 200, 240)


def grainy(pixels: Pixels, *, sigma: float = 8, seed: int = 0) -> Pixels:
    noise = np.random.default_rng(seed).normal(0, sigma, pixels.shape)
    return np.clip(np.rint(pixels + noise), 0, 255).astype(np.uint8)


def as_jpeg(pixels: Pixels, *, quality: int = 40) -> Pixels:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", quality=quality)
    return np.asarray(Image.open(buffer))


def on_paper(gray: Pixels, paper: int = 200) -> Pixels:
    return np.rint(gray.astype(float) * paper / 255).astype(np.uint8)


def vignette(shape: tuple[int, ...], *, corners: float = 0.65) -> np.ndarray:
    """How bright a lamp lights each pixel: 1 in the middle of the upper left, ``corners`` in the farthest corner."""
    y, x = np.mgrid[: shape[0], : shape[1]]
    away = np.hypot(x / shape[1] - 0.4, y / shape[0] - 0.4) / np.hypot(0.6, 0.6)
    return 1 - (1 - corners) * away**2


def yellowed(gray: Pixels, *, corners: float = 0.65) -> Pixels:
    """Old paper under an uneven lamp, RGB."""
    light = gray[..., None] / 255 * np.array(YELLOWED) * vignette(gray.shape, corners=corners)[..., None]
    return np.rint(light).astype(np.uint8)


def pencilled(gray: Pixels, *, color: tuple[int, int, int] = BLUE_PENCIL, seed: int = 0, strokes: int = 30) -> Pixels:
    """The drawing in black over loose strokes of a light coloured pencil, RGB."""
    rng = np.random.default_rng(seed)
    under = np.zeros(gray.shape, np.uint8)
    for _ in range(strokes):
        ends = rng.integers(0, (*gray.shape[::-1], *gray.shape[::-1])).tolist()
        cv2.line(under, ends[:2], ends[2:], 255, int(rng.integers(3, 7)), cv2.LINE_AA)
    pressed = under[..., None] / 255 * rng.uniform(0.6, 1, (*gray.shape, 1))
    paper = 255 + (np.array(color) - 255) * pressed
    return np.rint(paper * gray[..., None] / 255).astype(np.uint8)


def agreement(one: np.ndarray, other: np.ndarray) -> float:
    """Intersection over union."""
    return float((one & other).sum() / max(1, (one | other).sum()))


def raster(shape: tuple[int, int], *, period: float, part: float, angle: float = 45, fine: int = 4) -> Pixels:
    """Screentone: dots on a square raster that blacken ``part`` of the paper; not antialiased where ``fine`` is 1."""
    y, x = np.mgrid[: shape[0] * fine, : shape[1] * fine].astype(np.float32) / fine
    turn = np.deg2rad(angle)
    along, across = x * np.cos(turn) + y * np.sin(turn), y * np.cos(turn) - x * np.sin(turn)
    hills = np.cos(2 * np.pi / period * along) + np.cos(2 * np.pi / period * across)
    dots = np.where(hills > np.quantile(hills[::3, ::3], 1 - part), 0, 255).astype(np.uint8)
    return np.asarray(cv2.resize(dots, shape[::-1], interpolation=cv2.INTER_AREA), dtype=np.uint8)
