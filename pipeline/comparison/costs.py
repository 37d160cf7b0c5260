"""What every model of the comparison took: seconds, memory and money."""

from collections.abc import Mapping, Sequence

import pandas as pd

from pipeline.params import CompareParams
from pipeline.provenance import Record

HOUR = 3600
COST_COLUMNS = [
    "model",
    "device",
    "fits",
    "fit_seconds",
    "seconds_a_fit",
    "search_seconds",
    "seconds",
    "peak_memory_mb",
    "cost",
    "currency",
]


def summarise_costs(
    records: Sequence[Record], search_seconds: Mapping[str, float], compare: CompareParams
) -> pd.DataFrame:
    """A row a model, columns COST_COLUMNS, from the records of its fits and the seconds of its searches' trials.

    `fit_seconds` are those of all its `fits` (folds), `seconds_a_fit` their mean, `search_seconds` those of its searches in all
    folds, 0 without any, and `seconds` is fits and searches together, all as on a clock. `peak_memory_mb` is the largest
    main memory that a fit's process held, libraries included. `cost` is `seconds` at compare.price_per_hour, empty without a
    price. `device` names what it was fitted on; where that differs between folds, all.

    3 fits of 600 s after searches of 1800 s, at .90 EUR an hour: 3600 s and .90 EUR.
    """
    names = list(dict.fromkeys(record["model"] for record in records))
    rows = [
        _summarise([record for record in records if record["model"] == name], search_seconds.get(name, 0.0), compare)
        for name in names
    ]
    return pd.DataFrame(rows, columns=COST_COLUMNS)


def _summarise(records: Sequence[Record], search_seconds: float, compare: CompareParams) -> Record:
    fit_seconds = sum(record["seconds"] for record in records)
    seconds = fit_seconds + search_seconds
    has_price = compare.price_per_hour is not None
    return {
        "model": records[0]["model"],
        "device": ", ".join(dict.fromkeys(record["device"] for record in records)),
        "fits": len(records),
        "fit_seconds": round(fit_seconds, 3),
        "seconds_a_fit": round(fit_seconds / len(records), 3),
        "search_seconds": round(search_seconds, 3),
        "seconds": round(seconds, 3),
        "peak_memory_mb": max(record["peak_memory_mb"] for record in records),
        "cost": round(seconds / HOUR * (compare.price_per_hour or 0.0), 4) if has_price else None,
        "currency": compare.currency if has_price else None,
    }
