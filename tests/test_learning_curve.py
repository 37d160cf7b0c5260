"""What more samples are expected to give: the law found again, its interval, and when nothing is told."""

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import curve_fit

from pipeline.learning_curve import describe_gain, fit_power_law, summarise_curve

SIZES = pd.Series([10.0, 20.0, 40.0, 80.0], [0.125, 0.25, 0.5, 1.0])


def draw_curve(
    units: int, folds: int, seed: int, spread: float = 0.05, ways: float = 0.0, fall: float = 2.0
) -> pd.DataFrame:
    """Dice of .9 - fall / n, of units that are easy or hard at all sizes alike, in folds whose curves differ by `ways`."""
    generator = np.random.default_rng(seed)
    easy, other = generator.normal(0, spread, units), generator.normal(0, ways, (folds, len(SIZES)))
    rows = [
        (
            str(unit % folds),
            f"{unit}",
            "",
            f"{unit}",
            0,
            share,
            0.9 - fall / size + easy[unit] + other[unit % folds, place],
        )
        for place, (share, size) in enumerate(SIZES.items())
        for unit in range(units)
    ]
    return pd.DataFrame(rows, columns=["fold", "sample_id", "sequence", "group", "time", "share", "dice"])


def summarise(scores: pd.DataFrame, metric: str = "dice") -> pd.DataFrame:
    return summarise_curve(scores, SIZES, metric, 20, 0.95, by_sequence=False, seed=0)


def test_the_law_is_found_again() -> None:
    law = fit_power_law(np.array([10.0, 20, 40]), np.array([0.6, 0.7, 0.75]), 1.0)
    assert (law.a, law.b, law.c) == (pytest.approx(0.8), pytest.approx(2), pytest.approx(1))
    assert law.at(np.array([80.0]))[0] == pytest.approx(0.775)


def test_the_law_is_that_of_a_general_search() -> None:
    """SciPy's, from the same bounds; the exponent is told to .01."""
    generator = np.random.default_rng(0)
    sizes = SIZES.to_numpy()
    scores = 0.9 - 1.5 * sizes**-0.6 + generator.normal(0, 0.005, (20, 4))
    found = fit_power_law(sizes, scores, 1.0)
    for place, own in enumerate(scores):
        bounds = ([-np.inf, 0, 0.2], [1, np.inf, 1])
        other, _ = curve_fit(lambda n, a, b, c: a - b * n**-c, sizes, own, (0.9, 1, 0.5), bounds=bounds)
        assert found.c[place] == pytest.approx(other[2], abs=0.01)
        twice = other[0] - other[1] * 160 ** -other[2]
        assert found.at(np.array([160.0]))[place, 0] == pytest.approx(twice, abs=5e-4)


def test_scores_that_fall_are_foretold_to_stay() -> None:
    law = fit_power_law(np.array([10.0, 20, 40]), np.array([0.7, 0.65, 0.6]), 1.0)
    assert law.at(np.array([80.0]))[0] == pytest.approx(0.65)


def test_no_law_rises_above_the_best_score_there_is() -> None:
    law = fit_power_law(np.array([10.0, 20, 40]), np.array([0.7, 0.85, 0.99]), 1.0)
    assert law.a == 1 and 0.99 < law.at(np.array([1e6]))[0] <= 1


def test_gain_is_told_with_its_interval() -> None:
    table = summarise(draw_curve(40, 4, seed=0, ways=0.002))
    measured, predicted = (table[table["kind"] == kind] for kind in ("measured", "predicted"))
    assert list(measured["samples"]) == [10, 20, 40, 80] and list(predicted["samples"]) == [100, 160]
    gain = predicted.iloc[1]
    assert gain["gain_low"] < 2 / 80 - 2 / 160 < gain["gain_high"]
    assert describe_gain(table, gain, 0.95).startswith("80 more training samples are expected to give +.01")


def test_interval_of_the_gain_covers_as_stated() -> None:
    """Folds whose curves go different ways count as much as test units do."""
    hits = 0
    for seed in range(60):
        row = summarise(draw_curve(24, 4, seed, ways=0.01)).iloc[-1]
        hits += row["gain_low"] <= 2 / 80 - 2 / 160 <= row["gain_high"]
    assert hits >= 0.9 * 60


@pytest.mark.parametrize(
    ("drawn", "why"),
    [
        ({"units": 4, "folds": 2}, "fewer than five"),
        ({"units": 40, "folds": 4, "fall": 0.0, "ways": 0.01}, "Dice changes by"),
        ({"units": 40, "folds": 3, "fall": 0.4, "ways": 0.01}, "Dice changes by"),
    ],
)
def test_nothing_is_told_that_the_data_do_not_tell(drawn: dict, why: str) -> None:
    table = summarise(draw_curve(**drawn, seed=0))
    told = describe_gain(table, table[table["kind"] == "predicted"].iloc[0], 0.95)
    assert told.startswith("What 20 more training samples would give is not to be told from these data") and why in told


def test_errors_fall_with_more_samples() -> None:
    scores = draw_curve(40, 4, seed=0).rename(columns={"dice": "rmse"})
    table = summarise(scores.assign(rmse=1 - scores["rmse"]), "rmse")
    row = table.iloc[-1]
    assert row["gain_low"] <= row["gain"] <= row["gain_high"] < 0
    assert "are expected to give -.01" in describe_gain(table, row, 0.95) and "m RMSE" in describe_gain(
        table, row, 0.95
    )
