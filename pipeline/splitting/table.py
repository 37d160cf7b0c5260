"""From the manifest to the splits table."""

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.datasets.manifest import find_labelled
from pipeline.params import REFIT, SplitParams
from pipeline.splitting.crossed import cross_parts
from pipeline.splitting.drawn import draw_folds
from pipeline.splitting.faults import SplitError
from pipeline.splitting.given import take_subsets
from pipeline.splitting.ordered import cut_sequences

Scheme = Callable[[pd.DataFrame, SplitParams, int], Iterator[NDArray[np.str_]]]


def split_samples(manifest: pd.DataFrame, split: SplitParams, seed: int) -> pd.DataFrame:
    """Columns fold, sample_id and subset, with every labelled sample of the manifest once in every fold.

    Folds are split.fold_names and "refit"; subsets train, validation, test, gap (unused) and final_test, which is the
    same in every fold. Raises SplitError where the samples do not suffice.
    """
    samples = manifest[find_labelled(manifest)].reset_index(drop=True)
    if samples.empty:
        raise SplitError("no sample has a target: there is nothing to split")
    folds = zip((*split.fold_names, REFIT), _choose_scheme(split)(samples, split, seed), strict=True)
    tables = [
        pd.DataFrame({"fold": fold, "sample_id": samples["sample_id"], "subset": subsets}) for fold, subsets in folds
    ]
    for table in tables:
        _check_fold(table)
    return pd.concat(tables, ignore_index=True)


def coverage(splits: pd.DataFrame) -> float:
    """Share of the samples outside the final test that some fold tests."""
    open_samples = splits[splits["subset"] != "final_test"]
    tested = open_samples.loc[open_samples["subset"] == "test", "sample_id"].nunique()
    return tested / open_samples["sample_id"].nunique()


def _choose_scheme(split: SplitParams) -> Scheme:
    if split.kind == "predefined":
        return take_subsets
    if split.kind == "parts_k_fold":
        return cross_parts
    return cut_sequences if split.divides_sequences else draw_folds


def _check_fold(table: pd.DataFrame) -> None:
    fold = table["fold"].iloc[0]
    for subset in ("train", "validation") if fold == REFIT else ("train", "validation", "test"):
        if not (table["subset"] == subset).any():
            raise SplitError(
                f"fold {fold} has no {subset} samples (identical files are kept apart): lower split.folds or split.gap,"
                " or choose another seed"
            )
