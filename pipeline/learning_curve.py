"""The learning curve: what more training samples are expected to give, by a power law, and how sure that is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.comparison.pairing import FEWEST_UNITS, Floats, Paired, pair_scores
from pipeline.comparison.settling import settle_scores
from pipeline.comparison.wording import interval, quantity
from pipeline.metrics import METRICS, SPELT, Metric
from pipeline.params import CompareParams, CurveParams, EvaluateParams, SplitParams, parse_fold

RESAMPLES = 2000
FEWEST_SIZES = 3  # the law has three parameters
EXPONENTS = np.arange(20, 101) / 100
"""Exponents of the law. Between .07 and .35 for deep networks and much data (Hestness et al. 2017, arXiv:1712.00409), 1 where what
is learnt is few numbers; few sizes do not tell it, and what they do not tell must not carry the prediction far off."""
LINE = 10  # points of the fitted line on either side of the whole training subset
CURVE_COLUMNS = ["metric", "kind", "share", "samples", "score", "low", "high", "gain", "gain_low", "gain_high"]
UNKNOWN = np.full(3, np.nan)


@dataclass(frozen=True)
class PowerLaw:
    """a - b n^-c: the score at n training samples, a where they are without number; arrays (...) for several laws at once."""

    a: Floats
    b: Floats
    c: Floats

    def at(self, samples: Floats) -> Floats:
        """Scores (..., numbers) at numbers of training samples."""
        return np.asarray(self.a[..., None] - self.b[..., None] * samples ** -self.c[..., None])


def fit_power_law(samples: Floats, scores: Floats, highest: float) -> PowerLaw:
    """The laws nearest in squares to scores (..., sizes), where higher is better; b is not below 0, a not above `highest`.

    For a given exponent a and b follow from a straight line; of all exponents in steps of .01 the best is taken. It takes
    a thousandth of the time of a general search and cannot stop at the wrong place.

    Sizes 10, 20, 40 and scores .6, .7, .75: .8 - 2 / n.
    """
    fits = [_fit_line(samples**-exponent, scores, highest) for exponent in EXPONENTS]
    a, b, misses = (np.stack([fit[part] for fit in fits]) for part in range(3))
    best = misses.argmin(axis=0)
    a, b = (np.take_along_axis(part, best[None], axis=0)[0] for part in (a, b))
    return PowerLaw(a, b, np.asarray(EXPONENTS[best]))


def _fit_line(shrunk: Floats, scores: Floats, highest: float) -> tuple[Floats, Floats, Floats]:
    """a, b and the sum of squares of scores (..., sizes) = a - b shrunk (sizes,), a and b within their bounds."""
    centred = shrunk - shrunk.mean()
    b = np.maximum(0.0, -(scores @ centred) / (centred @ centred))
    a = scores.mean(axis=-1) + b * shrunk.mean()
    b = np.where(a > highest, np.maximum(0.0, (highest - scores) @ shrunk / (shrunk @ shrunk)), b)
    a = np.minimum(a, highest)
    return a, b, ((scores - a[..., None] + b[..., None] * shrunk) ** 2).sum(axis=-1)


def summarise_curves(
    scores: pd.DataFrame,
    counts: Mapping[str, int],
    curve: CurveParams,
    evaluate: EvaluateParams,
    compare: CompareParams,
    split: SplitParams,
    seed: int,
) -> pd.DataFrame:
    """Rows CURVE_COLUMNS and `model` of all models, from the scores of fits on whole training subsets and on parts of them.

    `counts` are the training samples by the name of the fold; their mean over the folds of a share is what a curve is drawn over.
    """
    folds = {name: parse_fold(name) for name in counts}
    sizes = pd.Series(counts, dtype=float).groupby(lambda name: folds[name].share).mean()
    table = settle_scores(scores, evaluate, split).assign(
        share=scores["fold"].map({name: fold.share for name, fold in folds.items()}),
        fold=scores["fold"].map({name: fold.base for name, fold in folds.items()}),
    )
    found = [
        summarise_curve(
            rows, sizes, compare.metric, curve.more, compare.confidence, split.divides_sequences, seed
        ).assign(model=str(model))
        for model, rows in table.groupby("model", sort=False)
    ]
    return pd.concat(found)


def summarise_curve(
    scores: pd.DataFrame,
    sizes: "pd.Series[float]",
    metric: str,
    more: int,
    confidence: float,
    by_sequence: bool,
    seed: int,
) -> pd.DataFrame:
    """Rows CURVE_COLUMNS of one model: `kind` measured, fitted (a line), and predicted at `more` samples more and at twice as many.

    `gain` is over the smallest share where measured, over the whole training subset where predicted.
    `scores` has the comparison's columns, with `share` in place of the model; `sizes` are the training samples by share,
    ascending, a mean over folds. Intervals are percentiles of 2000 draws, the law fitted to each anew: of independent test units,
    with replacement, and of the training samples, as far as the curves of the folds differ from each other. Predictions are
    NaN below three sizes or five units.
    """
    paired, shares, counts = _line_up(scores, metric, by_sequence), list(sizes.index), np.asarray(sizes, np.float64)
    units, folds = METRICS[metric].sign * paired.unit_scores, METRICS[metric].sign * paired.fold_scores
    drawn, means = _draw(units, folds, seed), units.mean(axis=0)
    lowest, highest = sorted(METRICS[metric].sign * bound for bound in (METRICS[metric].low, METRICS[metric].high))
    drawn = np.clip(drawn, lowest, highest)
    measured = [means, *_limits(drawn, confidence), means - means[0], *_limits(drawn - drawn[:, [0]], confidence)]
    rows = [("measured", *row) for row in zip(shares, counts, *measured, strict=True)]
    asked = np.array([counts[-1] + more, 2 * counts[-1]])
    if len(units) < FEWEST_UNITS or len(counts) < FEWEST_SIZES:
        rows += [("predicted", np.nan, size, *UNKNOWN, *UNKNOWN) for size in asked]
    else:
        behind, ahead = np.geomspace(counts[0], counts[-1], LINE), np.linspace(counts[-1], 2 * counts[-1], LINE)
        line = np.concatenate([behind, ahead[1:]])
        rows += _foretell(counts, means, drawn, line, asked, METRICS[metric], confidence)
    return _turn(pd.DataFrame([(metric, *row) for row in rows], columns=CURVE_COLUMNS), METRICS[metric])


def _foretell(
    counts: Floats, means: Floats, drawn: Floats, line: Floats, asked: Floats, metric: Metric, confidence: float
) -> list[tuple[object, ...]]:
    """The fitted line and the predictions, higher is better."""
    highest = metric.high if metric.higher_is_better else -metric.low
    places = np.array([*line, *asked, counts[-1]])
    law = fit_power_law(counts, means, highest).at(places)
    laws = fit_power_law(counts, drawn, highest).at(places)
    scores = np.stack([law, *_limits(laws, confidence)], axis=1)
    gains = np.stack([law - law[-1], *_limits(laws - laws[:, [-1]], confidence)], axis=1)
    rows: list[tuple[object, ...]] = [
        ("fitted", np.nan, size, *score, *UNKNOWN) for size, score in zip(line, scores[: len(line)], strict=True)
    ]
    return rows + [
        ("predicted", np.nan, size, *score, *gain)
        for size, score, gain in zip(asked, scores[len(line) : -1], gains[len(line) : -1], strict=True)
    ]


def describe_gain(table: pd.DataFrame, row: "pd.Series[float]", confidence: float) -> str:
    """What more samples are expected to give, by a predicted row of one model's rows, or that these data do not tell it."""
    metric, measured = str(table["metric"].iloc[0]), table[table["kind"] == "measured"]
    first, last = measured.iloc[0], measured.iloc[-1]
    more = f"{row['samples'] - last['samples']:.0f} more training samples"
    span = f"between {first['samples']:.0f} and {last['samples']:.0f} training samples"
    if np.isnan(row["gain"]):
        why = "the sizes are fewer than three, or the independent test units fewer than five"
    elif last["gain_low"] <= 0 <= last["gain_high"]:
        why = f"{span} {SPELT[metric]} changes by {signed(last['gain'], metric)} ({_within(last, metric, confidence)})"
    elif (row["gain_high"] - row["gain_low"]) / 2 > abs(last["gain"]):
        why = f"the {_within(row, metric, confidence)} is wider than all that was gained {span}"
    else:
        by = f"{signed(row['gain'], metric)} {SPELT[metric]}"
        return f"{more} are expected to give {by} ({_within(row, metric, confidence)})."
    return f"What {more} would give is not to be told from these data: {why}."


def signed(value: float, metric: str) -> str:
    """A difference with its sign and unit: +.006, -.120 m."""
    return f"{'+' if value >= 0 else ''}{quantity(value, metric)}"


def _within(row: "pd.Series[float]", metric: str, confidence: float) -> str:
    return interval(row["gain_low"], row["gain_high"], metric, confidence)


def _line_up(scores: pd.DataFrame, metric: str, by_sequence: bool) -> Paired:
    """Scores of the samples that all shares have, a column a share, ascending."""
    names = {share: f"{place:03d}" for place, share in enumerate(sorted(scores["share"].unique()))}
    table = scores.assign(model=scores["share"].map(names)).sort_values("model", kind="stable")
    return pair_scores(table, (metric,), by_sequence=by_sequence)[metric]


def _draw(units: Floats, folds: Floats, seed: int) -> Floats:
    """Mean scores (draws, shares) as other units and other training samples would give them.

    Units (units, shares) are drawn with replacement. Their noise is that of the test alone; each fold also learnt from samples
    of its own, so that by as much as the folds (folds, shares) go different ways, Student's noise is added.
    """
    generator = np.random.default_rng(seed)
    drawn = units[generator.integers(len(units), size=(RESAMPLES, len(units)))].mean(axis=1)
    freedom = len(folds) - 1
    if not freedom:
        return drawn
    ways = folds - folds.mean(axis=1, keepdims=True) - folds.mean(axis=0) + folds.mean()
    errors = np.sqrt((ways**2).sum(axis=0) / freedom / len(folds))
    return np.asarray(drawn + errors * generator.standard_t(freedom, size=drawn.shape))


def _limits(values: Floats, confidence: float) -> Sequence[Floats]:
    """Lower and upper percentiles over draws."""
    low, high = np.quantile(values, [(1 - confidence) / 2, (1 + confidence) / 2], axis=0)
    return low, high


def _turn(table: pd.DataFrame, metric: Metric) -> pd.DataFrame:
    """The table in the metric's own direction."""
    if metric.higher_is_better:
        return table
    turned = -table[["score", "high", "low", "gain", "gain_high", "gain_low"]].to_numpy()
    return table.assign(**dict(zip(["score", "low", "high", "gain", "gain_low", "gain_high"], turned.T, strict=True)))
