"""What the saved views of an experiment show: the models of the last comparison, their fits by epoch, and comparisons over time."""

from collections.abc import Sequence

from pipeline.metrics import METRICS
from pipeline.tracking.views import View, build_bars, build_lines, build_parallel, build_scatter

COSTS = ("seconds", "peak_memory_mb")
RUN_NAME = "tags.`mlflow.runName`"


def build_views(comparison: str, metric: str, models: Sequence[str], metrics: Sequence[str]) -> list[View]:
    """The three views; `comparison` is a run id, `metric` the one that decides."""
    others = [name for name in metrics if name != metric]
    return [
        view_models(comparison, metric, others),
        view_fits(comparison, metric, others),
        view_comparisons(metric, models),
    ]


def view_models(comparison: str, metric: str, others: Sequence[str]) -> View:
    """A run a model: scores with their intervals, and what they took."""
    mean, low, high = (f"test_{metric}{end}" for end in ("", "_low", "_high"))
    means = [mean, *(f"test_{name}" for name in others)]
    charts = [
        build_bars(METRICS[metric].spelt, mean),
        build_bars("Interval", low, mean, high),
        build_scatter("What it took", COSTS[0], mean),
        *([build_parallel("All metrics", means)] if others else []),
        *(build_bars(METRICS[name].spelt, f"test_{name}") for name in others),
    ]
    columns = ["tags.`foldwise.winner`", *_metrics(mean, low, high, *means[1:], *COSTS)]
    runs = _in_comparison("model", comparison)
    is_ascending = not METRICS[metric].higher_is_better
    return View("models", "Models compared", runs, columns, charts, f"metrics.`{mean}`", is_ascending)


def view_fits(comparison: str, metric: str, others: Sequence[str]) -> View:
    """A run a fit: losses by epoch, scores on test."""
    charts = [
        build_lines("Loss on validation", "validation_loss"),
        build_lines("Loss in training", "loss"),
        build_lines("Score on validation", "validation_score"),
        build_bars(METRICS[metric].spelt, f"test_{metric}"),
    ]
    scores = [f"test_{name}" for name in (metric, *others)]
    columns = [
        "params.`seed`",
        *_metrics(*scores, "best_epoch", "fit_seconds", "threshold", f"{METRICS[metric].head}_temperature"),
    ]
    # any order but by date: that one would bring the models' runs with them
    return View("fits", "Fits by epoch", _in_comparison("fit", comparison), columns, charts, RUN_NAME, ascending=True)


def view_comparisons(metric: str, models: Sequence[str]) -> View:
    """A run a comparison: scores of every model over versions of data, code and parameters."""
    scores = [f"{model}/test_{metric}" for model in models]
    charts = [build_bars("Models", *scores), build_bars("The best, corrected for the choice", "winner_corrected")]
    tags = ["tags.`foldwise.best_model`", "tags.`foldwise.data_hash`", "tags.`foldwise.git_commit`"]
    columns = [*tags, *_metrics(*scores, "winner_corrected")]
    runs = "tags.`foldwise.run_of` = 'comparison'"
    return View("comparisons", "Comparisons over time", runs, columns, charts, folded=models)


def _in_comparison(run_of: str, comparison: str) -> str:
    return f"tags.`foldwise.run_of` = '{run_of}' AND tags.`foldwise.comparison` = '{comparison}'"


def _metrics(*names: str) -> list[str]:
    return [f"metrics.`{name}`" for name in names]
