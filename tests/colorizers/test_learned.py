"""A network that learned a series colours pages: what it is shown, what becomes of its colours, and how hints fare."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import drawing
import numpy as np
import pytest
import torch
from painting import at, dab, picture
from referring import lab
from taught import GREEN, METHOD, VIOLET, TwoColors, taught, two_colors  # noqa: F401 - a fixture

from mangapaint.analysis.analysis import PageAnalysis, analyze
from mangapaint.colorizers.learned import LEARNED, part, seen
from mangapaint.colorizers.learned_running import Painting
from mangapaint.colorizers.method import Colorization, ColorRequest, Stamp
from mangapaint.colorizers.ready import Ready, ready
from mangapaint.colorizers.weights import Weights, load
from mangapaint.document.page import Kind, Pixels
from mangapaint.document.rect import Rect
from mangapaint.errors import UserError
from mangapaint.progress import Silent

pytestmark = pytest.mark.usefixtures("two_colors")
COLORFUL = next(item for item in LEARNED if item.info.id == METHOD)
RED = (220, 30, 40)


def boxes() -> Pixels:
    """A gray page: a dark and a bright half."""
    pixels = np.full((96, 160), 230, np.uint8)
    pixels[:, :80] = 120
    return pixels


def request(page: Pixels, weights: Weights | None, *, kind: Kind = Kind.GRAY, **fields) -> ColorRequest:
    analysis = analyze(drawing.page(page), kind=kind)
    return ColorRequest(Stamp(analysis.page.id, 0), analysis, weights=weights, device="cpu", **fields)


def prepared(asked: ColorRequest) -> Ready:
    return ready(COLORFUL, asked, Silent())


def colored(asked: ColorRequest, item: Ready | None = None) -> Colorization:
    return COLORFUL.colorize((item or prepared(asked)).values, asked, Silent())


def shown(weights: Weights) -> list[tuple[torch.Tensor, bool]]:
    """What the network was shown."""
    network = load(weights, METHOD)
    assert isinstance(network, TwoColors)
    return network.shown


def chroma_apart(color, other) -> float:
    one, two = (lab(np.array([[item]], np.uint8))[0, 0, 1:] for item in (color, other))
    return float(np.linalg.norm(one - two))


@pytest.fixture
def weights(tmp_path: Path) -> Weights:
    return taught(tmp_path / "two.safetensors")


def test_a_gray_page_takes_the_networks_a_b_and_keeps_its_luminance(weights):
    asked = request(boxes(), weights)
    found = picture(asked.analysis, colored(asked))
    assert chroma_apart(at(found, (30, 48)), GREEN) < 8
    bright = at(found, (130, 48))
    assert bright[2] > bright[0] > bright[1]  # violet, as far as sRGB has it that bright
    light = lab(found)[..., 0] - lab(np.dstack([boxes()] * 3))[..., 0]
    assert np.abs(light).max() < 1
    assert [keeps for _, keeps in shown(weights)] == [True]


def test_line_art_takes_flat_colours_under_its_ink(weights):
    page = drawing.target()
    asked = request(page, weights, kind=Kind.LINE)
    found = picture(asked.analysis, colored(asked))
    assert at(found, (40, 100)) == at(found, (80, 40)) == pytest.approx(VIOLET, abs=2)
    assert at(found, (20, 100)) == (0, 0, 0)
    assert at(found, (5, 5)) == (255, 255, 255)  # the margin stays paper
    assert [keeps for _, keeps in shown(weights)] == [False]


@pytest.mark.parametrize(("inputs", "dots"), [("gray,ink", False), ("gray,ink,tone", True)])
def test_a_screentone_page_is_shown_without_its_dots_unless_the_network_knows_them(tmp_path, inputs, dots):
    weights = taught(tmp_path / "two.safetensors", inputs=inputs)
    asked = request(drawing.screentone(256), weights, kind=Kind.TONE)
    assert asked.analysis.tone is not None
    prepared(asked)
    ((gray, keeps),) = shown(weights)
    assert not keeps
    assert (float(gray[60:190, 60:190].min()) < 0.5) == dots
    assert float(gray.min()) == 0


@pytest.mark.parametrize(
    ("kind", "inputs", "kept", "white"),
    [
        (Kind.GRAY, "gray,edges,ink", True, False),
        (Kind.GRAY, "ink,edges", False, True),
        (Kind.GRAY, "ink", False, True),
        (Kind.LINE, "edges,gray", False, True),
        (Kind.LINE, "gray", False, False),
    ],
)
def test_a_network_is_shown_what_it_has_learned(tmp_path, kind, inputs, kept, white):
    weights = taught(tmp_path / "two.safetensors", inputs=inputs)
    prepared(request(boxes(), weights, kind=kind))
    ((gray, keeps),) = shown(weights)
    assert keeps == kept
    assert float(gray.min()) < 0.5
    assert (float(gray[48, 120]) == 1) == white  # what is bright there, but not white


def test_training_calls_what_it_shows_by_the_same_names():
    from mangapaint.colorizers.learned import _SHOWN
    from mangapaint.training.samples import Input

    assert set(_SHOWN) == {item.value for item in Input}


def test_a_background_that_nothing_frames_is_coloured(weights):
    page = np.full((120, 120), 255, np.uint8)
    page[:60, [40, 80]] = page[60, 40:81] = 0  # a figure that comes in from above, on paper
    asked = request(page, weights, kind=Kind.LINE)
    assert asked.analysis.panels == (Rect.whole(120, 120),)
    assert asked.analysis.regions.outside.any()
    assert at(picture(asked.analysis, colored(asked)), (20, 100)) == pytest.approx(VIOLET, abs=2)


def test_a_hint_beats_the_network_and_it_runs_only_once(weights):
    asked = request(drawing.target(), weights, kind=Kind.LINE)
    item = prepared(asked)
    hinted = replace(asked, strokes=(dab(40, 100, RED),))
    assert item.fits(COLORFUL, hinted)
    found = picture(asked.analysis, colored(hinted, item))
    assert at(found, (40, 100)) == RED
    assert at(found, (140, 100)) == pytest.approx(VIOLET, abs=2)
    assert len(shown(weights)) == 1


def test_each_panel_is_shown_by_itself_at_the_working_size(weights):
    pixels = np.full((600, 420), 255, np.uint8)
    for top in (10, 310):
        pixels[top : top + 280, 10:410] = 0
        pixels[top + 4 : top + 276, 14:406] = 255
        pixels[top + 60 : top + 70, 60:300] = 0
    asked = request(pixels, weights, kind=Kind.LINE, options=(("size", "256"),))
    assert len(asked.analysis.panels) == 2
    found = colored(asked)
    # 400 x 280 pixels become 256 x 179, which is padded to whole multiples of 64
    assert [tuple(page.shape) for page, _ in shown(weights)] == [(192, 256)] * 2
    coloured = picture(asked.analysis, found)
    assert at(coloured, (100, 200)) == at(coloured, (100, 500)) == pytest.approx(VIOLET, abs=2)
    assert at(coloured, (200, 300)) == (255, 255, 255)
    assert found.guesses is not None
    assert len(found.guesses.at(200, 300)[1]) == 0  # between the panels
    assert len(found.guesses.at(200, 200)[1])


def test_a_small_page_is_not_enlarged(weights):
    asked = request(boxes(), weights)
    assert seen(asked.analysis, Rect.whole(96, 160), 512, ["gray"])[0].shape == (96, 160)
    assert seen(asked.analysis, Rect.whole(96, 160), 80, ["gray"])[0].shape == (48, 80)


@pytest.mark.parametrize(
    ("about", "options", "side"),
    [
        ({}, (), 512),
        ({"size": "200"}, (), 300),
        ({"size": "200"}, (("size", "256"),), 256),
        ({"size": "20"}, (), 128),
        ({"size": "9" * 40}, (), 512),
        ({"size": "wide"}, (), 512),
    ],
)
def test_pages_are_shown_as_large_as_suits_how_the_network_learned(tmp_path, about, options, side):
    weights = taught(tmp_path / "two.safetensors", **about)
    prepared(request(np.full((40, 600), 120, np.uint8), weights, options=options))
    ((page, _),) = shown(weights)
    assert page.shape[1] == -(-side // 64) * 64


def test_the_size_is_an_option_that_prepares(weights):
    asked = request(boxes(), weights)
    item = prepared(asked)
    assert not item.fits(COLORFUL, replace(asked, options=(("size", "256"),)))
    assert not item.fits(COLORFUL, replace(asked, weights=None))


def test_what_is_likely_is_said_for_each_place_best_first(weights):
    guesses = colored(request(boxes(), weights)).guesses
    assert guesses is not None
    for x, color in ((40, GREEN), (120, VIOLET)):
        found, likely = guesses.at(x, 48)
        assert (np.diff(likely) <= 1e-6).all()
        assert likely.sum() <= 1 + 1e-5
        assert np.linalg.norm(found[0, 1:] - lab(np.array([[color]], np.uint8))[0, 0, 1:]) < 10
    # the luminance is the page's own
    assert guesses.at(40, 48)[0][0, 0] < guesses.at(120, 48)[0][0, 0]


def test_confidence_is_how_likely_the_network_holds_its_colour(tmp_path):
    sure = colored(request(boxes(), taught(tmp_path / "sure.safetensors"))).confidence
    less = colored(request(boxes(), taught(tmp_path / "less.safetensors", certain=5.0))).confidence
    assert (sure > 0.95).all()
    assert ((less > 0.2) & (less < 0.6)).all()


def test_what_is_hardly_likely_is_withheld(tmp_path):
    asked = request(boxes(), taught(tmp_path / "unsure.safetensors", certain=0.0))
    found = colored(asked)
    assert (found.confidence == 0).all()
    assert np.array_equal(picture(asked.analysis, found), np.dstack([boxes()] * 3))
    assert found.guesses is not None


def test_what_hints_have_decided_is_not_withheld():
    rect, plain = Rect(0, 0, 40, 20), np.full((20, 40, 3), 30, np.float32)
    unsure = Painting(plain, np.full((5, 10), 0.02, np.float32))
    assert not part(rect, unsure).known.any()
    assert not part(rect, unsure).lab[..., 1:].any()
    decided = part(rect, unsure, hints=np.repeat(np.float32([[1, 0]]), 2, axis=0))
    assert decided.known[:, :10].all()
    assert not decided.known[:, 35:].any()
    assert decided.sure[10, 2] == 1
    assert np.array_equal(decided.lab[:, :10], plain[:, :10])
    everything = part(rect, unsure, withholds=False)
    assert everything.known.all()
    assert np.array_equal(everything.lab, plain)
    assert (everything.sure < 0.1).all()


def test_a_network_without_a_distribution_has_no_guesses(tmp_path):
    found = colored(request(boxes(), taught(tmp_path / "two.safetensors", knows="colour")))
    assert found.guesses is None
    assert (found.confidence == 0.5).all()


def test_weights_of_another_method_do_not_serve(tmp_path, weights):
    unet = next(item for item in LEARNED if item.info.id == "unet")
    with pytest.raises(UserError, match="unet has not been trained"):
        unet.prepare(request(boxes(), weights), Silent())


def test_colours_that_are_no_numbers_are_refused(tmp_path):
    broken = taught(tmp_path / "two.safetensors")
    load(broken, METHOD).colors.data.fill_(torch.nan)
    with pytest.raises(UserError, match="no numbers") as error:
        prepared(request(boxes(), broken))
    assert error.value.path == broken.path


@pytest.mark.parametrize("shape", [(1, 1), (1, 300), (300, 2), (63, 65)])
def test_pages_of_odd_sizes_are_coloured(weights, shape):
    asked = request(np.full(shape, 120, np.uint8), weights)
    found = picture(asked.analysis, colored(asked))
    assert found.shape == (*shape, 3)
    assert chroma_apart(at(found, (0, 0)), GREEN) < 12


def test_every_kind_of_page_can_be_coloured(weights):
    assert all(item.info.kinds == frozenset(Kind) for item in LEARNED)
    scan = np.dstack([boxes(), boxes() // 2, boxes()])
    analysis: PageAnalysis = analyze(drawing.page(scan), kind=Kind.COLORED)
    asked = ColorRequest(Stamp(analysis.page.id, 0), analysis, weights=weights, device="cpu")
    found = at(picture(analysis, colored(asked)), (30, 48))
    assert found[1] == max(found)
