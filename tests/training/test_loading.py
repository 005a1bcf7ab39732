"""Samples reach the network by number, from one process or from others, and how long that took is known."""

from __future__ import annotations

import itertools

import lessons
import numpy as np
import pytest
from lessons import ToySamples, finish, plan, same, trainer, values

from mangapaint.colorizers.networks.table import NETWORKS
from mangapaint.errors import UserError
from mangapaint.training.loading import Loader, numbers, stacked, steps_from, workers_for
from mangapaint.training.recipes import RECIPES

# Newer Pythons warn of forking where there are threads; torch's own are not touched by what the processes do.
pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")


class Broken(ToySamples):
    def __getitem__(self, number):
        if number == 5:
            raise UserError("none of the pictures can be used", remedy="give others")
        return super().__getitem__(number)


class Deadly(ToySamples):
    """Ends the process that asks for a sample."""

    def __getitem__(self, number):
        raise SystemExit(3)


@pytest.fixture
def _toy(monkeypatch):
    monkeypatch.setitem(RECIPES, lessons.METHOD, lessons.RECIPE)
    monkeypatch.setitem(NETWORKS, lessons.METHOD, lessons.ToyNetwork)


def loader(samples: ToySamples, *, step: int = 0, workers: int = 0) -> Loader:
    return Loader(samples, lessons.example, steps_from(step, batch=4), workers=workers, pinned=False)


def test_processes_share_a_batch_by_number():
    assert list(numbers(3, batch=6)) == list(range(18, 24))
    parts = [numbers(3, batch=6, rank=rank, processes=3) for rank in range(3)]
    assert list(itertools.chain(*parts)) == list(range(18, 24))


@pytest.mark.parametrize("workers", [0, 2])
def test_batches_hold_the_samples_of_their_numbers(workers):
    batches = loader(ToySamples(), step=2, workers=workers)
    for step in (2, 3, 4):
        wanted = stacked([lessons.example(ToySamples()[number]) for number in range(4 * step, 4 * step + 4)])
        assert same(batches.next(), wanted)
    assert batches.waited > 0
    batches.close()


@pytest.mark.parametrize("workers", [0, 1])
def test_samples_that_cannot_be_made_are_said_in_one_line(workers):
    batches = loader(Broken(), workers=workers)
    batches.next()
    with pytest.raises(UserError) as caught:
        batches.next()
    assert str(caught.value) == "none of the pictures can be used; give others"
    batches.close()


def test_a_process_that_ends_is_said():
    batches = loader(Deadly(), workers=1)
    with pytest.raises(UserError, match="--workers"):
        batches.next()
    batches.close()


@pytest.mark.usefixtures("_toy")
def test_other_processes_teach_the_same():
    learned = [finish(trainer(plan(steps=6, workers=workers))) for workers in (0, 1)]
    assert same(values(learned[0]), values(learned[1]))
    for training in learned:
        training.close()


@pytest.mark.parametrize(("cores", "device", "processes", "wanted"), [
    (2, "cpu", 1, 0), (8, "cpu", 1, 1), (8, "cpu", 4, 0), (16, "cuda", 1, 15), (64, "cuda", 1, 16), (16, "cuda", 8, 1),
    (1, "cuda", 1, 1), (None, "cpu", 1, 0),
])  # fmt: skip
def test_workers_go_by_the_cores(monkeypatch, cores, device, processes, wanted):
    monkeypatch.setattr("os.cpu_count", lambda: cores)
    assert workers_for(device, processes) == wanted


def test_arrays_of_samples_are_stacked():
    found = stacked([{"page": np.zeros((2, 3), np.uint8), "keeps": np.array(True)}] * 4)
    assert found["page"].shape == (4, 2, 3)
    assert found["keeps"].tolist() == [True] * 4
