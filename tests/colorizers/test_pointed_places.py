"""What a network points at: shares of colours that add up, at places that have them, in any of the references."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import figures
import numpy as np
import pytest
import torch
from figures import gray_page, line_page, matched, moved

from mangapaint.analysis.analysis import PageAnalysis
from mangapaint.colorizers import matcher, matching, sights
from mangapaint.colorizers.matcher_running import Describer
from mangapaint.colorizers.networks.descriptors import DescriptorNetwork
from mangapaint.colorizers.pointing import (
    LEAST,
    Places,
    Pointed,
    matched_signs,
    places_of,
    places_of_areas,
    pointed_signs,
)
from mangapaint.colorizers.sights import Sight
from mangapaint.colorizers.voting import labelled
from mangapaint.colorizers.weights import Weights
from mangapaint.document.page import Reference
from mangapaint.document.rect import Rect
from mangapaint.training.saving import save_weights

FIGURE = figures.figure()
OTHER = np.full((90, 120, 3), (30, 160, 90), np.uint8)
PAGES = {"gray": gray_page, "lines": line_page}


@pytest.fixture(scope="module")
def weights(tmp_path_factory) -> Weights:
    """An untaught network: places look like themselves to it."""
    torch.manual_seed(0)
    path: Path = tmp_path_factory.mktemp("weights") / "matcher.safetensors"
    network = DescriptorNetwork({})
    save_weights(path, network, method="matcher", shape=network.shape, about={})
    return Weights.at(path)


@pytest.fixture(scope="module")
def describer(weights) -> Describer:
    return Describer(weights, "cpu")


def seen(page: PageAnalysis, *references: np.ndarray) -> tuple[Sight, tuple[Sight, ...]]:
    sight = sights.of_page(page, Rect.whole(page.page.height, page.page.width))
    rows = (sights.of_reference(Reference(item, f"{i}"), lines=sight.lines) for i, item in enumerate(references))
    return sight, tuple(rows)


def pointed(describer: Describer, page: PageAnalysis, *references: np.ndarray) -> tuple[Pointed, np.ndarray]:
    sight, looked = seen(page, *references)
    colors = matching.colors_of(looked)
    return describer.pointed(sight, looked, colors, matching.light_part(sight)), colors


@pytest.mark.parametrize("kind", PAGES)
def test_all_that_is_pointed_at_adds_up(describer, kind):
    found, colors = pointed(describer, PAGES[kind](FIGURE), FIGURE, OTHER)
    count = found.shape[0] * found.shape[1]
    assert found.share.shape == found.place.shape == (count, len(colors))
    np.testing.assert_allclose(found.share.sum(axis=1) + found.absent, 1, atol=1e-4)
    assert found.share.min() >= 0
    assert found.place.max() < len(found.places.lab)


@pytest.mark.parametrize("kind", PAGES)
def test_places_have_the_colours_they_are_pointed_at_for(describer, kind):
    found, colors = pointed(describer, PAGES[kind](FIGURE), FIGURE, OTHER)
    labels = labelled(found.places.lab, colors, light=1.0 if kind == "lines" else matching.LIGHT_PART)
    used = found.share > 0
    np.testing.assert_array_equal(labels[found.place][used], np.nonzero(used)[1])


@pytest.mark.parametrize("kind", PAGES)
def test_areas_point_at_areas_of_all_references(describer, kind):
    sight, looked = seen(PAGES[kind](FIGURE), FIGURE, OTHER)
    colors, light = matching.colors_of(looked), matching.light_part(sight)
    found = describer.matched(sight, looked, colors, light)
    assert found.shape == (sight.areas.count, 1)
    assert found.share.shape == found.place.shape == (sight.areas.count, len(colors))
    assert sight.areas.count > 4
    np.testing.assert_allclose(found.share.sum(axis=1) + found.absent, 1, atol=1e-4)
    assert len(found.places.lab) == sum(reference.areas.count for reference in looked)
    labels, used = labelled(found.places.lab, colors, light=light), found.share > 0
    np.testing.assert_array_equal(labels[found.place][used], np.nonzero(used)[1])


@pytest.mark.parametrize("shade", [0, 255])
def test_a_reference_that_shows_nothing_takes_nothing_away(describer, shade):
    empty = np.full((90, 120, 3), shade, np.uint8)
    sight, looked = seen(line_page(FIGURE), empty, FIGURE)
    found = matching._pointed(sight, looked, describer)
    assert all(np.isfinite(find.proposal.sure).all() and np.isfinite(find.proposal.weight).all() for find in found)
    assert 1 in found[0].reference
    sight, looked = seen(line_page(FIGURE), empty)
    assert all(np.isfinite(find.proposal.weight).all() for find in matching._pointed(sight, looked, describer))


def test_a_page_that_is_all_ink_finds_nothing(describer):
    sight, looked = seen(line_page(FIGURE), FIGURE)
    black = replace(sight, name=("black",), fine=np.zeros_like(sight.fine))
    assert black.areas.count == 0
    assert matching._pointed(black, looked, describer) == []


def test_areas_as_places_have_their_own_colour_and_lie_in_their_middle():
    _, (sight,) = seen(line_page(FIGURE), FIGURE)
    places, labels = places_of_areas(sight, 2), sight.areas.labels
    x, y = (np.array(figures.DRESS_AT) * labels.shape[0] / figures.SIDE).astype(int)
    dress = labels[y, x]
    np.testing.assert_allclose(places.lab[dress], sight.lab[y, x], atol=3)
    np.testing.assert_allclose(places.at[dress], np.argwhere(labels == dress).mean(axis=0)[::-1] / labels.shape,
                               atol=0.01)  # fmt: skip
    assert set(places.number) == {2}


def test_regions_of_line_art_are_its_areas():
    page = line_page(FIGURE)
    sight, _ = seen(page, FIGURE)
    areas = sight.areas.labels
    for number in range(sight.areas.count):
        assert len(np.unique(sight.division[areas == number])) == 1
    gray, _ = seen(gray_page(FIGURE), FIGURE)
    assert gray.division is None
    assert gray.areas.count > 4


def test_a_page_that_is_divided_otherwise_is_looked_at_anew():
    page = line_page(FIGURE)
    one, _ = seen(page, FIGURE)
    other, _ = seen(replace(page, regions=replace(page.regions, labels=np.zeros_like(page.regions.labels))), FIGURE)
    assert one != other
    assert one == seen(page, FIGURE)[0]


def test_a_page_points_at_itself_where_it_is_one_of_the_references(describer):
    found, _ = pointed(describer, gray_page(FIGURE), OTHER, FIGURE)
    best = found.place[np.arange(len(found.place)), found.share.argmax(axis=1)]
    assert (found.places.number[best] == 1).mean() > 0.9


def test_the_order_of_references_does_not_matter(describer):
    one, _ = pointed(describer, gray_page(FIGURE), OTHER, FIGURE)
    two, _ = pointed(describer, gray_page(FIGURE), FIGURE, OTHER)
    np.testing.assert_allclose(one.absent, two.absent, atol=1e-5)


def test_signs_tell_what_is_sure_from_what_is_not():
    share = np.array([[0.97, 0.01], [0.4, 0.4], [0.0, 0.0], [0.5, 0.5]], np.float32)
    absent = np.array([0.02, 0.2, 1.0, 0.0], np.float32)
    places = Places(np.zeros((1, 3), np.float32), np.zeros(1, np.int16), np.zeros((1, 2), np.float32))
    made = Pointed((2, 2), share, np.zeros((4, 2), np.intp), absent, places)
    signs = pointed_signs(made, np.eye(2, dtype=bool))
    assert signs.shape == (4, 4)
    assert np.isfinite(signs).all()
    assert signs[0, 0] > 3 > 0 > signs[1, 0] > signs[2, 0]
    assert signs[:, 1].argmax() == 2
    alike = pointed_signs(made, np.ones((2, 2), bool))
    assert alike[3, 0] == pytest.approx(np.log((1 - LEAST) / LEAST), rel=1e-3)


def test_signs_of_areas_know_their_size_and_the_whole_picture():
    share = np.array([[0.97, 0.01], [0.4, 0.4], [0.0, 0.0]], np.float32)
    places = Places(np.zeros((1, 3), np.float32), np.zeros(1, np.int16), np.zeros((1, 2), np.float32))
    made = Pointed((3, 1), share, np.zeros((3, 2), np.intp), np.array([0.02, 0.2, 1.0], np.float32), places)
    sizes = np.array([1.0, 0.5, -0.5], np.float32)
    signs = matched_signs(made, np.eye(2, dtype=bool), sizes)
    assert signs.shape == (3, 4)
    assert signs[0, 0] > 3 > 0 > signs[1, 0] > signs[2, 0]
    assert signs[:, 1].argmax() == 2
    np.testing.assert_array_equal(signs[:, 2], sizes)
    assert len(set(signs[:, 3])) == 1
    assert signs[1, 0] < signs[0, 3] < signs[0, 0], "the largest counts most"


def test_places_of_a_mirror_image_say_where_they_are_in_the_picture():
    page = gray_page(FIGURE)
    _, (sight,) = seen(page, FIGURE)
    here, there = (places_of(sight, 3, (20, 30), mirrored=turned) for turned in (False, True))
    np.testing.assert_allclose(here.at.reshape(20, 30, 2)[:, ::-1], there.at.reshape(20, 30, 2))
    np.testing.assert_allclose(here.lab.reshape(20, 30, 3)[:, ::-1], there.lab.reshape(20, 30, 3))
    assert set(here.number) == {3}


@dataclass(frozen=True)
class Certain:
    """Says that every place is the reference's corner."""

    def pointed(self, page: Sight, references: tuple[Sight, ...], colors: np.ndarray, light: float) -> Pointed:
        places = places_of(references[0], 0, (8, 8))
        share, place = np.zeros((16, len(colors)), np.float32), np.zeros((16, len(colors)), np.intp)
        share[:, labelled(places.lab[:1], colors, light=light)[0]] = 0.999
        return Pointed((4, 4), share, place, np.full(16, 0.001, np.float32), places)

    def matched(self, page: Sight, references: tuple[Sight, ...], colors: np.ndarray, light: float) -> Pointed:
        places, count = places_of_areas(references[0], 0), page.areas.count
        share, place = np.zeros((count, len(colors)), np.float32), np.zeros((count, len(colors)), np.intp)
        share[:, labelled(places.lab[:1], colors, light=light)[0]] = 0.999
        return Pointed((count, 1), share, place, np.full(count, 0.001, np.float32), places)


def test_areas_of_line_art_are_proposed_and_ink_proposes_nothing():
    sight, looked = seen(line_page(FIGURE), FIGURE)
    best = next(find for find in matching.found(sight, looked, Certain()) if not find.exact)
    ink = sight.areas.labels < 0
    row = best.proposal.row
    assert ink.any()
    assert (best.proposal.weight[row] > 0).tolist() == (~ink).tolist()
    np.testing.assert_allclose(best.at[row[~ink]], places_of_areas(looked[0], 0).at[:1].repeat((~ink).sum(), axis=0))


def test_what_is_pointed_at_is_proposed_instead_of_what_is_found_by_looks():
    sight, looked = seen(gray_page(FIGURE), FIGURE)
    alone, more = matching.found(sight, looked), matching.found(sight, looked, Certain())
    exact = [sum(find.exact for find in found) for found in (alone, more)]
    assert exact[0] == exact[1] > 0, "registered as before"
    best = more[exact[1]]
    assert best.proposal.sure.min() > 0.5
    assert not best.exact
    np.testing.assert_allclose(best.at, places_of(looked[0], 0, (8, 8)).at[:1].repeat(16, axis=0))
    assert best.proposal.row.shape == sight.fine.shape


@pytest.mark.parametrize("kind", PAGES)
def test_without_weights_it_matches_by_hand_made_features(kind, monkeypatch):
    monkeypatch.setattr(matcher, "shipped", lambda method: None)
    page = PAGES[kind](moved(FIGURE, mirrored=True))
    assert matcher.describer_of(None) is None
    assert matched(page, FIGURE).confidence.max() > 0.3


def test_given_weights_go_before_those_that_come_with_the_program(weights):
    assert matcher.describer_of(weights, "cpu") == Describer(weights, "cpu")
