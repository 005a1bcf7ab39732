"""Where networks run: the processor always, a CUDA device where there is one. Imports torch only when asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mangapaint.errors import UserError

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True)
class Devices:
    """What torch found here; ``why_not`` says why there is no CUDA device."""

    torch: str
    cuda: str = ""
    why_not: str = ""


def probe() -> Devices:
    """Ask torch what it can run on. Takes seconds the first time, because torch is imported."""
    try:
        import torch
    except ImportError as error:
        return Devices("", why_not=f"torch cannot be imported ({error})")
    if torch.cuda.is_available():
        return Devices(torch.__version__, torch.cuda.get_device_name(0))
    reason = "torch is a CPU build" if torch.version.cuda is None else "no CUDA device or driver was found"
    return Devices(torch.__version__, why_not=reason)


def half_precision(device: str) -> torch.dtype | None:
    """Return the half precision in which a device multiplies faster than in single precision; None where in none.

    Of processors those that multiply bfloat16 by themselves; convolutions then take a half to two thirds of the time.
    """
    import torch

    if device.startswith("cuda"):
        return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float16
    able = torch.cpu.get_capabilities()
    return torch.bfloat16 if able.get("avx512_bf16") or able.get("amx_bf16") else None


def resolve(wanted: str, offered: tuple[str, ...]) -> str:
    """Return the device a method runs on: "cpu" or "cuda".

    ``wanted`` is "auto", "cpu" or "cuda"; ``offered`` what the method can use. "auto" takes a GPU where both have
    one. Raises ``UserError`` when CUDA was asked for by name and is not there.
    """
    if wanted == "cpu" or "cuda" not in offered:
        if wanted == "cuda":
            _require_cuda()
        return "cpu"
    if wanted == "cuda":
        _require_cuda()
        return "cuda"
    return "cuda" if probe().cuda else "cpu"


def _require_cuda() -> None:
    found = probe()
    if not found.cuda:
        raise UserError(f"there is no CUDA device here: {found.why_not}", remedy="use --device auto or --device cpu")
