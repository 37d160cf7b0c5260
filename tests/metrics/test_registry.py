"""Every metric that parameters may name is described, and the other way round."""

from math import isinf
from typing import get_args

import pytest

from pipeline.metrics import METRICS, SPELT
from pipeline.params.evaluation import ClassMetric, DepthMetric, MaskMetric, MetricName


def test_registry_and_parameters_name_the_same_metrics():
    assert list(METRICS) == list(get_args(MetricName))


@pytest.mark.parametrize(("head", "names"), [("mask", MaskMetric), ("depth", DepthMetric), ("label", ClassMetric)])
def test_metrics_of_a_head_are_of_one_kind(head, names):
    assert {name for name, metric in METRICS.items() if metric.head == head} == set(get_args(names))


def test_every_metric_is_under_its_name_and_spelt():
    assert all(metric.name == name and SPELT[name] == metric.spelt for name, metric in METRICS.items())


@pytest.mark.parametrize("metric", METRICS.values(), ids=lambda metric: metric.name)
def test_errors_are_better_the_lower_and_scores_end_at_one(metric):
    assert metric.sign == (1 if metric.higher_is_better else -1)
    assert metric.low == 0 and (metric.high == 1 if metric.higher_is_better else metric.high >= 1)
    assert metric.unit == "" or isinf(metric.high)
