"""A search loses nothing to a kill, repeats nothing, and goes on as if it had not been killed."""

import math
from pathlib import Path
from typing import Any

import pytest

from pipeline.fitting.control import FitError
from pipeline.params import SearchParams, SearchRange, TrainParams
from pipeline.tuning import SearchError, Values, best_of, run_study, was_cut

RATE, KIND, SIZE = "train.optimizer.learning_rate", "model.kind", "train.batch_size"
SPACE = (
    SearchRange(parameter=RATE, low=1e-4, high=1e-1, log=True),
    SearchRange(parameter=KIND, choices=("a", "b")),
    SearchRange(parameter=SIZE, low=1, high=16, integer=True),
)


class Killed(BaseException):
    """In place of a kill: nothing on the way may catch it."""


class Fit:
    """A score that is highest at a rate of .01 and kind b; remembers what it was asked for."""

    def __init__(self, killed_at: int | None = None) -> None:
        self.asked: list[Values] = []
        self.killed_at = killed_at

    def __call__(self, values: Values, report: Any) -> float:
        self.asked.append(values)
        if len(self.asked) == self.killed_at:
            raise Killed
        return -abs(math.log10(values[RATE]) + 2) + (values[KIND] == "b")


def study(journal: Path, fit: Any, trials: int = 14, key: str = "k", told: Any = None, **search: Any) -> list[Values]:
    params = SearchParams(trials=trials, space=SPACE, **search)
    return run_study(journal, key, params, "unet", 3, fit, (told if told is not None else []).append)


def untimed(rows: list[Values]) -> list[Values]:
    return [{name: value for name, value in row.items() if name != "seconds"} for row in rows]


@pytest.mark.parametrize("killed_at", [1, 4, 13])
def test_killed_search_goes_on_to_the_same_trials(tmp_path: Path, killed_at: int) -> None:
    whole, first, second = Fit(), Fit(killed_at), Fit()
    expected = study(tmp_path / "whole", whole)
    with pytest.raises(Killed):
        study(tmp_path / "killed", first)
    told: list[Values] = []
    found = study(tmp_path / "killed", second, told=told)
    assert untimed(found) == untimed(expected) == untimed(told)
    assert first.asked[:-1] + second.asked == whole.asked


def test_search_is_the_same_every_time_and_another_with_another_key(tmp_path: Path) -> None:
    assert untimed(study(tmp_path / "a", Fit())) == untimed(study(tmp_path / "b", Fit()))
    study(tmp_path / "a", fit := Fit(), key="other", trials=2)
    assert len(fit.asked) == 2


def test_finished_search_is_not_done_again_and_more_trials_go_on(tmp_path: Path) -> None:
    rows = study(tmp_path / "journal", Fit(), trials=3)
    fit = Fit()
    assert study(tmp_path / "journal", fit, trials=3) == rows and not fit.asked
    more = study(tmp_path / "journal", fit, trials=5)
    assert more[:3] == rows and len(more) == 5 and len(fit.asked) == 2


def test_search_finds_the_best(tmp_path: Path) -> None:
    rows = study(tmp_path / "journal", Fit(), trials=40)
    best = best_of(rows)
    assert best["value"] == max(row["value"] for row in rows) > 0.8
    assert best[KIND] == "b" and isinstance(best[SIZE], int)
    assert [row["number"] for row in rows] == list(range(40))


def test_space_of_other_models_is_left_out(tmp_path: Path) -> None:
    space = (SPACE[0], SearchRange(parameter="model.depth", choices=(1, 2), models=("conv_lstm_unet",)))
    rows = run_study(tmp_path / "j", "k", SearchParams(trials=1, space=space), "unet", 0, lambda *_: 0.5, [].append)
    assert RATE in rows[0] and "model.depth" not in rows[0]


def test_trials_behind_the_median_are_pruned(tmp_path: Path) -> None:
    reached: list[int] = []

    def fit(values: Values, report: Any) -> float:
        score = 0.0 if len(reached) == 6 else 1.0
        reached.append(0)
        for epoch in range(1, 4):
            report(epoch, score)
            reached[-1] = epoch
        return score

    rows = study(tmp_path / "journal", fit, trials=7)
    assert reached == [3] * 6 + [0]
    assert [row["state"] for row in rows] == ["COMPLETE"] * 6 + ["PRUNED"] and rows[-1]["value"] is None
    reached.clear()
    assert {row["state"] for row in study(tmp_path / "other", fit, trials=7, prune=False)} == {"COMPLETE"}


def test_minutes_end_a_search_after_a_trial_at_least(tmp_path: Path) -> None:
    params = SearchParams(trials=50, minutes=1e-9, space=SPACE)
    rows = run_study(tmp_path / "journal", "k", params, "unet", 3, fit := Fit(), [].append)
    assert len(rows) == len(fit.asked) == 1 and was_cut(rows, params)
    assert not was_cut(study(tmp_path / "other", Fit(), trials=2), SearchParams(trials=2, space=SPACE))


def test_failed_trials_count_and_are_not_tried_again(tmp_path: Path) -> None:
    scores = Fit()

    def fit(values: Values, report: Any) -> float:
        score = scores(values, report)
        if len(scores.asked) == 1:
            return math.nan
        if len(scores.asked) == 2:
            raise FitError("the loss is no number")
        if len(scores.asked) == 3:
            TrainParams(samples=1, epoch_samples=2)
        return score

    rows = study(tmp_path / "journal", fit, trials=5)
    assert [row["state"] for row in rows] == ["FAIL"] * 3 + ["COMPLETE"] * 2
    assert rows[0]["failure"] == "the score is nan" and "no number" in rows[1]["failure"]
    assert "exceeds the budget" in rows[2]["failure"] and rows[3]["failure"] == ""
    assert best_of(rows)["number"] in (3, 4)
    assert len({row[RATE] for row in rows}) == 5
    assert study(tmp_path / "journal", scores, trials=5) == rows and len(scores.asked) == 5


def test_search_without_a_single_score_says_why(tmp_path: Path) -> None:
    def fit(values: Values, report: Any) -> float:
        raise FitError("memory does not hold a step")

    with pytest.raises(SearchError, match=r"none of the 3 trials .* memory does not hold a step$"):
        best_of(study(tmp_path / "journal", fit, trials=3))


def test_other_faults_end_the_search(tmp_path: Path) -> None:
    def fit(values: Values, report: Any) -> float:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        study(tmp_path / "journal", fit)
