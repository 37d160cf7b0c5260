"""What counts as a leak between the subsets of a fold, on manifests of a few rows."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from pipeline.auditing import Planes, audit_samples, gather_samples
from pipeline.datasets.arrays import Arrays
from pipeline.params import AuditParams, SplitParams
from tests.auditing.poisoned import store_pictures

PREDEFINED = SplitParams(kind="predefined", folds=1)
BLOCKED = SplitParams(kind="blocked", folds=2, gap=2)


def draw_manifest(samples: int, **columns: Any) -> pd.DataFrame:
    """Samples a, b, ... each a group and a content of its own, amended."""
    ids = [chr(ord("a") + place) for place in range(samples)]
    plain = {"sequence": "", "time": 0, "parts": "", "label": "", "mask_hash": "", "group": ids, "content_hash": ids}
    return pd.DataFrame({"sample_id": ids} | plain | columns)


def draw_splits(manifest: pd.DataFrame, *folds: str) -> pd.DataFrame:
    """Letters T(rain), V(alidation), X (test), F(inal test), . (gap), one a sample."""
    names = {"T": "train", "V": "validation", "X": "test", "F": "final_test", ".": "gap"}
    rows = [
        (str(fold), sample_id, names[letter])
        for fold, letters in enumerate(folds)
        for sample_id, letter in zip(manifest["sample_id"], letters, strict=True)
    ]
    return pd.DataFrame(rows, columns=["fold", "sample_id", "subset"])


def audit(
    manifest: pd.DataFrame, *folds: str, split: SplitParams = PREDEFINED, arrays: Arrays | None = None
) -> list[tuple[str, ...]]:
    """Kind, severity, pair, fold and both subsets of each finding."""
    random = np.random.default_rng(0)
    if arrays is None:
        arrays = store_pictures([random.integers(0, 255, (64, 64, 1), np.uint8) for _ in range(len(manifest))])
    samples = gather_samples(manifest, draw_splits(manifest, *folds))
    found = audit_samples(samples, Planes(arrays, np.arange(len(manifest))), AuditParams(), split, 0)
    return [
        (one["kind"], one["severity"], one["a"] + one["b"], one["fold"], one["subset_a"], one["subset_b"])
        for one in found["findings"]
    ]


def test_identical_pixels_leak_between_subsets_only():
    manifest = draw_manifest(4, content_hash=["1", "1", "2", "2"])
    assert audit(manifest, "TXTT") == [
        ("identical", "leak", "ab", "0", "train", "test"),
        ("identical", "warning", "cd", "0", "train", "train"),
    ]


def test_first_fold_that_divides_a_pair_is_named():
    manifest = draw_manifest(3, content_hash=["1", "1", "2"])
    assert audit(manifest, "TTX", "VXT") == [("identical", "leak", "ab", "1", "validation", "test")]


def test_gap_is_no_subset():
    assert audit(draw_manifest(3, content_hash=["1", "1", "2"]), ".TX") == [
        ("identical", "warning", "ab", "0", "gap", "train")
    ]


def test_copies_leak_whatever_the_first_of_them_is_used_for():
    manifest = draw_manifest(4, content_hash=["1"] * 4)
    assert ("identical", "leak", "bd", "0", "train", "test") in audit(manifest, ".T.X")


@pytest.mark.parametrize("column", ["label", "mask_hash"])
def test_contradiction_leaks_between_subsets_and_warns_within_one(column):
    manifest = draw_manifest(4, content_hash=["1", "1", "2", "2"], **{column: ["cat", "dog", "cat", "dog"]})
    found = [row[:3] for row in audit(manifest, "TXTT") if row[0] == "contradictory_label"]
    assert found == [("contradictory_label", "leak", "ab"), ("contradictory_label", "warning", "cd")]


def test_empty_pictures_are_not_identical():
    arrays = store_pictures([np.full((64, 64, 1), value, np.uint8) for value in (0, 0, 9)])
    assert audit(draw_manifest(3, content_hash=["1", "1", "2"]), "TXT", arrays=arrays) == []


def test_shared_group_leaks_but_for_schemes_that_divide_sequences():
    manifest = draw_manifest(4, group=["p", "p", "q", "q"], sequence=["p", "p", "q", "q"], time=[0, 9, 0, 9])
    assert audit(manifest, "TXVV") == [("shared_group", "leak", "ab", "0", "train", "test")]
    assert audit(manifest, "TXVV", split=BLOCKED) == []


def test_shared_part_leaks_once_a_part():
    manifest = draw_manifest(4, parts=["bg1;fg1", "bg1;fg2", "bg2;fg2", "bg2;fg1"])
    found = audit(manifest, "TTXX", "TTXX")
    assert found == [
        ("shared_part", "leak", "ad", "0", "train", "test"),
        ("shared_part", "leak", "bc", "0", "train", "test"),
    ]


def test_neighbours_leak_when_fewer_than_the_gap_lie_between():
    manifest = draw_manifest(5, group="s", sequence="s", time=[0, 1, 2, 3, 4])
    assert audit(manifest, "TT..X", split=BLOCKED) == []
    assert audit(manifest, "TT.XX", split=BLOCKED) == [("neighbour", "leak", "bd", "0", "train", "test")]


def test_alike_frames_of_one_sequence_are_a_warning():
    random = np.random.default_rng(0)
    still = random.integers(0, 255, (64, 64, 1), np.uint8)
    arrays = store_pictures([still, still // 2 + 40, still // 2 + 60, random.integers(0, 255, (64, 64, 1), np.uint8)])
    manifest = draw_manifest(4, group="s", sequence="s", time=[0, 5, 10, 15])
    found = audit(manifest, "TTXX", split=BLOCKED, arrays=arrays)
    assert found == [("near_identical", "warning", "bc", "0", "train", "test")]
