"""What the evidence shows of pairs, ranks and what cannot be told apart."""

import pandas as pd
import pytest

from pipeline.report.evidence import find_cliques, rank_models, turn


def build_tests(apart: list[tuple[str, str]], models: str) -> pd.DataFrame:
    pairs = [(a, b) for place, a in enumerate(models) for b in models[place + 1 :]]
    rows = [(b, a, "dice", "worse" if (a, b) in apart else "open") for a, b in pairs]
    return pd.DataFrame(rows, columns=["model_a", "model_b", "metric", "verdict"])


def test_ranks_are_means_over_units_and_ties_share_theirs():
    units = pd.DataFrame({"a": [0.9, 0.8], "b": [0.7, 0.8], "c": [0.1, 0.2]})
    assert rank_models(units, "dice") == {"a": 1.25, "b": 1.75, "c": 3.0}
    assert list(rank_models(units, "rmse")) == ["c", "b", "a"]


@pytest.mark.parametrize(
    ("apart", "cliques"),
    [
        ([], [(0, 3)]),
        ([("a", "b"), ("a", "c"), ("a", "d")], [(1, 3)]),
        ([("a", "c"), ("a", "d"), ("b", "d")], [(0, 1), (1, 2), (2, 3)]),
        ([("a", "b"), ("a", "c"), ("a", "d"), ("b", "c"), ("b", "d"), ("c", "d")], []),
    ],
)
def test_a_bar_joins_the_longest_runs_that_no_test_parts(apart, cliques):
    assert find_cliques(list("abcd"), build_tests(apart, "abcd"), "dice") == cliques


def test_a_pair_turned_round_keeps_its_interval():
    test = {"model_a": "a", "model_b": "b", "difference": 0.1, "low": -0.1, "high": 0.3, "p_holm": 0.2}
    turned = test | {"model_a": "b", "model_b": "a", "difference": -0.1, "low": -0.3, "high": 0.1}
    assert turn(test) == turned
