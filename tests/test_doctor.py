from __future__ import annotations

import hashlib
import json
import re
import sys
from pathlib import Path

import pytest

from mangapaint import cli, doctor
from mangapaint.colorizers import weights
from mangapaint.colorizers.device import Devices

FIELDS = {
    "mangapaint", "python", "system", "packages", "device", "memory_gb", "display", "system_libraries", "settings",
    "resources", "weights", "problems",
}  # fmt: skip
LOADS = doctor._loads


@pytest.fixture(autouse=True)
def _whole_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that lacks nothing, whatever this one is; asking torch itself would take seconds."""
    monkeypatch.setattr(doctor, "probe", lambda: Devices("2.13.0", why_not="no CUDA device or driver was found"))
    monkeypatch.setattr(doctor, "_loads", lambda file: True)
    monkeypatch.setattr(doctor, "_version", lambda package: "1.0")
    monkeypatch.setattr(doctor, "NEEDED_MEMORY_GB", 0.0)
    monkeypatch.setattr(sys, "platform", "linux")


def report(capsys: pytest.CaptureFixture[str]) -> tuple[int, dict]:
    code = cli.main(["doctor", "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_json_has_the_fields_and_nothing_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    code, found = report(capsys)
    assert code == 0
    assert set(found) == FIELDS
    assert found["problems"] == []
    assert set(found["packages"]) >= {"torch", "numpy", "PySide6-Essentials"}
    assert found["device"]["cpu_cores"] >= 1
    assert found["memory_gb"]["total"] > 0
    assert Path(found["resources"]).is_dir()


def test_missing_library_gives_the_line_that_installs_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "_loads", lambda file: file not in {"libEGL.so.1", "libxcb-cursor.so.0"})
    code, found = report(capsys)
    assert code == 1
    assert found["system_libraries"]["missing"] == ["libEGL.so.1", "libxcb-cursor.so.0"]
    assert [row["remedy"] for row in found["problems"]] == ["sudo apt-get install -y libegl1 libxcb-cursor0"]


def test_system_libraries_are_asked_for_on_linux_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_loads", lambda file: False)
    assert doctor.missing_libraries(doctor.libraries()) == doctor.libraries()
    monkeypatch.setattr(sys, "platform", "darwin")
    assert doctor.missing_libraries(doctor.libraries()) == ()


def test_missing_package_gives_the_pip_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "_version", lambda package: None if package == "scipy" else "1.0")
    code, found = report(capsys)
    assert code == 1
    assert found["problems"][0]["remedy"] == "python -m pip install scipy"


def test_a_doctor_without_psutil_still_speaks(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "psutil", None)  # importing it fails
    monkeypatch.setattr(doctor, "_version", lambda package: None if package == "psutil" else "1.0")
    assert cli.main(["doctor"]) == 1
    printed = capsys.readouterr().out
    assert "memory     unknown" in printed
    assert "python -m pip install psutil" in printed


def test_little_memory_is_said(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "NEEDED_MEMORY_GB", 1e6)
    assert cli.main(["doctor"]) == 1
    assert "GB of memory" in capsys.readouterr().out


def listed(folder: Path) -> None:
    """List the hashes of a folder's files in it, as ``sha256sum`` does."""
    rows = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in folder.glob("*.safetensors")]
    (folder / "SHA256SUMS").write_text("".join(rows))


def test_weights_are_named_and_what_is_no_file_of_weights_is_a_problem(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    header = json.dumps({"__metadata__": {"format": "mangapaint 1", "method": "unet"}}).encode()
    folder = tmp_path / "weights"
    folder.mkdir()
    (folder / "unet.safetensors").write_bytes(len(header).to_bytes(8, "little") + header)
    listed(folder)
    monkeypatch.setattr(weights, "resources", lambda: tmp_path)
    code, found = report(capsys)
    assert (code, found["weights"]) == (0, ["unet"])
    (folder / "gan.safetensors").write_bytes(b"no weights at all")
    listed(folder)
    code, found = report(capsys)
    assert (code, found["weights"]) == (1, ["unet"])
    assert "gan.safetensors: this is no file of weights" in found["problems"][0]["what"]
    assert found["problems"][0]["remedy"] == "install mangapaint again"
    assert cli.main(["doctor"]) == 1
    assert "weights    unet" in capsys.readouterr().out


def test_weights_that_are_not_as_they_came_are_a_problem(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    header = json.dumps({"__metadata__": {"format": "mangapaint 1", "method": "unet"}}).encode()
    folder = tmp_path / "weights"
    folder.mkdir()
    path = folder / "unet.safetensors"
    path.write_bytes(len(header).to_bytes(8, "little") + header)
    monkeypatch.setattr(weights, "resources", lambda: tmp_path)
    for text, told in (
        ("", "is not listed in SHA256SUMS"),
        (f"{'0' * 64}  {path.name}\n", "is damaged or was changed"),
    ):
        (folder / "SHA256SUMS").write_text(text)
        code, found = report(capsys)
        assert (code, found["weights"]) == (1, [])
        assert f"{path}: this file {told}" in found["problems"][0]["what"]
        assert found["problems"][0]["remedy"] == "install mangapaint again"
    assert cli.main(["doctor"]) == 1
    assert "weights    none to use" in capsys.readouterr().out


def test_text_names_problems_with_their_remedy(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cli.main(["doctor"]) == 0
    assert "nothing is missing" in capsys.readouterr().out
    monkeypatch.setattr(doctor, "_loads", lambda file: False)
    assert cli.main(["doctor"]) == 1
    printed = capsys.readouterr().out
    assert "! missing system libraries: libglib-2.0.so.0" in printed
    assert "  -> sudo apt-get install -y libglib2.0-0" in printed


def test_table_of_libraries_is_well_formed() -> None:
    rows = doctor.libraries()
    assert len({row.file for row in rows}) == len(rows) >= 11
    for row in rows:
        assert re.fullmatch(r"lib[\w+.-]+\.so(\.\d+)*", row.file), row
        assert re.fullmatch(r"[a-z0-9][a-z0-9+.-]+", row.package), row
    assert {row.only_x11 for row in rows} == {True, False}


def test_loader_is_really_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_loads", LOADS)
    missing = doctor.Library("libno-such-thing.so.9", "no-such-thing", only_x11=False)
    assert doctor.missing_libraries((missing,)) == (missing,)
