"""Where the variance of the scores comes from: the seed of a fit, the fold, the model; and how many seeds would be enough."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from pipeline.comparison.settling import settle_scores
from pipeline.params import CompareParams, EvaluateParams, SplitParams, parse_fold

Floats = NDArray[np.float64]
VARIANCE_COLUMNS = [
    "model",
    "metric",
    "source",
    "variance",
    "low",
    "high",
    "share",
    "seeds",
    "enough",
    "enough_low",
    "enough_high",
]
ALL = "all models"
SEEDS, FOLDS, MODELS, BOTH = "seeds", "folds", "models", "models x folds"
LEAST = 2
SHARE_OF_SEEDS = 0.1
"""Part of the variance of a mean that the seeds may make: it widens the standard error by 5 %."""


def summarise_seeds(
    scores: pd.DataFrame, evaluate: EvaluateParams, compare: CompareParams, split: SplitParams
) -> pd.DataFrame:
    """Rows VARIANCE_COLUMNS from the scores of all seeds of all folds; a group's samples are averaged first, as in the comparison."""
    folds = {name: parse_fold(name) for name in scores["fold"].unique()}
    metric, settled = compare.metric, settle_scores(scores, evaluate, split)
    means = settled.groupby(["model", "fold", "group"], sort=False)[metric].mean()
    rows = means.groupby(["model", "fold"], sort=False).mean().reset_index()
    rows["repeat"] = rows["fold"].map({name: fold.repeat for name, fold in folds.items()})
    rows["fold"] = rows["fold"].map({name: fold.base for name, fold in folds.items()})
    return summarise_variance(rows, metric, compare.confidence)


def summarise_variance(scores: pd.DataFrame, metric: str, confidence: float) -> pd.DataFrame:
    """Rows VARIANCE_COLUMNS: the part of seeds and folds in each model's scores, and of models and both in those of all.

    `scores` has the columns model, fold, repeat (of the seed) and the metric, one row a fold's mean; all models have the same
    folds and repeats. `enough` is the number of seeds a fold from which they make at most a tenth of the variance of a model's
    mean, or, for all models, of the difference of two; infinite where folds alone make none that can be told.
    """
    rows: list[dict[str, Any]] = []
    tables = {
        str(model): table.pivot(index="fold", columns="repeat", values=metric)
        for model, table in scores.groupby("model", sort=False)
    }
    cells = np.stack([table.to_numpy(float) for table in tables.values()])
    if np.isnan(cells).any():
        raise ValueError(f"{metric} is missing for some seed of some fold: give all models the same folds and seeds")
    for model, own in zip(tables, cells, strict=True):
        rows += [{"model": model, **row} for row in decompose_folds(own, confidence)]
    if len(cells) >= LEAST and cells.shape[1] >= LEAST:
        rows += [{"model": ALL, **row} for row in decompose_models(cells)]
    return pd.DataFrame(rows).assign(metric=metric, seeds=cells.shape[2]).reindex(columns=VARIANCE_COLUMNS)


def decompose_folds(scores: Floats, confidence: float) -> list[dict[str, Any]]:
    """Variance of seeds and of folds in one model's scores (folds, seeds), by the analysis of variance of a balanced design.

    score = mean + fold + seed within fold. With mean squares within and between folds the seeds' variance is MSW, the folds'
    (MSB - MSW) / seeds, at least 0. The interval of the seeds' is of chi-squared, that of `enough` of F: both are exact where
    effects are normal (Searle, Casella, McCulloch 1992, Variance Components, 3.5).

    Two folds of two seeds, .6 and .8, .7 and .9: .02 of the seeds, and none of the folds: (.01 - .02) / 2 < 0.
    """
    folds, seeds = scores.shape
    within = float(scores.var(axis=1, ddof=1).mean())
    between = float(seeds * scores.mean(axis=1).var(ddof=1)) if folds > 1 else np.nan
    of_folds = max(0.0, (between - within) / seeds)
    freedom = folds * (seeds - 1)
    tails = np.array([(1 + confidence) / 2, (1 - confidence) / 2])
    low, high = freedom * within / stats.chi2.ppf(tails, freedom)
    # interval of the folds' variance in units of the seeds', from F with these degrees of freedom
    quotient = between / within if within else np.inf
    ratios = (
        np.maximum(0.0, (quotient / stats.f.ppf(tails, folds - 1, freedom) - 1) / seeds) if folds > 1 else [np.nan] * 2
    )
    enough = [seeds_enough(1.0, float(ratio)) for ratio in (max(0.0, (quotient - 1) / seeds), ratios[1], ratios[0])]
    shares = _shares([within, of_folds])
    return [
        {"source": SEEDS, "variance": within, "low": low, "high": high, "share": shares[0]}
        | dict(zip(("enough", "enough_low", "enough_high"), enough, strict=True)),
        {"source": FOLDS, "variance": of_folds, "share": shares[1]},
    ]


def decompose_models(scores: Floats) -> list[dict[str, Any]]:
    """Variance of models, folds, both together and seeds in the scores (models, folds, seeds) of all models.

    score = mean + model + fold + model x fold + seed within both, all random and balanced; each mean square is set equal to its
    expectation (the same source, 4.2), and what falls below 0 is 0.
    """
    models, folds, seeds = scores.shape
    cells = scores.mean(axis=2)
    by_model, by_fold = cells.mean(axis=1), cells.mean(axis=0)
    rest = cells - by_model[:, None] - by_fold + cells.mean()
    within = float(scores.var(axis=2, ddof=1).mean())
    both = float(seeds * (rest**2).sum() / ((models - 1) * (folds - 1)))
    found = {
        MODELS: max(0.0, (folds * seeds * float(by_model.var(ddof=1)) - both) / (folds * seeds)),
        FOLDS: max(0.0, (models * seeds * float(by_fold.var(ddof=1)) - both) / (models * seeds)),
        BOTH: max(0.0, (both - within) / seeds),
        SEEDS: within,
    }
    rows = [
        {"source": source, "variance": variance, "share": share}
        for (source, variance), share in zip(found.items(), _shares(list(found.values())), strict=True)
    ]
    rows[-1]["enough"] = seeds_enough(found[SEEDS], found[BOTH])
    return rows


def seeds_enough(of_seeds: float, of_others: float) -> float:
    """Seeds a fold from which they make at most SHARE_OF_SEEDS of the variance of a mean over folds.

    s / k <= .1 (o + s / k), so that k >= 9 s / o: seeds of variance 1 and folds of 3 need 3; folds of none, infinitely many.
    """
    if of_seeds == 0:
        return 1.0
    return float(max(1.0, np.ceil(of_seeds / of_others * (1 / SHARE_OF_SEEDS - 1) - 1e-9))) if of_others > 0 else np.inf


def _shares(variances: list[float]) -> list[float]:
    whole = sum(variances)
    return [variance / whole if whole else np.nan for variance in variances]
