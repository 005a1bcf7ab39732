"""Which method colours, and how the window says what the chosen one lacks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from learner import Toy, installed

from mangapaint.analysis.analysis import analyze
from mangapaint.colorizers import registry
from mangapaint.colorizers.method import ColorRequest, Need, Stamp
from mangapaint.colorizers.registry import QUICKEST
from mangapaint.document.page import Kind, Page, Reference
from mangapaint.document.strokes import stroke
from mangapaint.ui.guidance import by_hints, foreseen, lacking, suited

STROKE = stroke([(20, 20)], width=8, color=(200, 40, 50))
REFERENCE = Reference(np.full((8, 8, 3), 90, np.uint8), "reference")


@pytest.fixture
def toy(monkeypatch) -> Toy:
    return installed(monkeypatch)


@pytest.fixture(scope="module")
def bare() -> ColorRequest:
    page = Page(np.pad(np.full((40, 40), 255, np.uint8), 4), "page")
    return ColorRequest(Stamp(page.id, 0), analyze(page, kind=Kind.LINE))


@pytest.mark.parametrize(
    ("method", "given", "suits", "words"),
    [
        ("auto", {}, None, ""),
        ("auto", {"strokes": (STROKE,)}, "propagation", ""),
        ("auto", {"references": (REFERENCE,)}, "toy", ""),
        ("toy", {"references": (REFERENCE,)}, "toy", ""),
        ("toy", {}, None, "\u201cToy\u201d needs a reference: drop a coloured picture on the references"),
        ("toy", {"strokes": (STROKE,)}, None,
         "\u201cToy\u201d needs a reference: drop a coloured picture on the references"),
        ("propagation", {}, None, "\u201cFlow from hints\u201d needs a hint: draw over an area with the brush"),
    ],
)  # fmt: skip
def test_what_is_lacking_is_said_in_words_for_an_artist(toy, bare, method, given, suits, words):
    request = replace(bare, method=method, **given)
    found = suited(request)
    assert (found.info.id if found else None) == suits
    assert lacking(request) == words


def test_a_method_of_another_kind_of_page_or_without_weights_says_so(toy, bare, monkeypatch):
    request = replace(bare, method="toy", references=(REFERENCE,))
    monkeypatch.setattr(Toy, "info", replace(Toy.info, kinds=frozenset({Kind.GRAY})))
    assert lacking(request).endswith("does not colour this kind of page: choose another method, or another kind")
    monkeypatch.setattr(Toy, "info", replace(Toy.info, needs=frozenset({Need.WEIGHTS})))
    assert "weights" in lacking(request)
    assert suited(request) is None


def test_a_method_that_is_gone_is_said_to_be_gone(bare):
    assert "'gone'" in lacking(replace(bare, method="gone"))
    assert suited(replace(bare, method="gone")) is None


def test_a_method_without_any_needs_colours_a_page_only_where_it_is_chosen(toy, bare, monkeypatch):
    monkeypatch.setattr(Toy, "info", replace(Toy.info, needs=frozenset()))
    assert suited(bare) is None
    assert suited(replace(bare, method="toy")) is toy


def test_without_time_for_references_a_method_that_needs_them_leaves_the_page_to_the_hints(toy, bare):
    request = replace(bare, method="toy", references=(REFERENCE,), strokes=(STROKE,))
    left = by_hints(request)
    assert (left.references, left.strokes, left.method) == ((), (STROKE,), QUICKEST)
    assert suited(left) is registry.method("propagation")
    for method in ("propagation", "auto"):  # which do not look at them
        same = replace(request, method=method)
        assert by_hints(same) is same


def test_what_may_look_ahead_is_what_the_first_hint_will_mean_not_what_needs_none(toy, bare, monkeypatch):
    toy.info = replace(toy.info, needs=frozenset({Need.WEIGHTS}))
    monkeypatch.setattr(registry, "_lack_of_weights", lambda info, weights: "")
    hints = registry.method("propagation")
    for order, first in (((hints, toy), hints), ((toy, hints), toy)):
        monkeypatch.setattr(registry, "METHODS", order)
        assert suited(bare) is None
        assert foreseen(bare) is first
        assert foreseen(replace(bare, strokes=(STROKE,))) is first
    assert foreseen(replace(bare, method="propagation")) is hints
