"""Simulate all claims, write the tables and docs/evidence.md: `python -m tests.benchmarks.evidence [REPLICATIONS]`."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from pipeline.datasets.scores import write_scores
from tests.benchmarks.evidence.claims import simulate_claims
from tests.benchmarks.evidence.coverage import simulate_coverage
from tests.benchmarks.evidence.differences import simulate_differences
from tests.benchmarks.evidence.noise import simulate_noise
from tests.benchmarks.evidence.pooled import simulate_pooled
from tests.benchmarks.evidence.power import simulate_power
from tests.benchmarks.evidence.refits import simulate_refits
from tests.benchmarks.evidence.telling import DOCUMENT, FOLDER, read_tables, tell

REPLICATIONS, STUDIES = 10_000, 200
FEWER = 10  # times fewer replications of the methods that are not used
FEWER_POOLED = 25  # times fewer of the bootstrap of metrics of many samples
DIGITS = 4


def simulate(replications: int, folder: Path) -> None:
    """Write the table of every question to the folder as soon as it is known."""
    questions: dict[str, Callable[[], pd.DataFrame]] = {
        "claims": lambda: simulate_claims(replications),
        "refits": lambda: simulate_refits(replications),
        "coverage": lambda: simulate_coverage(replications, replications // FEWER),
        "differences": lambda: simulate_differences(replications),
        "noise": lambda: simulate_noise(STUDIES * replications // REPLICATIONS),
        "power": lambda: simulate_power(replications),
        "pooled": lambda: simulate_pooled(replications // FEWER_POOLED),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, ask in questions.items():
        start = time.process_time()
        write_scores(folder / f"{name}.csv", ask().round(DIGITS))
        sys.stdout.write(f"{name}: {time.process_time() - start:.0f} CPU s\n")
        sys.stdout.flush()


if __name__ == "__main__":
    simulate(int(sys.argv[1]) if len(sys.argv) > 1 else REPLICATIONS, FOLDER)
    DOCUMENT.write_text(tell(read_tables(FOLDER)), encoding="utf-8")
