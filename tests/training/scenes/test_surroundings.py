"""Places fill their pictures from any view, keep their colours and numbers, and come out the same for a seed."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import cv2
import numpy as np
import pytest
from outlines import lines, shapes

from mangapaint.training.scenes import indoors, outdoors, surroundings
from mangapaint.training.scenes.curves import ellipse, even, limb, matrix, merged, smooth, tube
from mangapaint.training.scenes.shapes import Drawing, Identity, Mark, Shape
from mangapaint.training.scenes.surroundings import Place
from mangapaint.training.scenes.views import Hour

SIZES = ((160, 120), (90, 200), (260, 70))
KINDS = (*indoors.ROOMS, *outdoors.LANDS)


@pytest.fixture(scope="module")
def places() -> dict[str, Place]:
    """One place of each kind, by its kind, as seeds choose them."""
    found: dict[str, Place] = {}
    for seed in range(400):
        place = surroundings.place(np.random.default_rng(seed), 100)
        found.setdefault(place.kind, place)
    return found


def pictures(place: Place, count: int = 8) -> Iterator[tuple[Drawing, tuple[int, int]]]:
    for seed in range(count):
        size = SIZES[seed % len(SIZES)]
        yield surroundings.draw(place, np.random.default_rng(seed), *size), size


def covered(items: Drawing, size: tuple[int, int]) -> np.ndarray:
    """Return which pixels lie in some shape of the top level."""
    width, height = size
    mask = np.zeros((height, width), np.uint8)
    for item in items:
        if isinstance(item, Shape):
            cv2.fillPoly(mask, [np.round(item.points * 16).astype(np.int32)], 1, shift=4)
    return mask.astype(bool)


def test_every_kind_of_place_is_reached_by_seeds(places: dict[str, Place]) -> None:
    assert set(places) == set(KINDS)
    assert all(place.indoors == (kind in indoors.ROOMS) for kind, place in places.items())


@pytest.mark.parametrize("kind", KINDS)
def test_a_place_covers_every_pixel_with_finite_shapes(places: dict[str, Place], kind: str) -> None:
    for drawing, size in pictures(places[kind]):
        assert covered(drawing, size).all()
        for points in lines(drawing):
            assert points.dtype == np.float32
            assert points.ndim == 2
            assert np.isfinite(points).all()


@pytest.mark.parametrize("kind", KINDS)
def test_a_place_shows_only_its_own_identities(places: dict[str, Place], kind: str) -> None:
    place = places[kind]
    numbers = [identity.number for identity in place.identities]
    assert numbers == list(range(100, 100 + len(numbers)))
    known = set(place.identities)
    shown = {shape.identity for drawing, _ in pictures(place) for shape in shapes(drawing)}
    assert shown <= known
    assert len(shown) > 5


def test_a_seed_makes_the_same_place_and_picture() -> None:
    first, second = (surroundings.place(np.random.default_rng(5), 1) for _ in range(2))
    assert first == second
    one, two = (surroundings.draw(first, np.random.default_rng(6), 200, 150) for _ in range(2))
    assert len(one) == len(two)
    assert all(np.array_equal(a, b) for a, b in zip(lines(one), lines(two), strict=True))


def test_a_place_is_seen_from_several_views(places: dict[str, Place]) -> None:
    for kind in ("forest", "kitchen"):
        counts = {len(drawing) for drawing, _ in pictures(places[kind])}
        assert len(counts) > 3


# Eight houses and a well stand in a village, the roofs of some are of two pieces; a living room has three pictures.
@pytest.mark.parametrize(("kind", "part", "most"), [("village", "roof", 17), ("living room", "picture", 3)])
def test_a_thing_keeps_its_outline_in_all_views(places: dict[str, Place], kind: str, part: str, most: int) -> None:
    seen = [
        shape for drawing, _ in pictures(places[kind], 40) for shape in shapes(drawing) if shape.identity.name == part
    ]
    forms: list[float] = []
    for slope in sorted(float(np.divide(*np.ptp(shape.points, axis=0))) for shape in seen):
        if not forms or slope > forms[-1] * 1.002:
            forms.append(slope)
    assert len(forms) <= most
    assert len(seen) > 2 * len(forms)


def test_the_sky_grows_pale_by_degrees_towards_the_horizon() -> None:
    banded = 0
    for seed in range(80):
        place = surroundings.place(np.random.default_rng(seed), 0)
        bands = [identity for name, identity in place.base.items() if name.startswith("sky")]
        if len(bands) > 1 and place.hour is Hour.DAY:
            steps = [np.abs(np.subtract(a.color, b.color)).max() for a, b in pairwise(bands)]
            whole = np.abs(np.subtract(bands[0].color, bands[-1].color)).max()
            assert max(steps) <= whole
            banded += 1
    assert banded > 5


def test_some_backgrounds_are_plain() -> None:
    place = surroundings.place(np.random.default_rng(1), 0)
    names = [
        {shape.identity.name for shape in shapes(surroundings.draw(place, np.random.default_rng(seed), 100, 100))}
        for seed in range(60)
    ]
    plain = sum(name <= {"plain", "plain 2"} for name in names)
    assert 1 <= plain < 20


def test_curves_go_through_their_points_and_round_their_ends() -> None:
    knots = np.array(((0, 0), (1, 0), (1, 1), (0, 1)), np.float32)
    curve = smooth(knots)
    assert np.allclose(np.abs(curve[:, None] - knots).max(axis=2).min(axis=0), 0, atol=1e-6)
    assert np.allclose(smooth(knots, False)[-1], knots[-1])
    arm = tube(((0, 0), (1, 0)), (0.2, 0.2))
    assert arm[:, 0].min() == pytest.approx(-0.1, abs=1e-3)
    assert arm[:, 0].max() == pytest.approx(1.1, abs=1e-3)
    assert np.allclose(np.ptp(limb((0, 0), (0, 2), 0.4, 0.4), axis=0), (0.4, 2.4), atol=0.02)
    half = even((0, -1), (0.5, -0.5), (0, 0))
    assert half[:, 0].min() == pytest.approx(-half[:, 0].max(), abs=1e-6)


def test_merged_pieces_have_one_outline_around_both() -> None:
    pieces = [ellipse(-0.2, 0, 0.3), ellipse(0.2, 0, 0.3)]
    outline = merged(pieces)
    assert np.allclose(np.ptp(outline, axis=0), (1.0, 0.6), atol=0.02)
    inner = cv2.pointPolygonTest(outline, (0.0, 0.0), True)
    assert inner > 0.15


def test_a_matrix_mirrors_before_it_turns_scales_and_moves() -> None:
    point = matrix(10, 20, 2, turn=np.pi / 2, mirrored=True) @ np.array((1, 0, 1), np.float32)
    assert np.allclose(point, (10, 18))


def test_marks_and_shapes_are_of_known_types(places: dict[str, Place]) -> None:
    drawing, _ = next(pictures(places["city"]))
    assert isinstance(drawing, tuple)
    assert all(isinstance(item, Shape | Mark) for item in drawing)
    assert all(isinstance(shape.identity, Identity) for shape in shapes(drawing))
