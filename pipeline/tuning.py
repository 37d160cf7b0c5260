"""Hyper-parameter search by Optuna that survives a kill: nothing repeated, nothing lost; the only Optuna."""

import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import optuna
from optuna.trial import TrialState

from pipeline.params import SearchParams, SearchRange

logger = logging.getLogger(__name__)
Values = dict[str, Any]
Report = Callable[[int, float], None]
Objective = Callable[[Values, Report], float]
DONE = (TrialState.COMPLETE, TrialState.PRUNED)


class StopTrial(optuna.TrialPruned):
    """Raised through the objective when a trial has fallen behind the others."""


def run_study(
    journal: Path,
    key: str,
    search: SearchParams,
    model: str,
    seed: int,
    objective: Objective,
    on_trial: Callable[[Values], None],
) -> list[Values]:
    """Try search.trials sets of values, those that the journal holds already among them; gives one row a trial.

    `objective(values, report)` gives the score to maximise and reports (epoch, score) on the way. Each trial draws from
    (seed, trials finished before), so that a study goes on after a kill as if it had not been. A failed trial counts for nothing.
    """
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    journal.parent.mkdir(parents=True, exist_ok=True)
    storage = optuna.storages.JournalStorage(optuna.storages.journal.JournalFileBackend(str(journal)))
    pruner = optuna.pruners.MedianPruner() if search.prune else optuna.pruners.NopPruner()
    study = optuna.create_study(
        storage=storage, study_name=key, direction="maximize", pruner=pruner, load_if_exists=True
    )
    for trial in study.get_trials(states=(TrialState.RUNNING,)):
        study.tell(trial.number, state=TrialState.FAIL)
    space = [dimension for dimension in search.space if dimension.models is None or model in dimension.models]
    spent = sum(row["seconds"] for row in _rows(study))
    while len(finished := study.get_trials(states=DONE)) < search.trials:
        if search.minutes is not None and spent >= 60 * search.minutes and finished:
            logger.warning(
                "the search is cut after %.1f minutes: %d of %d trials", spent / 60, len(finished), search.trials
            )
            break
        study.sampler = optuna.samplers.TPESampler(seed=seed + len(finished))
        start = time.perf_counter()
        _run_trial(study, space, objective)
        spent += time.perf_counter() - start
        on_trial(_rows(study)[-1])
        logger.info("trial %d of %d: best so far %s", len(finished) + 1, search.trials, _best_value(study))
    return _rows(study)


def best_of(rows: list[Values]) -> Values:
    """The row of the highest value among the trials that ran to their end."""
    return max((row for row in rows if row["state"] == "COMPLETE"), key=lambda row: row["value"])


def was_cut(rows: list[Values], search: SearchParams) -> bool:
    """Whether the budget in minutes ended the search."""
    return len(rows) < search.trials


def _run_trial(study: optuna.Study, space: list[SearchRange], objective: Objective) -> None:
    trial = study.ask()
    values = {dimension.parameter: _suggest(trial, dimension) for dimension in space}

    def report(epoch: int, score: float) -> None:
        trial.report(score, epoch)
        if trial.should_prune():
            raise StopTrial

    try:
        study.tell(trial, objective(values, report))
    except optuna.TrialPruned:
        study.tell(trial, state=TrialState.PRUNED)


def _suggest(trial: optuna.Trial, dimension: SearchRange) -> Any:
    if dimension.choices is not None:
        return trial.suggest_categorical(dimension.parameter, dimension.choices)
    low, high = dimension.low or 0.0, dimension.high or 0.0
    if dimension.integer:
        return trial.suggest_int(dimension.parameter, int(low), int(high), log=dimension.log)
    return trial.suggest_float(dimension.parameter, low, high, log=dimension.log)


def _rows(study: optuna.Study) -> list[Values]:
    """One row a finished trial: number (of those finished), state, value, seconds, and the values by dotted path."""
    return [
        {
            "number": number,
            "state": trial.state.name,
            "value": trial.value,
            "seconds": trial.duration.total_seconds() if trial.duration else 0.0,
            **trial.params,
        }
        for number, trial in enumerate(study.get_trials(states=DONE))
    ]


def _best_value(study: optuna.Study) -> str:
    complete = study.get_trials(states=(TrialState.COMPLETE,))
    return f"{study.best_value:.4f}" if complete else "none"
