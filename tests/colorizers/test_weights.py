"""Weights are read whole, or refused in one line: whatever the file holds, nothing of it is run."""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import struct
import zipfile
from pathlib import Path

import pytest
import torch
from safetensors.torch import save
from taught import GREEN, METHOD, TwoColors, taught, two_colors  # noqa: F401 - a fixture

from mangapaint.colorizers import weights
from mangapaint.colorizers.networks.colorful import Colorful
from mangapaint.colorizers.networks.table import NETWORKS
from mangapaint.colorizers.weights import FORMAT, SHAPE, Weights, load, meant_for, metadata, method_of, shipped
from mangapaint.errors import UserError
from mangapaint.training.saving import save_weights

pytestmark = pytest.mark.usefixtures("two_colors")
SAID = {"format": FORMAT, "method": METHOD, SHAPE + "knows": "distribution"}


def tensors(**others: torch.Tensor) -> dict[str, torch.Tensor]:
    """What the network holds, some of it replaced."""
    whole = {"colors": torch.zeros(2, 3).half(), "certain": torch.tensor(1.0).half(), "steps": torch.tensor(3)}
    return whole | others


def file(path: Path, found: dict[str, torch.Tensor] | None = None, **said: str) -> Weights:
    path.write_bytes(save(tensors() if found is None else found, SAID | said))
    return Weights.at(path)


def listed(*paths: Path) -> None:
    """List the hashes of files beside them, as ``sha256sum`` does."""
    rows = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in paths]
    (paths[0].parent / "SHA256SUMS").write_text("".join(rows))


@pytest.fixture
def along(tmp_path, monkeypatch) -> Weights:
    """Weights that came with the program, and are listed."""
    monkeypatch.setattr(weights, "resources", lambda: tmp_path / "resources")
    folder = tmp_path / "resources" / "weights"
    folder.mkdir(parents=True)
    found = taught(folder / f"{METHOD}.safetensors")
    listed(found.path)
    return found


def written(path: Path, content: bytes) -> None:
    """Write a file anew, at another moment."""
    moment = path.stat().st_mtime_ns
    path.write_bytes(content)
    os.utime(path, ns=(0, moment + 1_000_000))


def headed(header: bytes, rest: bytes = b"") -> bytes:
    return struct.pack("<Q", len(header)) + header + rest


def refused(found: Weights | Path, method: str = METHOD) -> str:
    """The line that loading is refused with."""
    with pytest.raises(UserError) as error:
        load(Weights.at(found) if isinstance(found, Path) else found, method)
    line = error.value.line()
    assert "\n" not in line
    assert error.value.path is not None
    assert error.value.path.name in line
    assert error.value.remedy
    return line


def test_a_network_comes_out_as_it_went_in_and_is_shared(tmp_path):
    found = taught(tmp_path / "two.safetensors", credits="drawn here")
    network = load(found, METHOD)
    assert isinstance(network, TwoColors)
    assert network.colors[0].tolist() == list(GREEN)
    assert network.colors.dtype == torch.float32
    assert int(network.steps) == 3
    assert not network.training
    assert load(Weights.at(found.path), METHOD) is network
    assert metadata(found.path)["credits"] == "drawn here"
    assert method_of(found) == METHOD


def test_another_training_into_the_same_file_is_read_anew(tmp_path):
    first = taught(tmp_path / "two.safetensors")
    network = load(first, METHOD)
    second = taught(first.path, certain=2.0)
    os.utime(second.path, ns=(0, first.moment + 1_000_000))
    assert float(load(Weights.at(second.path), METHOD).certain) == 2.0 != float(network.certain)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00",
        b"not at all weights, but a text of some length",
        pickle.dumps({"weights": [1, 2, 3]}),
        headed(b"{}"),
        headed(b"[]"),
        headed(b"null"),
        headed(b'{"__metadata__": []}'),
        headed(b'{"__metadata__": {"format": 1}}'),
        headed(json.dumps({"__metadata__": {"format": FORMAT}}).encode()),
        headed(json.dumps({"__metadata__": {"format": "pt", "method": METHOD}}).encode()),
        headed(b'{"__metadata__": {"format": "\xff"}}'),
        headed(b"[" * 200_000),
        struct.pack("<Q", 2**63) + b"{}",
        struct.pack("<Q", (1 << 24) + 1) + b"{" + b" " * 100,
    ],
    ids=["empty", "one byte", "text", "pickle", "no tensors", "a list", "null", "metadata a list", "a number",
         "no method", "of others", "no unicode", "nested", "huge", "large"],
)  # fmt: skip
def test_what_is_no_file_of_weights_is_refused(tmp_path, content):
    path = tmp_path / "other.safetensors"
    path.write_bytes(content)
    assert "this is no file of weights" in refused(path)


def test_a_pickle_in_a_zip_is_never_opened(tmp_path):
    touched = tmp_path / "touched"

    class Trap:
        def __reduce__(self):
            return Path.touch, (touched,)

    path = tmp_path / "trap.safetensors"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("archive/data.pkl", pickle.dumps(Trap()))
    assert "no file of weights" in refused(path)
    assert not touched.exists()


@pytest.mark.parametrize(("kept", "told"), [(0.4, "no file of weights"), (0.98, "damaged")])
def test_a_file_that_ends_too_soon_is_refused(tmp_path, kept, told):
    path = taught(tmp_path / "two.safetensors").path
    path.write_bytes(path.read_bytes()[: int(kept * path.stat().st_size)])
    assert told in refused(path)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("colors", torch.zeros(3, 3).half()),
        ("colors", torch.zeros(6).half()),
        ("colors", torch.zeros(2, 3, dtype=torch.int32)),
        ("colors", torch.zeros(2, 3, dtype=torch.complex64)),
        ("colors", torch.full((2, 3), torch.nan)),
        ("certain", torch.tensor(torch.inf)),
        ("steps", torch.tensor(3.0)),
        ("more", torch.zeros(1)),
    ],
)
def test_other_tensors_than_the_networks_are_refused(tmp_path, name, value):
    assert "damaged, or of another version" in refused(file(tmp_path / "odd.safetensors", tensors(**{name: value})))


def test_a_tensor_that_is_missing_is_refused(tmp_path):
    found = tensors()
    del found["certain"]
    assert "damaged" in refused(file(tmp_path / "less.safetensors", found))


def test_a_header_that_points_beyond_the_file_is_refused(tmp_path):
    header = {"__metadata__": SAID, "colors": {"dtype": "F16", "shape": [2, 3], "data_offsets": [0, 1 << 40]}}
    path = tmp_path / "beyond.safetensors"
    path.write_bytes(headed(json.dumps(header).encode(), bytes(12)))
    assert "damaged" in refused(path)


def test_a_shape_that_the_network_does_not_know_is_refused(tmp_path):
    assert "another version" in refused(file(tmp_path / "one.safetensors", None, **{SHAPE + "knows": "nothing"}))
    assert "another version" in refused(file(tmp_path / "two.safetensors", None, **{SHAPE + "depth": "9"}))


@pytest.mark.parametrize("method", ["palette-classes", "unet", "gan", "colorful"])
def test_a_network_that_says_it_is_huge_takes_no_memory(tmp_path, monkeypatch, method):
    monkeypatch.setitem(NETWORKS, METHOD, Colorful)
    path = tmp_path / "huge.safetensors"
    found = {"format": FORMAT, "method": method, SHAPE + "width": "1000000"}
    path.write_bytes(save({"first.weight": torch.zeros(4)}, found))
    with pytest.raises(UserError, match="damaged, or of another version"):
        load(Weights.at(path), method)


def test_weights_of_another_method_are_refused_by_name(tmp_path):
    found = taught(tmp_path / "two.safetensors")
    line = refused(found, "unet")
    assert f"of the method {METHOD}, not unet" in line
    assert "choose weights of unet" in line


def test_a_method_that_does_not_exist_has_no_network(tmp_path):
    assert "another version" in refused(file(tmp_path / "new.safetensors", method="magic"), "magic")


def test_no_file_a_folder_and_a_device_are_refused(tmp_path):
    for path in (tmp_path / "nowhere.safetensors", tmp_path, Path(os.devnull)):
        with pytest.raises(UserError) as error:
            Weights.at(path)
        assert str(path) in error.value.line()
        assert "mangapaint train" in error.value.remedy
    circle = tmp_path / "circle"
    circle.symlink_to(circle)
    with pytest.raises(UserError, match="cannot be read"):
        Weights.at(circle)


def test_a_file_that_has_gone_is_refused(tmp_path):
    found = taught(tmp_path / "gone.safetensors")
    found.path.unlink()
    assert "cannot be read" in refused(found)


def test_given_weights_are_for_their_method_and_others_have_those_that_came_along(tmp_path, along):
    given = taught(tmp_path / "unet.safetensors", method="unet")
    assert meant_for("unet", given) == given
    assert meant_for("gan", given) is None
    assert meant_for(METHOD, given) == meant_for(METHOD, None) == shipped(METHOD) == along
    assert weights.shipped_files() == (along.path,)
    assert meant_for("unet", None) is shipped("unet") is None


def changed(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    written(path, bytes(content))


def cut(path: Path) -> None:
    written(path, path.read_bytes()[:-1])


def not_listed(path: Path) -> None:
    other = path.with_name("other.safetensors")
    other.write_bytes(path.read_bytes())
    listed(other)


def no_list(path: Path) -> None:
    path.with_name("SHA256SUMS").unlink()


def list_of_something_else(path: Path) -> None:
    path.with_name("SHA256SUMS").write_bytes(b"\xff\x00\n\nno list at all\n" + path.name.encode())


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (changed, "is damaged or was changed: its hash is not that in SHA256SUMS"),
        (cut, "is damaged or was changed"),
        (not_listed, "is not listed in SHA256SUMS"),
        (no_list, "is not listed in SHA256SUMS"),
        (list_of_something_else, "is not listed in SHA256SUMS"),
    ],
)
def test_what_came_along_is_used_only_as_it_came(tmp_path, along, harm, told):
    assert shipped(METHOD) == along
    harm(along.path)
    assert shipped(METHOD) is None
    with pytest.raises(UserError) as error:
        meant_for(METHOD, None)
    assert error.value.path == along.path
    assert told in error.value.line()
    assert error.value.remedy == f"install mangapaint again, or train it (mangapaint train {METHOD})"
    given = taught(tmp_path / "given.safetensors")
    assert meant_for(METHOD, given) == given


@pytest.mark.parametrize("row", ["{hash} *{name}\r\n", "{HASH}  {name}", "\n{hash}  {name}\n{hash}  another\n"])
def test_the_list_may_be_written_as_other_programs_do(along, row):
    digits = hashlib.sha256(along.path.read_bytes()).hexdigest()
    text = row.format(hash=digits, HASH=digits.upper(), name=along.path.name)
    along.path.with_name("SHA256SUMS").write_bytes(text.encode())
    assert shipped(METHOD) == along


def test_a_file_is_hashed_once_until_it_is_written_anew(along, monkeypatch):
    hashed = []
    real = hashlib.file_digest
    monkeypatch.setattr(weights.hashlib, "file_digest", lambda file, name: hashed.append(file.name) or real(file, name))
    for _ in range(3):
        assert meant_for(METHOD, None) == along
    assert hashed == [str(along.path)]
    written(along.path, along.path.read_bytes())
    assert shipped(METHOD) == shipped(METHOD) == Weights.at(along.path) != along
    assert hashed == [str(along.path)] * 2


@pytest.mark.parametrize("method", ["palette-classes", "unet", "gan", "colorful"])
def test_each_network_comes_back_from_its_file(tmp_path, monkeypatch, method):
    monkeypatch.setitem(NETWORKS, METHOD, Colorful)
    network = NETWORKS[method]({"width": "8"})
    save_weights(tmp_path / "one.safetensors", network, method=method, shape=network.shape, about={})
    again = load(Weights.at(tmp_path / "one.safetensors"), method)
    assert again.shape == network.shape
    for name, value in again.state_dict().items():
        own = network.state_dict()[name]
        assert torch.equal(value, own.half().float() if own.is_floating_point() else own)
