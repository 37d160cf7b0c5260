"""Hyper-parameter search by Optuna that survives a kill: nothing repeated, nothing lost; the only Optuna."""

import logging
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import optuna
from optuna.storages.journal import JournalFileBackend
from optuna.trial import FrozenTrial, TrialState
from pydantic import ValidationError

from pipeline.fitting.control import FitError
from pipeline.params import SearchParams, SearchRange

logger = logging.getLogger(__name__)
Values = dict[str, Any]
Report = Callable[[int, float], None]
Objective = Callable[[Values, Report], float]
FAILURE = "failure"  # why a trial failed; a trial that a kill ended has none, and is none


class StopTrial(optuna.TrialPruned):
    """Raised through the objective when a trial has fallen behind the others."""


class SearchError(ValueError):
    """Why a search found nothing."""


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
    (seed, trials finished before), so that a study goes on after a kill as if it had not been. A trial whose values cannot
    be fitted (FitError, or refused by the schema) or whose score is no number has failed: it counts, and is not tried again.
    """
    study = _open_study(journal, key, search)
    space = [dimension for dimension in search.space if dimension.models is None or model in dimension.models]
    rows = _rows(study)
    for row in rows:
        on_trial(row)
    while len(rows) < search.trials and not _is_spent(rows, search):
        draw = int(np.random.SeedSequence((seed, len(rows))).generate_state(1)[0])
        study.sampler = optuna.samplers.TPESampler(seed=draw)
        _run_trial(study, space, objective)
        rows = _rows(study)
        on_trial(rows[-1])
        logger.info("trial %d of %d: best so far %s", len(rows), search.trials, _best_value(rows))
    return rows


def best_of(rows: list[Values]) -> Values:
    """The row of the highest value among the trials that ran to their end; raises SearchError where none did."""
    complete = [row for row in rows if row["state"] == "COMPLETE"]
    if not complete:
        reasons = "; ".join(dict.fromkeys(row[FAILURE] for row in rows if row[FAILURE]))
        raise SearchError(
            f"none of the {len(rows)} trials ran to its end: narrow search.space. Why they failed: {reasons}"
        )
    return max(complete, key=lambda row: row["value"])


def turn_values(rows: list[Values], sign: int) -> list[Values]:
    """The same rows with each value times `sign`: of an error, which is searched as a score of turned sign, the error itself."""
    return [row | {"value": None if row["value"] is None else sign * row["value"]} for row in rows]


def was_cut(rows: list[Values], search: SearchParams) -> bool:
    """Whether the budget in minutes ended the search."""
    return len(rows) < search.trials


def _open_study(journal: Path, key: str, search: SearchParams) -> optuna.Study:
    """The study of a journal; trials that a kill left running are put aside."""
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    journal.parent.mkdir(parents=True, exist_ok=True)
    study = optuna.create_study(
        storage=optuna.storages.JournalStorage(JournalFileBackend(str(journal))),
        study_name=key,
        direction="maximize",
        pruner=optuna.pruners.MedianPruner() if search.prune else optuna.pruners.NopPruner(),
        load_if_exists=True,
    )
    for trial in study.get_trials(states=(TrialState.RUNNING,)):
        study.tell(trial.number, state=TrialState.FAIL)
    return study


def _is_spent(rows: list[Values], search: SearchParams) -> bool:
    minutes = sum(row["seconds"] for row in rows) / 60
    if search.minutes is None or not rows or minutes < search.minutes:
        return False
    logger.warning("the search is cut after %.1f minutes: %d of %d trials", minutes, len(rows), search.trials)
    return True


def _run_trial(study: optuna.Study, space: list[SearchRange], objective: Objective) -> None:
    trial = study.ask()
    values = {dimension.parameter: _suggest(trial, dimension) for dimension in space}

    def report(epoch: int, score: float) -> None:
        trial.report(score, epoch)
        if trial.should_prune():
            raise StopTrial

    try:
        score = objective(values, report)
        if not math.isfinite(score):
            raise FitError(f"the score is {score}")
    except optuna.TrialPruned:
        study.tell(trial, state=TrialState.PRUNED)
    except (FitError, ValidationError) as error:
        logger.warning("trial %s failed: %s", values, error)
        trial.set_user_attr(FAILURE, str(error))
        study.tell(trial, state=TrialState.FAIL)
    else:
        study.tell(trial, score)


def _suggest(trial: optuna.Trial, dimension: SearchRange) -> Any:
    if dimension.choices is not None:
        return trial.suggest_categorical(dimension.parameter, dimension.choices)
    low, high = dimension.low or 0.0, dimension.high or 0.0
    if dimension.integer:
        return trial.suggest_int(dimension.parameter, int(low), int(high), log=dimension.log)
    return trial.suggest_float(dimension.parameter, low, high, log=dimension.log)


def _rows(study: optuna.Study) -> list[Values]:
    """One row a finished trial: number (of those finished), state, value, seconds, failure, and the values by dotted path."""
    return [
        {
            "number": number,
            "state": trial.state.name,
            "value": trial.value if trial.state is TrialState.COMPLETE else None,
            "seconds": trial.duration.total_seconds() if trial.duration else 0.0,
            FAILURE: trial.user_attrs.get(FAILURE, ""),
            **trial.params,
        }
        for number, trial in enumerate(filter(_is_finished, study.get_trials()))
    ]


def _is_finished(trial: FrozenTrial) -> bool:
    return trial.state in (TrialState.COMPLETE, TrialState.PRUNED) or FAILURE in trial.user_attrs


def _best_value(rows: list[Values]) -> str:
    values = [row["value"] for row in rows if row["value"] is not None]
    return f"{max(values):.4f}" if values else "none"
