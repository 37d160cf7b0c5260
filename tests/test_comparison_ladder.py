"""Who does not beat the forest is told so."""

from typing import Any

import pandas as pd

from pipeline.comparison import compare_models
from pipeline.comparison.ladder import describe_ladder
from pipeline.params import CompareParams, EvaluateParams, SplitParams
from tests.score_tables import draw_scores

KINDS = {"constant": "constant", "trees": "forest", "small": "unet", "large": "unet"}


def tell(means: dict[str, float], scores: pd.DataFrame | None = None) -> list[str]:
    result = compare_models(
        draw_scores(means, seed=0) if scores is None else scores,
        EvaluateParams(metrics=("dice",)),
        CompareParams(),
        SplitParams(),
        seed=0,
    )
    fits: list[dict[str, Any]] = [
        {"model": model, "params": {"model.kind": KINDS[model]}} for model in means for _ in range(2)
    ]
    return describe_ladder(result, fits)


def test_networks_that_are_no_better_or_worse_are_named() -> None:
    assert tell({"constant": 0.1, "trees": 0.6, "small": 0.6, "large": 0.9}) == [
        "small does not beat the baseline trees in Dice."
    ]
    assert tell({"trees": 0.6, "small": 0.3, "large": 0.6}) == [
        "small and large do not beat the baseline trees in Dice."
    ]


def test_where_no_test_is_possible_nobody_is_said_to_fail() -> None:
    few = draw_scores({"trees": 0.6, "small": 0.9}, seed=0, sequences=4, frames=1)
    assert tell({"trees": 0.6, "small": 0.9}, few) == [
        "Whether small beats the baseline trees in Dice is not known: units are too few for a test."
    ]


def test_nothing_is_told_where_all_networks_beat_the_forest_or_there_is_none() -> None:
    assert tell({"constant": 0.1, "trees": 0.5, "small": 0.9}) == []
    assert tell({"constant": 0.5, "small": 0.5}) == []
