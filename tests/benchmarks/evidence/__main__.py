"""Simulate all claims, write the tables and docs/evidence.md: `python -m tests.benchmarks.evidence [REPLICATIONS]`."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from pipeline.datasets.scores import write_scores
from pipeline.workflow import ROOT
from tests.benchmarks.evidence.claims import simulate_claims
from tests.benchmarks.evidence.coverage import simulate_coverage
from tests.benchmarks.evidence.noise import simulate_noise
from tests.benchmarks.evidence.pooled import simulate_pooled
from tests.benchmarks.evidence.power import simulate_power
from tests.benchmarks.evidence.refits import simulate_refits
from tests.benchmarks.evidence.telling import tell

REPLICATIONS, STUDIES = 10_000, 200
FEWER = 10  # times fewer replications of the methods that are not used
FEWER_POOLED = 100  # times fewer of the bootstrap of metrics of many samples


def simulate(replications: int, folder: Path) -> dict[str, pd.DataFrame]:
    """The table of every question, written to the folder as soon as it is known."""
    questions: dict[str, Callable[[], pd.DataFrame]] = {
        "claims": lambda: simulate_claims(replications),
        "refits": lambda: simulate_refits(replications),
        "coverage": lambda: simulate_coverage(replications, replications // FEWER),
        "pooled": lambda: simulate_pooled(replications // FEWER_POOLED),
        "noise": lambda: simulate_noise(STUDIES * replications // REPLICATIONS),
        "power": lambda: simulate_power(replications),
    }
    tables = {}
    for name, ask in questions.items():
        start = time.process_time()
        tables[name] = ask()
        folder.mkdir(parents=True, exist_ok=True)
        write_scores(folder / f"{name}.csv", tables[name].round(4))
        sys.stdout.write(f"{name}: {len(tables[name])} rows, {time.process_time() - start:.0f} CPU s\n")
        sys.stdout.flush()
    return tables


def main(replications: int) -> None:
    """Simulate, write, and tell which bars are missed."""
    tables = simulate(replications, ROOT / "reports" / "evidence")
    (ROOT / "docs" / "evidence.md").write_text(tell(tables), encoding="utf-8")
    for table in tables.values():
        if "holds" in table:
            sys.stdout.write(table[table["holds"].astype(str) == "False"].to_string(header=False) + "\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else REPLICATIONS)
