"""What to label next: the unsure before the sure, the unlike before the alike, and of ten alike one."""

import numpy as np
import pandas as pd
import pytest

from pipeline.labelling import SUGGESTED_COLUMNS, gather_uncertainty, suggest_samples

LABELLED = np.array([[0.0, 0.0], [1.0, 1.0], [0.0, 1.0], [1.0, 0.0]])
NAMES = ["a", "b", "c", "d"]


def suggest(uncertainty: list[float], features: list[list[float]]) -> pd.DataFrame:
    table = pd.Series(uncertainty, [f"u{number}" for number in range(len(uncertainty))])
    return suggest_samples(table, np.array(features), LABELLED, NAMES)


def test_uncertain_samples_come_first_where_all_are_alike() -> None:
    found = suggest([0.1, 0.9, 0.5], [[0.5, 0.5]] * 3)
    assert list(found["sample_id"]) == ["u1", "u2", "u0"] and list(found["order"]) == [1, 2, 3]


def test_unlike_samples_come_first_where_all_are_as_uncertain() -> None:
    found = suggest([0.5, 0.5, 0.5], [[0.1, 0.0], [9.0, 9.0], [2.0, 2.0]])
    assert list(found["sample_id"]) == ["u1", "u2", "u0"]
    assert list(found["nearest"]) == ["b", "b", "a"]


def test_of_samples_that_are_alike_one_is_chosen_before_another_kind() -> None:
    found = suggest([0.5] * 4, [[9.0, 9.0], [9.0, 9.01], [9.01, 9.0], [-4.0, -4.0]])
    assert "u3" in set(found["sample_id"].head(2))


def test_distance_is_in_standard_deviations_a_feature() -> None:
    found = suggest([0.5], [[2.0, 2.0]])
    assert found["distance"].iloc[0] == pytest.approx(2.0)  # a deviation of .5: two of them in both features


def test_features_that_do_not_vary_do_not_divide_by_zero() -> None:
    table = pd.Series([0.1], ["u"])
    found = suggest_samples(table, np.array([[1.0, 2.0]]), np.array([[1.0, 0.0], [1.0, 1.0]]), ["a", "b"])
    assert np.isfinite(found["distance"]).all() and list(found.columns) == SUGGESTED_COLUMNS


def test_all_are_ranked_beyond_those_chosen_one_by_one() -> None:
    generator = np.random.default_rng(0)
    found = suggest(list(generator.random(150)), generator.normal(size=(150, 2)).tolist())
    assert sorted(found["sample_id"]) == sorted(f"u{number}" for number in range(150))


def test_uncertainty_of_one_head_is_taken_as_it_is_and_of_several_by_rank() -> None:
    table = pd.DataFrame({"sample_id": ["a", "b"], "head": "mask", "uncertainty": [0.2, 0.4], "disagreement": np.nan})
    assert gather_uncertainty(table).to_dict() == {"a": 0.2, "b": 0.4}
    depth = table.assign(head="depth", uncertainty=np.nan, disagreement=[30.0, 1.0])
    assert gather_uncertainty(pd.concat([table, depth])).to_dict() == {"a": 0.75, "b": 0.75}
