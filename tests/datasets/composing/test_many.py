"""100 backgrounds, 100 cut-outs and 40 placements: 400,000 samples."""

import json
import resource
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from pipeline.datasets.arrays import open_arrays
from pipeline.datasets.splits import read_summary
from pipeline.params import DataParams, SplitParams, write_section
from tests.parts import write_parts

pytestmark = pytest.mark.slow

DATA = DataParams.model_validate({"compose": {"placements": 40, "size": [64, 64]}})
SPLIT = SplitParams(kind="parts_k_fold")
MOST_MEMORY_KB = 1_500_000
MOST_SECONDS = 60
MOST_READ_SECONDS = 0.0003


def run(step: str, *arguments: str, **settings: object) -> float:
    """CPU seconds of a step in a process of its own."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "pipeline", step, *arguments, "--settings", json.dumps(settings)]
    subprocess.run(command, check=True, cwd=Path(__file__).parents[3], capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_maxrss < MOST_MEMORY_KB
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def test_400_000_composites_are_described_kept_split_and_drawn(tmp_path: Path) -> None:
    raw, manifest, dataset = (
        write_parts(tmp_path / "raw", 100, 100),
        tmp_path / "manifest.csv",
        tmp_path / "dataset.json",
    )
    found = ["--manifest", str(manifest), "--dataset", str(dataset)]
    kept = {name: str(tmp_path / "prepared" / f"{name}.npy") for name in ("images", "masks", "depths")}
    kept["index"] = str(tmp_path / "prepared" / "index.csv")
    files = [text for name, path in kept.items() for text in (f"--{name}", path)]
    data, split = write_section(DATA), write_section(SPLIT)
    assert run("validate", "--raw", str(raw), *found, data=data) < MOST_SECONDS
    assert run("prepare", "--raw", str(raw), *found, *files, data=data) < MOST_SECONDS
    summary = tmp_path / "splits.json"
    out = ["--splits", str(tmp_path / "splits.csv"), "--summary", str(summary)]
    assert run("split", "--manifest", str(manifest), *out, split=split, seed=0) < MOST_SECONDS
    assert read_summary(summary)["coverage"] == pytest.approx(0.2)

    arrays = open_arrays(tmp_path / "prepared")
    order = np.random.default_rng(0).permutation(len(arrays))[:20_000]
    start = time.process_time()
    for position in order:
        arrays.image(position)
        arrays.mask(position)
    assert len(arrays) == 400_000
    assert (time.process_time() - start) / len(order) < MOST_READ_SECONDS
    assert sum(Path(path).stat().st_size for path in kept.values()) < 50e6
