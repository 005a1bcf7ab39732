"""Which method a request means, what it lacks, and where it runs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import drawing
import pytest
from taught import METHOD, taught

from mangapaint.analysis.analysis import PageAnalysis, analyze
from mangapaint.colorizers import device, registry, weights
from mangapaint.colorizers.device import Devices, resolve
from mangapaint.colorizers.method import ColorRequest, MethodInfo, Need, Stamp
from mangapaint.colorizers.propagation import Propagation
from mangapaint.colorizers.registry import capabilities, check_weights, choose, method, missing
from mangapaint.document.page import Kind, Page
from mangapaint.document.strokes import stroke
from mangapaint.errors import UserError

DOT = stroke([(20, 20)], width=5, color=(200, 30, 30))


@pytest.fixture(scope="module")
def analysis() -> PageAnalysis:
    return analyze(Page(drawing.line_art(64), "page.png", path=Path("work/page.png")))


def request(analysis: PageAnalysis, **fields) -> ColorRequest:
    return ColorRequest(Stamp(analysis.page.id, 0), analysis, **fields)


class Other:
    """A method that needs a reference and colours gray pages only."""

    info = MethodInfo("other", "Other", "nobody", frozenset({Need.REFERENCE}), frozenset({Kind.GRAY}), ("cpu", "cuda"))


def test_auto_matches_references_where_there_are_some_and_follows_hints_otherwise(analysis):
    assert choose(request(analysis, strokes=(DOT,))).info.id == "propagation"
    reference = drawing.page(drawing.colored(64))
    assert choose(request(analysis, references=(reference,))).info.id == "matcher"
    assert choose(request(analysis, strokes=(DOT,), references=(reference,))).info.id == "matcher"


def test_auto_is_the_first_method_that_has_what_it_needs(analysis, monkeypatch):
    monkeypatch.setattr(registry, "METHODS", (Other(), Propagation()))
    assert choose(request(analysis, strokes=(DOT,))).info.id == "propagation"
    reference = drawing.page(drawing.colored(64))
    assert choose(request(analysis, strokes=(DOT,), references=(reference,))).info.id == "propagation"
    gray = replace(analysis, kind=Kind.GRAY)
    assert choose(request(gray, strokes=(DOT,), references=(reference,))).info.id == "other"


def test_an_unknown_method_is_refused_with_the_known_ones(analysis):
    with pytest.raises(UserError, match="no method 'magic'") as refused:
        choose(request(analysis, strokes=(DOT,), method="magic"))
    assert "auto" in refused.value.remedy
    assert "propagation" in refused.value.remedy


@pytest.mark.parametrize("chosen", ["auto", "propagation"])
def test_missing_hints_are_refused_with_the_file_and_the_remedy(analysis, chosen):
    with pytest.raises(UserError) as refused:
        choose(request(analysis, method=chosen))
    assert refused.value.path == Path("work/page.png")
    assert "--hints" in refused.value.line()
    assert "stroke" in refused.value.line()


def test_what_a_method_lacks_is_said(analysis):
    assert missing(method("propagation").info, request(analysis, strokes=(DOT,))) == ""
    assert "--reference" in missing(Other.info, request(analysis, strokes=(DOT,)))
    reference = drawing.page(drawing.colored(64))
    assert "--kind" in missing(Other.info, request(analysis, references=(reference,)))


def test_soft_colour_is_for_pages_with_shades(analysis):
    with pytest.raises(UserError, match="levin cannot colour a page of kind line"):
        choose(request(analysis, strokes=(DOT,), method="levin"))
    for kind in (Kind.GRAY, Kind.TONE, Kind.COLORED):
        assert choose(request(replace(analysis, kind=kind), strokes=(DOT,), method="levin")).info.id == "levin"


@pytest.fixture
def no_weights(monkeypatch, tmp_path) -> None:
    """None came with the program."""
    monkeypatch.setattr(weights, "resources", lambda: tmp_path / "resources")


def shipping(tmp_path: Path, name: str) -> None:
    """Let weights of a method come with the program, where ``no_weights`` has it look for them."""
    folder = tmp_path / "resources" / "weights"
    folder.mkdir(parents=True)
    found = taught(folder / f"{name}.safetensors", method=name)
    (folder / weights.SUMS).write_text(f"{weights.sha256(found)}  {found.path.name}\n")


@pytest.mark.usefixtures("no_weights")
def test_a_method_that_learned_no_series_says_how_it_comes_to_it(analysis, tmp_path):
    row = next(row for row in capabilities() if row.info.id == METHOD)
    assert not row.available
    assert f"mangapaint train {METHOD}" in row.why_not
    lack = missing(row.info, request(analysis))
    assert lack.startswith(f"{METHOD} needs weights: ")
    assert "mangapaint train" in lack
    assert "--weights" in lack
    with pytest.raises(UserError, match="mangapaint train"):
        choose(request(analysis, method=METHOD, strokes=(DOT,)))
    of_another = taught(tmp_path / "unet.safetensors", method="unet")
    assert "mangapaint train" in missing(row.info, request(analysis, weights=of_another))


@pytest.mark.usefixtures("no_weights")
def test_given_weights_make_their_method_able(analysis, tmp_path):
    given = taught(tmp_path / "two.safetensors")
    assert missing(method(METHOD).info, request(analysis, weights=given)) == ""
    able = {row.info.id for row in capabilities(given) if row.available}
    assert METHOD in able
    assert "unet" not in able
    assert choose(request(analysis, method=METHOD, weights=given)).info.id == METHOD


@pytest.mark.usefixtures("no_weights")
@pytest.mark.parametrize(("name", "hinted"), [("guided", "guided"), ("colorful", "propagation")])
def test_weights_that_came_along_make_their_method_able_and_auto_thinks_of_it(analysis, tmp_path, name, hinted):
    shipping(tmp_path, name)
    assert name in {row.info.id for row in capabilities() if row.available}
    assert choose(request(analysis, method=name)).info.id == name
    gray = replace(analysis, kind=Kind.GRAY)
    assert choose(request(gray, strokes=(DOT,))).info.id == hinted
    assert choose(request(gray)).info.id == name


@pytest.mark.usefixtures("no_weights")
def test_on_line_art_hints_alone_are_better_than_what_a_network_makes_of_them(analysis, tmp_path):
    shipping(tmp_path, "guided")
    assert choose(request(analysis, strokes=(DOT,))).info.id == "propagation"
    assert choose(request(analysis, method="guided", strokes=(DOT,))).info.id == "guided"


@pytest.mark.usefixtures("no_weights")
def test_auto_never_takes_what_learned_a_series_unless_it_is_given(analysis, tmp_path):
    shipping(tmp_path, "unet")
    with pytest.raises(UserError, match="nothing to colour the page from"):
        choose(request(analysis))


@pytest.mark.usefixtures("no_weights")
def test_auto_is_the_method_of_the_weights_unless_there_are_references(analysis, tmp_path):
    given = taught(tmp_path / "two.safetensors")
    assert choose(request(analysis, weights=given)).info.id == METHOD
    assert choose(request(analysis, weights=given, strokes=(DOT,))).info.id == METHOD
    reference = drawing.page(drawing.colored(64))
    assert choose(request(analysis, weights=given, references=(reference,))).info.id == "matcher"


@pytest.mark.usefixtures("no_weights")
def test_weights_of_a_method_that_there_is_not_are_refused(analysis, tmp_path):
    given = taught(tmp_path / "new.safetensors", method="magic")
    with pytest.raises(UserError, match="no method 'magic'"):
        choose(request(analysis, weights=given))


@pytest.mark.usefixtures("no_weights")
def test_weights_that_have_gone_are_said_to_be_gone(analysis, tmp_path):
    given = taught(tmp_path / "gone.safetensors")
    given.path.unlink()
    assert "gone.safetensors" in missing(method(METHOD).info, request(analysis, weights=given))
    assert not any(row.available for row in capabilities(given) if row.info.id == METHOD)


def test_weights_given_by_name_are_not_left_aside(tmp_path):
    given = taught(tmp_path / "two.safetensors")
    check_weights(method(METHOD).info, given)
    check_weights(method("unet").info, None)
    with pytest.raises(UserError, match=f"of the method {METHOD}, not unet") as error:
        check_weights(method("unet").info, given)
    assert error.value.path == given.path
    with pytest.raises(UserError, match="leave --weights out"):
        check_weights(method("matcher").info, given)


def test_methods_have_each_an_id_of_their_own_and_a_source():
    rows = capabilities()
    assert len({row.info.id for row in rows}) == len(rows) > 0
    assert registry.AUTO not in {row.info.id for row in rows}
    assert all(row.info.source and row.info.title and row.info.kinds for row in rows)
    assert all(row.available or row.why_not for row in rows)


@pytest.mark.parametrize(
    ("wanted", "offered", "gpu", "device_id"),
    [
        ("auto", ("cpu",), "H", "cpu"),
        ("auto", ("cpu", "cuda"), "H", "cuda"),
        ("auto", ("cpu", "cuda"), "", "cpu"),
        ("cpu", ("cpu", "cuda"), "H", "cpu"),
        ("cuda", ("cpu", "cuda"), "H", "cuda"),
        ("cuda", ("cpu",), "H", "cpu"),
    ],
)
def test_the_device_is_what_was_asked_for_and_is_there(monkeypatch, wanted, offered, gpu, device_id):
    monkeypatch.setattr(device, "probe", lambda: Devices("2", gpu, "" if gpu else "no driver"))
    assert resolve(wanted, offered) == device_id


@pytest.mark.parametrize("offered", [("cpu",), ("cpu", "cuda")])
def test_a_gpu_that_is_not_there_is_refused_with_the_remedy(monkeypatch, offered):
    monkeypatch.setattr(device, "probe", lambda: Devices("2", why_not="no driver"))
    with pytest.raises(UserError, match="no driver") as refused:
        resolve("cuda", offered)
    assert "--device cpu" in refused.value.remedy


@pytest.mark.parametrize("wanted", ["auto", "cpu"])
def test_the_processor_needs_no_look_at_torch(monkeypatch, wanted):
    def probe() -> Devices:
        raise AssertionError("torch was asked")

    monkeypatch.setattr(device, "probe", probe)
    assert resolve(wanted, ("cpu",)) == "cpu"
