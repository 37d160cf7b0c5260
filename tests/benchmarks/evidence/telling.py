"""The tables of the simulations as a page of docs."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.workflow import ROOT
from tests.benchmarks.evidence.coverage import BARS

FOLDER, DOCUMENT = ROOT / "reports" / "evidence", ROOT / "docs" / "evidence.md"


def read_tables(folder: Path) -> dict[str, pd.DataFrame]:
    """The table of every question, by its name."""
    return {path.stem: pd.read_csv(path) for path in folder.glob("*.csv")}


def tell(tables: Mapping[str, pd.DataFrame]) -> str:
    """docs/evidence.md; every figure in it is a cell of reports/evidence/*.csv."""
    return TEXT.format(
        claims=_claims(tables["claims"]),
        refits=_refits(tables["refits"]),
        coverage=_coverage(tables["coverage"]),
        missed=_missed(tables["coverage"]),
        methods=_methods(tables["coverage"]),
        noise=_noise(tables["noise"]),
        power=_power(tables["power"]),
        pooled=_pooled(tables["pooled"]),
        pooled_missed=_pooled_missed(tables["pooled"]),
        differences=_differences(tables["differences"]),
        replications=f"{tables['claims']['replications'].max():,}",
        others=f"{tables['coverage'].query('not is_used')['replications'].max():,}",
        studies=tables["noise"]["studies"].max(),
    )


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


def _coverage(table: pd.DataFrame) -> str:
    methods = list(table["method"].unique())
    rows = []
    for (scores, units), found in table.groupby(["scores", "units"], sort=False):
        by_method = found.set_index("method")
        cells = [_cover(by_method.loc[name]) if name in by_method.index else "" for name in methods]
        ours = by_method.loc["comparison"]
        rows.append([scores, units, *cells, "" if pd.isna(ours["bar"]) else _yes(ours)])
    names = [f"**{name}**" if name == "comparison" else name for name in methods]
    return _table(["scores", "units", *names, "holds"], rows)


def _cover(row: "pd.Series[Any]") -> str:
    return f"{_share(row['coverage'])} ({_share(row['width'])})"


def _missed(table: pd.DataFrame) -> str:
    missed = table[table["is_used"] & (table["holds"].astype(str) == "False")]
    return (
        "; ".join(
            f"{row['scores']} at {row['units']} units ({_share(row['coverage'])})" for row in missed.to_dict("records")
        )
        or "none"
    )


def _methods(table: pd.DataFrame) -> str:
    judged = table[table["bar"].notna()].assign(held=lambda found: found["coverage"] >= found["bar"])
    held = judged.groupby("method", sort=False)["held"]
    rows = [[method, f"{int(values.sum())} of {len(values)}"] for method, values in held]
    return _table(["method", "bars held"], rows)


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
            *(row["metric"].replace("_", " "), row["units"], row["replications"], row["claims"], _share(row["rate"])),
            *(_share(row["low_99"]), "" if pd.isna(row["coverage"]) else _share(row["coverage"]), _yes(row)),
        ]
        for row in table.to_dict("records")
    ]
    return _table(
        ["metric", "units", "replications", "claims", "rate", "lower 99 % bound", "coverage", "at most .05"], rows
    )


def _pooled_missed(table: pd.DataFrame) -> str:
    missed = table[table["coverage"] < table["units"].map(BARS)]
    told = [
        f"{row['metric'].replace('_', ' ')} at {row['units']} units ({_share(row['coverage'])})"
        for row in missed.to_dict("records")
    ]
    return "; ".join(told) or "none"


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


def _yes(row: Any) -> str:
    return "yes" if str(row["holds"]) == "True" else "**no**"


TEXT = """# Can the comparison be believed?

`make bench-evidence` simulates models and scores whose truth is known and counts how often the comparison errs: {replications} replications
a row, seeded, with the functions that `compare` calls. The same figures as tables: `reports/evidence/*.csv`. Smaller versions run
as tests (`tests/test_comparison_simulations.py`).

## False claims

How often a difference is claimed, at level .05, between models that are equally good (for two one-sided tests: equivalence, where they differ by just
the margin). A rate holds where its one-sided lower 99 % bound is not above .05.

{claims}

Right or wrong at 10 units and blocks in 10 frames hardly ever decide: too few results differ, or no two blocks fit.

Repeated k-fold (5 folds, 3 repeats) with refits by scikit-learn, models that learn from features which tell as much: folds share training
samples, so that the naive t test over folds claims far too much, and Nadeau and Bengio's corrected test does not.

{refits}

Metrics of many samples go by a paired bootstrap over units, here of 100 draws; two models with the same true value. There are fewer
replications, since each takes 200 computations, and the bounds are lax:

{pooled}

Coverage below .92 at 30 units, or .935 at 100: {pooled_missed}.

## Intervals

How often nominal 95 % intervals of a mean cover the true one, with their median width in brackets. `comparison` is what the table of a report
has: Wilson's interval where every score is 0 or 1, else Student's corrected for skewness (Hall 1992). The others have {others}
replications. It is to cover .92 at 30 units and .935 at 100.

{methods}

Missed: {missed}. Where a model fails altogether on a few samples in a hundred, samples without any failure give no hint of
it: at 3 % of zeros four in ten draws of 30 units hold none. Only an interval that allows for failures nobody has seen, as Wilson's does, would cover, and it is
two to seven times as wide for everybody else.

{coverage}

Paired differences of two models are near symmetric, where the correction for skewness costs coverage; so they get Student's interval, and those of right or
wrong Bonett and Price's. Where one model fails on a few samples the same holds as above.

{differences}

## Pure noise

{studies} studies on labels that nothing can tell: three kinds of models, each searched by 10 trials in each of 5 folds, two balanced classes. What the
search and the choice saw is better than chance; what is reported is not.

{noise}

## Power

How often sign flips find a real difference in 30 units at level .05, and at the stricter level of two pairs. Row 0 warns: sign flips, like Student's
test, take differences for as likely up as down; where their mean is 0 and most units favour one model a little, a few the other a lot, more
than .05 are claimed.

{power}
"""
