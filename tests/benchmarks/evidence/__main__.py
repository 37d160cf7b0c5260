"""Simulate all claims, write the tables and docs/evidence.md: `python -m tests.benchmarks.evidence [REPLICATIONS [QUESTION ...]]`."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd
from tqdm import tqdm

from pipeline.datasets.scores import write_scores
from tests.benchmarks.evidence.claims import simulate_claims
from tests.benchmarks.evidence.coverage import simulate_coverage
from tests.benchmarks.evidence.differences import simulate_differences
from tests.benchmarks.evidence.judging import find_unknown
from tests.benchmarks.evidence.noise import simulate_noise
from tests.benchmarks.evidence.pooled import simulate_pooled
from tests.benchmarks.evidence.power import simulate_power
from tests.benchmarks.evidence.refits import simulate_refits
from tests.benchmarks.evidence.selection import simulate_selection
from tests.benchmarks.evidence.telling import DOCUMENT, FOLDER, read_tables, tell

REPLICATIONS = 10_000
FEWER = 10  # times fewer of BCa, and of the winner's score
FEWER_POOLED = 5  # times fewer of the bootstrap of metrics of many samples
FEWER_STUDIES = 50  # times fewer of the studies of noise, each of which searches and fits
DIGITS = 4
QUESTIONS: dict[str, Callable[[int], pd.DataFrame]] = {
    "claims": simulate_claims,
    "refits": simulate_refits,
    "coverage": lambda replications: simulate_coverage(replications, replications // FEWER),
    "differences": simulate_differences,
    "selection": lambda replications: simulate_selection(replications // FEWER),
    "noise": lambda replications: simulate_noise(max(2, replications // FEWER_STUDIES)),
    "power": simulate_power,
    "pooled": lambda replications: simulate_pooled(replications // FEWER_POOLED),
}


def simulate(replications: int, asked: list[str], folder: Path) -> None:
    """Write the table of every question that is asked to the folder as soon as it is known, and what it took."""
    folder.mkdir(parents=True, exist_ok=True)
    seconds = folder / "seconds.csv"
    took = (
        pd.read_csv(seconds, index_col="question")
        if seconds.exists()
        else pd.DataFrame({"replications": [], "cpu_seconds": []})
    )
    for name in tqdm(asked, desc="questions", unit="question"):
        start = time.process_time()
        write_scores(folder / f"{name}.csv", QUESTIONS[name](replications).round(DIGITS))
        took.loc[name] = [replications, round(time.process_time() - start, 1)]
        write_scores(seconds, took.reindex(list(QUESTIONS)).dropna().rename_axis("question").reset_index())


if __name__ == "__main__":
    simulate(int(sys.argv[1]) if len(sys.argv) > 1 else REPLICATIONS, sys.argv[2:] or list(QUESTIONS), FOLDER)
    found = read_tables(FOLDER)
    DOCUMENT.write_text(tell(found), encoding="utf-8")
    sys.exit("\n".join(f"missed, and not stated as missed: {miss}" for miss in find_unknown(found)) or 0)
