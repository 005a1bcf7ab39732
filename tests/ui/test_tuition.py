"""What the window asks of the real training, on a few drawn pictures and for a few steps."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from drawing import colored
from PIL import Image

from mangapaint.analysis.analysis import analyze
from mangapaint.colorizers.method import ColorRequest, Stamp
from mangapaint.colorizers.registry import method
from mangapaint.colorizers.weights import metadata
from mangapaint.document.page import Kind, Page
from mangapaint.errors import Cancelled, UserError
from mangapaint.progress import Silent
from mangapaint.training import checkpoint
from mangapaint.training import plan as plans
from mangapaint.training.samples import Input
from mangapaint.ui.series import tuition
from mangapaint.ui.series.shelf import Shelf
from mangapaint.ui.series.tuition import BOTH, GRAY, INK, NETWORKS, PAGES, SMALL, Task


@pytest.fixture(autouse=True)
def _small(monkeypatch) -> None:
    monkeypatch.setattr(plans, "USUAL", {"cpu": plans.Usual(192, 2)})
    monkeypatch.setattr(plans, "CPU_SHAPES", {"unet": (("width", "8"),)})
    monkeypatch.setattr(tuition, "CUTS", 3)
    monkeypatch.setattr(tuition, "STEP_SECONDS", 0.0)  # a step is a step


@pytest.fixture
def shelf(tmp_path) -> Shelf:
    return Shelf(tmp_path / "series")


def drawn(folder, count: int = 4):
    """Pictures of one series in two folders: discs of one colour, moved about."""
    paths = []
    for number in range(count):
        where = folder / f"part{number % 2}"
        where.mkdir(exist_ok=True)
        paths.append(where / f"{number}.png")
        Image.fromarray(np.roll(colored(128), 9 * number, axis=1)).save(paths[-1])
    return tuple(paths)


def task(folder, **changes) -> Task:
    return Task(**{"series": "Pepper", "method": "unet", "pictures": drawn(folder), "pages": GRAY, "minutes": 5.0,
                   "device": "cpu", **changes})  # fmt: skip


def begun(wanted: Task, shelf: Shelf):
    return tuition.begin(wanted, shelf, tuition.gather(wanted, Silent()), Silent())


def test_it_learns_is_looked_at_kept_and_colours_a_page(tmp_path, shelf):
    wanted = task(tmp_path)
    trainer = begun(wanted, shelf)
    moment = tuition.step(trainer, Silent())
    assert moment.step == 1
    assert 0 < moment.loss < 10
    look = tuition.look(trainer, Silent())
    assert (look.sheet.dtype, look.sheet.shape[2], look.rows) == (np.uint8, 3, 3)
    assert look.sheet.shape[0] > look.rows * 128
    assert look.moment.validation > 0  # of four pictures one is kept to look at, though they lie in two folders
    assert tuition.keep(trainer, wanted, shelf, resumable=False) == 1
    assert not shelf.goes_on("Pepper", "unet")
    said = metadata(shelf.weights_path("Pepper", "unet"))
    assert (said["series"], said["method"], said["inputs"]) == ("Pepper", "unet", "gray")
    assert said["credits"] == "4 pictures chosen by the artist"
    assert shelf.pictures("Pepper") == wanted.pictures
    page = Page(cv2.cvtColor(colored(128), cv2.COLOR_RGB2GRAY), "page")
    request = ColorRequest(Stamp(page.id, 0), analyze(page, kind=Kind.GRAY), method="unet", device="cpu",
                           weights=shelf.weights("Pepper", "unet"))  # fmt: skip
    prepared = method("unet").prepare(request, Silent())
    found = method("unet").colorize(prepared, request, Silent())
    assert found.regions.any() or found.blends
    trainer.close()


def test_learning_goes_on_where_it_was_left(tmp_path, shelf):
    first = begun(task(tmp_path, pages=BOTH), shelf)
    for _ in range(2):
        tuition.step(first, Silent())
    tuition.keep(first, task(tmp_path), shelf, resumable=True)
    seconds = first.moment.seconds
    trainer = begun(task(tmp_path, further=True, pages=INK, minutes=1.0), shelf)
    assert trainer.moment.step == 2
    assert trainer.plan.inputs == (Input.GRAY, Input.INK)  # what it learned to see
    assert trainer.plan.minutes == pytest.approx(1 + seconds / 60)
    assert tuition.step(trainer, Silent()).step == 3


def test_a_step_that_makes_way_leaves_the_training_as_it_was(tmp_path, shelf):
    class Stops(Silent):
        def check(self) -> None:
            raise Cancelled

    trainer = begun(task(tmp_path), shelf)
    tuition.step(trainer, Silent())
    with pytest.raises(Cancelled):
        tuition.step(trainer, Stops())
    assert trainer.moment.step == 1
    assert tuition.step(trainer, Silent()).step == 2


def test_few_pictures_are_all_learned_from(tmp_path, shelf):
    wanted = task(tmp_path, pictures=drawn(tmp_path, 2))
    trainer = begun(wanted, shelf)
    tuition.step(trainer, Silent())
    look = tuition.look(trainer, Silent())
    assert np.isnan(look.moment.validation)
    assert look.sheet.size


def test_every_network_on_offer_can_be_taught(tmp_path, shelf):
    from mangapaint.training.recipes import RECIPES

    assert [row.method for row in NETWORKS if row.method not in RECIPES] == []
    for row in NETWORKS:
        for pages in PAGES:
            plan = tuition._plan(task(tmp_path, method=row.method, pages=pages), starts=False)
            assert set(plan.inputs) <= set(RECIPES[row.method].inputs)
            assert method(row.method).info.id == row.method


def test_until_stopped_is_long(tmp_path):
    assert tuition._plan(task(tmp_path, minutes=None), starts=False).minutes == tuition.ENDLESS


def test_a_checkpoint_of_something_else_is_refused_in_one_line(tmp_path, shelf):
    path = shelf.checkpoint_path("Pepper", "unet")
    path.parent.mkdir(parents=True)
    checkpoint.write(path, checkpoint.Checkpoint({}, {"plan": {"method": "unet"}}))
    with pytest.raises(UserError) as caught:
        begun(task(tmp_path, further=True), shelf)
    assert str(path) in caught.value.line()


def test_a_picture_is_seen_small(tmp_path):
    (path,) = drawn(tmp_path, 1)
    Image.fromarray(colored(600)[:400]).save(path)
    small = tuition.look_at(path, Silent())
    assert small.shape == (round(SMALL * 400 / 600), SMALL, 3)
    assert small[10, 10].tolist() == pytest.approx([120, 180, 240], abs=2)


def test_folders_give_their_pictures_in_order_each_once(tmp_path):
    paths = drawn(tmp_path, 4)
    (tmp_path / "part0" / "notes.txt").write_text("x")
    found = tuition.pictures_in([tmp_path, paths[0]])
    assert [path.relative_to(tmp_path).as_posix() for path in found] == [
        "part0/0.png", "part0/2.png", "part1/1.png", "part1/3.png"]  # fmt: skip
