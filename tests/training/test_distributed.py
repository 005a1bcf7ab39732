"""Several processes learn what one does, and stay together."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import lessons
import pytest
import torch
from lessons import finish, plan, trainer

from mangapaint.errors import UserError
from mangapaint.training import checkpoint
from mangapaint.training.checkpoint import Checkpoint
from mangapaint.training.distributed import Group, joined
from mangapaint.training.recipes import RECIPES

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


def together(path: Path, *, steps: int, told_to_stop: int = -1) -> Checkpoint:
    """What two processes on this machine have learned together."""
    started = [sys.executable, "-m", "torch.distributed.run", "--nnodes=1", "--nproc-per-node=2",
               "--rdzv-backend=c10d", "--rdzv-endpoint=127.0.0.1:0", "--local-addr=127.0.0.1"]  # fmt: skip
    quiet = {"GLOO_SOCKET_IFNAME": "lo", "OMP_NUM_THREADS": "1", "PYTHONPATH": f"{ROOT}:{HERE}"}
    done = subprocess.run([*started, HERE / "together.py", path, str(steps), str(told_to_stop)], cwd=ROOT,
                          env={**os.environ, **quiet}, capture_output=True, text=True, timeout=180)  # fmt: skip
    assert done.returncode == 0, done.stderr
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


def test_one_process_needs_no_others():
    with joined("cpu") as group:
        assert group == Group(0, 1, "cpu")
        assert group.agreed([0.5, 1.0]) == [0.5, 1.0]


def test_a_batch_that_cannot_be_divided_is_refused():
    with pytest.raises(UserError, match="2 divides"):
        Group(0, 2).check_batch(5)
    Group(0, 2).check_batch(6)
