"""An experiment read from its files, and what follows from its scores computed anew."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd

from pipeline.comparison import conclude
from pipeline.datasets.diagnosed import read_diagnosed
from pipeline.datasets.predictions import read_by_model
from pipeline.datasets.scores import read_scores, sum_seconds, write_scores
from pipeline.gauging import gauge_models
from pipeline.params import Params
from pipeline.provenance import read_record, write_record
from pipeline.report.experiment import Experiment, read_by_fit, read_table
from pipeline.report.sheet import read_sheet
from pipeline.uncertainty import TELL

Files = Mapping[str, Any]
"""Path, or list of paths, by the name that the step `report` gives it."""
SHEET = ("manifest", "dataset", "index", "explored", "splits", "split_summary", "audited", "augmented")


def read_experiment(files: Files, params: Params) -> Experiment:
    """Everything that the report is made of."""
    return Experiment(
        files=files,
        sheet=read_sheet(params=params, **{name: files[name] for name in SHEET}),
        fits=read_by_fit(files["fits"], read_record),
        histories=read_by_fit(files["histories"], read_table),
        searches=read_by_fit(files["searches"], read_record),
        trials=read_by_fit(files["trials"], read_table),
        predictions=read_by_fit(files["predictions"], lambda path: path),
        scores=read_by_fit(files["scores"], read_table),
        comparison=read_table(files["comparison"]),
        tests=read_table(files["tests"]),
        costs=read_table(files["costs"]),
        metrics=read_record(files["metrics"]),
        diagnosed=read_diagnosed(files["diagnosed"]),
        registered=read_record(files["registered"]),
        tracked=read_record(files["tracked"]),
        unlabelled=files["unlabelled"],
        calibration=read_table(files["calibration"]),
        reliability=read_table(files["reliability"]),
        uncertainty={path.stem: read_table(path) for path in files["uncertainty"]},
        benchmarks=files["benchmarks"],
        advice={path.stem: read_table(path) for path in files["advice"]},
    )


def recompute(experiment: Experiment) -> Experiment:
    """The experiment with means, tests, verdict, costs and calibration computed from its scores, records and predictions."""
    params, files = experiment.params, experiment.files
    scores = read_scores(files["scores"], params.evaluate.sample_metrics)
    tested = list(experiment.scores)
    trials = [path for path in files["trials"] if (path.parent.name, path.stem) in tested]
    found = conclude(
        scores,
        [experiment.fits[fit] for fit in tested],
        sum_seconds(trials),
        float(experiment.sheet.split_summary["coverage"]),
        compare=params.compare,
        evaluate=params.evaluate,
        split=params.split,
        seed=params.seed,
    )
    calibration, reliability, uncertainty = gauge_again(experiment)
    tables = {"comparison": found.comparison, "tests": found.tests, "costs": found.costs}
    tables |= {"calibration": calibration, "reliability": reliability, "uncertainty": uncertainty}
    with TemporaryDirectory() as name:  # written and read, so that a cell is what the report would read
        folder = Path(name)
        for table, rows in tables.items():
            write_scores(folder / f"{table}.csv", rows)
        write_record(folder / "metrics.json", found.metrics)
        read: dict[str, Any] = {table: read_table(folder / f"{table}.csv") for table in tables}
        read["metrics"] = read_record(folder / "metrics.json")
    read["uncertainty"] = experiment.uncertainty | {"test": read["uncertainty"]}
    return replace(experiment, **read)


def gauge_again(experiment: Experiment) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Calibration, reliability and uncertainty from the predictions, as the step `gauge` writes them."""
    params, sheet = experiment.params, experiment.sheet
    heads = [head for head in experiment.heads if head in TELL]
    models = read_by_model(experiment.files["predictions"])
    return gauge_models(models, sheet.arrays, heads, params.split, params.compare.confidence, params.seed)
