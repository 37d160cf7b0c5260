"""Rules that every split obeys, whatever the data set and the scheme."""

from collections.abc import Iterator
from itertools import combinations, pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from pipeline.params import REFIT, SplitParams
from pipeline.splitting import SplitError, coverage, split_samples
from tests.manifests import draw_manifest

FRACTIONS = st.floats(0.05, 0.6)
FINALS = st.sampled_from([0.0, 0.1, 0.3])
WINDOWS = st.sampled_from(["expanding", "sliding"])
SEEDS = st.integers(0, 2**31 - 1)
ORDERED = ("time_series", "blocked")
BY_SAMPLE = ("k_fold", "stratified_k_fold", "leave_one_out")
BY_GROUP = ("group_k_fold", "stratified_group_k_fold", "leave_one_group_out")


@st.composite
def manifests(draw: st.DrawFn, kind: str) -> pd.DataFrame:
    """Sequences with missing and shuffled frames, or single samples, some of them identical, with any foreground."""
    if kind in BY_SAMPLE:
        manifest = draw_manifest(singles=draw(st.integers(3, 25)))
    else:
        lengths = draw(st.lists(st.integers(1, 30), min_size=1, max_size=9))
        manifest = draw_manifest(lengths, singles=0 if kind in ORDERED else draw(st.integers(0, 5)))
    generator = np.random.default_rng(draw(SEEDS))
    manifest["foreground"] = generator.choice([0.0, 0.1, 0.2, 0.9], len(manifest))
    manifest["time"] = 2 * manifest["time"]
    copies = generator.choice(len(manifest), draw(st.integers(0, 3)))
    manifest.loc[copies, "content_hash"] = "copy"
    return manifest.sample(frac=1, random_state=generator).reset_index(drop=True)


def draw_splits(
    data: st.DataObject, kind: str, seed: int | None = None
) -> tuple[pd.DataFrame, SplitParams, pd.DataFrame]:
    """A manifest, parameters that suit it, and its splits; what the split refuses is drawn again."""
    manifest = data.draw(manifests(kind))
    options: dict[str, Any] = {
        "folds": data.draw(st.integers(2, 5)),
        "validation_fraction": data.draw(FRACTIONS),
        "final_test_fraction": data.draw(FINALS),
    }
    if kind in ORDERED:
        options["gap"] = data.draw(st.integers(0, 3))
        options["window"] = data.draw(WINDOWS) if kind == "time_series" else "expanding"
    elif kind.startswith("leave_one"):
        options |= {"folds": max(2, count_units(manifest)), "final_test_fraction": 0.0}
    else:
        options["repeats"] = data.draw(st.integers(1, 3))
    split = SplitParams(kind=kind, **options)
    try:
        return manifest, split, split_samples(manifest, split, data.draw(SEEDS) if seed is None else seed)
    except SplitError:
        reject()


def count_units(manifest: pd.DataFrame) -> int:
    """Groups, where groups that share a copy count as one."""
    has_copy = manifest["content_hash"].eq("copy").groupby(manifest["group"]).any()
    return int((~has_copy).sum() + has_copy.any())


def every_kind(test: Any) -> Any:
    """Run a test of (kind, data) over all drawn and ordered kinds."""
    drawn = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))(
        given(data=st.data())(test)
    )
    return pytest.mark.parametrize("kind", [*BY_SAMPLE, *BY_GROUP, *ORDERED])(drawn)


@every_kind
def test_every_sample_is_once_in_every_fold(kind: str, data: st.DataObject) -> None:
    manifest, split, splits = draw_splits(data, kind)
    assert splits["fold"].unique().tolist() == [*split.fold_names, REFIT]
    for _, fold in splits.groupby("fold"):
        assert sorted(fold["sample_id"]) == sorted(manifest["sample_id"])


@every_kind
def test_every_fold_can_train_validate_and_test(kind: str, data: st.DataObject) -> None:
    _, split, splits = draw_splits(data, kind)
    expected = {"train", "validation"} | ({"final_test"} if split.final_test_fraction else set())
    for fold, table in splits.groupby("fold"):
        assert set(table["subset"]) - {"gap"} == expected | (set() if fold == REFIT else {"test"})


@every_kind
def test_groups_and_identical_files_are_never_divided(kind: str, data: st.DataObject) -> None:
    manifest, _, splits = draw_splits(data, kind)
    rows = splits[splits["subset"] != "gap"].merge(manifest, on="sample_id", suffixes=("", "_given"))
    for column in ["content_hash"] if kind in ORDERED else ["content_hash", "group"]:
        assert (rows.groupby(["fold", column])["subset"].nunique() == 1).all()


@every_kind
def test_each_repeat_tests_every_open_sample_once(kind: str, data: st.DataObject) -> None:
    manifest, split, splits = draw_splits(data, kind)
    tested = splits[splits["subset"] == "test"].groupby("sample_id").size()
    assert (tested <= split.repeats).all()
    if kind not in ORDERED:
        final = splits.loc[splits["subset"] == "final_test", "sample_id"].nunique()
        assert (tested == split.repeats).all() and len(tested) == len(manifest) - final
        assert coverage(splits) == 1


@every_kind
def test_the_final_test_is_the_same_in_every_fold(kind: str, data: st.DataObject) -> None:
    _, _, splits = draw_splits(data, kind)
    finals = [set(fold.loc[fold["subset"] == "final_test", "sample_id"]) for _, fold in splits.groupby("fold")]
    assert all(final == finals[0] for final in finals)


@every_kind
def test_the_same_seed_gives_the_same_split(kind: str, data: st.DataObject) -> None:
    manifest, split, splits = draw_splits(data, kind, seed=7)
    assert split_samples(manifest, split, 7).equals(splits)


def read_times(manifest: pd.DataFrame, splits: pd.DataFrame) -> Iterator[dict[str, np.ndarray]]:
    """Frame numbers of each subset, for every sequence in every fold."""
    table = splits.merge(manifest, on="sample_id", suffixes=("", "_given"))
    for _, rows in table.groupby(["fold", "sequence"]):
        yield {subset: np.sort(part["time"].to_numpy()) // 2 for subset, part in rows.groupby("subset")}


@pytest.mark.parametrize("kind", ORDERED)
@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_subsets_of_a_sequence_keep_their_gap(kind: str, data: st.DataObject) -> None:
    manifest, split, splits = draw_splits(data, kind)
    for times in read_times(manifest, splits):
        for first, second in combinations(set(times) - {"gap"}, 2):
            assert np.abs(times[first][:, None] - times[second]).min() > split.gap


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_time_series_follow_time(data: st.DataObject) -> None:
    manifest, _, splits = draw_splits(data, "time_series")
    for times in read_times(manifest, splits):
        order = [times[subset] for subset in ("train", "validation", "test", "final_test") if subset in times]
        assert all(before.max() < after.min() for before, after in pairwise(order))


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_blocks_are_contiguous_and_validation_is_one_block(data: st.DataObject) -> None:
    manifest, _, splits = draw_splits(data, "blocked")
    copies = set(manifest.loc[manifest["content_hash"] == "copy", "sequence"])
    whole = manifest[~manifest["sequence"].isin(copies)]
    for times in read_times(whole, splits[splits["sample_id"].isin(whole["sample_id"])]):
        for subset in {"validation", "test", "final_test"} & set(times):
            assert np.ptp(times[subset]) == len(times[subset]) - 1
