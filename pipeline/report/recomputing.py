"""What follows from the stored scores, predictions and tables of an experiment, computed anew."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd

from pipeline.comparison import conclude
from pipeline.comparison.conclusion import Conclusion
from pipeline.datasets.predictions import read_by_model
from pipeline.datasets.scores import read_scores, sum_seconds, write_scores
from pipeline.datasets.splits import count_training
from pipeline.gauging import gauge_models
from pipeline.labelling import choose_labelled, rank_unlabelled
from pipeline.learning_curve import summarise_curves
from pipeline.params import CurveParams, parse_fold
from pipeline.provenance import read_record, write_record
from pipeline.report.experiment import Experiment, Fit, read_table
from pipeline.suspicion import find_judges, judge_model, rank_suspects
from pipeline.uncertainty import TELL
from pipeline.variance import summarise_seeds

Tables = Mapping[str, pd.DataFrame]
MOST_IMAGES = 2000
"""Images whose filter features are taken anew for the suggestions; of more the stored table stands."""


def recompute(experiment: Experiment) -> Experiment:
    """The experiment with means, tests, verdict, costs, calibration and advice computed from its scores, records and predictions."""
    found = conclude_again(experiment)
    calibration, reliability, uncertainty = gauge_again(experiment)
    tables = {"comparison": found.comparison, "tests": found.tests, "costs": found.costs}
    tables |= {"calibration": calibration, "reliability": reliability, "uncertainty": uncertainty}
    with TemporaryDirectory() as name:  # written and read, so that a cell is what the report would read
        folder = Path(name)
        write_record(folder / "metrics.json", found.metrics)
        metrics = read_record(folder / "metrics.json")
        read: dict[str, Any] = read_again(tables, folder)
        compared = replace(experiment, metrics=metrics, comparison=read["comparison"], tests=read["tests"])
        advice = read_again(advise_again(compared), folder)
    read["uncertainty"] = experiment.uncertainty | {"test": read["uncertainty"]}
    return replace(experiment, metrics=metrics, advice=experiment.advice | advice, **read)


def read_again(tables: Tables, folder: Path) -> dict[str, pd.DataFrame]:
    """The tables as they are read from files."""
    for name, rows in tables.items():
        write_scores(folder / f"{name}.csv", rows)
    return {name: read_table(folder / f"{name}.csv") for name in tables}


def conclude_again(experiment: Experiment) -> Conclusion:
    """The comparison, as the step `compare` makes it."""
    params, files = experiment.params, experiment.files
    tested = list(experiment.scores)
    return conclude(
        read_scores(files["scores"], params.evaluate.sample_metrics),
        [experiment.fits[fit] for fit in tested],
        sum_seconds([path for path in files["trials"] if (path.parent.name, path.stem) in tested]),
        float(experiment.sheet.split_summary["coverage"]),
        compare=params.compare,
        evaluate=params.evaluate,
        split=params.split,
        seed=params.seed,
    )


def gauge_again(experiment: Experiment) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Calibration, reliability and uncertainty from the predictions, as the step `gauge` writes them."""
    params, sheet = experiment.params, experiment.sheet
    heads = [head for head in experiment.heads if head in TELL]
    models = read_by_model(experiment.files["predictions"])
    return gauge_models(models, sheet.arrays, heads, params.split, params.compare.confidence, params.seed)


def advise_again(experiment: Experiment) -> dict[str, pd.DataFrame]:
    """The tables of advice that can be computed again."""
    return {name: ADVICE[name](experiment) for name in list_advice(experiment)}


def list_advice(experiment: Experiment) -> list[str]:
    """Names of the tables of advice whose sources are stored, and not so many that it would take long."""
    params, arrays = experiment.params, experiment.sheet.arrays
    images = len(choose_labelled(arrays)) + len(experiment.uncertainty["unlabelled"])
    can = {"suspects": True, "suggested": images <= MOST_IMAGES}
    can |= {"learning_curve": bool(params.curve_fits), "variance": bool(params.seed_fits)}
    return [name for name in experiment.advice if can[name]]


def suspect_again(experiment: Experiment) -> pd.DataFrame:
    """Labels in doubt, as the step `suspect` ranks them."""
    params = experiment.params
    judges = find_judges(experiment.tests, experiment.winner, params.models, params.compare)
    paths = [path for judge in judges for path in experiment.files["predictions"] if path.parent.name == judge]
    return rank_suspects({name: judge_model(model, experiment.sheet.arrays) for name, model in read_by_model(paths)})


def suggest_again(experiment: Experiment) -> pd.DataFrame:
    """What to label next, as the step `suggest` ranks it."""
    return rank_unlabelled(experiment.uncertainty["unlabelled"], experiment.sheet.arrays)


def curve_again(experiment: Experiment) -> pd.DataFrame:
    """The learning curve, as the step `curve` fits it."""
    params, files = experiment.params, experiment.files
    table = read_extra(experiment, params.curve_fits)
    counts = count_training(table["fold"].unique(), files["splits"], files["extra_folds"])
    return summarise_curves(
        table, counts, params.curve or CurveParams(), params.evaluate, params.compare, params.split, params.seed
    )


def vary_again(experiment: Experiment) -> pd.DataFrame:
    """The parts of the variance, as the step `vary` finds them."""
    params = experiment.params
    return summarise_seeds(read_extra(experiment, params.seed_fits), params.evaluate, params.compare, params.split)


def read_extra(experiment: Experiment, fits: tuple[Fit, ...]) -> pd.DataFrame:
    """Scores of extra fits, and of those that they are held against."""
    files = [*experiment.files["scores"], *experiment.files["extra_scores"]]
    paths = {(path.parent.name, path.stem): path for path in files}
    wanted = [fit for model, fold in fits for fit in ((model, parse_fold(fold).base), (model, fold))]
    return read_scores([paths[fit] for fit in dict.fromkeys(wanted)], (experiment.metric,))


ADVICE: Mapping[str, Callable[[Experiment], pd.DataFrame]] = {
    "suspects": suspect_again,
    "suggested": suggest_again,
    "learning_curve": curve_again,
    "variance": vary_again,
}
