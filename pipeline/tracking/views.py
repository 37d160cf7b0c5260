"""Saved views of an experiment in MLflow's pages: columns and charts that a link opens, and that the menu Views lists.

MLflow keeps a view as a tag of the experiment, mlflow.sharedViewState.KEY. The tag's form is that of MLflow 3.17's pages (SavedView and
ExperimentPageUIState); pages that no longer know it show all runs instead.
"""

import base64
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.tracking.store import Store

TAG = "mlflow.sharedViewState."
ALL_METRICS = "Model metrics"
"""The section that MLflow draws of metrics that no other section has."""
CHARTS, LIST = "CHART", "TABLE"
Chart = dict[str, Any]


@dataclass(frozen=True)
class View:
    """A choice of runs, columns and charts."""

    key: str
    name: str
    runs: str
    """Filter, in MLflow's search language."""
    columns: Sequence[str]
    """metrics.`NAME`, params.`NAME` or tags.`NAME`."""
    charts: Sequence[Chart]
    order_by: str = "attributes.start_time"
    ascending: bool = False
    folded: Sequence[str] = ()
    """Sections of metrics, NAME of NAME/METRIC, that start closed, as that of all other metrics does."""


def build_bars(name: str, *metrics: str) -> Chart:
    """Bars of one metric, a bar a run, or of several, a group of bars a run."""
    several = {"selectedMetricKeys": list(metrics)} if len(metrics) > 1 else {}
    return {"type": "BAR", "displayName": name, "metricKey": metrics[0], "runsCountToCompare": 100} | several


def build_lines(name: str, *metrics: str) -> Chart:
    """A line a run and metric, by epoch."""
    axes = {"xAxisKey": "step", "xAxisScaleType": "linear", "scaleType": "linear", "yAxisKey": "metric", "range": {}}
    drawn = {
        "selectedMetricKeys": list(metrics),
        "lineSmoothness": 0,
        "useGlobalXaxisKey": True,
        "yAxisExpressions": [],
    }
    return {"type": "LINE", "displayName": name, "metricKey": metrics[0], "runsCountToCompare": 100} | axes | drawn


def build_scatter(name: str, x: str, y: str) -> Chart:
    """A dot a run, one metric over another."""
    axes = {axis: {"key": metric, "type": "METRIC"} for axis, metric in (("xaxis", x), ("yaxis", y))}
    return {"type": "SCATTER", "displayName": name, "runsCountToCompare": 100} | axes


def build_parallel(name: str, metrics: Sequence[str], params: Sequence[str] = ()) -> Chart:
    """A line a run through parameters and metrics."""
    chosen = {"selectedParams": list(params), "selectedMetrics": list(metrics), "showAllRuns": False}
    return {"type": "PARALLEL", "displayName": name, "runsCountToCompare": 100} | chosen


def save_view(store: Store, view: View, when: int) -> None:
    """Write a view, or its new state, into the experiment; `when` is in milliseconds since 1970."""
    state = base64.b64encode(zlib.compress(json.dumps(_state(view)).encode(), 9)).decode()
    told = {"name": view.name, "createdAt": when, "updatedAt": when, "state": f"deflate;{state}"}
    store.client.set_experiment_tag(store.experiment_id, f"{TAG}{view.key}", json.dumps(told))


def link(store: Store, view: View, mode: str = CHARTS) -> str:
    """The address of a view, below that of MLflow's server."""
    return f"#/experiments/{store.experiment_id}/runs?compareRunsMode={mode}&viewStateShareKey={view.key}"


def _state(view: View) -> Mapping[str, Any]:
    chosen = f"{view.key}-charts"
    sections = [{"uuid": chosen, "name": view.name, "display": True, "isReordered": True, "deleted": False}] + [
        {"uuid": f"{view.key}-{name}", "name": name, "display": False, "isReordered": False, "isGenerated": True}
        for name in (*view.folded, ALL_METRICS)
    ]
    charts = [
        {"uuid": f"{view.key}-{place}", "metricSectionId": chosen, "isGenerated": False, "deleted": False} | chart
        for place, chart in enumerate(view.charts)
    ]
    return {
        "searchFilter": view.runs,
        "orderByKey": view.order_by,
        "orderByAsc": view.ascending,
        "startTime": "ALL",
        "lifecycleFilter": "Active",
        "datasetsFilter": [],
        "modelVersionFilter": "All Runs",
        "selectedColumns": list(view.columns),
        "runsHiddenMode": "SHOW_ALL",
        "compareRunSections": sections,
        "compareRunCharts": charts,
        "isAccordionReordered": True,
        "hideEmptyCharts": True,
    }
