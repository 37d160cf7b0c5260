"""Where the CPU seconds of an experiment went."""

import sys
from pathlib import Path

from pipeline.params import ParamsError
from pipeline.report.origin import summarise_costs

LEARNING = ("search", "train", "predict")


def bench(experiment: str, /) -> None:
    """Print the jobs and CPU seconds of each rule, and the share of those that neither fit nor predict.

    Raises ParamsError where nothing was measured. The report itself is not among them when it was written last.
    """
    folder = Path("data/experiments", experiment, "benchmarks")
    costs = summarise_costs(sorted(folder.rglob("*.tsv")))
    if not costs:
        raise ParamsError(f"{folder} holds no measurement yet: run snakemake --cores all first")
    lines = [f"{cost['rule']:<10}{cost['jobs']:>6}{cost['cpu_seconds']:>10.1f}" for cost in costs]
    total = sum(cost["cpu_seconds"] for cost in costs)
    other = sum(cost["cpu_seconds"] for cost in costs if cost["rule"] not in LEARNING)
    lines.append(f"{total:.0f} CPU seconds, {other / total:.0%} of them in jobs that neither fit nor predict")
    sys.stdout.write("\n".join(["rule        jobs       CPU s", *lines, ""]))
