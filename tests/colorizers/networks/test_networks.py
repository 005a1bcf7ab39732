"""Networks colour pages of any size, come back from their weights, and refuse shapes that are not theirs."""

from __future__ import annotations

import pytest
import torch

from mangapaint.colorizers.networks.color import lab_from_srgb, lightness
from mangapaint.colorizers.networks.colorful import Colorful
from mangapaint.colorizers.networks.distribution import annealed_mean, centres, likeliest
from mangapaint.colorizers.networks.gan import Discriminator
from mangapaint.colorizers.networks.palette_classes import PaletteClasses
from mangapaint.colorizers.networks.table import NETWORKS
from mangapaint.colorizers.networks.unet import Unet
from mangapaint.colorizers.weights import Weights, load
from mangapaint.training.saving import save_weights

SHAPES = [
    ("palette-classes", {"width": "4", "colors": "5"}),
    ("unet", {"width": "4"}),
    ("gan", {"width": "4"}),
    ("colorful", {"width": "4"}),
    ("colorful", {"width": "4", "predicts": "l2"}),
]
SIZES = [(64, 64), (1, 1), (65, 31), (130, 3)]
COLORS = torch.tensor([[0, 0, 0], [255, 255, 255], [200, 30, 40], [40, 90, 200], [60, 160, 70]], dtype=torch.uint8)


def network(method, shape):
    """One whose answer depends on the page, as that of a network that has learned does."""
    torch.manual_seed(1)
    made = NETWORKS[method](shape)
    if isinstance(made, PaletteClasses):
        made.palette.copy_(COLORS)
    with torch.no_grad():
        for module in made.modules():
            if isinstance(module, torch.nn.BatchNorm2d):
                module.running_mean.normal_(0, 0.1)
                module.running_var.uniform_(0.05, 0.2)
    return made.eval()


def pages(height, width, count=2):
    return torch.rand(count, 1, height, width, generator=torch.Generator().manual_seed(3))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("method", "shape"), SHAPES)
@torch.inference_mode()
def test_pages_of_any_size_are_painted(method, shape, size):
    made, page = network(method, shape), pages(*size)
    lab, logits = made.painted(page, torch.tensor([True, False]))
    assert lab.shape == (2, 3, *size)
    assert lab.dtype == torch.float32
    assert lab.isfinite().all()
    torch.testing.assert_close(lab[:1, :1], lightness(page[:1]))
    if size == (64, 64):
        assert (lab[1, 0] - lightness(page)[1, 0]).abs().max() > 1
        assert lab[1].flatten(1).std(dim=1).min() > 0
    if logits is not None:
        assert logits.shape == (2, 313, -(-size[0] // 4), -(-size[1] // 4))
        assert logits.isfinite().all()
    assert (logits is None) == (method in ("unet", "gan") or "predicts" in shape)


@pytest.mark.parametrize(("method", "shape"), SHAPES)
@torch.inference_mode()
def test_padding_changes_nothing_that_is_far_from_it(method, shape):
    """A page and the page with its border repeated: what is painted in the corner away from it is the same."""
    made, page = network(method, shape), pages(64, 60, 1)
    wider = torch.cat([page, page[..., -1:].expand(-1, -1, -1, 4)], dim=3)
    keeps = torch.tensor([False])
    torch.testing.assert_close(made.painted(page, keeps)[0], made.painted(wider, keeps)[0][..., :60])


@pytest.mark.parametrize(("method", "shape"), SHAPES)
@torch.inference_mode()
def test_weights_bring_back_the_network(method, shape, tmp_path):
    made = network(method, shape)
    path = tmp_path / "weights.safetensors"
    save_weights(path, made, method=method, shape=made.shape, about={})
    found = load(Weights.at(path), method)
    assert found.shape == made.shape
    assert {value.dtype for value in found.parameters()} == {torch.float32}
    page, keeps = pages(64, 64), torch.tensor([True, False])
    ours, theirs = made.painted(page, keeps)[0], found.painted(page, keeps)[0]
    near = (ours - theirs).abs().amax(dim=1) < 2  # half precision may turn a class over where two are even
    assert near.float().mean() > 0.95
    if method == "palette-classes":
        assert torch.equal(found.palette, COLORS)


@pytest.mark.parametrize("method", ["palette-classes", "unet", "gan", "colorful"])
def test_shapes_that_are_not_its_own_are_refused(method):
    for wrong in ({"width": "0"}, {"width": "wide"}, {"length": "8"}):
        with pytest.raises(ValueError, match=r"."):
            NETWORKS[method](wrong)
    with pytest.raises(ValueError, match="predicts is both"):
        Colorful({"predicts": "both"})


def test_what_a_shape_leaves_open_is_filled_in():
    with torch.device("meta"):
        assert Unet({}).shape == {"width": "64"}
        assert PaletteClasses({"width": "8"}).shape == {"width": "8", "colors": "32"}
        assert Colorful({}).shape == {"width": "24", "predicts": "classes"}


@torch.inference_mode()
def test_the_unet_has_six_steps_down_and_six_up():
    made = network("unet", {"width": "4"})
    downs = [module for module in made.modules() if isinstance(module, torch.nn.Conv2d)]
    ups = [module for module in made.modules() if isinstance(module, torch.nn.ConvTranspose2d)]
    assert [len(downs), len(ups)] == [6, 6]
    assert {module.stride for module in (*downs, *ups)} == {(2, 2)}
    colors = made(pages(70, 64))
    assert colors.shape == (2, 3, 70, 64)
    assert colors.min() >= 0
    assert colors.max() <= 1


def test_the_innermost_step_of_the_unet_is_used():
    """A page of 64 x 64 is one value there; were it not passed on, far places would know nothing of each other."""
    torch.manual_seed(1)
    made, page = Unet({"width": "4"}).eval(), pages(64, 64, 1).requires_grad_()
    (reached,) = torch.autograd.grad(made(page)[..., 0, 0].sum(), page)
    assert reached[..., 60:, 60:].abs().max() > 0


@torch.inference_mode()
def test_the_discriminator_looks_at_page_and_colours():
    torch.manual_seed(2)
    made = Discriminator({"width": "4"}).eval()
    page, colors = pages(130, 64, 1), torch.rand(1, 3, 130, 64)
    found = made(page, colors)
    assert found.shape == (1, 1, 3, 1)
    assert not torch.equal(found, made(1 - page, colors))
    assert not torch.equal(found, made(page, 1 - colors))
    strides = [module.stride[0] for module in made.modules() if isinstance(module, torch.nn.Conv2d)]
    assert strides == [2, 2, 2, 2, 2, 2, 1]


@torch.inference_mode()
def test_palette_colours_are_classes_and_their_bins_follow():
    made = network("palette-classes", {"width": "4", "colors": "5"})
    rgb = COLORS.T[None, :, None].float() / 255
    assert made.nearest(rgb).tolist() == [[[0, 1, 2, 3, 4]]]
    assert made.nearest((rgb + 0.02).clamp(0, 1)).tolist() == [[[0, 1, 2, 3, 4]]]
    made.head.weight.zero_()
    made.head.bias.copy_(torch.tensor([0.0, 0, 20, 0, 0]))
    lab, logits = made.painted(pages(16, 16, 1), torch.tensor([False]))
    red = lab_from_srgb(rgb)[0, :, 0, 2]
    torch.testing.assert_close(lab[0, :, 5, 5], red)
    assert (annealed_mean(logits, 1.0)[0, :, 0, 0] - red[1:]).norm() < 5
    assert torch.softmax(logits, dim=1).max() > 0.2


@torch.inference_mode()
def test_colorful_answers_at_a_quarter_with_a_wide_view():
    made = network("colorful", {"width": "4"})
    colors, light = made(pages(64, 32))
    assert colors.shape == (2, 313, 16, 8)
    assert light.shape == (2, 1, 16, 8)
    assert network("colorful", {"width": "4", "predicts": "l2"})(pages(64, 32))[0].shape == (2, 2, 16, 8)


@pytest.mark.parametrize(("method", "shape"), SHAPES)
def test_learning_reaches_every_parameter(method, shape):
    made = network(method, shape).train()
    found = made(pages(64, 64))
    sum((value.square()).sum() for value in (found if isinstance(found, tuple) else (found,))).backward()
    unmoved = [name for name, value in made.named_parameters() if value.grad is None or not value.grad.any()]
    assert unmoved == []


def distribution(*parts):
    """Logits of one place: each part of the chance lies about a colour, a,b."""
    places = centres(torch.zeros(1))
    chances = sum(part * torch.softmax(-(places - torch.tensor(ab)).square().sum(1) / 50, 0) for part, ab in parts)
    return chances.log()[None, :, None, None]


def test_of_two_likely_colours_one_is_taken():
    red, blue = (50.0, 35.0), (20.0, -60.0)
    logits = distribution((0.6, red), (0.4, blue))
    found = likeliest(logits)[0, :, 0, 0]
    assert (found - torch.tensor(red)).norm() < 10
    assert (annealed_mean(logits, 1.0)[0, :, 0, 0] - torch.tensor(red)).norm() > 30


@pytest.mark.parametrize("color", [(30.0, 10.0), (0.0, -40.0), (-25.0, 25.0), (12.0, 5.0)])
def test_what_is_certain_is_taken_as_it_is(color):
    assert (likeliest(distribution((1.0, color)))[0, :, 0, 0] - torch.tensor(color)).norm() < 7


def test_gray_places_have_no_colour_and_uncertain_ones_are_pale():
    assert likeliest(distribution((1.0, (0.0, 0.0))))[0, :, 0, 0].norm() < 1e-3
    likely = [(0.1, (20.0 * torch.tensor(turn).cos().item(), 20.0 * torch.tensor(turn).sin().item()))
              for turn in (0.2, 0.6, 1.0, 1.4)]  # fmt: skip
    found = likeliest(distribution((0.6, (0.0, 0.0)), *likely))[0, :, 0, 0]
    assert 9 < found.norm() < 20
    assert found.min() > 0


def test_colours_are_found_place_by_place_and_for_each_picture():
    logits = torch.randn(2, 313, 3, 5, generator=torch.manual_seed(0)) * 4
    found = likeliest(logits)
    assert found.shape == (2, 2, 3, 5)
    torch.testing.assert_close(found[1:, :, 2:, 4:], likeliest(logits[1:, :, 2:, 4:]), atol=1e-4, rtol=1e-4)
