"""People of scenes: the same by their seed, themselves in every pose and view, and whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise

import cv2
import numpy as np
import pytest

from mangapaint.training.scenes import accessories, headwear
from mangapaint.training.scenes.clothes import CUTS
from mangapaint.training.scenes.faces import outline
from mangapaint.training.scenes.hairstyles import STYLES, grown
from mangapaint.training.scenes.looks import MOODS
from mangapaint.training.scenes.people import Person, draw, person, posed
from mangapaint.training.scenes.poses import ARMS, BUILDS, LEGS, POSES, View
from mangapaint.training.scenes.shapes import Figure, Identity, Mark, Shape


def somebody(seed: int, first: int = 0) -> Person:
    return person(np.random.default_rng((seed, 0)), first)


def drawn(who: Person, seed: int) -> Figure:
    return draw(who, np.random.default_rng((seed, 1)))


def dressed_in(cut: str, seed: int = 3) -> Person:
    """Somebody in a cut of clothes, each part of another colour."""
    who = somebody(seed)
    missing = [role for role in CUTS[cut].roles if role not in who.parts]
    first = len(who.identities)
    more = tuple(Identity(first + i, role, (20 * i, 200 - 20 * i, 90)) for i, role in enumerate(missing))
    return replace(who, cut=CUTS[cut], identities=(*who.identities, *more), on_head="", on_body="")


def everything(items: Iterable[Shape | Mark]) -> Iterator[Shape | Mark]:
    for item in items:
        yield item
        if isinstance(item, Shape):
            yield from item.marks
            yield from everything(item.inside)


def assert_whole(figure: Figure) -> None:
    for item in everything(figure.drawing):
        assert item.points.dtype == np.float32
        assert item.points.ndim == 2
        assert item.points.shape[1] == 2
        assert len(item.points) >= (3 if isinstance(item, Shape) else 2)
        assert np.isfinite(item.points).all()
        assert item.points[:, 0].min() > -1.3
        assert item.points[:, 0].max() < 1.3
        assert item.points[:, 1].min() > -1.6
        assert item.points[:, 1].max() < 0.1


def used(figure: Figure) -> set[Identity]:
    return {item.identity for item in everything(figure.drawing) if isinstance(item, Shape)}


def shown(figure: Figure, size: int = 256) -> np.ndarray:
    """The flats of a figure as identity numbers; -1 where there is nothing."""
    canvas = np.full((size, size), -1, np.int32)
    for item in figure.drawing:
        if isinstance(item, Shape):
            points = np.round(item.points * size * 0.6 + (size * 0.5, size * 0.9)).astype(np.int32)
            cv2.fillPoly(canvas, [points], item.identity.number)
    return canvas


def test_a_seed_makes_the_same_person_and_picture() -> None:
    one, again, other = somebody(4), somebody(4), somebody(5)
    assert one == again
    assert one != other
    for a, b in zip(everything(drawn(one, 9).drawing), everything(drawn(again, 9).drawing), strict=True):
        np.testing.assert_array_equal(a.points, b.points)
    assert len(drawn(one, 9).drawing) != len(drawn(one, 10).drawing) or not np.array_equal(
        drawn(one, 9).drawing[0].points, drawn(one, 10).drawing[0].points
    )


@pytest.mark.parametrize("seed", range(40))
def test_identities_are_unique_and_stay_in_all_pictures(seed: int) -> None:
    who = somebody(seed, first=100)
    assert [identity.number for identity in who.identities] == list(range(100, 100 + len(who.identities)))
    assert len({identity.name for identity in who.identities}) == len(who.identities)
    for picture in range(4):
        figure = drawn(who, picture)
        assert used(figure) <= set(who.identities)
        assert_whole(figure)


def test_where_numbers_begin_changes_nothing_else() -> None:
    one, other = drawn(somebody(7, first=0), 2), drawn(somebody(7, first=50), 2)
    for a, b in zip(everything(one.drawing), everything(other.drawing), strict=True):
        np.testing.assert_array_equal(a.points, b.points)


@pytest.mark.parametrize("pose", POSES)
def test_every_pose_in_every_view_stands_on_the_ground(pose: str) -> None:
    for index, view in enumerate(View):
        figure = posed(somebody(index), np.random.default_rng(index), pose=pose, view=view, mood="calm")
        assert_whole(figure)
        lowest = max(item.points[:, 1].max() for item in figure.drawing)
        assert lowest > -0.3
        x, y, radius = figure.head
        assert 0.05 < radius < 0.25
        assert abs(x) < 0.35
        assert -1.25 < y < -0.2


@pytest.mark.parametrize("seed", range(8))
def test_who_stands_is_about_one_high(seed: int) -> None:
    who = replace(somebody(seed), on_head="", hair=grown(np.random.default_rng(seed), "short", solid=False))
    figure = posed(who, np.random.default_rng(seed), pose="crossed", view=View.FRONT, mood="calm")
    top = min(item.points[:, 1].min() for item in figure.drawing)
    assert -1.12 < top < -0.93
    assert max(item.points[:, 1].max() for item in figure.drawing) == pytest.approx(0, abs=0.04)


@pytest.mark.parametrize("seed", range(12))
def test_the_head_is_where_the_figure_says(seed: int) -> None:
    who = replace(somebody(seed), on_head="", on_face="")
    figure = posed(who, np.random.default_rng(seed), pose="crossed", view=View.FRONT, mood="calm")
    x, y, radius = figure.head
    flats = shown(figure)
    row, column = round((y + 0.3 * radius) * 256 * 0.6 + 256 * 0.9), round(x * 256 * 0.6 + 128)
    on_head = {who.parts[name].number for name in ("skin", "hair", "brows", "eye white", "lashes", "mouth")}
    assert flats[row, column] in on_head


def test_the_face_is_hidden_from_behind() -> None:
    who = somebody(3)
    eyes = {who.parts["iris"], who.parts["eye white"]}
    before = posed(who, np.random.default_rng(0), pose="standing", view=View.FRONT, mood="calm")
    behind = posed(who, np.random.default_rng(0), pose="standing", view=View.BEHIND, mood="calm")
    assert eyes & used(before)
    assert not eyes & used(behind)


def test_a_profile_shows_one_eye() -> None:
    who = replace(somebody(3), looks=replace(somebody(3).looks, dots=False))

    def irises(view: View) -> int:
        figure = posed(who, np.random.default_rng(5), pose="crossed", view=view, mood="calm")
        shapes = [item for item in everything(figure.drawing) if isinstance(item, Shape)]
        return sum(shape.identity == who.parts["iris"] for shape in shapes)

    assert irises(View.FRONT) == 2
    assert irises(View.PROFILE_LEFT) == irises(View.PROFILE_RIGHT) == 1


@pytest.mark.parametrize("mood", MOODS)
def test_moods_differ_from_a_calm_face(mood: str) -> None:
    who = somebody(3)
    faces = [
        posed(who, np.random.default_rng(0), pose="crossed", view=View.FRONT, mood=name) for name in ("calm", mood)
    ]
    assert_whole(faces[1])
    calm, felt = (np.concatenate([item.points for item in everything(face.drawing)]) for face in faces)
    assert (len(calm) == len(felt) and np.allclose(calm, felt)) == (mood == "calm")


@pytest.mark.parametrize("style", STYLES)
def test_every_hairstyle_in_every_view(style: str) -> None:
    for index, view in enumerate(View):
        hair = grown(np.random.default_rng(index), style, solid=True)
        who = replace(somebody(index), hair=hair, on_head="")
        who = replace(who, identities=(*who.identities, Identity(999, "tie", (200, 30, 30))))
        figure = posed(who, np.random.default_rng(index), pose="standing", view=view, mood="calm")
        assert_whole(figure)
        number = who.parts["hair"].number
        assert (shown(figure) == number).any() == (style != "bald")


@pytest.mark.parametrize("style", [name for name, style in STYLES.items() if style.fringe not in ("none", "hairline")])
def test_a_fringe_leaves_the_eyes_of_a_front_view_free(style: str) -> None:
    """At least half of the iris is seen, or nobody could tell its colour."""
    seen = 0.0
    for seed in range(6):
        who = replace(
            somebody(seed), hair=grown(np.random.default_rng(seed), style, solid=False), on_head="", on_face=""
        )
        who = replace(who, looks=replace(who.looks, dots=False))
        figure = posed(who, np.random.default_rng(seed), pose="crossed", view=View.FRONT, mood="calm")
        x, y, radius = figure.head
        locks = [item for item in figure.drawing if isinstance(item, Shape) and item.identity == who.parts["hair"]]
        eyes = np.array([(x + side * 0.35 * radius, y + who.looks.eye_y * radius) for side in (-1, 1)])
        fringe = locks[-1] if not STYLES[style].tail else max(locks, key=lambda item: len(item.points))
        seen += np.mean([cv2.pointPolygonTest(fringe.points, tuple(map(float, eye)), False) < 0 for eye in eyes])
    assert seen / 6 > 0.75


@pytest.mark.parametrize("cut", CUTS)
def test_every_cut_of_clothes(cut: str) -> None:
    who = dressed_in(cut)
    for index, (pose, view) in enumerate(zip(POSES, list(View) * 2, strict=False)):
        figure = posed(who, np.random.default_rng(index), pose=pose, view=view, mood="smile")
        assert_whole(figure)
        assert who.parts["top"] in used(figure)
        assert who.parts["shoes"] in used(figure)


@pytest.mark.parametrize("cut", CUTS)
def test_clothes_have_no_part_that_is_never_seen(cut: str) -> None:
    who = dressed_in(cut)
    seen: set[Identity] = set()
    for index, view in enumerate(View):
        seen |= used(posed(who, np.random.default_rng(index), pose="standing", view=view, mood="smile"))
    assert {who.parts[role] for role in CUTS[cut].roles} <= seen


def test_everything_that_can_be_worn_is_drawn() -> None:
    kinds = {"on_head": headwear.ON_HEAD, "on_face": accessories.ON_FACE, "on_body": accessories.ON_BODY}
    for place, names in kinds.items():
        for name in names[1:]:
            extra = Identity(500, name, (10, 220, 30))
            bare = replace(somebody(3), on_head="", on_face="", on_body="")
            who = replace(bare, identities=(*bare.identities, extra), **{place: name})
            figures = [
                posed(who, np.random.default_rng(i), pose="walking", view=v, mood="calm") for i, v in enumerate(View)
            ]
            assert any(extra in used(figure) for figure in figures), name
            for figure in figures:
                assert_whole(figure)


def test_many_people_wear_and_do_everything() -> None:
    people = [somebody(seed) for seed in range(900)]
    assert {who.build for who in people} == set(BUILDS)
    assert {who.hair.style for who in people} == set(STYLES.values())
    assert {who.cut for who in people} == set(CUTS.values())
    assert {who.on_head for who in people} == set(headwear.ON_HEAD)
    assert {who.on_face for who in people} == set(accessories.ON_FACE)
    assert {who.on_body for who in people} == set(accessories.ON_BODY)
    assert {who.hair.solid for who in people} == {True, False}


def test_poses_name_limbs_that_exist_and_use_them_all() -> None:
    assert {name for pose in POSES.values() for name in pose.legs} == set(LEGS)
    assert {name for pose in POSES.values() for name in pose.arms} == set(ARMS)


def test_only_dark_things_are_solid() -> None:
    for seed in range(60):
        who = somebody(seed)
        if who.hair.solid:
            red, green, blue = who.parts["hair"].color
            assert 0.299 * red + 0.587 * green + 0.114 * blue < 95


def test_a_head_turns_without_a_jump() -> None:
    looks = somebody(1).looks
    turns = [outline(looks, float(yaw)) for yaw in np.linspace(0, np.pi, 181)]
    steps = [np.abs(after - before).max() for before, after in pairwise(turns)]
    assert max(steps) < 0.06
    np.testing.assert_allclose(outline(looks, -0.5), outline(looks, 0.5) * (-1, 1))
