"""An experiment read from its files, and what follows from its scores computed anew."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pipeline.comparison import build_verdict, compare_models, summarise_costs
from pipeline.datasets.diagnosed import read_diagnosed
from pipeline.datasets.scores import read_scores, sum_seconds, write_scores
from pipeline.params import Params
from pipeline.provenance import read_record, write_record
from pipeline.report.experiment import Experiment, read_by_fit, read_table
from pipeline.report.sheet import read_sheet

Files = Mapping[str, Any]
"""Path, or list of paths, by the name that the step `report` gives it."""
SHEET = ("manifest", "dataset", "index", "explored", "splits", "split_summary", "audited", "augmented")
TABLES = ("comparison", "tests", "costs")


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
    )


def recompute(experiment: Experiment) -> Experiment:
    """The experiment with means, tests, verdict and costs computed from its scores and records, as the step `compare` does."""
    params, files = experiment.params, experiment.files
    scores = read_scores(files["scores"], params.evaluate.sample_metrics)
    result = compare_models(scores, params.evaluate, params.compare, params.split, params.seed)
    coverage = float(experiment.sheet.split_summary["coverage"])
    verdict = build_verdict(result, params.compare, params.evaluate, coverage)
    tested = list(experiment.scores)
    trials = [path for path in files["trials"] if (path.parent.name, path.stem) in tested]
    took = summarise_costs([experiment.fits[fit] for fit in tested], sum_seconds(trials), params.compare)
    tables = dict(zip(TABLES, (result.summary, result.tests, took), strict=True))
    with TemporaryDirectory() as name:  # written and read, so that a cell is what the report would read
        folder = Path(name)
        for table, rows in tables.items():
            write_scores(folder / f"{table}.csv", rows)
        write_record(folder / "metrics.json", verdict)
        comparison, tests, costs = (read_table(folder / f"{table}.csv") for table in TABLES)
        metrics = read_record(folder / "metrics.json")
    return replace(experiment, comparison=comparison, tests=tests, costs=costs, metrics=metrics)
