"""The table of recipes: how each network is taught."""

from __future__ import annotations

from mangapaint.errors import UserError
from mangapaint.training.course import Recipe
from mangapaint.training.courses import colorful, gan, guided, matcher, palette_classes, unet

RECIPES: dict[str, Recipe] = {
    each.RECIPE.method: each.RECIPE for each in (guided, palette_classes, unet, gan, colorful, matcher)
}
"""By method."""


def recipe(method: str) -> Recipe:
    """Return how a method's network is taught; raises ``UserError`` for a method that learns nothing from a series."""
    if method not in RECIPES:
        raise UserError(f"{method} is nothing that can be trained", remedy=f"choose one of {', '.join(RECIPES)}")
    return RECIPES[method]
