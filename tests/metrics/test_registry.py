"""Every metric that parameters may name is described, and the other way round."""

from math import isinf
from typing import get_args

import pytest

from pipeline.metrics import METRICS, SPELT
from pipeline.params.evaluation import MetricName


def test_registry_and_parameters_name_the_same_metrics():
    assert list(METRICS) == list(get_args(MetricName))


def test_every_metric_is_under_its_name_and_spelt():
    assert all(metric.name == name and SPELT[name] == metric.spelt for name, metric in METRICS.items())


@pytest.mark.parametrize("metric", METRICS.values(), ids=lambda metric: metric.name)
def test_errors_are_better_the_lower_and_scores_end_at_one(metric):
    assert metric.sign == (1 if metric.higher_is_better else -1)
    assert metric.low == 0 and (metric.high == 1 if metric.higher_is_better else metric.high > 1)
    assert metric.unit == "" or isinf(metric.high)
