"""How different two colours look to a person: CIEDE2000.

Sharma, Wu, Dalal: The CIEDE2000 color-difference formula, Color Research and Application 30 (2005).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Lab = NDArray[np.float64]
"""CIELAB float64 (..., 3)."""
_FAR = 25.0**7


def ciede2000(one: Lab, two: Lab) -> NDArray[np.float64]:
    """Return the CIEDE2000 difference of CIELAB colours (..., 3) that broadcast against each other, as (...).

    1 is what people just notice on large fields side by side.
    """
    mean_chroma = (np.hypot(one[..., 1], one[..., 2]) + np.hypot(two[..., 1], two[..., 2])) / 2
    stretch = 1.5 - 0.5 * _saturation(mean_chroma)
    (chroma1, hue1), (chroma2, hue2) = _polar(one, stretch), _polar(two, stretch)
    chroma, lightness = (chroma1 + chroma2) / 2, (one[..., 0] + two[..., 0]) / 2
    turn = (hue2 - hue1 + np.pi) % (2 * np.pi) - np.pi
    turn = np.where(chroma1 * chroma2 == 0, 0.0, turn)
    hue = np.where(chroma1 * chroma2 == 0, hue1 + hue2, hue1 + turn / 2)
    bow = (lightness - 50) ** 2
    by_lightness = (two[..., 0] - one[..., 0]) / (1 + 0.015 * bow / np.sqrt(20 + bow))
    by_chroma = (chroma2 - chroma1) / (1 + 0.045 * chroma)
    by_hue = 2 * np.sqrt(chroma1 * chroma2) * np.sin(turn / 2) / (1 + 0.015 * chroma * _hue_weight(hue))
    twist = _blue_twist(hue) * 2 * _saturation(chroma)
    return np.asarray(np.sqrt(by_lightness**2 + by_chroma**2 + by_hue**2 - twist * by_chroma * by_hue))


def _saturation(chroma: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return 0 for gray to 1 for strong colours."""
    return np.asarray(np.sqrt(chroma**7 / (chroma**7 + _FAR)))


def _polar(lab: Lab, stretch: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return chroma and hue (radians, 0..2 pi), the a axis stretched where colours are nearly gray."""
    a, b = lab[..., 1] * stretch, lab[..., 2]
    return np.hypot(a, b), np.arctan2(b, a) % (2 * np.pi)


def _hue_weight(hue: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how coarsely a hue's neighbours are told apart."""
    terms = (-0.17, 1, 30.0), (0.24, 2, 0.0), (0.32, 3, -6.0), (-0.20, 4, 63.0)
    return np.asarray(1 + sum(part * np.cos(times * hue - np.radians(shift)) for part, times, shift in terms))


def _blue_twist(hue: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the sine by which chroma and hue lean on each other among blues, where ellipses stand askew."""
    degrees = np.degrees(hue) % 360
    return np.asarray(np.sin(np.radians(60 * np.exp(-(((degrees - 275) / 25) ** 2)))))
