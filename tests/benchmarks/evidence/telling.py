"""The tables of the simulations as a page of docs."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.workflow import ROOT
from tests.benchmarks.evidence.claims import UNITS
from tests.benchmarks.evidence.coverage import BARS
from tests.benchmarks.evidence.judging import KNOWN, find_misses

FOLDER, DOCUMENT = ROOT / "reports" / "evidence", ROOT / "docs" / "evidence.md"


def read_tables(folder: Path) -> dict[str, pd.DataFrame]:
    """The table of every question, by its name."""
    return {path.stem: pd.read_csv(path) for path in folder.glob("*.csv")}


def tell(tables: Mapping[str, pd.DataFrame]) -> str:
    """docs/evidence.md; every figure in it is a cell of reports/evidence/*.csv."""
    return TEXT.format(
        claims=_claims(tables["claims"]),
        refits=_refits(tables["refits"]),
        coverage=_coverage(tables["coverage"], "choice"),
        confirmed=_coverage(tables["coverage"], "confirmation"),
        selection=_selection(tables["selection"]),
        chosen_on=tables["coverage"].query("drawn_for == 'choice'")["scores"].nunique(),
        fresh=tables["coverage"].query("drawn_for == 'confirmation'")["scores"].nunique(),
        methods=_methods(tables["coverage"]),
        noise=_noise(tables["noise"]),
        power=_power(tables["power"]),
        suspects=_suspects(tables["suspects"]),
        curves=_curves(tables["curves"]),
        suggested=_suggested(tables["suggested"]),
        pooled=_pooled(tables["pooled"]),
        pooled_replications=_span(tables["pooled"]["replications"]),
        selections=f"{tables['selection']['replications'].max():,}",
        missed=_missed(tables),
        differences=_differences(tables["differences"]),
        cost=_cost(tables["seconds"]),
        replications=f"{tables['claims']['replications'].max():,}",
        covers=f"{tables['coverage']['replications'].max():,}",
        others=f"{tables['coverage']['replications'].min():,}",
        studies=tables["noise"]["studies"].max(),
    )


def _cost(table: pd.DataFrame) -> str:
    minutes = (table["cpu_seconds"] / table["replications"]).sum() / 60
    return f"10,000 replications take about {10_000 * minutes:.0f} minutes of one core, 1,000 about {1000 * minutes:.0f}, by the times in `seconds.csv`."


def _claims(table: pd.DataFrame) -> str:
    rows = [
        [
            row["scheme"],
            row["scores"],
            row["units"],
            f"{row['claims']:,}",
            _share(row["rate"]),
            _share(row["low_99"]),
            _yes(row),
        ]
        for row in table.to_dict("records")
    ]
    return _table(["scheme", "scores", "units", "claims", "rate", "lower 99 % bound", "at most .05"], rows)


def _refits(table: pd.DataFrame) -> str:
    rows = [
        [row["model"], row["units"], f"{row['fits']:,}", _share(row["corrected"]), _share(row["naive"]), _yes(row)]
        for row in table.to_dict("records")
    ]
    return _table(["model", "units", "fits", "rate, corrected t", "rate, naive t", "at most .06"], rows)


def _coverage(table: pd.DataFrame, drawn_for: str) -> str:
    rows = []
    for scores, found in table[table["drawn_for"] == drawn_for].groupby("scores", sort=False):
        ours, student = (found[found["method"] == method].set_index("units") for method in ("comparison", "t"))
        cells = [
            f"{_share(row['coverage'])} ({row['width'] / student['width'][units]:.2f})"
            for units, row in ours.iterrows()
        ]
        rows.append([scores, *cells, *map(_share, student["coverage"]), _all(ours[ours["bar"].notna()]["holds"])])
    return _table(["scores", *(f"**{units}**" for units in UNITS), *(f"t, {units}" for units in UNITS), "holds"], rows)


def _methods(table: pd.DataFrame) -> str:
    judged = table[table["bar"].notna()].assign(held=lambda found: found["coverage"] >= found["bar"])
    judged = judged.set_index(["scores", "units"], drop=False)
    student = judged.loc[judged["method"] == "t", "width"]
    rows = []
    for method, found in judged.groupby("method", sort=False):
        least = [_share(found.loc[found["units"].to_numpy() == units, "coverage"].min()) for units in BARS]
        wide = [f"{(found['width'] / student.reindex(found.index)).median():.2f}"]
        rows.append([method, f"{int(found['held'].sum())} of {len(found)}", *least, *wide])
    head = ["method", "bars held", *(f"least coverage, {units} units" for units in BARS), "median width over Student's"]
    return _table(head, rows)


def _selection(table: pd.DataFrame) -> str:
    rows = [
        [
            *(row["models"], row["count"], row["units"], f"{_share(row['coverage'])} ({_share(row['width'])})"),
            *(f"{row['naive_bias']:+.4f}", f"{row['bias']:+.4f} +- {row['bias_error']:.4f}"),
            "" if pd.isna(row["bar"]) else _yes(row),
        ]
        for row in table.to_dict("records")
    ]
    head = ["models", "count", "units", "coverage", "too high, as chosen", "too high, corrected", "holds"]
    return _table(head, rows)


def _noise(table: pd.DataFrame) -> str:
    rows = [
        [
            row["figure"],
            _share(row["mean"]),
            _share(row["standard_error"]),
            f"{row['errors_from_chance']:.1f}",
            row["bar"],
            _yes(row),
        ]
        for row in table.to_dict("records")
    ]
    return _table(["figure", "mean", "standard error", "errors from chance", "bar", "holds"], rows)


def _pooled(table: pd.DataFrame) -> str:
    rows = [
        [
            *(row["metric"].replace("_", " "), row["samples"], row["units"], f"{row['claims']:,}"),
            *(_share(row["rate"]), _share(row["low_99"]), _yes(row)),
            *(["", "", ""] if pd.isna(row["coverage"]) else _cells_of_pooled(row)),
        ]
        for row in table.to_dict("records")
    ]
    head = ["metric", "samples", "units", "claims", "rate", "lower 99 % bound", "at most .05"]
    return _table([*head, "coverage", "of Student's", "holds"], rows)


def _cells_of_pooled(row: Any) -> list[str]:
    return [_share(row["coverage"]), _share(row["student"]), "yes" if str(row["covers"]) == "True" else "**no**"]


def _suspects(table: pd.DataFrame) -> str:
    rows = [
        [row["pictures"], row["tries"], _share(row["found"]), _share(row["least"]), _yes(row)]
        for row in table.to_dict("records")
    ]
    return _table(["pictures", "tries", "found, mean", "least", "at least .9"], rows)


def _curves(table: pd.DataFrame) -> str:
    names = ["pictures", "tries", "near", "near_gain", "near_same", "gains_held"]
    rows = [
        [
            *(row[name] for name in names),
            *(_share(row[name]) for name in ("sample", "extrapolation", "gain")),
            _yes(row),
        ]
        for row in table.to_dict("records")
    ]
    head = ["pictures", "tries", "Dice near", "gain near", "Dice near on the folds' tests", "gains in the interval"]
    return _table([*head, "sd of the sample", "sd of the law", "true gain", "8 of 10"], rows)


def _suggested(table: pd.DataFrame) -> str:
    names = ["uncertainty", "distance", "order", "first_third", "rest"]
    rows = [
        [row["pictures"], row["tries"], row["unlabelled"], *(f"{row[name]:.2f}" for name in names)]
        for row in table.to_dict("records")
    ]
    head = [
        "pictures",
        "tries",
        "unlabelled",
        "uncertainty",
        "distance",
        "order",
        "Dice of the first third",
        "of the rest",
    ]
    return _table(head, rows)


def _differences(table: pd.DataFrame) -> str:
    rows = [
        [
            *(row["scores"], row["units"], f"{_share(row['coverage'])} ({_share(row['width'])})"),
            *(_share(row["skewness_corrected"]), "" if pd.isna(row["bar"]) else _yes(row)),
        ]
        for row in table.to_dict("records")
    ]
    return _table(["scores", "units", "**comparison**", "skewness-corrected t", "holds"], rows)


def _power(table: pd.DataFrame) -> str:
    shapes = table.pivot(index="effect", columns="differences", values=["found", "found_if_two_pairs"])
    theory = table.drop_duplicates("effect").set_index("effect")["of_t_test"]
    rows = [[f"{effect:g}", *map(_share, values), _share(theory[effect])] for effect, values in shapes.iterrows()]
    names = [f"{shape}{', two pairs' if kind != 'found' else ''}" for kind, shape in shapes.columns]
    return _table(["effect, mean / sd", *names, "Student's test in theory"], rows)


def _table(head: list[str], rows: list[list[Any]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def _share(value: float) -> str:
    text = f"{value:.3f}"
    return text.removeprefix("0") if 0 <= value < 1 else text


def _missed(tables: Mapping[str, pd.DataFrame]) -> str:
    misses = find_misses(tables)
    told = [f"- {miss}: {KNOWN.get(miss, '**not known before**')}" for miss in misses]
    return "\n".join(told) or "None."


def _span(counts: "pd.Series[int]") -> str:
    least, most = counts.min(), counts.max()
    return f"{most:,}" if least == most else f"{least:,} to {most:,}"


def _all(holds: "pd.Series[Any]") -> str:
    return "yes" if (holds.astype(str) == "True").all() else "**no**"


def _yes(row: Any) -> str:
    return "yes" if str(row["holds"]) == "True" else "**no**"


TEXT = """# Can the comparison be believed?

`make bench-evidence` simulates models and scores whose truth is known and counts how often the comparison errs: {replications} replications
a row unless another number is named, seeded, with the functions that `compare` calls. It writes this page and the same figures as tables, `reports/evidence/*.csv`, and fails where a bar is
missed that the end of this page does not name. {cost} Smaller versions run as tests (`tests/test_comparison_simulations.py`).

## False claims

How often a difference is claimed, at level .05, between models that are equally good (for two one-sided tests: equivalence, where they differ by just
the margin). A rate holds where its one-sided lower 99 % bound is not above .05.

{claims}

Right or wrong at 10 units and blocks in 10 frames hardly ever decide: too few results differ, or no two blocks fit.

Repeated k-fold (5 folds, 3 repeats) with refits by scikit-learn, models that learn from features which tell as much: folds share training
samples, so that the naive t test over folds claims far too much, and Nadeau and Bengio's corrected test does not.

{refits}

Metrics of many samples go by a paired bootstrap over units, here of 100 draws; two models with the same true value, {pooled_replications} replications a
row. Beside the test stands how often nominal 95 % intervals cover: Wilson's of as many samples as would have the bootstrap's error, and Student's for comparison. The
method was chosen on two classes and confirmed on the other samples.

{pooled}

## Intervals

How often nominal 95 % intervals of a mean cover the true one; they are to cover .92 at 30 units and .935 at 100. `comparison` is what the table of a report
has: Wilson's interval where every score is 0 or 1; where a sample may fail altogether (metrics of foreground and of labels) a bootstrap
allowing for unseen failures (`pipeline/comparison/bounded.py`); for errors and shares of pixels Student's corrected for skewness (Hall 1992). There are {covers} replications
a row, of BCa {others}.

{methods}

Where a model fails altogether on a few samples in a hundred, samples without a failure give no hint of it: at 5 % of zeros 30 units hold none in 21 of
100 draws, at 3 % in 40. No interval that knows the scores alone can then cover and be narrow. The one used lets half a
score more, at each end of the range, have a share in the weights of a Bayesian bootstrap. That has a price, and it is paid where scores lie close together: below, in
brackets, its mean width over that of Student's. Scores of .9 with a deviation of .02 get an interval several times as wide in 30 units, for 30 good scores
do not show that one in forty is not 0. Where failures are seen it is as wide as Student's.

Method and weight were chosen on these {chosen_on} distributions (the weights .1 and .25 missed some, .35 came to .934 in one at 100 units; the betting intervals of Waudby-Smith
and Ramdas and those of Maurer and Pontil covered .998 and more at 10 units, 1.1 to 12 and 2 to 24 times as wide as Student's; empirical likelihood and the studentised bootstrap failed
where failures hide, as all do that know the scores alone):

{coverage}

These {fresh} were drawn up afterwards, with the method fixed:

{confirmed}

Paired differences of two models are near symmetric, where the correction for skewness costs coverage; so they get Student's interval, and those of right or
wrong Bonett and Price's. Where one model fails on a few samples that nobody has seen, the interval is too short; it was left so, because it and the test beside it
must agree, and failures that may befall either model are no difference between them.

{differences}

The winner's score, corrected for having been chosen (bootstrap bias-corrected cross-validation), against the true mean of the model that was chosen, {selections}
replications a row. The mean is right; the interval is wider than it need be, for a third of the units scores each time.

{selection}

## Pure noise

{studies} studies on labels that nothing can tell: three kinds of models, each searched by 10 trials in each of 5 folds, two balanced classes. What the
search and the choice saw is better than chance; what is reported is not.

{noise}

## Power

How often sign flips find a real difference in 30 units at level .05, and at the stricter level of two pairs. Row 0 warns: sign flips, like Student's
test, take differences for as likely up as down; where their mean is 0 and most units favour one model a little, a few the other a lot, more
than .05 are claimed.

{power}

## Labels in doubt, learning curves, and what to label next

A random forest on filter features. Measure and curve were chosen on pictures of ellipses with other seeds; blobs told apart by their texture and windows of real
nerve cells with their membranes (ISBI 2012) took no part in it.

A tenth of 100 masks is spoilt (shifted, eroded, emptied, another's) and learnt from like the good ones; how many of the spoilt stand in the first
fifth of the suspects:

{suspects}

From 9 to 72 training images a curve foretells 144; near is within .015. The truth is what forests of 144 reach on 500 new images. `sd of the
sample` is by how much 96 labelled images are easier or harder than all there are (Dice on the folds' tests less the truth, both at 144), `sd of the law` what the
extrapolation adds: where the first is the larger one, no law would do better, and the gain, from which it falls out, is what a curve can tell.

{curves}

Real pictures, 15 of them labelled and the masks of the others taken away: Spearman's correlation with the Dice that the forest then turns out to have. Uncertainty and
distance are to be negative, the order of what to label next positive.

{suggested}

## Bars that are missed

{missed}
"""
