"""Section: the split as a picture, and as counts."""

from collections import Counter
from typing import Any

import numpy as np
import pandas as pd

from pipeline.datasets.manifest import find_labelled
from pipeline.figures.split import SUBSETS, draw_split
from pipeline.params import REFIT
from pipeline.report.sheet import DataSheet


def describe_split(sheet: DataSheet) -> dict[str, Any]:
    """The picture, its legend, and tables of counts."""
    is_refit = sheet.params.models and sheet.params.registry.use == "refit"
    folds = [*sheet.params.split.fold_names, *([REFIT] if is_refit else [])]
    manifest = sheet.manifest[find_labelled(sheet.manifest)]
    blocks = manifest["sequence"].where(manifest["sequence"] != "", manifest["group"])
    if blocks.nunique() == len(blocks):
        blocks = pd.Series("", blocks.index)
    samples = pd.DataFrame({"sample_id": manifest["sample_id"], "sequence": blocks})
    samples = samples.iloc[np.argsort(pd.factorize(samples["sequence"])[0], kind="stable")]
    splits = sheet.splits[sheet.splits["fold"].isin(folds)]
    if sheet.params.split.divides_sequences:
        splits = name_unused(splits, manifest)
    counts = Counter(zip(splits["fold"], splits["subset"], strict=True))
    foreground = splits["sample_id"].map(manifest.set_index("sample_id")["foreground"])
    shares = foreground.groupby([splits["fold"], splits["subset"]]).mean().dropna().to_dict()
    subsets = [subset for subset in SUBSETS if any(counts[fold, subset] for fold in folds)]
    return {
        **sheet.split_summary,
        "figure": draw_split(splits, samples, folds),
        "subsets": [(subset.replace("_", " "), SUBSETS[subset]) for subset in subsets],
        "rows": [(fold, [(counts[fold, name], shares.get((fold, name))) for name in subsets]) for fold in folds],
        "labels": count_labels(splits, manifest, folds, subsets),
    }


def name_unused(splits: pd.DataFrame, manifest: pd.DataFrame) -> pd.DataFrame:
    """The table with `gap` for what lies between two subsets alone: frames before the first and after the last that a fold uses
    are its `unused_past` and `unused_future`."""
    rows = splits.merge(manifest[["sample_id", "sequence", "time"]], on="sample_id")
    rows = rows.sort_values(["fold", "sequence", "time"], kind="stable")
    is_used, keys = ~rows["subset"].isin(("gap", "final_test")), [rows["fold"], rows["sequence"]]
    has_begun = is_used.groupby(keys).cummax()
    goes_on = is_used[::-1].groupby([key[::-1] for key in keys]).cummax()[::-1]
    is_gap = rows["subset"] == "gap"
    subsets = rows["subset"].mask(is_gap & ~has_begun, "unused_past").mask(is_gap & ~goes_on, "unused_future")
    return rows.assign(subset=subsets)[list(splits.columns)]


def count_labels(
    splits: pd.DataFrame, manifest: pd.DataFrame, folds: list[str], subsets: list[str]
) -> list[tuple[str, list[tuple[int, int]]]]:
    """Of each label and subset the fewest and the most samples that a fold has; empty where samples have no label."""
    if not (manifest["label"] != "").any():
        return []
    labels = splits["sample_id"].map(manifest.set_index("sample_id")["label"])
    counts = splits.groupby([labels, "subset", "fold"]).size()
    cells = pd.MultiIndex.from_product([sorted(labels.unique()), subsets, folds])
    table = counts.reindex(cells, fill_value=0).groupby(level=[0, 1], sort=False).agg(["min", "max"])
    return [
        (str(label), [(int(low), int(high)) for low, high in table.loc[label].reindex(subsets).to_numpy()])
        for label in sorted(labels.unique())
    ]
