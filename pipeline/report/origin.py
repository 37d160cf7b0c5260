"""Section: what gave these numbers, and how to have them again."""

from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from pipeline.figures.costs import CPU, WALL, draw_profile
from pipeline.params import write_section
from pipeline.provenance import hash_of
from pipeline.report.citation import cite_commits
from pipeline.report.experiment import Experiment


def describe_origin(experiment: Experiment) -> dict[str, Any]:
    """Parameters, versions, hashes, commits and the cost of every rule."""
    records = list(experiment.fits.values())
    costs = summarise_costs(experiment.benchmarks)
    commits = sorted({str(record["git_commit"]) for record in records if record["git_commit"]})
    return {
        "params": yaml.safe_dump(write_section(experiment.params), sort_keys=False, width=100),
        "versions": sorted({(name, number) for record in records for name, number in record["versions"].items()}),
        "devices": sorted({f"{record['device']} ({record['backend']})" for record in records}),
        "hashes": [
            ("data", experiment.sheet.dataset.data_hash),
            ("split", experiment.sheet.split_summary["hash"]),
            ("parameters", hash_of(write_section(experiment.params))),
            *(("commit", commit) for commit in commits),
        ],
        "commits": cite_commits(records),
        "commit": commits[-1] if commits else None,
        "costs": costs,
        "profile": draw_profile(costs) if costs else "",
        "profile_colours": (CPU, WALL),
    }


def summarise_costs(benchmarks: list[Path]) -> list[dict[str, Any]]:
    """Jobs, CPU seconds and peak memory a rule, from Snakemake's benchmark files, the dearest first."""
    rows = [{"rule": _rule_of(path), **_read_benchmark(path)} for path in benchmarks]
    if not rows:
        return []
    costs = (
        pd.DataFrame(rows)
        .groupby("rule")
        .agg(
            jobs=("seconds", "size"),
            cpu_seconds=("cpu_seconds", "sum"),
            seconds=("seconds", "sum"),
            memory_mb=("memory_mb", "max"),
        )
    )
    costs["share"] = costs["cpu_seconds"] / max(costs["cpu_seconds"].sum(), 1e-9)
    costs = costs.sort_values("cpu_seconds", ascending=False)
    return [{str(name): value for name, value in row.items()} for row in costs.reset_index().to_dict("records")]


def _rule_of(path: Path) -> str:
    """The name after the folder `benchmarks`."""
    name = path.parts[path.parts.index("benchmarks") + 1]
    return name.partition(".")[0]


def _read_benchmark(path: Path) -> dict[str, float]:
    """Means over the repeats of one job; a job too short to be measured has NaN."""
    table = pd.read_csv(path, sep="\t", na_values="-")
    columns = {"s": "seconds", "cpu_time": "cpu_seconds", "max_rss": "memory_mb"}
    return {name: float(pd.to_numeric(table[column]).mean()) for column, name in columns.items()}
