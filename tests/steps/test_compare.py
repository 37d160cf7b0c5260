"""The step compare: files in, three files out."""

import json
from pathlib import Path

import pandas as pd

from pipeline.datasets.scores import write_scores
from pipeline.datasets.splits import write_summary
from pipeline.params import CompareParams, EvaluateParams, SplitParams
from pipeline.steps.compare import compare
from tests.score_tables import draw_scores


def run_compare(folder: Path) -> tuple[Path, Path, Path]:
    """Compare two models of two folds each; comparison, tests and metrics."""
    table = draw_scores({"constant": 0.1, "unet": 0.7}, seed=0)
    table["fold"] = (table["time"] % 2).astype(str)
    table.loc[0, "dice"] = float("nan")
    scores = []
    for (model, fold), rows in table.groupby(["model", "fold"], sort=False):
        scores.append(folder / "scores" / str(model) / f"{fold}.csv")
        write_scores(scores[-1], rows.drop(columns="model"))
    write_summary(folder / "splits.json", {"kind": "group_k_fold", "coverage": 1.0})
    outputs = (
        folder / "reports" / "comparison.csv",
        folder / "reports" / "tests.csv",
        folder / "reports" / "metrics.json",
    )
    sections = {
        "compare": CompareParams(),
        "evaluate": EvaluateParams(metrics=("dice",)),
        "split": SplitParams(),
        "seed": 0,
    }
    compare(scores, folder / "splits.json", *outputs, **sections)
    return outputs


def test_compare_writes_means_tests_and_verdict(tmp_path):
    comparison, tests, metrics = run_compare(tmp_path)
    assert pd.read_csv(comparison)[["model", "samples", "units", "left_out"]].to_numpy().tolist() == [
        ["constant", 47, 12, 1],
        ["unet", 47, 12, 1],
    ]
    assert pd.read_csv(tests).columns.tolist()[:5] == ["model_a", "model_b", "metric", "difference", "low"]
    assert json.loads(metrics.read_text())["winner"] == "unet"


def test_compare_writes_the_same_files_again(tmp_path):
    first = [path.read_bytes() for path in run_compare(tmp_path / "a")]
    assert [path.read_bytes() for path in run_compare(tmp_path / "b")] == first
