"""Splits of small data sets, worked out by hand."""

import logging

import numpy as np
import pandas as pd
import pytest

from pipeline.params import SplitParams
from pipeline.splitting import SplitError, coverage, split_samples
from tests.manifests import draw_fold, draw_manifest


def test_time_series_trains_on_the_past_and_keeps_gaps() -> None:
    split = SplitParams(kind="time_series", folds=3, gap=2, validation_fraction=0.25)
    splits = split_samples(draw_manifest([24]), split, seed=0)
    assert draw_fold(splits, "0") == "TTTTTT..VV..XXXX........"
    assert draw_fold(splits, "1") == "TTTTTTTTT..VVV..XXXX...."
    assert draw_fold(splits, "2") == "TTTTTTTTTTTT..VVVV..XXXX"
    assert draw_fold(splits, "refit") == "TTTTTTTTTTTTTTTT..VVVVVV"
    assert coverage(splits) == 12 / 24


def test_a_sliding_window_keeps_its_length() -> None:
    split = SplitParams(kind="time_series", folds=3, gap=2, validation_fraction=0.25, window="sliding")
    splits = split_samples(draw_manifest([24]), split, seed=0)
    assert draw_fold(splits, "2") == "........TTTTTT..VV..XXXX"
    assert draw_fold(splits, "refit") == "..............TTTTTT..VV"


def test_the_final_test_of_a_sequence_is_its_end() -> None:
    split = SplitParams(kind="time_series", folds=3, gap=2, validation_fraction=0.25, final_test_fraction=0.125)
    splits = split_samples(draw_manifest([24]), split, seed=0)
    assert draw_fold(splits, "2") == "TTTTTTTTT..VVV..XXX..FFF"
    assert draw_fold(splits, "refit") == "TTTTTTTTTTTTT..VVVV..FFF"


def test_blocks_follow_one_another_and_cover_the_sequence() -> None:
    split = SplitParams(kind="blocked", folds=5, gap=2, validation_fraction=0.15)
    splits = split_samples(draw_manifest([30]), split, seed=0)
    folds = [draw_fold(splits, str(fold)) for fold in range(5)]
    assert [fold.index("X") for fold in folds] == [0, 6, 12, 18, 24]
    assert all("X" * 6 in fold and fold.count("X") == 6 for fold in folds)
    assert coverage(splits) == 1


def test_blocked_validation_is_one_block_with_gaps() -> None:
    split = SplitParams(kind="blocked", folds=5, gap=2, validation_fraction=0.15)
    first = draw_fold(split_samples(draw_manifest([30]), split, seed=0), "0")
    assert first in ("XXXXXX..TTTTTTTTTTTTTTTTT..VVV", "XXXXXX..VVV..TTTTTTTTTTTTTTTTT")


def test_ordered_schemes_unite_the_sequences() -> None:
    split = SplitParams(kind="blocked", folds=2, gap=1)
    splits = split_samples(draw_manifest([10, 20]), split, seed=0)
    both = draw_fold(splits, "0")
    assert both[:5] + both[10:20] == "X" * 15


def test_the_gap_counts_in_time_whatever_the_order_of_the_rows() -> None:
    split = SplitParams(kind="time_series", folds=2, gap=2)
    manifest = draw_manifest([15])
    in_order = split_samples(manifest, split, seed=0)
    reversed_rows = split_samples(manifest[::-1], split, seed=0)
    assert draw_fold(reversed_rows, "0") == draw_fold(in_order, "0")[::-1]


def test_a_frame_identical_to_a_test_frame_is_left_out() -> None:
    split = SplitParams(kind="blocked", folds=4, gap=2)
    manifest = draw_manifest([24])
    manifest.loc[12, "content_hash"] = manifest.loc[2, "content_hash"]
    assert draw_fold(split_samples(manifest, split, seed=0), "0")[12] == "."


@pytest.mark.parametrize("kind", ["k_fold", "stratified_k_fold", "group_k_fold", "stratified_group_k_fold"])
def test_identical_samples_stay_together(kind: str) -> None:
    manifest = draw_manifest(singles=12)
    manifest.loc[[0, 5, 9], "content_hash"] = "the same"
    splits = split_samples(manifest, SplitParams(kind=kind, folds=3), seed=0)
    copies = splits[splits["sample_id"].isin(["000", "005", "009"])]
    assert (copies.groupby("fold")["subset"].nunique() == 1).all()


def test_groups_that_share_a_file_are_one() -> None:
    manifest = draw_manifest([4, 4, 4, 4])
    manifest.loc[[0, 4], "content_hash"] = "the same"
    splits = split_samples(manifest, SplitParams(kind="leave_one_group_out", folds=3), seed=0)
    joined = splits[splits["sample_id"].str.match("s0|s1")]
    assert (joined.groupby("fold")["subset"].nunique() == 1).all()


@pytest.mark.parametrize("kind", ["stratified_k_fold", "stratified_group_k_fold"])
def test_stratified_folds_have_equal_foreground(kind: str) -> None:
    manifest = draw_manifest(singles=40)
    manifest["foreground"] = [0.0] * 20 + [0.5] * 20
    splits = split_samples(manifest, SplitParams(kind=kind, folds=5), seed=0).merge(manifest, on="sample_id")
    tested = splits[splits["subset_x"] == "test"]
    assert tested.groupby("fold")["foreground"].mean().tolist() == [0.25] * 5


def test_repeats_are_drawn_anew_and_share_the_final_test() -> None:
    split = SplitParams(kind="k_fold", folds=2, repeats=2, final_test_fraction=0.25)
    splits = split_samples(draw_manifest(singles=20), split, seed=0)
    assert splits["fold"].unique().tolist() == ["0", "1", "2", "3", "refit"]
    assert draw_fold(splits, "0") not in (draw_fold(splits, "2"), draw_fold(splits, "3"))
    assert (splits[splits["subset"] == "final_test"].groupby("sample_id").size() == 5).all()


def test_another_seed_gives_another_split() -> None:
    split = SplitParams(kind="k_fold", folds=4)
    first, second = (split_samples(draw_manifest(singles=20), split, seed) for seed in (0, 1))
    assert not first.equals(second)


def test_unlabelled_samples_are_not_split() -> None:
    splits = split_samples(draw_manifest(singles=6, unlabelled=3), SplitParams(kind="k_fold", folds=3), seed=0)
    assert splits["sample_id"].nunique() == 6


def draw_given(subsets: str) -> pd.DataFrame:
    manifest = draw_manifest(singles=len(subsets))
    manifest["subset"] = [{"T": "train", "V": "validation", "X": "test", " ": ""}[letter] for letter in subsets]
    return manifest


def test_predefined_subsets_are_taken_as_they_are() -> None:
    splits = split_samples(draw_given("TTTVXX"), SplitParams(kind="predefined", folds=1), seed=0)
    assert draw_fold(splits, "0") == "TTTVXX"
    assert draw_fold(splits, "refit") == "TTTVTT"
    assert coverage(splits) == 2 / 6


def test_predefined_validation_is_drawn_where_none_is_given() -> None:
    split = SplitParams(kind="predefined", folds=1, validation_fraction=0.25)
    fold = draw_fold(split_samples(draw_given("TTTTTTTTXX"), split, seed=0), "0")
    assert (fold.count("T"), fold.count("V"), fold[-2:]) == (6, 2, "XX")


def test_predefined_subsets_that_divide_a_group_are_named(caplog: pytest.LogCaptureFixture) -> None:
    manifest = draw_given("TTVXX")
    manifest.loc[[0, 4], "content_hash"] = "the same"
    with caplog.at_level(logging.WARNING):
        split_samples(manifest, SplitParams(kind="predefined", folds=1), seed=0)
    assert "divide 1 sets of identical files, the first: 000, 004" in caplog.text


@pytest.mark.parametrize(
    ("manifest", "settings", "message"),
    [
        (draw_manifest([5, 5, 5]), {"kind": "k_fold", "folds": 3}, "k_fold would divide group 's0' of 5 samples"),
        (draw_manifest([5, 5, 5]), {"folds": 5}, "5 folds over 3 independent groups.*set split.folds to 3, or divide"),
        (draw_manifest([5] * 4), {"folds": 5}, "5 folds over 4 .*set split.folds to between 2 and 4"),
        (draw_manifest([5, 5]), {"folds": 2}, "2 folds over 2 .*give more of them, or divide inside the sequences"),
        (draw_manifest(singles=9), {"kind": "leave_one_out", "folds": 5}, "set split.folds to 9, not 5"),
        (draw_manifest([3] * 4), {"kind": "leave_one_group_out", "folds": 5}, "set split.folds to 4, not 5"),
        (draw_manifest([9], singles=2), {"kind": "blocked", "folds": 2}, "2 samples have none .*'000'.*data.ordered"),
        (draw_manifest([30, 9]), {"kind": "blocked", "folds": 2, "gap": 5}, "sequence 's1' has 9 labelled frames"),
        (draw_manifest([10]), {"kind": "time_series", "folds": 3, "gap": 3}, "lower split.folds or split.gap"),
        (draw_given("TTT XX"), {"kind": "predefined", "folds": 1}, "1 have none .*'003'"),
        (draw_given("TTTVVV"), {"kind": "predefined", "folds": 1}, "no labelled sample is given as test"),
        (draw_given("TXXXXX"), {"kind": "predefined", "folds": 1}, "validation cannot be drawn from 1"),
        (draw_manifest(unlabelled=4), {"folds": 2}, "no sample has a target"),
    ],
)
def test_an_impossible_split_is_refused_with_its_mend(
    manifest: pd.DataFrame, settings: dict[str, object], message: str
) -> None:
    with pytest.raises(SplitError, match=message):
        split_samples(manifest, SplitParams(**settings), seed=0)


def draw_labelled(counts: dict[str, int]) -> pd.DataFrame:
    """A manifest of single samples with a class each, in a fixed random order."""
    labels = np.random.default_rng(0).permutation(np.repeat(list(counts), list(counts.values())))
    return draw_manifest(singles=len(labels)).assign(mask="", foreground=np.nan, label=labels)


def test_stratified_folds_have_equal_classes() -> None:
    manifest = draw_labelled({"cat": 20, "dog": 40})
    splits = split_samples(manifest, SplitParams(kind="stratified_k_fold", folds=4, validation_fraction=0.2), 0)
    table = splits.merge(manifest[["sample_id", "label"]])
    for fold in "0123":
        share = table[table["fold"] == fold].groupby("subset")["label"].apply(lambda labels: (labels == "cat").mean())
        assert share.between(0.3, 0.36).all(), share


def test_a_rare_class_is_refused_where_a_fold_would_lack_it() -> None:
    manifest = draw_labelled({"cat": 20, "dog": 3})
    with pytest.raises(SplitError, match=r"class 'dog' has 3 independent samples.*needs 5: set split.folds to 3"):
        split_samples(manifest, SplitParams(kind="stratified_k_fold", folds=5), 0)
    split_samples(manifest, SplitParams(kind="k_fold", folds=5), 0)
    with pytest.raises(SplitError, match=r"class 'dog' has 1 independent sample,.*needs 2: add samples"):
        split_samples(draw_labelled({"cat": 20, "dog": 1}), SplitParams(kind="k_fold", folds=5), 0)
