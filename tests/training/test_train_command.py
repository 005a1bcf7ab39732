"""``mangapaint train``: the files it writes, how it stops and goes on, and one line for whatever cannot be done."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image
from shown import toy_scenes

from mangapaint.cli import main
from mangapaint.colorizers.weights import Weights, load, metadata
from mangapaint.training import checkpoint

__all__ = ["toy_scenes"]

ROOT = Path(__file__).parents[2]
QUICK = ("--size", "32", "--batch", "2", "--shape", "width=2", "--device", "cpu", "--workers", "0")


def picture(seed: int) -> np.ndarray:
    """A few discs in colours on paper."""
    rng = np.random.default_rng(seed)
    pixels = np.full((64, 64, 3), 255, np.uint8)
    for _ in range(4):
        middle = tuple(int(value) for value in rng.integers(10, 54, 2))
        cv2.circle(pixels, middle, int(rng.integers(6, 16)), tuple(int(v) for v in rng.integers(30, 220, 3)), -1)
        cv2.circle(pixels, middle, 10, (0, 0, 0), 1)
    return pixels


@pytest.fixture
def data(tmp_path) -> Path:
    folder = tmp_path / "frogs"
    folder.mkdir()
    for number in range(6):
        Image.fromarray(picture(number)).save(folder / f"{number}.png")
    return folder


@pytest.fixture
def out(tmp_path) -> Path:
    return tmp_path / "unet.v1.safetensors"


def train(*arguments: object) -> int:
    return main(["train", *map(str, arguments)])


def refused(capsys, *arguments: object, code: int = 1) -> str:
    """The last line on stderr of a command that fails; nothing else is a complaint."""
    assert train(*arguments) == code
    said = capsys.readouterr()
    assert said.out == ""
    assert "Traceback" not in said.err
    return said.err.splitlines()[-1]


def test_it_writes_weights_log_sheets_and_checkpoint(capsys, data, out):
    assert train("unet", "--data", data, "--steps", 50, "-o", out, "--credits", "Ann Artist", "--json", *QUICK) == 0
    said = capsys.readouterr()
    report = json.loads(said.out)
    assert report["step"] == 50
    assert report["ended"]
    assert not report["interrupted"]
    assert report["error"] > 0
    load(Weights.at(out), "unet")
    about = metadata(out)
    assert (about["credits"], about["steps"], about["seed"], about["inputs"]) == ("Ann Artist", "50", "0", "gray")
    assert about["network.width"] == "2"
    with (out.parent / "unet.v1.log.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert int(rows[-1]["step"]) == 50
    assert float(rows[-1]["validation"]) == pytest.approx(float(about["validation"]), rel=1e-3)
    assert 0 <= float(rows[-1]["waiting"]) <= 1
    assert sorted(path.name for path in (out.parent / "unet.v1.sheets").iterdir()) == ["step-000025.png",
                                                                                      "step-000050.png"]  # fmt: skip
    assert checkpoint.read(out.parent / "unet.v1.checkpoint").said["moment"]["step"] == 50
    assert "5 pictures to learn from, 1 for validation" in said.err


def test_the_same_again_comes_to_the_same(data, tmp_path):
    outs = [tmp_path / f"{name}.safetensors" for name in "ab"]
    for path in outs:
        assert train("unet", "--data", data, "--steps", 4, "-o", path, *QUICK) == 0
    weights = [load(Weights.at(path), "unet").state_dict() for path in outs]
    assert all((weights[0][name] == weights[1][name]).all() for name in weights[0])
    lines = sorted(f"frogs/{n}.png {hashlib.sha256((data / f'{n}.png').read_bytes()).hexdigest()}" for n in range(6))
    series = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    about = metadata(outs[0])
    assert about["data_sha256"] == hashlib.sha256(f"frogs {series}".encode()).hexdigest()
    assert json.loads(about["data"]) == {"frogs": [6, series]}
    assert about["mangapaint"]
    assert about["torch"]


def test_minutes_end_it(capsys, data, out):
    assert train("unet", "--data", data, "--minutes", 0.02, "-o", out, *QUICK) == 0
    assert "steps in" in capsys.readouterr().out
    assert metadata(out)["seconds"] in ("1", "2", "3")


SLOW = """
import sys, time
from mangapaint.cli import main
from mangapaint.training.stepping import Learner
step, pauses = Learner.step, iter([0.1, 0.1, THIRD])
def slowly(self, *arguments, **named):
    print("step", flush=True)
    time.sleep(next(pauses, 0.1))
    return step(self, *arguments, **named)
Learner.step = slowly
sys.exit(main(sys.argv[1:]))
"""


def _hears_ctrl_c() -> None:
    """What was started in the background of a shell is deaf to it, and so would be what it starts."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def started(*arguments: object, seconds: float = 0.1) -> subprocess.Popen[str]:
    """A training in a process of its own, once it is in its third step, which takes so long."""
    code = SLOW.replace("THIRD", str(seconds))
    running = subprocess.Popen([sys.executable, "-c", code, "train", *map(str, arguments)], cwd=ROOT, text=True,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=_hears_ctrl_c,
                               env={**os.environ, "PYTHONPATH": str(ROOT)})  # fmt: skip
    for _ in range(3):
        assert running.stdout.readline() == "step\n"
    return running


def test_ctrl_c_leaves_files_to_go_on_from(data, out, capsys):
    arguments = ["unet", "--data", data, "--steps", 60, "-o", out, *QUICK]
    running = started(*arguments)
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=60)
    assert running.returncode == 130
    assert "Traceback" not in said
    assert "--resume goes on" in said.splitlines()[-1]
    load(Weights.at(out), "unet")
    stopped = checkpoint.read(out.with_name("unet.v1.checkpoint")).said["moment"]["step"]
    assert 3 <= stopped < 60

    assert "--resume" in refused(capsys, *arguments)
    assert train(*arguments, "--resume") == 0
    resumed = load(Weights.at(out), "unet").state_dict()
    rows = out.with_name("unet.v1.log.csv").read_text().splitlines()
    assert [int(row.split(",")[0]) for row in rows[1:]] == sorted({int(row.split(",")[0]) for row in rows[1:]})
    whole = out.with_name("whole.safetensors")
    arguments[arguments.index(out)] = whole
    assert train(*arguments) == 0
    uninterrupted = load(Weights.at(whole), "unet").state_dict()
    assert all((resumed[name] == uninterrupted[name]).all() for name in resumed)


def test_being_told_to_end_is_as_good(data, out):
    running = started("unet", "--data", data, "--steps", 60, "-o", out, "--json", *QUICK)
    running.send_signal(signal.SIGTERM)
    printed, _ = running.communicate(timeout=60)
    assert running.returncode == 130
    assert json.loads(printed[printed.index("{") :])["interrupted"]
    assert out.exists()


def test_a_second_ctrl_c_ends_it_at_once(data, out):
    running = started("unet", "--data", data, "--steps", 9, "-o", out, *QUICK, seconds=60)
    running.send_signal(signal.SIGINT)
    while "finishing" not in running.stderr.readline():
        assert running.poll() is None
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=30)
    assert running.returncode == 130
    assert "interrupted" in said
    assert "Traceback" not in said
    assert not out.exists()


def test_more_can_be_learned_and_begun_from(data, out, tmp_path):
    first = ("unet", "--data", data, "-o", out, *QUICK)
    assert train(*first, "--steps", 3) == 0
    assert train(*first, "--steps", 5, "--resume") == 0
    assert metadata(out)["steps"] == "5"
    further = tmp_path / "further.safetensors"
    assert train("unet", "--data", data, "--steps", 1, "--from", out, "-o", further, *QUICK) == 0
    begun = json.loads(metadata(further)["from"])
    assert begun["steps"] == metadata(out)["steps"]
    third = tmp_path / "third.safetensors"
    assert train("unet", "--data", data, "--steps", 1, "--from", further, "-o", third, *QUICK) == 0
    assert json.loads(json.loads(metadata(third)["from"])["from"]) == begun
    assert train("unet", "--data", data, "--steps", 2, "--resume", "-o", third, *QUICK) == 0
    assert json.loads(json.loads(metadata(third)["from"])["from"]) == begun, "what it began with is not forgotten"
    assert train(*first, "--steps", 1) == 0, "a training that came to its end may be begun anew"


@pytest.mark.parametrize(("arguments", "said"), [
    (("levin",), "nothing that can be trained"),
    (("unet", "--steps", 0), "--steps"),
    (("unet", "--minutes", "nan"), "--minutes"),
    (("unet", "--size", 7), "--size"),
    (("unet", "--batch", 0), "--batch"),
    (("unet", "--rate", -1), "--rate"),
    (("unet", "--workers", -1), "--workers"),
    (("unet", "--seed", -1), "--seed"),
    (("unet", "--patience", 0), "--patience"),
    (("unet", "--scenes", -1), "--scenes"),
    (("unet", "--every", 0), "--every"),
    (("unet", "--input", "gray,colour"), "'colour'"),
    (("unet", "--shape", "width"), "KEY=VALUE"),
    (("unet", "--shape", "height=3"), "--shape"),
    (("unet", "--shape", "width=many"), "--shape"),
    (("unet", "--from", "none.safetensors"), "none.safetensors"),
    (("unet", "--from", "none.safetensors", "--resume"), "one of them"),
    (("unet", "--resume"), "--resume"),
    (("unet", "--recipe", "shipped"), "no weights of unet ship"),
    (("levin", "--recipe", "shipped"), "nothing that can be trained"),
    (("unet", "--data", "nowhere"), "nowhere"),
])  # fmt: skip
def test_what_cannot_be_done_is_said_in_one_line(capsys, data, out, arguments, said):
    method, *further = arguments
    line = refused(capsys, method, "--data", data, "-o", out, "--device", "cpu", *further)
    assert line.startswith("mangapaint: ")
    assert said in line
    assert not out.exists()


def test_without_pictures_there_is_nothing_to_learn_from(capsys, out, tmp_path):
    assert "--data" in refused(capsys, "unet", "-o", out)
    (tmp_path / "empty").mkdir()
    assert "no coloured pictures" in refused(capsys, "unet", "--data", tmp_path / "empty", "-o", out)


@pytest.mark.parametrize("name", ["unet.bin", "nowhere/unet.safetensors"])
def test_a_file_that_cannot_be_written_is_said_before_any_work(capsys, data, tmp_path, name):
    line = refused(capsys, "unet", "--data", data, "-o", tmp_path / name)
    assert name in line


def test_a_checkpoint_of_another_method_is_refused(capsys, data, out):
    assert train("unet", "--data", data, "--steps", 1, "-o", out, *QUICK) == 0
    capsys.readouterr()
    line = refused(capsys, "gan", "--data", data, "--steps", 2, "-o", out, "--resume", *QUICK)
    assert "method unet" in line


def test_wrong_usage_is_code_2(capsys, out):
    assert train("unet", "--minutes", "soon", "-o", out) == 2
    assert train("unet") == 2
    assert "usage" in capsys.readouterr().err


def test_what_cannot_be_written_on_the_way_is_said_and_it_goes_on(capsys, data, out):
    out.with_name("unet.v1.sheets").write_text("in the way")
    assert train("unet", "--data", data, "--steps", 2, "-o", out, *QUICK) == 0
    assert "unet.v1.sheets" in capsys.readouterr().err
    assert out.exists()


# --- as the weights that ship are taught

TINY = ("--steps", "2", "--size", "32", "--batch", "2", "--device", "cpu", "--workers", "0")


def test_as_shipped_weights_learn_from_all_sorts_of_pages_and_say_from_what(capsys, data, tmp_path, toy_scenes):
    out = tmp_path / "guided.safetensors"
    arguments = ("guided", "--recipe", "shipped", "--data", data, "--scenes", 3, "-o", out, *TINY)
    assert train(*arguments) == 0
    network, about = load(Weights.at(out), "guided"), metadata(out)
    assert network.shape["size"] == "small"
    assert (about["inputs"], about["steps"], about["size"], about["batch"]) == ("gray,ink,tone", "2", "32", "2")
    learned = json.loads(about["data"])
    assert int(about["scenes"]) + len(learned) == 3, "of four series one is for validation"
    assert set(learned) <= {"frogs"}
    assert all(count == 6 and len(digest) == 64 for count, digest in learned.values())
    assert about["split"] == "3 series for training, 1 for validation, by lot"
    assert {"mangapaint", "torch", "precision", "data_sha256"} <= set(about)
    assert about["split"] in capsys.readouterr().err
    assert train(*arguments[: -len(TINY)], *TINY[2:], "--steps", 3, "--resume") == 0
    assert metadata(out)["steps"] == "3"


def test_without_scenes_the_pictures_that_are_given_do(data, tmp_path):
    out = tmp_path / "guided.safetensors"
    arguments = ("guided", "--recipe", "shipped", "--data", data, "--scenes", 0, "-o", out, "--input", "ink")
    assert train(*arguments, *TINY) == 0
    about = metadata(out)
    assert (about["inputs"], about["scenes"]) == ("ink", "0")
    assert list(json.loads(about["data"])) == ["frogs"]


def test_no_other_recipe_is_known(capsys, data, out):
    assert train("guided", "--recipe", "stew", "--data", data, "-o", out) == 2
    assert "shipped" in capsys.readouterr().err
