"""The tables of advice of a drawn experiment, written by their steps from drawn scores of extra fits."""

from pathlib import Path
from typing import Any

import numpy as np

from pipeline.datasets.scores import write_scores
from pipeline.datasets.splits import read_splits, write_splits
from pipeline.params import Params, parse_fold
from pipeline.report.experiment import read_table
from pipeline.steps.curve import curve
from pipeline.steps.suggest import suggest
from pipeline.steps.suspect import suspect
from pipeline.steps.vary import vary

Files = dict[str, Any]


def draw_advice(folder: Path, files: Files, params: Params) -> tuple[list[Path], list[Path], list[Path]]:
    """Paths of the tables suspects, suggested, learning_curve and variance, of the extra folds, and of the scores of extra fits."""
    tables = {name: folder / f"{name}.csv" for name in ("suspects", "suggested", "learning_curve", "variance")}
    judged = {name: files[name] for name in ("index", "predictions", "tests", "metrics")}
    suspect(**judged, suspects=tables["suspects"], models=params.models, compare=params.compare)
    suggest(files["index"], files["uncertainty"][2], tables["suggested"])
    folds = [draw_part(folder, files, fold) for fold in dict.fromkeys(fold for _, fold in params.curve_fits)]
    extra = {fit: draw_scores(folder, *fit) for fit in params.extra_fits}
    asked = {"evaluate": params.evaluate, "compare": params.compare, "split": params.split}
    scores = with_base(folder, params.curve_fits)
    curve(folds, files["splits"], scores, tables["learning_curve"], curve=params.curve, seed=params.seed, **asked)
    vary(with_base(folder, params.seed_fits), tables["variance"], **asked)
    return list(tables.values()), folds, list(extra.values())


def draw_part(folder: Path, files: Files, fold: str) -> Path:
    """The split of a fold with part of its training samples left out."""
    splits, asked = read_splits(files["splits"]), parse_fold(fold)
    rows = splits[splits["fold"] == asked.base]
    places = np.flatnonzero(rows["subset"] == "train")
    subsets = rows["subset"].to_numpy(copy=True)
    subsets[places[round(len(places) * asked.share) :]] = "gap"
    path = folder / "extra" / f"{fold}.csv"
    write_splits(path, rows.assign(fold=fold, subset=subsets))
    return path


def draw_scores(folder: Path, model: str, fold: str) -> Path:
    """Scores like those of the whole fit, worse the less was learnt from, and a little different for another seed."""
    asked, path = parse_fold(fold), folder / "scores" / model / f"{fold}.csv"
    table = read_table(path.with_name(f"{asked.base}.csv"))
    noise = np.random.default_rng(asked.repeat).normal(0, 0.01, len(table)) * (asked.repeat > 0)
    write_scores(path, table.assign(fold=fold, dice=(table["dice"] * asked.share**0.1 + noise).clip(0, 1)))
    return path


def with_base(folder: Path, fits: tuple[tuple[str, str], ...]) -> list[Path]:
    """Scores of extra fits and of those that they are held against."""
    wanted = [fit for model, fold in fits for fit in ((model, parse_fold(fold).base), (model, fold))]
    return [folder / "scores" / model / f"{fold}.csv" for model, fold in dict.fromkeys(wanted)]
