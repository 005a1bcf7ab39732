"""One network learns a reference's palette in steps, labels the page with it, and hints overrule it."""

from __future__ import annotations

import time

import drawing
import numpy as np
import pytest
import torch
from painting import dab, picture

from mangapaint.analysis.analysis import PageAnalysis, analyze
from mangapaint.colorizers import palette_cnn_learning as learning
from mangapaint.colorizers.method import Colorization, ColorRequest, Learner, Stamp
from mangapaint.colorizers.palette_cnn import PaletteCnn, Prepared
from mangapaint.colorizers.ready import Ready, learned_through, ready
from mangapaint.document.page import Kind, Pixels, Reference
from mangapaint.errors import Cancelled, UserError
from mangapaint.evaluation.metrics import chroma_accuracy, turned_gray
from mangapaint.progress import Silent

RED, BLUE = (200, 60, 40), (70, 110, 230)
GREEN = (40, 170, 70)


def scene(at: int, *, height: int = 16, colors=(RED, BLUE)) -> Pixels:
    """Boxes of the first colour on a ground of the second, from ``at`` on, RGB, as wide as it is looked at."""
    pixels = np.empty((height, 112, 3), np.uint8)
    pixels[:] = colors[1]
    for left in range(at, 112, 32):
        pixels[height // 6 : -(height // 6), left : left + 14] = colors[0]
    return pixels


def gray_page(truth: Pixels, kind: Kind = Kind.GRAY) -> PageAnalysis:
    return analyze(drawing.page(turned_gray(truth)), kind=kind)


def reference(pixels: Pixels) -> Reference:
    return Reference(np.ascontiguousarray(pixels), "reference")


def request(analysis: PageAnalysis, *references: Pixels, strokes=(), seed: int = 0, **options: str) -> ColorRequest:
    return ColorRequest(Stamp(analysis.page.id, 0), analysis, strokes=strokes, seed=seed, device="cpu",
                        references=tuple(map(reference, references)), options=tuple(options.items()))  # fmt: skip


def started(asked: ColorRequest, *, epochs: int = 1, step_seconds: float = 60) -> Ready:
    return ready(PaletteCnn(epochs, step_seconds), asked, Silent())


def further(item: Ready, steps: int) -> Ready:
    for _ in range(steps):
        item = item.further(Silent())
    return item


def colored(item: Ready, asked: ColorRequest | None = None) -> Colorization:
    return item.method.colorize(item.values, asked or item.request, Silent())


def painted(item: Ready) -> Pixels:
    return picture(item.request.analysis, colored(item))


def labels(prepared: Prepared) -> np.ndarray:
    return prepared.training.labels(prepared.material.page, Silent())


def weights(prepared: Prepared) -> torch.Tensor:
    return torch.cat([value.flatten().double() for value in prepared.training.network.state_dict().values()])


def right(item: Ready, truth: Pixels) -> float:
    """The part of the page's pixels whose label stands for the true colour."""
    return float((item.values.material.colors[labels(item.values)] == truth).all(axis=2).mean())


def test_two_colours_are_learned_and_found_where_they_have_moved_to():
    truth = scene(14)
    item = started(request(gray_page(truth), scene(4)), epochs=9)
    before = right(item, truth)
    item = learned_through(item, Silent())
    assert isinstance(item.method, Learner)
    assert right(item, truth) > 0.9 > before
    found = painted(item)
    assert [int(found[8, x].argmax()) for x in (21, 37)] == [0, 2]  # a red box, the blue ground


def test_patch_by_patch_they_are_learned_too(monkeypatch):
    monkeypatch.setattr(learning, "BATCH", 16)
    truth = scene(14, height=8)
    item = started(request(gray_page(truth), scene(4, height=8), patches="single"), epochs=3)
    before = right(item, truth)
    item = learned_through(item, Silent())
    assert item.values.training.network.padded
    assert item.values.training.steps == 3 * 56
    assert right(item, truth) > 0.9 > before


@pytest.mark.parametrize("patches", ["whole", "single"])
def test_many_short_steps_come_to_one_long_one_whatever_else_draws_by_chance(patches, monkeypatch):
    monkeypatch.setattr(learning, "BATCH", 100)
    monkeypatch.setattr(learning, "FINE", 2)
    asked = request(gray_page(scene(14, height=8)), scene(4, height=8), patches=patches, descriptors="on")
    torch.manual_seed(1)
    whole = further(started(asked), 1)
    torch.manual_seed(2)
    np.random.seed(2)  # noqa: NPY002 - what must not matter
    short = further(started(asked, step_seconds=0), whole.values.steps)
    assert whole.learned == short.learned == 1
    assert torch.equal(weights(whole.values), weights(short.values))
    assert np.array_equal(labels(whole.values), labels(short.values))


def test_another_seed_learns_otherwise():
    page = gray_page(scene(14))
    one, other = (further(started(request(page, scene(4), seed=seed), step_seconds=0), 1) for seed in (0, -5))
    assert not torch.allclose(weights(one.values), weights(other.values))


def test_what_was_learned_earlier_stays_as_it_was():
    first = further(started(request(gray_page(scene(14)), scene(4)), step_seconds=0), 2)
    known, moments = weights(first.values), [value.clone() for value in _moments(first.values)]
    second = further(first, 2)
    colored(first)
    colored(second)
    assert torch.equal(weights(first.values), known)
    assert all(map(torch.equal, _moments(first.values), moments))
    assert not torch.equal(weights(second.values), known)
    assert (first.values.training.steps, second.values.training.steps) == (2, 4)


def _moments(prepared: Prepared) -> list[torch.Tensor]:
    states = prepared.training.optimizer.state.values()
    return [value for state in states for value in state.values()]


def test_it_may_be_ended_at_any_time_and_colours_from_the_start():
    item = started(request(gray_page(scene(14)), scene(4)), epochs=3, step_seconds=0)
    shares = [item.learned]
    for _ in range(3):
        assert colored(item).blends
        item = item.further(Silent())
        shares.append(item.learned)
    assert shares == pytest.approx([0, 1 / 48, 2 / 48, 3 / 48])


def test_a_step_takes_as_long_as_it_may(monkeypatch):
    clock = iter(range(100))
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))
    item = started(request(gray_page(scene(14)), scene(4)), step_seconds=3.5)
    assert item.further(Silent()).values.training.steps == 4


def test_hints_overrule_it_and_do_not_ask_the_network_again(monkeypatch):
    truth, asked = scene(14, height=48), []

    def as_in_truth(training: learning.Training, *_: object) -> np.ndarray:
        asked.append(training)
        return (truth != item.values.material.colors[0]).any(axis=2).astype(int)

    item = started(request(gray_page(truth), scene(4, height=48)))
    monkeypatch.setattr(learning.Training, "labels", as_in_truth)
    assert chroma_accuracy(painted(item), truth) > 0.8
    hinted = request(item.request.analysis, scene(4, height=48), strokes=(dab(20, 24, GREEN),))
    found = [picture(page.analysis, colored(item, page))[24, 20].argmax() for page in (item.request, hinted)]
    assert found == [0, 1]
    assert len(asked) == 1
    colored(item.further(Silent()), hinted)
    assert len(asked) == 2


def test_cancelling_leaves_what_was_learned():
    class Ending(Silent):
        def __init__(self) -> None:
            self.left = 3

        def check(self) -> None:
            self.left -= 1
            if not self.left:
                raise Cancelled

    item = started(request(gray_page(scene(14)), scene(4)))
    known, progress = weights(item.values), Ending()
    with pytest.raises(Cancelled):
        item.further(progress)
    assert progress.left == 0
    assert item.learned == 0
    assert torch.equal(weights(item.values), known)


def test_all_references_teach_and_share_a_palette():
    first, second = scene(4), scene(4, colors=((90, 160, 60), (230, 200, 90)))
    truth = np.concatenate([scene(14), scene(14, colors=((90, 160, 60), (230, 200, 90)))])
    page = gray_page(truth)
    alone, both = (started(request(page, *references)) for references in ((first,), (first, second)))
    assert len(alone.values.material.colors) == 2
    assert {tuple(color) for color in both.values.material.colors.tolist()} >= {
        RED,
        BLUE,
        (90, 160, 60),
        (230, 200, 90),
    }
    assert len(both.values.material.lessons) == 2
    assert both.values.steps == 2 * alone.values.steps


def test_an_epoch_takes_every_part_of_every_reference_in_turn():
    epochs = [[learning.turn([3, 5], seed=1, step=step) for step in range(at, at + 8)] for at in (0, 8)]
    parts = [(0, part) for part in range(3)] + [(1, part) for part in range(5)]
    assert [sorted(turn[:2] for turn in turns) for turns in epochs] == [parts, parts]
    assert [{turn[2] for turn in turns} for turns in epochs] == [{0}, {1}]
    assert [turn[:2] for turn in epochs[0]] != [turn[:2] for turn in epochs[1]]


def test_one_colour_leaves_nothing_to_learn():
    truth = np.full((40, 30, 3), RED, np.uint8)
    item = started(request(gray_page(truth), truth))
    assert item.learned == 1
    assert chroma_accuracy(painted(item), truth) == 1


def test_a_gray_reference_leaves_the_page_gray():
    item = further(started(request(gray_page(scene(14)), turned_gray(scene(4))), step_seconds=0), 1)
    found = painted(item).astype(int)
    assert np.ptp(found, axis=2).max() <= 2


@pytest.mark.parametrize("shape", [(1, 1), (1, 300), (70, 3), (200, 200)])
@pytest.mark.parametrize("patches", ["whole", "single"])
def test_references_of_any_size_and_form_serve(shape, patches):
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, (*shape, 3), np.uint8)
    asked = request(gray_page(scene(14)), pixels, patches=patches, descriptors="on", colors="32")
    item = further(started(asked, step_seconds=0), 1)
    assert painted(item).shape == (16, 112, 3)
    assert item.learned > 0


@pytest.mark.parametrize("shape", [(1, 1), (7, 9), (300, 2)])
def test_pages_smaller_than_a_patch_are_coloured(shape):
    page = analyze(drawing.page(np.full(shape, 90, np.uint8)), kind=Kind.GRAY)
    item = further(started(request(page, scene(4)), step_seconds=0), 1)
    assert painted(item).shape == (*shape, 3)


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_of_page_is_coloured(kind):
    asked = request(analyze(drawing.page(drawing.line_art(96)), kind=kind), drawing.colored(96))
    item = further(started(asked, step_seconds=0), 3)
    assert (np.ptp(painted(item).astype(int), axis=2) > 20).any()


def test_larger_pictures_are_looked_at_in_more_detail():
    found = [started(request(gray_page(scene(14)), scene(4), size=size)).values for size in ("112", "224")]
    assert [each.material.page.shape for each in found] == [(16, 112), (32, 224)]


def test_without_a_reference_a_person_is_told():
    with pytest.raises(UserError, match="no reference") as refused:
        started(request(gray_page(scene(14))))
    assert "--reference" in refused.value.remedy
