"""Which dimensions of the search space reach which model."""

from typing import Any

import pytest

from pipeline.params import ParamsError, SearchParams, parse_params
from pipeline.params.search import dimensions_of

FEATURES = {"kind": "encoder_features", "name": "features", "network": "MobileNet", "weights": None}
MODELS = [{"kind": "constant"}, {"kind": "cnn"}, FEATURES]
RATE = {"parameter": "train.optimizer.learning_rate", "low": 1e-4, "high": 1e-2}
C = {"parameter": "model.classifier.C", "models": ["features"], "low": 0.01, "high": 10}


def settings_of(*space: dict[str, Any]) -> dict[str, Any]:
    return {
        "experiment": "pets",
        "dataset": "pets",
        "task": "classification",
        "data": {"masks": None, "labels": "folders"},
        "models": MODELS,
        "search": {"trials": 2, "space": list(space)},
    }


def test_dimensions_reach_the_models_that_they_can_change() -> None:
    params = parse_params(settings_of(RATE, C))
    found = {
        entry.name: [dimension.parameter for dimension in dimensions_of(params.search, entry)]
        for entry in params.models
    }
    assert found == {"constant": [], "cnn": [RATE["parameter"]], "features": [C["parameter"]]}


def test_a_dimension_that_does_not_reach_the_model_it_names_is_told() -> None:
    with pytest.raises(
        ParamsError, match=r"train\.optimizer\.learning_rate does not reach features: leave features out"
    ):
        parse_params(settings_of(RATE | {"models": ["cnn", "features"]}))


def test_a_setting_that_the_classifier_lacks_is_told() -> None:
    with pytest.raises(ParamsError, match=r"features has no parameter model\.classifier\.n_estimators"):
        parse_params(settings_of(C | {"parameter": "model.classifier.n_estimators"}))


def test_no_space_no_dimensions() -> None:
    (entry, *_) = parse_params(settings_of(RATE)).models
    assert dimensions_of(SearchParams(), entry) == ()


def test_a_forest_is_searched_where_it_is_named() -> None:
    """What is meant for every network says nothing of a baseline, which may have settings of other names."""
    trees = {"parameter": "model.n_estimators", "models": ["forest"], "low": 10, "high": 50, "integer": True}
    filters = {"parameter": "model.kernel_size", "choices": [3, 5]}
    params = parse_params(settings_of(trees, filters) | {"models": [{"kind": "cnn"}, {"kind": "forest"}]})
    cnn, forest = params.models
    assert [dimension.parameter for dimension in dimensions_of(params.search, cnn)] == ["model.kernel_size"]
    assert [dimension.parameter for dimension in dimensions_of(params.search, forest)] == ["model.n_estimators"]
