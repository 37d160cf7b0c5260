"""The parts of seeds, folds and models in the variance: against known components, statsmodels, and worked numbers."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as formulas

from pipeline.variance import ALL, decompose_folds, decompose_models, seeds_enough, summarise_variance

SEEDS, FOLDS, MODELS, BOTH = 0.02, 0.03, 0.05, 0.01
"""Standard deviations that are drawn."""


def draw(generator: np.random.Generator, models: int, folds: int, seeds: int) -> np.ndarray:
    """Scores (models, folds, seeds) of known components."""
    return (
        0.8
        + generator.normal(0, MODELS, (models, 1, 1))
        + generator.normal(0, FOLDS, (1, folds, 1))
        + generator.normal(0, BOTH, (models, folds, 1))
        + generator.normal(0, SEEDS, (models, folds, seeds))
    )


def variances(rows: list[dict]) -> dict[str, float]:
    return {row["source"]: row["variance"] for row in rows}


def test_worked_numbers() -> None:
    seeds, folds = decompose_folds(np.array([[0.6, 0.8], [0.7, 0.9]]), 0.95)
    assert seeds["variance"] == pytest.approx(0.02) and folds["variance"] == 0
    assert seeds["share"] == pytest.approx(1) and seeds["enough"] == np.inf


def test_known_components_are_found() -> None:
    """Means over 300 draws of a design large enough that nothing is cut off at 0."""
    generator = np.random.default_rng(0)
    found = pd.DataFrame([variances(decompose_models(draw(generator, 8, 10, 6))) for _ in range(300)])
    known = {"seeds": SEEDS**2, "folds": FOLDS**2, "models": MODELS**2, "models x folds": BOTH**2}
    for source, variance in known.items():
        error = found[source].std() / np.sqrt(len(found))
        assert abs(found[source].mean() - variance) < 3 * error, source


def test_components_of_one_model_are_those_of_reml() -> None:
    """The two agree in balanced designs wherever no component is 0."""
    scores = 100 * draw(np.random.default_rng(1), 1, 8, 4)[0]  # statsmodels takes variances below .01 for none
    table = pd.DataFrame({"score": scores.ravel(), "fold": np.repeat(np.arange(8), 4)})
    fit = formulas.mixedlm("score ~ 1", table, groups="fold").fit(reml=True)
    found = variances(decompose_folds(scores, 0.95))
    assert found["seeds"] == pytest.approx(fit.scale, rel=1e-3)
    assert found["folds"] == pytest.approx(float(fit.cov_re.iloc[0, 0]), rel=1e-2)


def test_interval_of_the_seeds_covers_as_stated() -> None:
    generator = np.random.default_rng(2)
    rows = [decompose_folds(draw(generator, 1, 5, 3)[0], 0.95)[0] for _ in range(1000)]
    covered = np.mean([row["low"] <= SEEDS**2 <= row["high"] for row in rows])
    assert covered == pytest.approx(0.95, abs=0.02)


def test_interval_of_enough_seeds_covers_as_stated() -> None:
    """Rounded up, so that it may cover more."""
    generator = np.random.default_rng(3)
    enough = seeds_enough(SEEDS**2, FOLDS**2 + BOTH**2)
    rows = [decompose_folds(draw(generator, 1, 5, 3)[0], 0.95)[0] for _ in range(1000)]
    covered = np.mean([row["enough_low"] <= enough <= row["enough_high"] for row in rows])
    assert 0.93 <= covered <= 0.99


@pytest.mark.parametrize(
    ("of_seeds", "of_others", "enough"), [(1, 3, 3), (1, 9, 1), (1, 90, 1), (0, 1, 1), (1, 0, np.inf), (1, 2, 5)]
)
def test_enough_seeds_make_a_tenth(of_seeds: float, of_others: float, enough: float) -> None:
    found = seeds_enough(of_seeds, of_others)
    assert found == enough
    if 1 < found < np.inf:
        parts = [of_seeds / k / (of_others + of_seeds / k) for k in (found - 1, found)]
        assert parts[0] > 0.1 >= parts[1] - 1e-12


def test_table_has_a_part_a_model_and_one_of_all() -> None:
    scores = draw(np.random.default_rng(4), 2, 3, 2)
    rows = [
        (f"m{model}", str(fold), repeat, scores[model, fold, repeat]) for model, fold, repeat in np.ndindex(2, 3, 2)
    ]
    table = summarise_variance(pd.DataFrame(rows, columns=["model", "fold", "repeat", "dice"]), "dice", 0.95)
    assert table.groupby("model", sort=False).size().to_dict() == {"m0": 2, "m1": 2, ALL: 4}
    assert table.groupby("model")["share"].sum().to_numpy() == pytest.approx(1)
    assert (table["seeds"] == 2).all()


def test_a_missing_seed_is_refused() -> None:
    rows = pd.DataFrame({"model": "m", "fold": ["0", "0", "1"], "repeat": [0, 1, 0], "dice": [0.1, 0.2, 0.3]})
    with pytest.raises(ValueError, match="missing for some seed"):
        summarise_variance(rows, "dice", 0.95)


def test_a_model_without_chance_needs_one_seed() -> None:
    assert decompose_folds(np.array([[0.6, 0.6], [0.7, 0.7]]), 0.95)[0]["enough"] == 1
