"""An experiment read from its files."""

from collections.abc import Mapping
from typing import Any

from pipeline.datasets.diagnosed import read_diagnosed
from pipeline.params import Params
from pipeline.provenance import read_record
from pipeline.report.experiment import Experiment, read_by_fit, read_table
from pipeline.report.sheet import read_sheet

Files = Mapping[str, Any]
"""Path, or list of paths, by the name that the step `report` gives it."""
READ = (
    *(
        "manifest",
        "dataset",
        "index",
        "explored",
        "splits",
        "split_summary",
        "audited",
        "augmented",
        "fits",
        "histories",
    ),
    *(
        "searches",
        "trials",
        "predictions",
        "scores",
        "comparison",
        "tests",
        "costs",
        "metrics",
        "diagnosed",
        "registered",
    ),
    *("tracked", "unlabelled", "calibration", "reliability", "uncertainty", "benchmarks", "advice", "extra_folds"),
    "extra_scores",
)
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
