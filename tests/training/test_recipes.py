"""Every recipe teaches: examples are bytes, losses fall, turns keep to what is theirs."""

from __future__ import annotations

import copy

import numpy as np
import pytest
import torch
from coursework import batch, sample, samples, taught

from mangapaint.colorizers.gamut import COUNT, bins
from mangapaint.colorizers.networks.color import lab_from_srgb, lightness
from mangapaint.colorizers.networks.table import NETWORKS
from mangapaint.errors import UserError
from mangapaint.training.courses import colorful, gan, palette_classes, unet
from mangapaint.training.courses.pictures import color_of, page_of
from mangapaint.training.recipes import RECIPES, recipe
from mangapaint.training.samples import Input

OURS = [palette_classes.RECIPE, unet.RECIPE, gan.RECIPE, colorful.RECIPE]


@pytest.fixture(autouse=True)
def _one_thread():
    """Pictures so small are not worth dividing, and wait long where others keep the processor busy."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def course_of(how, shown, **config):
    torch.manual_seed(0)
    return how.course({"width": "8", **config}, how.survey(shown))


def error(course, given):
    """How far what is shown is from the truth: mean CIELAB distance."""
    course.eval()
    with torch.inference_mode():
        away = lab_from_srgb(course.shown(given)) - lab_from_srgb(color_of(given))
    return away.norm(dim=1).mean().item()


@pytest.mark.parametrize("how", OURS, ids=lambda how: how.method)
def test_a_recipe_is_found_by_the_name_of_its_network(how):
    assert recipe(how.method) is how
    shown = samples()
    course = course_of(how, shown)
    again = NETWORKS[how.method](course.network.shape)
    assert {key: value.shape for key, value in again.state_dict().items()} == {
        key: value.shape for key, value in course.network.state_dict().items()
    }


def test_what_cannot_be_trained_is_said():
    with pytest.raises(UserError, match=r"levin is nothing that can be trained; choose one of .*colorful"):
        recipe("levin")
    assert all(name == how.method for name, how in RECIPES.items())


@pytest.mark.parametrize("how", OURS, ids=lambda how: how.method)
def test_examples_stay_small(how):
    example = how.example(samples()[0])
    assert sum(np.asarray(value).nbytes for value in example.values()) <= 64 * 64 * 4 + 1
    given = batch(how, samples())
    assert page_of(given).shape == (2, 1, 64, 64)
    assert torch.equal((color_of(given)[1] * 255).round().byte().permute(1, 2, 0), torch.from_numpy(samples()[1].color))


LEARNED = {
    "palette-classes": (60, 0.01, 0.35),
    "unet": (60, 0.005, 0.15),
    "gan": (70, 0.003, 0.5),
    "colorful": (90, 0.004, 0.4),
}
"""Steps, rate, and to which part of itself the loss must fall."""


@pytest.mark.parametrize("given", [Input.GRAY, Input.INK])
@pytest.mark.parametrize("how", OURS, ids=lambda how: how.method)
def test_a_few_steps_lower_the_loss_far(how, given):
    steps, rate, part = LEARNED[how.method]
    shown = samples(given)
    course, lesson = course_of(how, shown), batch(how, shown)
    before = error(course, lesson)
    found = taught(course, how, lesson, steps=steps, rate=rate)
    assert min(found[-5:]) < part * found[0]
    assert error(course, lesson) < 0.5 * before


@pytest.mark.parametrize("how", OURS, ids=lambda how: how.method)
def test_one_small_sample_is_enough_to_learn_from(how):
    """Where memory leaves a batch of one, nothing may be normalised over a single value."""
    shown = samples()[:1]
    course, lesson = course_of(how, shown), batch(how, shown)
    assert np.isfinite(taught(course, how, lesson, steps=1, rate=1e-3)).all()


@pytest.mark.parametrize("how", OURS, ids=lambda how: how.method)
def test_what_is_shown_is_srgb_of_the_size_of_the_page(how):
    shown = [sample(np.ascontiguousarray(row.color[:50, :41])) for row in samples()]
    course = course_of(how, shown).eval()
    with torch.inference_mode():
        found = course.shown(batch(how, shown))
    assert found.shape == (2, 3, 50, 41)
    assert found.min() >= 0
    assert found.max() <= 1


@pytest.mark.parametrize("how", OURS, ids=lambda how: how.method)
def test_every_turn_improves_what_is_its_own_and_nothing_else(how):
    shown = samples()
    course, lesson = course_of(how, shown), batch(how, shown)
    course.train()
    turns = course.turns()
    for turn, own in enumerate(turns):
        course.zero_grad(set_to_none=True)
        course(lesson, turn).backward()
        touched = {id(value) for value in course.parameters() if value.grad is not None}
        assert touched == {id(value) for value in own}
    assert len({id(value) for own in turns for value in own}) == sum(len(own) for own in turns)
    assert all(value.requires_grad for value in course.parameters())


def test_the_generator_is_told_by_the_discriminator():
    shown = samples()
    course, lesson = course_of(gan.RECIPE, shown), batch(gan.RECIPE, shown)
    course.eval()
    deceived = copy.deepcopy(course)
    with torch.no_grad():
        deceived.discriminator.layers[-1].bias += 10
    ours, theirs = course(lesson, 1).item(), deceived(lesson, 1).item()
    assert ours - theirs == pytest.approx(0.7, abs=0.3)  # log 2, as nothing has been learned yet
    assert deceived(lesson, 0).item() > course(lesson, 0).item() + 3


def test_the_gan_is_the_unet_taught_otherwise():
    assert gan.RECIPE.betas == (0.5, 0.999)
    assert gan.RECIPE.rate == 2e-4
    shown = samples()
    course = course_of(gan.RECIPE, shown)
    assert type(course.network) is type(course_of(unet.RECIPE, shown).network)
    assert [len(turn) for turn in course.turns()] == [
        len(list(part.parameters())) for part in (course.discriminator, course.network)
    ]


def test_the_unet_loses_the_squared_difference():
    shown = samples()
    course, lesson = course_of(unet.RECIPE, shown).eval(), batch(unet.RECIPE, shown)
    with torch.inference_mode():
        away = course.shown(lesson) - color_of(lesson)
        assert course(lesson, 0).item() == pytest.approx(away.square().mean().item(), rel=1e-5)


def test_the_palette_is_that_of_all_pictures_and_travels_with_the_weights():
    shown = samples()
    course = course_of(palette_classes.RECIPE, shown)
    palette = course.network.palette
    assert palette.shape == (32, 3)
    for row in shown:
        for color in ((row.color[2, 2]), row.color[32, 32]):
            assert np.abs(palette.numpy().astype(int) - color).max(axis=1).min() <= 3
    assert "palette" in course.network.state_dict()
    classes = course.network.nearest(color_of(batch(palette_classes.RECIPE, shown)))
    found = len(palette_classes.RECIPE.survey(shown)["palette"])
    assert found < 32
    assert classes.max() < found


def test_a_palette_network_may_have_fewer_classes():
    course = course_of(palette_classes.RECIPE, samples(), colors="3")
    assert course.network.palette.shape == (3, 3)


def test_gray_pages_keep_their_luminance_and_lines_get_that_of_the_fill():
    shown = samples(Input.INK)
    course, lesson = course_of(colorful.RECIPE, shown), batch(colorful.RECIPE, shown)
    taught(course, colorful.RECIPE, lesson, steps=60, rate=4e-3)
    course.eval()
    page, sky = page_of(lesson), slice(2, 14)
    with torch.inference_mode():
        kept, _ = course.network.painted(page, torch.tensor([True, True]))
        filled, _ = course.network.painted(page, lesson["keeps"])
    assert torch.equal(kept[:, :1], lightness(page))
    assert torch.equal(kept[:, 1:], filled[:, 1:])
    truth = lab_from_srgb(color_of(lesson))[:, 0, sky, sky]
    assert (filled[:, 0, sky, sky] - truth).abs().mean() < 10
    assert (kept[:, 0, sky, sky] - truth).abs().mean() > 15


def test_ink_does_not_darken_what_is_filled():
    lab = torch.tensor([[80.0, 0.0], [20, 0], [-10, 0]]).reshape(1, 3, 1, 2).repeat(1, 1, 4, 2)
    page = torch.tensor([1.0, 0.0]).reshape(1, 1, 1, 2).repeat(1, 1, 4, 2)
    counted = colorful.coarse(lab, colorful.worth(page, torch.tensor([False])))
    torch.testing.assert_close(counted[0, :, 0, 0], torch.tensor([80.0, 20, -10]), atol=0.1, rtol=0)
    even = colorful.coarse(lab, colorful.worth(page, torch.tensor([True])))
    torch.testing.assert_close(even[0, :, 0, 0], torch.tensor([40.0, 10, -5]))


def test_lines_alone_learn_the_luminance():
    for given, learns in ((Input.GRAY, False), (Input.INK, True)):
        shown = samples(given)
        course, lesson = course_of(colorful.RECIPE, shown), batch(colorful.RECIPE, shown)
        course(lesson, 0).backward()
        assert bool(course.network.head.weight.grad[-1].any()) is learns


def test_what_is_rare_is_learned_to_be_as_likely_as_it_is():
    """Rare colours count more, but three of four places stay three of four."""
    common, rare = bins()[150], bins()[20]
    counts = np.zeros(COUNT, np.float32)
    counts[[150, 20]] = 3, 1
    course = colorful.ColorfulCourse({"width": "4"}, {"bins": counts})
    assert course.weights[20] > 1.5 * course.weights[150]
    truth = torch.from_numpy(np.stack([common, common, common, rare]).T.copy())[None, :, None].float()
    logits = torch.zeros(1, COUNT, 1, 1, requires_grad=True)
    optimizer = torch.optim.Adam([logits], 0.3)
    for _ in range(150):
        optimizer.zero_grad()
        course._in_ab(logits.expand(-1, -1, 1, 4), truth).backward()
        optimizer.step()
    chances = torch.softmax(logits.detach(), dim=1)[0, :, 0, 0]
    around = [chances[(torch.from_numpy(bins() - ab)).norm(dim=1) < 25].sum().item() for ab in (common, rare)]
    assert around[0] / around[1] == pytest.approx(3, rel=0.1)


def test_rebalancing_can_be_left_out_and_regression_taught():
    shown = samples()
    course = course_of(colorful.RECIPE, shown)
    assert course.weights.min() < 1 < course.weights.max()
    assert torch.equal(course_of(colorful.RECIPE, shown, rebalance="off").weights, torch.ones(313))
    with pytest.raises(ValueError, match="rebalance is maybe"):
        course_of(colorful.RECIPE, shown, rebalance="maybe")
    pale = course_of(colorful.RECIPE, shown, predicts="l2")
    assert pale.network.shape == {"width": "8", "predicts": "l2"}
    lesson = batch(colorful.RECIPE, shown)
    found = taught(pale, colorful.RECIPE, lesson, steps=30, rate=3e-3)
    assert found[-1] < 0.3 * found[0]
    assert pale.network.painted(page_of(lesson), lesson["keeps"])[1] is None
