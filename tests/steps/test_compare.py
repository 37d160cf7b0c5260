"""The step compare: files in, five files out."""

import json
from pathlib import Path

import pandas as pd

from pipeline.comparison.costs import COST_COLUMNS
from pipeline.comparison.policy_means import POLICY_COLUMNS
from pipeline.datasets.scores import write_scores
from pipeline.datasets.splits import write_summary
from pipeline.params import CompareParams, EvaluateParams, SplitParams
from pipeline.provenance import write_record
from pipeline.steps.compare import compare
from tests.score_tables import draw_scores


def run_compare(folder: Path) -> tuple[Path, ...]:
    """Compare two models of two folds each, one of them searched; comparison, tests, metrics, costs and policies."""
    table = draw_scores({"constant": 0.1, "unet": 0.7}, seed=0)
    table["fold"] = (table["time"] % 2).astype(str)
    table.loc[0, "dice"] = float("nan")
    table.loc[1, "empty"] = "target"
    scores, records, trials = [], [], []
    for (model, fold), rows in table.groupby(["model", "fold"], sort=False):
        scores.append(folder / "scores" / str(model) / f"{fold}.csv")
        write_scores(scores[-1], rows.drop(columns="model"))
        records.append(folder / "models" / str(model) / f"{fold}.json")
        about = {"model": model, "device": "cpu", "seconds": 600.0 if model == "unet" else 0.5}
        write_record(records[-1], about | {"peak_memory_mb": 900.0 + int(str(fold)), "params": {"model.kind": model}})
        if model == "unet":
            trials.append(folder / "search" / str(model) / f"{fold}.csv")
            write_scores(trials[-1], pd.DataFrame({"number": [0, 1], "seconds": [500.0, 700.0]}))
    write_summary(folder / "splits.json", {"kind": "group_k_fold", "coverage": 1.0})
    outputs = (
        folder / "reports" / "comparison.csv",
        folder / "reports" / "tests.csv",
        folder / "reports" / "metrics.json",
        folder / "reports" / "costs.csv",
        folder / "reports" / "policies.csv",
    )
    sections = {
        "compare": CompareParams(price_per_hour=0.9),
        "evaluate": EvaluateParams(metrics=("dice",)),
        "split": SplitParams(),
        "seed": 0,
    }
    compare(scores, folder / "splits.json", records, trials, *outputs, **sections)
    return outputs


def test_compare_writes_means_tests_and_verdict(tmp_path):
    comparison, tests, metrics, *_ = run_compare(tmp_path)
    assert pd.read_csv(comparison)[["model", "samples", "units", "left_out"]].to_numpy().tolist() == [
        ["constant", 47, 12, 1],
        ["unet", 47, 12, 1],
    ]
    assert pd.read_csv(tests).columns.tolist()[:5] == ["model_a", "model_b", "metric", "difference", "low"]
    assert json.loads(metrics.read_text())["winner"] == "unet"


def test_compare_writes_what_every_model_took(tmp_path):
    *_, costs, _ = run_compare(tmp_path)
    table = pd.read_csv(costs).set_index("model")
    assert table.columns.tolist() == COST_COLUMNS[1:]
    assert table.loc["unet"].tolist() == ["cpu", 2, 1200, 600, 2400, 3600, 901, 0.9, "EUR"]
    assert table.loc["constant"].tolist()[:6] == ["cpu", 2, 1, 0.5, 0, 1]


def test_compare_writes_what_other_policies_for_empty_masks_would_make_of_the_scores(tmp_path):
    table = pd.read_csv(run_compare(tmp_path)[-1])
    assert table.columns.tolist() == POLICY_COLUMNS
    assert table.groupby("policy", sort=False)["samples"].first().to_dict() == {
        "one_if_both_empty": 47,
        "skip": 46,
        "skip_if_both_empty": 47,
        "zero": 47,
    }


def test_compare_writes_the_same_files_again(tmp_path):
    first = [path.read_bytes() for path in run_compare(tmp_path / "a")]
    assert [path.read_bytes() for path in run_compare(tmp_path / "b")] == first
