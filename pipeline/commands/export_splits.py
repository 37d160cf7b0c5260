"""The folds for another tool: nnU-Net's splits_final.json."""

import json
import logging
from collections import Counter
from pathlib import Path

from pipeline.datasets.files import aside
from pipeline.datasets.splits import Subset, read_splits, subset_ids
from pipeline.params import REFIT, read_params

logger = logging.getLogger(__name__)
SIDES: tuple[tuple[str, tuple[Subset, ...]], ...] = (("train", ("train", "validation")), ("val", ("test",)))


class ExportError(ValueError):
    """Why the folds cannot be written for another tool."""


def export_splits(out: Path, /, *, splits: Path | None = None) -> None:
    """Write a list of folds, each with its cases in `train` and `val`, for nnU-Net and whatever reads the same.

    `val` are the fold's test samples, which nnU-Net predicts when its fit is over; `train` are those that train and validate here,
    since nnU-Net needs no others to stop. Cases are sample_ids with _ for /. Raises ExportError where there are no splits yet, or
    where that makes two samples one.
    """
    path = splits or Path("data/experiments", read_params(Path("params.yaml")).experiment, "splits.csv")
    if not path.is_file():
        raise ExportError(f"there is no '{path}': type snakemake --cores all {path} first")
    table = read_splits(path)
    cases = {str(sample_id): str(sample_id).replace("/", "_") for sample_id in table["sample_id"].unique()}
    alike = [case for case, count in Counter(cases.values()).items() if count > 1]
    if alike:
        raise ExportError(f"samples become one where / is written _: {', '.join(alike[:9])}: rename their files")
    folds = [
        {
            name: [cases[sample_id] for part in parts for sample_id in subset_ids(table, fold, part)]
            for name, parts in SIDES
        }
        for fold in table["fold"].unique()
        if fold != REFIT
    ]
    with aside(out) as part:
        part.write_text(json.dumps(folds, indent=1) + "\n")
    logger.info("%s: %d folds of %d cases", out, len(folds), len(cases))
