"""Losses come to what is reckoned by hand, and halves of a batch to the whole."""

from __future__ import annotations

import math

import pytest
import torch

from mangapaint.colorizers.networks.distribution import centres, soft_encoded
from mangapaint.training import losses

HALF = torch.tensor([[[True, False], [True, False]]])


def fours(*values):
    """One sample of one channel, 2 x 2."""
    return torch.tensor(values).reshape(1, 1, 2, 2)


def drawn(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def test_differences_of_pixels():
    found, truth = fours(1.0, 2.0, 3.0, -4.0), fours(0.0, 2.0, 0.0, 0.0)
    assert losses.l1(found, truth).item() == pytest.approx(8 / 4)
    assert losses.l2(found, truth).item() == pytest.approx((1 + 9 + 16) / 4)
    assert losses.smooth_l1(found, truth).item() == pytest.approx((0.5 + 2.5 + 3.5) / 4)
    assert losses.smooth_l1(found, truth, delta=2).item() == pytest.approx((0.5 + 2 * 2 + 2 * 3) / 4)


def test_only_what_counts_counts():
    found, truth = fours(1.0, 2.0, 3.0, -4.0), fours(0.0, 9.0, 0.0, 9.0)
    assert losses.l1(found, truth, HALF).item() == pytest.approx((1 + 3) / 2)
    assert losses.l2(found, truth, HALF).item() == pytest.approx((1 + 9) / 2)
    assert losses.smooth_l1(found, truth, HALF).item() == pytest.approx((0.5 + 2.5) / 2)
    assert losses.l1(found, truth, torch.zeros_like(HALF)).item() == 0


def test_a_sample_counts_as_much_as_another_however_many_of_its_pixels_do():
    found = torch.cat([fours(1.0, 1.0, 1.0, 1.0), fours(5.0, 0.0, 0.0, 0.0)])
    counted = torch.tensor([[[True, True], [True, True]], [[True, False], [False, False]]])
    assert losses.l1(found, torch.zeros_like(found), counted).item() == pytest.approx((1 + 5) / 2)


def test_how_far_off_colours_are_is_1_at_most():
    found, truth = torch.zeros(1, 2, 1, 2), torch.tensor([[[[3.0, 600.0]], [[4.0, 800.0]]]])
    by_hand = 1 - math.exp(-25 / (2 * 10**2)), 1.0
    assert losses.farness(found, truth, scale=10).item() == pytest.approx(sum(by_hand) / 2)
    assert losses.farness(found, truth, torch.tensor([[[True, False]]]), scale=10).item() == pytest.approx(by_hand[0])


def test_of_two_likely_colours_the_commoner_one_is_least_off():
    """With the absolute difference, too; but with two of five about the middle that would lie there."""
    truth = torch.tensor([-60.0, -60, -55, 0, 2, 60, 60]).reshape(1, 1, 1, -1)
    places = torch.arange(-70.0, 71)

    def best(lost):
        return places[int(torch.tensor([lost(torch.full_like(truth, place)) for place in places]).argmin())].item()

    assert best(lambda found: losses.farness(found, truth, scale=10)) < -55
    assert best(lambda found: losses.l1(found, truth)) == 0


def test_entropy_of_classes():
    scores = torch.tensor([[2.0, 0.0], [0.0, 1.0]]).T.reshape(1, 2, 1, 2)
    by_hand = math.log(1 + math.exp(-2)), math.log(1 + math.exp(-1))
    assert losses.class_entropy(scores, torch.tensor([[[0, 1]]])).item() == pytest.approx(sum(by_hand) / 2)


def test_entropy_of_bins_is_that_of_the_whole_distribution():
    logits, ab = drawn(2, 313, 3, 4), drawn(2, 2, 3, 4, seed=1) * 30
    which, shares = soft_encoded(ab)
    truth = torch.zeros(2, 313, 3, 4).scatter(1, which, shares)
    dense = -(truth * torch.log_softmax(logits, dim=1)).sum(dim=1)
    assert losses.bin_entropy(logits, ab).item() == pytest.approx(dense.mean().item(), rel=1e-5)
    weights = torch.rand(313, generator=torch.Generator().manual_seed(2))
    weighed = (dense * weights[truth.argmax(dim=1)]).mean().item()
    assert losses.bin_entropy(logits, ab, weights).item() == pytest.approx(weighed, rel=1e-5)
    even = losses.bin_entropy(torch.zeros(1, 313, 2, 2), torch.zeros(1, 2, 2, 2))
    assert even.item() == pytest.approx(math.log(313), rel=1e-5)


def test_weights_have_mean_1_under_the_smoothed_frequencies_and_rare_bins_count_more():
    counts = torch.zeros(313)
    gray, red = centres(counts).norm(dim=1).argmin(), centres(counts)[:, 0].argmax()
    counts[gray], counts[red] = 990, 10
    frequent, weights = losses.smoothed(counts), losses.rebalancing(counts)
    assert frequent.sum().item() == pytest.approx(1)
    assert (frequent * weights).sum().item() == pytest.approx(1)
    assert weights[red] > 20 * weights[gray]
    beside = (centres(counts) - centres(counts)[gray]).norm(dim=1).argsort()[1]
    assert 0 < frequent[beside] < frequent[gray]
    assert weights.argmin() == gray
    # By hand: w ~ 1 / (p / 2 + 1 / (2 * 313)).
    ratio = (frequent[red] / 2 + 1 / 626) / (frequent[gray] / 2 + 1 / 626)
    assert (weights[gray] / weights[red]).item() == pytest.approx(ratio.item(), rel=1e-5)


def test_without_a_pixel_all_bins_count_the_same():
    torch.testing.assert_close(losses.rebalancing(torch.zeros(313)), torch.ones(313))


def test_adversarial_loss():
    logits = torch.tensor([0.0, 2.0]).reshape(2, 1, 1, 1)
    real = (math.log(2) + math.log(1 + math.exp(-2))) / 2
    assert losses.adversarial(logits, real=True).item() == pytest.approx(real)
    assert losses.adversarial(logits, real=False).item() == pytest.approx(real + 1)
    found, truth = torch.full((2, 3, 2, 2), 0.5), torch.full((2, 3, 2, 2), 0.25)
    assert losses.generated(logits, found, truth).item() == pytest.approx(real + 25)


def test_unrest_is_the_variance_inside_regions():
    ab = torch.zeros(1, 2, 2, 3)
    ab[0, 0] = torch.tensor([[10.0, 30.0, 500.0], [-10.0, -10.0, 7.0]])
    regions = torch.tensor([[[4, 4, -1], [0, 0, 2]]], dtype=torch.int32)
    # Region 4 is 10 from its mean, region 0 and region 2 are even; 500 is nobody's.
    assert losses.region_unrest(ab, regions).item() == pytest.approx(2 * 10**2 / 5 / 10**2)
    assert losses.region_unrest(ab, torch.full_like(regions, -1)).item() == 0


def test_regions_of_different_samples_are_not_one():
    ab = torch.tensor([0.0, 80.0]).reshape(2, 1, 1, 1).expand(2, 2, 4, 4)
    assert losses.region_unrest(ab, torch.zeros(2, 4, 4, dtype=torch.int32)).item() == 0


def test_unrest_draws_a_region_together():
    ab = (drawn(1, 2, 4, 4) * 20).requires_grad_()
    regions = torch.zeros(1, 4, 4, dtype=torch.int32)
    (given,) = torch.autograd.grad(losses.region_unrest(ab, regions), ab)
    calmed = ab - 100 * given
    assert losses.region_unrest(calmed, regions) < losses.region_unrest(ab, regions)
    torch.testing.assert_close(calmed.mean(dim=(2, 3)), ab.mean(dim=(2, 3)))


COUNTED = (
    torch.rand(4, 6, 5, generator=torch.Generator().manual_seed(5)) < torch.tensor([0.1, 0.9, 0.5, 0])[:, None, None]
)
REGIONS = torch.randint(-1, 4, (4, 6, 5), generator=torch.Generator().manual_seed(6), dtype=torch.int32)
LAID = drawn(4, 2, 6, 5), drawn(4, 2, 6, 5, seed=1)
LOGITS, RATED = drawn(4, 313, 6, 5), drawn(313, seed=2).abs()
CASES = {
    "l1": lambda part: losses.l1(LAID[0][part], LAID[1][part], COUNTED[part]),
    "l2": lambda part: losses.l2(LAID[0][part], LAID[1][part], COUNTED[part]),
    "smooth": lambda part: losses.smooth_l1(LAID[0][part], LAID[1][part], COUNTED[part]),
    "classes": lambda part: losses.class_entropy(LOGITS[part], REGIONS[part].long() + 1, COUNTED[part]),
    "bins": lambda part: losses.bin_entropy(LOGITS[part], 40 * LAID[1][part], RATED, COUNTED[part]),
    "adversarial": lambda part: losses.adversarial(LOGITS[part], real=False),
    "regions": lambda part: losses.region_unrest(20 * LAID[0][part], REGIONS[part]),
}


@pytest.mark.parametrize("name", CASES)
def test_halves_of_a_batch_average_to_the_whole(name):
    whole, halves = CASES[name](slice(None)), [CASES[name](slice(at, at + 2)) for at in (0, 2)]
    assert whole > 0
    torch.testing.assert_close(sum(halves) / 2, whole)
    assert not torch.isclose(halves[0], whole)


def test_half_precision_is_reckoned_in_single():
    logits, ab = drawn(1, 313, 4, 4), drawn(1, 2, 4, 4, seed=1) * 30
    exact, found = losses.bin_entropy(logits, ab), losses.bin_entropy(logits.half(), ab)
    assert found.dtype == torch.float32
    assert found.item() == pytest.approx(exact.item(), rel=1e-3)
    assert losses.l2(logits.half() + 300, logits).isfinite()
