"""Animals and objects stand on the ground about one unit high, keep their colours, and come out the same for a seed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
from outlines import lines, shapes

from mangapaint.training.scenes import animals, props
from mangapaint.training.scenes.shapes import Figure, Identity, Shape

Being = animals.Animal | props.Prop
CASES = [("animal", kind) for kind in animals.KINDS] + [("prop", kind) for kind in props.KINDS]


@dataclass(frozen=True)
class Maker:
    make: Callable[[np.random.Generator, int], Being]
    draw: Callable[..., Figure]


MAKERS = {"animal": Maker(animals.animal, animals.draw), "prop": Maker(props.prop, props.draw)}


@pytest.fixture(scope="module")
def beings() -> dict[tuple[str, str], list[Being]]:
    """Two of each kind, as seeds choose them."""
    found: dict[tuple[str, str], list[Being]] = {}
    for what, maker in MAKERS.items():
        for seed in range(300):
            being = maker.make(np.random.default_rng(seed), 40)
            found.setdefault((what, being.kind), []).append(being)
    return {key: some[:2] for key, some in found.items()}


def figures(what: str, being: Being, count: int = 10) -> list[Figure]:
    return [MAKERS[what].draw(being, np.random.default_rng(seed)) for seed in range(count)]


def outer(figure: Figure) -> np.ndarray:
    """Return the points of all outlines of the top level, inner ones are clipped."""
    return np.concatenate([item.points for item in figure.drawing if isinstance(item, Shape)])


def test_every_kind_is_reached_by_seeds(beings: dict[tuple[str, str], list[Being]]) -> None:
    assert set(beings) == set(CASES)
    assert len(props.KINDS) >= 15


@pytest.mark.parametrize(("what", "kind"), CASES)
def test_a_figure_is_finite_and_stands_on_the_ground(beings: dict, what: str, kind: str) -> None:
    for being in beings[what, kind]:
        for figure in figures(what, being):
            assert all(points.dtype == np.float32 and np.isfinite(points).all() for points in lines(figure.drawing))
            points = outer(figure)
            assert -1.5 < points[:, 1].min() < -0.3
            assert points[:, 1].max() < 0.25
            assert np.abs(points[:, 0]).max() < 1.4
            x, y, radius = figure.head
            assert points[:, 0].min() < x < points[:, 0].max()
            assert points[:, 1].min() < y < points[:, 1].max()
            assert 0.05 < radius < 1.3


@pytest.mark.parametrize(("what", "kind"), CASES)
def test_a_figure_shows_only_its_own_identities(beings: dict, what: str, kind: str) -> None:
    for being in beings[what, kind]:
        assert [identity.number for identity in being.identities] == list(range(40, 40 + len(being.identities)))
        names = [identity.name for identity in being.identities]
        assert len(set(names)) == len(names)
        shown = {shape.identity for figure in figures(what, being) for shape in shapes(figure.drawing)}
        assert shown <= set(being.identities)
        assert shown


@pytest.mark.parametrize("what", MAKERS)
def test_a_seed_makes_the_same_figure(what: str) -> None:
    for seed in range(12):
        first, second = (MAKERS[what].make(np.random.default_rng(seed), 1) for _ in range(2))
        assert first == second
        one, two = (MAKERS[what].draw(first, np.random.default_rng(9)) for _ in range(2))
        assert one.head == two.head
        assert all(np.array_equal(a, b) for a, b in zip(lines(one.drawing), lines(two.drawing), strict=True))


def test_animals_face_both_ways_and_show_moods(beings: dict) -> None:
    cat = beings["animal", "cat"][0]
    drawn = figures("animal", cat, 30)
    sides = {int(np.sign(figure.head[0])) for figure in drawn if abs(figure.head[0]) > 0.2}
    assert sides == {-1, 1}
    assert len({len(figure.drawing) for figure in drawn}) > 3


def test_a_kind_comes_in_several_colours() -> None:
    coats: set[Identity] = set()
    for seed in range(300):
        animal = animals.animal(np.random.default_rng(seed), 0)
        coats |= {identity for identity in animal.identities if identity.name == "coat" and animal.kind == "cat"}
    assert len({identity.color for identity in coats}) > 5


def test_an_animal_without_a_part_is_drawn_without_it() -> None:
    for seed in range(200):
        animal = animals.animal(np.random.default_rng(seed), 0)
        names = {identity.name for identity in animal.identities}
        if animal.kind == "dog" and "collar" not in names:
            shown = {shape.identity.name for figure in figures("animal", animal) for shape in shapes(figure.drawing)}
            assert "collar" not in shown
            return
    pytest.fail("each dog wears a collar")
