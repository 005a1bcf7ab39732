"""Several processes learn what one does, and stay together."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import lessons
import numpy as np
import pytest
import torch
from lessons import finish, plan, trainer
from PIL import Image

from mangapaint.colorizers.weights import metadata
from mangapaint.errors import UserError
from mangapaint.training import checkpoint
from mangapaint.training.checkpoint import Checkpoint
from mangapaint.training.distributed import Group, joined
from mangapaint.training.recipes import RECIPES

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


def two(*arguments: object) -> str:
    """Run a program as two processes on this machine; return what they printed."""
    started = [sys.executable, "-m", "torch.distributed.run", "--nnodes=1", "--nproc-per-node=2",
               "--rdzv-backend=c10d", "--rdzv-endpoint=127.0.0.1:0", "--local-addr=127.0.0.1"]  # fmt: skip
    quiet = {"GLOO_SOCKET_IFNAME": "lo", "OMP_NUM_THREADS": "1", "PYTHONPATH": f"{ROOT}:{HERE}"}
    done = subprocess.run([*started, *map(str, arguments)], cwd=ROOT, env={**os.environ, **quiet}, capture_output=True,
                          text=True, timeout=180)  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def together(path: Path, *, steps: int, told_to_stop: int = -1) -> Checkpoint:
    """What two processes have learned together."""
    two(HERE / "together.py", path, steps, told_to_stop)
    return checkpoint.read(path)


def test_two_processes_learn_what_one_does_with_their_batches_in_one(tmp_path, monkeypatch):
    monkeypatch.setitem(RECIPES, lessons.METHOD, lessons.RECIPE)
    found = together(tmp_path / "two.checkpoint", steps=12)
    alone = finish(trainer(plan(steps=12, batch=8))).checkpoint()
    assert found.tensors.keys() == alone.tensors.keys()
    for name, value in alone.tensors.items():
        torch.testing.assert_close(found.tensors[name], value, rtol=0, atol=1e-6)
    other = finish(trainer(plan(steps=12, batch=4))).checkpoint()
    assert not torch.allclose(found.tensors["course.network.last.weight"],
                              other.tensors["course.network.last.weight"], atol=1e-4)  # fmt: skip


def test_all_stop_when_one_is_told_to(tmp_path):
    assert together(tmp_path / "two.checkpoint", steps=40, told_to_stop=3).said["moment"]["step"] == 4


def test_the_command_speaks_and_writes_once(tmp_path):
    data = tmp_path / "frogs"
    data.mkdir()
    for number in range(4):
        pixels = np.random.default_rng(number).integers(256, size=(8, 8, 3), dtype=np.uint8)
        Image.fromarray(pixels.repeat(8, axis=0).repeat(8, axis=1)).save(data / f"{number}.png")
    out = tmp_path / "unet.safetensors"
    printed = two("-m", "mangapaint", "train", "unet", "--data", data, "--steps", 2, "--size", 32, "--batch", 4,
                  "--shape", "width=2", "--device", "cpu", "--workers", 0, "-o", out, "--json")  # fmt: skip
    assert json.loads(printed)["step"] == 2
    assert metadata(out)["batch"] == "4"
    assert (tmp_path / "unet.log.csv").read_text().count("\n") == 2


def test_one_process_needs_no_others():
    with joined("cpu") as group:
        assert group == Group(0, 1, "cpu")
        assert group.agreed([0.5, 1.0]) == [0.5, 1.0]


def test_a_batch_that_cannot_be_divided_is_refused():
    with pytest.raises(UserError, match="2 divides"):
        Group(0, 2).check_batch(5)
    Group(0, 2).check_batch(6)
