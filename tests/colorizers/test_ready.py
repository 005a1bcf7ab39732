"""What was made ready is used as long as it holds, and what learns is let learn to the end."""

from __future__ import annotations

from dataclasses import dataclass, replace

import drawing
import numpy as np
import pytest

from mangapaint.analysis.analysis import PageAnalysis, analyze
from mangapaint.colorizers.method import ColorRequest, MethodInfo, Need, Option, Stamp
from mangapaint.colorizers.propagation import Propagation
from mangapaint.colorizers.ready import Ready, learned_through, ready
from mangapaint.document.page import Kind, Reference
from mangapaint.document.strokes import stroke
from mangapaint.errors import Cancelled
from mangapaint.progress import Silent


@dataclass
class Toy:
    """Prepares a number; learns to count to four."""

    prepared: int = 0
    info = MethodInfo(
        "toy", "Toy", "nobody", frozenset({Need.REFERENCE}), frozenset(Kind),
        options=(Option("depth", "Depth", ("low", "high"), prepares=True), Option("show", "Show", ("all", "some"))),
    )  # fmt: skip

    def prepare(self, request, progress):
        self.prepared += 1
        return 0

    def colorize(self, prepared, request, progress):
        raise NotImplementedError


class Student(Toy):
    def learn(self, prepared, request, progress):
        progress.check()
        return prepared + 1

    def learned(self, prepared):
        return prepared / 4


def picture(value: int = 90) -> Reference:
    return Reference(np.full((4, 5, 3), value, np.uint8), "picture")


@pytest.fixture(scope="module")
def analysis() -> PageAnalysis:
    return analyze(drawing.page(drawing.line_art(64)))


@pytest.fixture
def request_(analysis) -> ColorRequest:
    return ColorRequest(Stamp(analysis.page.id, 0), analysis, references=(picture(),))


CHANGES = {
    "nothing": ({}, True),
    "a stroke": ({"strokes": (stroke([(20, 20)], width=5, color=(200, 30, 30)),)}, True),
    "an equal picture": ({"references": (picture(),)}, True),
    "a later moment": ({"stamp": Stamp("page", 7)}, True),
    "what only shows": ({"options": (("show", "some"),)}, True),
    "the default spelled out": ({"options": (("depth", "low"),)}, True),
    "what prepares": ({"options": (("depth", "high"),)}, False),
    "another picture": ({"references": (picture(91),)}, False),
    "one more picture": ({"references": (picture(), picture(91))}, False),
    "no picture": ({"references": ()}, False),
    "the seed": ({"seed": 1}, False),
    "the device": ({"device": "cpu"}, False),
}


@pytest.mark.parametrize("change", CHANGES)
def test_it_holds_for_the_same_page_and_references_whatever_is_drawn(request_, change):
    fields, holds = CHANGES[change]
    method = Toy()
    item = Ready(method, request_, 0)
    asked = replace(request_, **fields)
    assert item.fits(method, asked) is holds
    again = ready(method, asked, Silent(), known=item)
    assert (again is item) is holds
    assert method.prepared == (0 if holds else 1)


def test_another_analysis_or_method_needs_another(request_):
    method = Toy()
    item = Ready(method, request_, 0)
    assert not item.fits(method, replace(request_, analysis=replace(request_.analysis)))
    assert not item.fits(Toy(), request_)
    assert not item.fits(Propagation(), request_)


def test_the_order_of_the_references_counts(request_):
    """Matches name a reference by its place."""
    two = replace(request_, references=(picture(), picture(91)))
    item = Ready(Toy(), two, 0)
    assert not item.fits(item.method, replace(two, references=two.references[::-1]))


def test_what_does_not_learn_has_learned_all(request_):
    item = ready(Toy(), request_, Silent())
    assert item.learned == 1
    assert learned_through(item, Silent()) is item


def test_what_learns_is_let_learn_to_the_end(request_):
    item = ready(Student(), request_, Silent())
    assert item.learned == 0
    one = item.further(Silent())
    assert (one.learned, one.values, item.values) == (0.25, 1, 0)
    assert one.fits(item.method, request_)
    assert learned_through(one, Silent()).learned == 1


def test_learning_can_be_ended(request_):
    class Ended(Silent):
        def check(self) -> None:
            raise Cancelled

    item = ready(Student(), request_, Silent())
    with pytest.raises(Cancelled):
        learned_through(item, Ended())
    assert item.learned == 0
