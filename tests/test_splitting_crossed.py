"""Splits of samples that share parts: worked out by hand, and rules that hold whatever is drawn."""

import logging
from itertools import combinations, product
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from pipeline.params import REFIT, SplitParams
from pipeline.splitting import SplitError, coverage, split_samples
from tests.manifests import draw_fold, draw_manifest

SEEDS = st.integers(0, 2**31 - 1)


def draw_crossed(backgrounds: int, cutouts: int, placements: int = 1) -> pd.DataFrame:
    """Every pair of background and cut-out, so many times."""
    pairs = list(product(range(backgrounds), range(cutouts), range(placements)))
    manifest = draw_manifest(singles=len(pairs))
    return manifest.assign(parts=[f"backgrounds/{first};cutouts/{second}" for first, second, _ in pairs])


def with_parts(splits: pd.DataFrame, manifest: pd.DataFrame) -> pd.DataFrame:
    """A row for each fold, sample outside the gap, and part."""
    rows = splits[splits["subset"] != "gap"].merge(manifest[["sample_id", "parts"]], on="sample_id")
    return rows.assign(part=rows["parts"].str.split(";")).explode("part")


def test_pairs_of_two_kinds_are_tested_where_both_parts_are() -> None:
    split = SplitParams(kind="parts_k_fold", folds=4, validation_fraction=0.34)
    splits = split_samples(draw_crossed(4, 4), split, seed=0)
    for fold in range(4):
        letters = draw_fold(splits, str(fold))
        assert [letters.count(letter) for letter in "XVT."] == [1, 1, 4, 10]
    assert coverage(splits) == 4 / 16


def test_the_refit_tests_nothing_and_leaves_out_pairs_that_mix() -> None:
    split = SplitParams(kind="parts_k_fold", folds=4, validation_fraction=0.25)
    letters = draw_fold(split_samples(draw_crossed(4, 8), split, seed=0), REFIT)
    assert [letters.count(letter) for letter in "XVT."] == [0, 2, 18, 12]


def test_a_single_kind_of_part_is_divided_without_a_gap() -> None:
    manifest = draw_manifest(singles=12).assign(parts=[f"patients/{row % 6}" for row in range(12)])
    splits = split_samples(manifest, SplitParams(kind="parts_k_fold", folds=3), seed=0)
    assert "." not in draw_fold(splits, "0") and coverage(splits) == 1


def test_parts_and_groups_are_both_kept_whole() -> None:
    manifest = draw_crossed(6, 1).assign(parts=lambda table: table["parts"].str.partition(";")[0])
    manifest = pd.concat([manifest] * 6, ignore_index=True)
    manifest["sample_id"] = manifest["content_hash"] = [f"{row:03d}" for row in range(36)]
    manifest["group"] = [f"g{row // 6}" for row in range(36)]
    splits = split_samples(manifest, SplitParams(kind="parts_k_fold", folds=3), seed=0)
    kept = splits[splits["subset"] != "gap"].merge(manifest[["sample_id", "group", "parts"]], on="sample_id")
    for column in ("group", "parts"):
        assert (kept.groupby(["fold", column])["subset"].nunique() == 1).all()


def test_other_schemes_take_samples_that_share_a_part_for_one_unit() -> None:
    manifest = draw_manifest(singles=12).assign(parts=[f"scenes/{row // 2}" for row in range(12)])
    splits = split_samples(manifest, SplitParams(kind="group_k_fold", folds=3), seed=0)
    assert (with_parts(splits, manifest).groupby(["fold", "part"])["subset"].nunique() == 1).all()


def test_given_subsets_that_divide_a_part_are_named(caplog: pytest.LogCaptureFixture) -> None:
    manifest = draw_manifest(singles=4).assign(subset=["train", "train", "validation", "test"])
    manifest["parts"] = ["scenes/1", "scenes/2", "", "lamps/1;scenes/2"]
    with caplog.at_level(logging.WARNING):
        split_samples(manifest, SplitParams(kind="predefined", folds=1), seed=0)
    assert "divide 1 parts, the first: 001, 003" in caplog.text


@pytest.mark.parametrize(
    ("manifest", "settings", "message"),
    [
        (draw_crossed(5, 5), {"kind": "group_k_fold"}, "over 1 independent groups.*split.kind: parts_k_fold"),
        (draw_crossed(5, 5), {"kind": "k_fold"}, "over 1 different samples.*split.kind: parts_k_fold"),
        (draw_crossed(5, 5), {"kind": "leave_one_group_out"}, "split.kind: parts_k_fold"),
        (draw_manifest([9]).assign(parts="a/b"), {"kind": "blocked"}, "blocked would divide part 'a/b'.*parts_k_fold"),
        (draw_crossed(9, 4), {"kind": "parts_k_fold"}, "5 folds over 4 parts of kind 'cutouts'.*between 2 and 4"),
        (draw_crossed(9, 2), {"kind": "parts_k_fold"}, "5 folds over 2 parts of kind 'cutouts'.*give more of them"),
        (draw_manifest(singles=4), {"kind": "parts_k_fold"}, "4 have none .*'000'.*column parts"),
    ],
)
def test_an_impossible_split_is_refused_with_its_mend(
    manifest: pd.DataFrame, settings: dict[str, object], message: str
) -> None:
    with pytest.raises(SplitError, match=message):
        split_samples(manifest, SplitParams(**settings), seed=0)


def test_folds_without_a_sample_of_their_own_are_refused() -> None:
    manifest = draw_manifest(singles=6).assign(parts=[f"a/{row};b/{row}" for row in range(6)])
    with pytest.raises(SplitError, match=r"fold . has no .* samples: too few samples have all their parts on one side"):
        split_samples(manifest, SplitParams(kind="parts_k_fold", folds=3), seed=0)


@st.composite
def manifests(draw: st.DrawFn) -> pd.DataFrame:
    """Samples of one to three kinds of parts, some combinations left out, some samples identical."""
    kinds = [[f"{kind}/{part}" for part in range(draw(st.integers(3, 7)))] for kind in "abc"[: draw(st.integers(1, 3))]]
    generator = np.random.default_rng(draw(SEEDS))
    rows = [";".join(parts) for parts in product(*kinds)]
    rows = list(generator.permutation(rows)[: max(3, round(len(rows) * draw(st.floats(0.5, 1))))])
    manifest = draw_manifest(singles=len(rows)).assign(parts=rows)
    manifest.loc[generator.choice(len(manifest), draw(st.integers(0, 3))), "content_hash"] = "copy"
    return manifest


def draw_splits(data: st.DataObject) -> tuple[pd.DataFrame, SplitParams, pd.DataFrame]:
    """A manifest, parameters and its splits; what the split refuses is drawn again."""
    options: dict[str, Any] = {
        "folds": data.draw(st.integers(2, 4)),
        "validation_fraction": data.draw(st.floats(0.1, 0.6)),
        "final_test_fraction": data.draw(st.sampled_from([0.0, 0.2])),
    }
    split, manifest = SplitParams(kind="parts_k_fold", **options), data.draw(manifests())
    try:
        return manifest, split, split_samples(manifest, split, data.draw(SEEDS))
    except SplitError:
        reject()


always = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


@always
@given(data=st.data())
def test_no_part_and_no_copy_is_in_two_subsets_of_a_fold(data: st.DataObject) -> None:
    manifest, _, splits = draw_splits(data)
    assert (with_parts(splits, manifest).groupby(["fold", "part"])["subset"].nunique() == 1).all()
    copies = manifest.loc[manifest["content_hash"] == "copy", "sample_id"]
    kept = splits[splits["sample_id"].isin(copies) & (splits["subset"] != "gap")]
    assert (kept.groupby("fold")["subset"].nunique() <= 1).all()


@always
@given(data=st.data())
def test_no_sample_is_tested_twice_and_folds_hold_every_sample(data: st.DataObject) -> None:
    manifest, split, splits = draw_splits(data)
    assert splits["fold"].unique().tolist() == [*split.fold_names, REFIT]
    for _, fold in splits.groupby("fold"):
        assert sorted(fold["sample_id"]) == sorted(manifest["sample_id"])
    assert (splits[splits["subset"] == "test"].groupby("sample_id").size() <= 1).all()


@always
@given(data=st.data(), seed=SEEDS)
def test_every_part_is_tested_in_one_fold(data: st.DataObject, seed: int) -> None:
    sides = data.draw(st.lists(st.integers(6, 9), min_size=1, max_size=2))
    kinds = [[f"{kind}/{part}" for part in range(side)] for kind, side in zip("ab", sides, strict=False)]
    rows = [";".join(parts) for parts in product(*kinds)]
    manifest = draw_manifest(singles=len(rows)).assign(parts=rows)
    splits = split_samples(manifest, SplitParams(kind="parts_k_fold", folds=3), seed)
    tested = with_parts(splits[splits["subset"] == "test"], manifest)
    assert (tested.groupby("part")["fold"].nunique() == 1).all()
    assert tested["part"].nunique() == sum(sides)


@always
@given(data=st.data())
def test_the_final_test_is_the_same_in_every_fold(data: st.DataObject) -> None:
    _, _, splits = draw_splits(data)
    finals = [set(fold.loc[fold["subset"] == "final_test", "sample_id"]) for _, fold in splits.groupby("fold")]
    assert all(first == second for first, second in combinations(finals, 2))
