"""The steps that read the scores of extra fits."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline.datasets.scores import write_scores
from pipeline.datasets.splits import write_splits
from pipeline.params import CompareParams, CurveParams, EvaluateParams, ExtraFold, SplitParams
from pipeline.steps.curve import curve
from pipeline.steps.vary import vary

FOLDS = ("0", "1", "2")
SHARES = {0.25: 10, 0.5: 20, 1.0: 40}
ASKED = {
    "evaluate": EvaluateParams(metrics=("dice",)),
    "compare": CompareParams(metric="dice"),
    "split": SplitParams(kind="k_fold", folds=3),
}


def write_fold(folder: Path, fold: ExtraFold, dice: float, generator: np.random.Generator) -> Path:
    """Scores of 8 test samples of one model's fit."""
    ids = [f"{fold.base}{number}" for number in range(8)]
    rows = pd.DataFrame({"sample_id": ids, "sequence": "", "group": ids, "time": 0, "fold": fold.name, "empty": ""})
    easy = [0.01 * number for number in range(8)]
    path = folder / f"scores/unet/{fold.name}.csv"
    write_scores(path, rows.assign(dice=dice + np.array(easy) + generator.normal(0, 0.0005, 8)))
    return path


def write_split(path: Path, fold: ExtraFold, training: int) -> Path:
    ids = [f"{number:02d}" for number in range(40)]
    subsets = ["train"] * training + ["gap"] * (40 - training)
    write_splits(path, pd.DataFrame({"fold": fold.name, "sample_id": ids, "subset": subsets}))
    return path


def test_curve_is_told_of_every_share_by_its_training_samples(tmp_path: Path) -> None:
    generator = np.random.default_rng(0)
    folds = [ExtraFold(base, share) for base in FOLDS for share in SHARES]
    scores = [write_fold(tmp_path, fold, 0.8 - 1 / SHARES[fold.share], generator) for fold in folds]
    parts = [fold for fold in folds if fold.share < 1]
    tables = [write_split(tmp_path / f"extra/{fold.name}.csv", fold, SHARES[fold.share]) for fold in parts]
    whole = [pd.read_csv(write_split(tmp_path / f"{base}.csv", ExtraFold(base), 40), dtype=str) for base in FOLDS]
    write_splits(tmp_path / "splits.csv", pd.concat(whole))
    path = tmp_path / "learning_curve.csv"
    params = {**ASKED, "seed": 0}
    curve(tables, tmp_path / "splits.csv", scores, path, curve=CurveParams(more=20), **params)
    found = pd.read_csv(path)
    measured, predicted = (found[found["kind"] == kind] for kind in ("measured", "predicted"))
    assert measured["samples"].tolist() == [10, 20, 40] and predicted["samples"].tolist() == [60, 80]
    assert measured["score"].to_numpy() == pytest.approx([0.735, 0.785, 0.81], abs=1e-3)
    assert predicted["score"].iloc[1] == pytest.approx(0.8 - 1 / 80 + 0.035, abs=5e-3)


def test_variance_is_that_of_folds_means(tmp_path: Path) -> None:
    generator = np.random.default_rng(0)
    means = {("0", 0): 0.6, ("0", 1): 0.62, ("1", 0): 0.7, ("1", 1): 0.72, ("2", 0): 0.8, ("2", 1): 0.82}
    scores = [write_fold(tmp_path, ExtraFold(base, repeat=n), dice, generator) for (base, n), dice in means.items()]
    vary(scores, tmp_path / "variance.csv", **ASKED)
    found = pd.read_csv(tmp_path / "variance.csv").set_index("source")["variance"]
    assert found["seeds"] == pytest.approx(0.0002, rel=0.1)  # two values .02 apart
    assert found["folds"] == pytest.approx(0.01 - 0.0001, rel=0.05)


def test_empty_masks_are_judged_as_in_the_comparison(tmp_path: Path) -> None:
    generator = np.random.default_rng(0)
    scores = [
        write_fold(tmp_path, ExtraFold(base, repeat=n), 0.5 + 0.1 * n, generator) for base in FOLDS for n in (0, 1)
    ]
    for path in scores:  # one sample in eight is empty, and found to be so
        table = pd.read_csv(path, dtype={"empty": str}, keep_default_na=False)
        table.loc[0, ["dice", "empty"]] = [1.0, "both"]
        write_scores(path, table)
    found = {}
    for policy in ("one_if_both_empty", "skip"):
        asked = ASKED | {"evaluate": EvaluateParams(metrics=("dice",), empty_masks=policy)}
        vary(scores, tmp_path / f"{policy}.csv", **asked)
        found[policy] = pd.read_csv(tmp_path / f"{policy}.csv").set_index("source")["variance"]["seeds"]
    assert found["skip"] == pytest.approx(0.1**2 / 2, rel=0.05)
    assert found["one_if_both_empty"] == pytest.approx((0.1 * 7 / 8) ** 2 / 2, rel=0.05)
