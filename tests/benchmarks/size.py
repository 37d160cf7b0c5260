"""What 400,000 samples cost, step by step, against the bars: `python -m tests.benchmarks.size [SAMPLES ...]`.

Draws PNG images of 64x64 with masks and removes them: 400,000 are 6.6 GB of pixels, take 14 GB of disk with what is prepared, and
half an hour on two cores. Files are read from the page cache where it holds them; ratios are of CPU seconds within one run, since
wall-clock times are those of a shared machine.
"""

import itertools
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.workflow import ROOT

SAMPLES = (40_000, 400_000)
PARAMS = """
experiment: size
dataset: size
split: {kind: group_k_fold, folds: 5}
models: [{kind: constant}]
"""
FILES = {
    "raw": "raw",
    "manifest": "manifest.csv",
    "dataset": "dataset.json",
    "images": "prepared/images.npy",
    "masks": "prepared/masks.npy",
    "depths": "prepared/depths.npy",
    "index": "prepared/index.csv",
    "explored": "explored.json",
    "splits": "splits.csv",
    "summary": "splits.json",
}
STEPS = {
    "validate": ("raw", "manifest", "dataset"),
    "prepare": ("raw", "manifest", "dataset", "images", "masks", "depths", "index"),
    "explore": ("manifest", "dataset", "index", "explored"),
    "split": ("manifest", "splits", "summary"),
}
ORDER = ("validate", "decode", "prepare", "explore", "split", "read", "start")
GB = 1e9


@dataclass(frozen=True)
class Cost:
    """What one process took."""

    seconds: float
    cpu_seconds: float
    peak_bytes: int
    told: dict[str, float]
    """Seconds of its parts."""


def measure(command: Sequence[str], folder: Path) -> Cost:
    """Run a command in a folder to its end; its standard output may tell seconds as JSON."""
    start = time.perf_counter()
    with tempfile.TemporaryFile() as output:
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=output)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"{' '.join(command)} failed")
        output.seek(0)
        told = json.loads(output.read() or "{}")
    return Cost(time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024, told)


def run(name: str, folder: Path, *arguments: object) -> Cost:
    """A step of the pipeline, told its files, or one of our own jobs."""
    if name not in STEPS:
        return measure([sys.executable, "-m", "tests.benchmarks.jobs", name, ".", *map(str, arguments)], folder)
    flags = [text for key in STEPS[name] for text in (f"--{key}", FILES[key])]
    return measure([sys.executable, "-m", "pipeline", name, *flags], folder)


def measure_all(samples: int) -> dict[str, Cost]:
    """Cost of every process of a data set that is drawn for it, in the order of the workflow."""
    folder = Path(tempfile.mkdtemp(prefix=f"size-{samples}-"))
    try:
        (folder / "params.yaml").write_text(PARAMS)
        run("draw", folder, samples)
        return {name: run(name, folder) for name in ORDER}
    finally:
        shutil.rmtree(folder)


def tell(samples: int, costs: dict[str, Cost]) -> str:
    """One line a process."""
    lines = [f"{samples:,} samples", f"{'':<10}{'s':>8}{'CPU s':>8}{'ms a sample':>13}{'peak GB':>9}"]
    for name, cost in costs.items():
        each = 1000 * cost.cpu_seconds / samples
        inside = ", ".join(f"{part} {seconds:.2f} s" for part, seconds in cost.told.items())
        numbers = f"{cost.seconds:>8.1f}{cost.cpu_seconds:>8.1f}{each:>13.3f}{cost.peak_bytes / GB:>9.2f}"
        lines.append(f"{name:<10}{numbers}  {inside}".rstrip())
    return "\n".join([*lines, "", *judge(samples, costs), "", ""])


def judge(samples: int, costs: dict[str, Cost]) -> list[str]:
    """One line a bar: what is asked, and what was measured."""
    largest = max(costs, key=lambda name: costs[name].peak_bytes)
    ratio = costs["prepare"].cpu_seconds / costs["decode"].cpu_seconds
    random_ms = 1000 * costs["read"].told["reading"] / samples
    return [
        f"memory of every process at most 1.5 GB     {costs[largest].peak_bytes / GB:.2f} GB ({largest})",
        f"prepare at most 1.5 times bare decoding    {ratio:.2f} times",
        f"read in random order at most .3 ms         {random_ms:.3f} ms a sample",
        f"an epoch starts within 10 s                {sum(costs['start'].told.values()):.1f} s",
    ]


def tell_growth(few: int, before: dict[str, Cost], many: int, after: dict[str, Cost]) -> str:
    """One line a process: how time and memory grow from one size to the next."""
    lines = [f"From {few:,} to {many:,} samples ({many / few:g} times)"]
    for name, cost in after.items():
        times = cost.cpu_seconds / before[name].cpu_seconds
        each = (cost.peak_bytes - before[name].peak_bytes) / (many - few)
        lines.append(f"{name:<10}{times:>6.1f} times the CPU s{each:>8.0f} bytes of memory a sample")
    return "\n".join([*lines, "", ""])


def main(sizes: Sequence[int]) -> None:
    """Print a table for each size, and how the second compares with the first."""
    found: dict[int, dict[str, Cost]] = {}
    for samples in sizes:
        found[samples] = measure_all(samples)
        sys.stdout.write(tell(samples, found[samples]))
        sys.stdout.flush()
    for few, many in itertools.pairwise(sizes):
        sys.stdout.write(tell_growth(few, found[few], many, found[many]))


if __name__ == "__main__":
    main([int(text) for text in sys.argv[1:]] or SAMPLES)
