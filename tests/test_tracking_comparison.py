"""The comparison is one run with all that was written of it, and views show it."""

import base64
import json
import zlib
from pathlib import Path
from typing import Any

import pytest

from pipeline.params import TrackingParams
from pipeline.tracking.chosen import view_fits, view_models
from pipeline.tracking.runs import SUPERSEDED
from pipeline.tracking.store import connect
from pipeline.tracking.views import TAG
from tests.published import FIGURE, VERDICT, draw_params, draw_published

pytestmark = pytest.mark.usefixtures("root")
PARAMS = draw_params()


def runs_of(run_of: str) -> list[Any]:
    store = connect(TrackingParams(), "drawn")
    return list(store.client.search_runs([store.experiment_id], f"tags.`foldwise.run_of` = '{run_of}'"))


def artifacts_of(run_id: str, folder: str | None = None) -> list[str]:
    return [file.path for file in connect(TrackingParams(), "drawn").client.list_artifacts(run_id, folder)]


def view(key: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Envelope and state of a saved view, read as MLflow's pages do."""
    store = connect(TrackingParams(), "drawn")
    told = json.loads(store.client.get_experiment(store.experiment_id).tags[f"{TAG}{key}"])
    return told, json.loads(zlib.decompress(base64.b64decode(told["state"].removeprefix("deflate;"))))


def test_comparison_is_one_run_with_numbers_tables_figures_and_report(root: Path) -> None:
    run_id = draw_published(root, PARAMS)["run_id"]
    (run,) = runs_of("comparison")
    assert run.info.run_id == run_id and run.info.status == "FINISHED"
    names = ("unet/test_dice", "unet/test_dice_low", "constant/test_iou", "unet/seconds", "winner_corrected")
    assert [run.data.metrics[name] for name in names] == pytest.approx([0.7, 0.6, 0.1, 60, 0.69])
    params = [run.data.params[name] for name in ("models.unet.filters", "split.folds", "train.batch_size", "seed")]
    assert params == ["2", "2", "8", "0"]
    told = [run.data.tags[f"foldwise.{name}"] for name in ("data_hash", "split_hash", "metric", "best_model")]
    assert told == ["d" * 64, "s" * 64, "dice", "unet"]
    assert len(run.data.tags["foldwise.git_commit"]) == 40 and VERDICT in run.data.tags["mlflow.note.content"]
    files = {"figures", "index.html", "metrics.json", "model_card.md", "params.yaml", "tables"}
    assert set(artifacts_of(run_id)) == files and artifacts_of(run_id, "figures") == ["figures/scores.svg"]
    tables = {
        f"tables/{name}.{kind}" for name in ("calibration", "comparison", "costs", "tests") for kind in ("csv", "json")
    }
    assert set(artifacts_of(run_id, "tables")) == tables
    table = connect(TrackingParams(), "drawn").client.load_table("1", "tables/comparison.json", [run_id])
    assert table["mean"].tolist() == pytest.approx([0.2, 0.7, 0.1, 0.35])


def test_the_same_comparison_is_the_same_run_and_loses_what_its_report_no_longer_has(root: Path) -> None:
    first = draw_published(root, PARAMS)
    assert draw_published(root, PARAMS) == first
    second = draw_published(root, PARAMS, page=FIGURE.replace("scores", "loss"))
    assert second == first and len(runs_of("comparison")) == 1
    assert artifacts_of(first["run_id"], "figures") == ["figures/loss.svg"]
    table = connect(TrackingParams(), "drawn").client.load_table("1", "tables/tests.json", [first["run_id"]])
    assert len(table) == 1


@pytest.mark.parametrize(("settings", "best"), [({}, 0.75), ({"compare": {"margin": 0.1}}, 0.7)])
def test_other_results_or_parameters_are_a_run_of_their_own(root: Path, settings: dict[str, Any], best: float) -> None:
    first = draw_published(root, PARAMS)["run_id"]
    second = draw_published(root, draw_params(**settings), best=best)["run_id"]
    assert first != second and len(runs_of("comparison")) == 2
    compared = {
        (SUPERSEDED in run.data.tags, run.data.tags["foldwise.comparison"]) for run in runs_of("fit") + runs_of("model")
    }
    assert (False, second) in compared and compared <= {(False, second), (True, first)}
    assert second in view("models")[1]["searchFilter"] and first not in view("fits")[1]["searchFilter"]


def test_views_name_what_runs_have(root: Path) -> None:
    """Columns and charts of metrics that no run has would stay empty."""
    published = draw_published(root, PARAMS)
    assert list(published["views"]) == ["models", "fits", "comparisons"]
    for key, run_of in (("models", "model"), ("fits", "fit"), ("comparisons", "comparison")):
        told, state = view(key)
        assert told["name"] and isinstance(told["createdAt"], int)
        assert f"'{run_of}'" in state["searchFilter"]
        known = {
            kind: {name for run in runs_of(run_of) for name in getattr(run.data, kind)}
            for kind in ("metrics", "params", "tags")
        }
        asked = [column.partition(".") for column in state["selectedColumns"]]
        assert not [name for kind, _, name in asked if name.strip("`") not in known[kind]]
        drawn = [
            name
            for chart in state["compareRunCharts"]
            for name in chart.get("selectedMetricKeys", [chart.get("metricKey", "test_dice")])
        ]
        assert set(drawn) <= known["metrics"]
        assert published["views"][key].endswith(f"viewStateShareKey={key}")


def test_fits_and_models_have_the_colours_of_the_report(root: Path) -> None:
    draw_published(root, PARAMS)
    colours = {run.info.run_name: run.data.tags["mlflow.runColor"] for run in runs_of("fit") + runs_of("model")}
    assert (
        colours["unet"] == colours["unet/0"] == "#0072b2" and colours["constant"] == colours["constant/1"] == "#8b939b"
    )


def test_models_are_in_the_order_that_the_metric_wants() -> None:
    assert not view_models("id", "dice", []).ascending and view_models("id", "rmse", []).ascending
    assert (
        "date" not in view_fits("id", "rmse", []).order_by
        and "metrics.`depth_temperature`" in view_fits("id", "rmse", []).columns
    )
