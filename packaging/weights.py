"""Lists the hashes of the weights that ship in ``SHA256SUMS`` beside them: ``python packaging/weights.py [DIR]``.

Says how large each file is, and refuses to list any where one is, or all together are, too large to ship.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from mangapaint.colorizers.weights import SUFFIX, SUMS, Weights, sha256

FOLDER = Path(__file__).resolve().parents[1] / "resources" / "weights"
LARGEST, ALL = 12_000_000, 60_000_000
"""Bytes that one file may have, and all together."""


def main() -> None:
    """Write ``SHA256SUMS``, or exit with a line that says why not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=FOLDER, metavar="DIR", help="where the weights lie")
    folder: Path = parser.parse_args().folder
    paths = sorted(folder.glob("*" + SUFFIX))
    for path in paths:
        print(f"{path.name}: {path.stat().st_size / 1e6:.2f} MB")
    print(f"all {len(paths)}: {sum(path.stat().st_size for path in paths) / 1e6:.2f} MB")
    refused = too_large(paths)
    if refused:
        sys.exit(refused)
    (folder / SUMS).write_text(sums(paths), encoding="utf-8", newline="\n")


def too_large(paths: Sequence[Path]) -> str:
    """Say which file is too large, or that all together are; nothing where they may ship."""
    sizes = {path.name: path.stat().st_size for path in paths}
    for name, size in sizes.items():
        if size > LARGEST:
            return f"{name} has more than {LARGEST / 1e6:.0f} MB; train a smaller network (--shape)"
    return f"all together have more than {ALL / 1e6:.0f} MB; leave one out" if sum(sizes.values()) > ALL else ""


def sums(paths: Sequence[Path]) -> str:
    """Return the list of hashes as ``sha256sum`` writes it."""
    return "".join(f"{sha256(Weights.at(path))}  {path.name}\n" for path in paths)


if __name__ == "__main__":
    main()
