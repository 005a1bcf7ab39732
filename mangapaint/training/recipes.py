"""The table of recipes: how each network is taught."""

from __future__ import annotations

from mangapaint.errors import UserError
from mangapaint.training.course import Recipe
from mangapaint.training.courses import colorful, gan, guided, palette_classes, unet

RECIPES: dict[str, Recipe] = {
    each.method: each for each in (guided.RECIPE, palette_classes.RECIPE, unet.RECIPE, gan.RECIPE, colorful.RECIPE)
}
"""By method."""


def recipe(method: str) -> Recipe:
    """Return how a method's network is taught; raises ``UserError`` for a method that learns nothing from a series."""
    if method not in RECIPES:
        raise UserError(f"{method} is nothing that can be trained", remedy=f"choose one of {', '.join(RECIPES)}")
    return RECIPES[method]
