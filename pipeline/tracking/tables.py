"""Numbers of runs in the tables of an experiment."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pipeline.datasets.predictions import read_predictions
from pipeline.metrics import METRICS
from pipeline.provenance import Record, read_record


def read_rows(path: Path) -> list[dict[str, str]]:
    """The rows of a table, cells as text."""
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def read_means(scores: Path) -> dict[str, float]:
    """Mean of every metric of a scores table over the samples that have a score."""
    rows = read_rows(scores)
    columns = {
        name: [float(row[name]) for row in rows if row[name]] for name in (rows[0] if rows else ()) if name in METRICS
    }
    return {name: sum(cells) / len(cells) for name, cells in columns.items() if cells}


def read_intervals(comparison: Path, model: str) -> dict[str, Any]:
    """Mean, low and high of every metric of a model: test_rmse, test_rmse_low, test_rmse_high."""
    values: dict[str, Any] = {}
    for row in read_rows(comparison):
        if row["model"] == model:
            name = f"test_{row['metric']}"
            values |= {name: row["mean"], f"{name}_low": row["low"], f"{name}_high": row["high"]}
    return values


def read_costs(costs: Path, model: str) -> dict[str, Any]:
    """What a model took: seconds, peak_memory_mb, cost and the rest of its row, words among it."""
    rows = (row for row in read_rows(costs) if row["model"] == model)
    return {name: cell for row in rows for name, cell in row.items() if name != "model"}


def read_decision(metrics: Path, model: str) -> dict[str, Any]:
    """Whether a model won, by which metric, and which way that one is better."""
    found = read_record(metrics)
    better = "higher" if METRICS[found["metric"]].higher_is_better else "lower"
    return {"winner": found["winner"] == model, "metric": found["metric"], "better": better}


def read_corrected(metrics: Record) -> dict[str, Any]:
    """The winner's score corrected for having been chosen, from what metrics.json holds, and the share of samples that were tested."""
    corrected = metrics["winner_corrected"]
    named = {"": "mean", "_low": "low", "_high": "high", "_optimism": "optimism"}
    return {f"winner_corrected{end}": corrected[name] for end, name in named.items()} | {
        "coverage": metrics["coverage"]
    }


def read_chosen(predictions: Path) -> dict[str, float]:
    """What was chosen on the validation subset of a fold: threshold, set_quantile where there are sets, HEAD_temperature."""
    found = read_predictions(predictions)
    chosen = {"threshold": found.threshold} | ({} if found.quantile is None else {"set_quantile": found.quantile})
    return chosen | {f"{head}_temperature": value for head, value in found.temperatures.items()}


def read_calibration(calibration: Path, model: str) -> dict[str, Any]:
    """Expected calibration error of every head in bins of equal width, before and after its temperature, and that temperature."""
    values: dict[str, Any] = {}
    for row in read_rows(calibration):
        if row["model"] == model and row["bins"] == "equal_width":
            values[f"{row['head']}_calibration_error_{row['state']}"] = row["error"]
            values[f"{row['head']}_temperature"] = row["temperature"]
    return values


VALUES_OF: dict[str, Callable[[Path, str], dict[str, Any]]] = {
    "comparison.csv": read_intervals,
    "costs.csv": read_costs,
    "calibration.csv": read_calibration,
}
"""What a file of the report gives to the run of a model."""
