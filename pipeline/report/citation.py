"""Where a figure or number comes from: runs, commit, data, split, parameters and seed."""

from typing import Any

from pipeline.params import write_section
from pipeline.provenance import hash_of
from pipeline.report.experiment import Experiment
from pipeline.report.sheet import DataSheet

SHORT = 8
NAMED_RUNS = 8
JOINT = "\N{NO-BREAK SPACE}"


def cite(experiment: Experiment, model: str | None = None) -> str:
    """One line at the end of a section, about all fits or those of one model; the runs of the folds lie within those named."""
    chosen = [record for (of_model, _), record in experiment.fits.items() if model in (None, of_model)]
    runs = name_runs(experiment, [model] if model else experiment.models)
    commits = f"commit{JOINT}{cite_commits(chosen)}"
    return " · ".join([*([runs] if runs else []), commits, cite_data(experiment.sheet)])


def name_runs(experiment: Experiment, models: list[str]) -> str:
    """The MLflow runs of some models; empty where none was tracked."""
    tracked = experiment.tracked["runs"]
    runs = [f"{name}{JOINT}{shorten(tracked[name])}" for name in models if name in tracked]
    if not runs:
        return ""
    more = f" and {len(runs) - NAMED_RUNS} more" if len(runs) > NAMED_RUNS else ""
    return f"MLflow run{'s' if len(runs) > 1 else ''} {', '.join(runs[:NAMED_RUNS])}{more}"


def describe_origins(experiment: Experiment) -> dict[str, Any]:
    """What a number tells on a click: runs and commits by model, and what all share."""
    sheet = experiment.sheet
    return {
        "runs": {model: run for model, run in experiment.tracked["runs"].items() if model in experiment.models},
        "commits": {
            model: cite_commits([record for (of_model, _), record in experiment.fits.items() if of_model == model])
            for model in experiment.models
        },
        "shared": {
            "Data": sheet.dataset.data_hash,
            "Split": sheet.split_summary["hash"],
            "Parameters": hash_of(write_section(sheet.params)),
            "Seed": str(sheet.params.seed),
        },
        "page": f"reports/{sheet.params.experiment}/index.html",
    }


def cite_data(sheet: DataSheet) -> str:
    """The same for what depends on data and split alone."""
    split_hash = shorten(sheet.split_summary["hash"])
    data_hash = shorten(sheet.dataset.data_hash)
    params_hash = shorten(hash_of(write_section(sheet.params)))
    places = {"data": data_hash, "split": split_hash, "parameters": params_hash, "seed": sheet.params.seed}
    return " · ".join(f"{name}{JOINT}{value}" for name, value in places.items())


def cite_commits(fits: list[dict[str, object]]) -> str:
    """The commits of some fits, with a plus where files differed from the commit."""
    commits = {
        shorten(str(record["git_commit"])) + ("+" if record["git_dirty"] else "") if record["git_commit"] else "unknown"
        for record in fits
    }
    return ", ".join(sorted(commits)) or "unknown"


def shorten(digest: str) -> str:
    """The first characters of a hash or run id."""
    return digest[:SHORT]
