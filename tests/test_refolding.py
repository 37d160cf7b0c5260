"""Extra folds: parts of a training subset are nested and whole, and other subsets stay as they are."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline.datasets.manifest import write_manifest
from pipeline.datasets.splits import read_splits, write_splits
from pipeline.params import ExtraFold, ParamsError, SplitParams, parse_fold, parse_params
from pipeline.splitting import derive_fold, split_samples
from pipeline.steps.refold import refold
from tests.manifests import draw_manifest

GROUPED = SplitParams(kind="group_k_fold", folds=3)
BLOCKED = SplitParams(kind="blocked", folds=3)


@pytest.fixture(scope="module")
def manifest() -> pd.DataFrame:
    return draw_manifest([20] * 12)


def kept(manifest: pd.DataFrame, split: SplitParams, share: float) -> set[str]:
    rows = derive_fold(manifest, split_samples(manifest, split, 0), ExtraFold("1", share), split, 0)
    return set(rows.loc[rows["subset"] == "train", "sample_id"])


@pytest.mark.parametrize("split", [GROUPED, BLOCKED])
def test_parts_are_nested(manifest: pd.DataFrame, split: SplitParams) -> None:
    parts = [kept(manifest, split, share) for share in (0.1, 0.25, 0.5, 1.0)]
    assert all(small < large for small, large in pairwise(parts))


def test_parts_are_of_whole_groups(manifest: pd.DataFrame) -> None:
    chosen = manifest["sample_id"].isin(kept(manifest, GROUPED, 0.5))
    assert set(manifest[chosen].groupby("group").size()) == {20}


def test_parts_of_a_cut_sequence_are_its_newest_training_frames(manifest: pd.DataFrame) -> None:
    whole, part = (kept(manifest, BLOCKED, share) for share in (1.0, 0.5))
    times = manifest.set_index("sample_id")["time"]
    for _, frames in manifest[manifest["sample_id"].isin(whole)].groupby("sequence")["sample_id"]:
        inside = [name in part for name in sorted(frames, key=times.get)]
        assert inside == sorted(inside) and any(inside)


def test_other_subsets_stay(manifest: pd.DataFrame) -> None:
    splits = split_samples(manifest, GROUPED, 0)
    rows = derive_fold(manifest, splits, ExtraFold("1", 0.25), GROUPED, 0).set_index("sample_id")["subset"]
    base = splits[splits["fold"] == "1"].set_index("sample_id")["subset"]
    changed = rows != base
    assert set(rows[changed]) == {"gap"} and set(base[changed]) == {"train"}


def test_another_seed_learns_from_all(manifest: pd.DataFrame) -> None:
    splits = split_samples(manifest, GROUPED, 0)
    rows = derive_fold(manifest, splits, ExtraFold("2", repeat=1), GROUPED, 0)
    assert (rows["fold"] == "2-seed1").all()
    assert np.array_equal(rows["subset"], splits.loc[splits["fold"] == "2", "subset"])


def test_the_file_of_a_fold_holds_it_alone(manifest: pd.DataFrame, tmp_path: Path) -> None:
    write_manifest(tmp_path / "manifest.csv", manifest)
    write_splits(tmp_path / "splits.csv", split_samples(manifest, GROUPED, 0))
    refold(tmp_path / "manifest.csv", tmp_path / "splits.csv", tmp_path / "0-part50.csv", split=GROUPED, seed=0)
    assert set(read_splits(tmp_path / "0-part50.csv")["fold"]) == {"0-part50"}


def test_unknown_fold_is_named(manifest: pd.DataFrame) -> None:
    with pytest.raises(ValueError, match="no fold 7: known are 0, 1, 2"):
        derive_fold(manifest, split_samples(manifest, GROUPED, 0), ExtraFold("7", 0.5), GROUPED, 0)


@pytest.mark.parametrize(
    "fold", [ExtraFold("0", 0.125), ExtraFold("12", 0.5), ExtraFold("3", repeat=11), ExtraFold("0")]
)
def test_names_say_what_a_fold_is(fold: ExtraFold) -> None:
    assert parse_fold(fold.name) == fold


SETTINGS = {
    "experiment": "e",
    "dataset": "d",
    "models": [{"kind": "constant"}, {"kind": "unet"}],
    "split": {"folds": 2},
}


def test_nothing_extra_is_fitted_unless_asked() -> None:
    assert parse_params(SETTINGS).extra_fits == ()


def test_extra_fits_are_of_models_that_learn() -> None:
    params = parse_params(SETTINGS | {"curve": {"shares": [0.25, 0.5], "folds": 1}, "train": {"seeds": 2}})
    assert params.curve_fits == (("unet", "0-part25"), ("unet", "0-part50"))
    assert params.seed_fits == (("unet", "0-seed1"), ("unet", "1-seed1"))


@pytest.mark.parametrize(
    ("curve", "message"),
    [({"models": ["uent"]}, "no model uent: did you mean unet"), ({"shares": [0.5, 0.25]}, "shares must ascend")],
)
def test_faults_of_the_curve_are_named(curve: dict, message: str) -> None:
    with pytest.raises(ParamsError, match=message):
        parse_params(SETTINGS | {"curve": curve})
