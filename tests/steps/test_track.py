"""Runs can be had back from the files of an experiment."""

from pathlib import Path
from typing import Any

import pytest

from pipeline.datasets.predictions import write_predictions
from pipeline.datasets.splits import hash_splits
from pipeline.figures.fits import draw_fits
from pipeline.params import TrackingParams
from pipeline.provenance import read_record
from pipeline.steps.track import track
from pipeline.tracking import connect, sync
from tests.discs import draw_experiment
from tests.prepared import write_prepared
from tests.steps.test_search import SMOOTH, THRESHOLD
from tests.steps.test_search import run as search_threshold
from tests.steps.test_train import run as fit


@pytest.fixture
def folder(root: Path) -> Path:
    """data/experiments/discs with two fits, their scores and the comparison."""
    folder, report = root / "data/experiments/discs", root / "reports/discs"
    draw_experiment(folder)
    for fold, dice in (("0", (0.5, 0.7)), ("1", (1.0, ""))):
        path = folder / f"scores/threshold/{fold}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"sample_id,fold,dice\n000,{fold},{dice[0]}\n001,{fold},{dice[1]}\n")
    report.mkdir(parents=True)
    (report / "comparison.csv").write_text("model,metric,mean,low,high\nthreshold,dice,0.8,0.5,0.95\n")
    (report / "metrics.json").write_text('{"winner": "threshold", "metric": "rmse"}')
    (report / "costs.csv").write_text("model,device,seconds,peak_memory_mb,cost,currency\nthreshold,cpu,90.5,800.0,,\n")
    return folder


def track_in(folder: Path) -> dict[str, Any]:
    records, scores = sorted(folder.glob("models/*/*.json")), sorted(folder.glob("scores/*/*.csv"))
    report, tracked = Path("reports/discs"), folder / "tracked.json"
    (report / "calibration.csv").write_text(
        "model,head,state,bins,error,low,high,temperature\n"
        "threshold,mask,before,equal_width,0.2,0.1,0.3,1.5\nthreshold,mask,after,equal_width,0.05,0.0,0.1,1.5\n"
    )
    reports = tuple(report / name for name in ("comparison.csv", "metrics.json", "costs.csv", "calibration.csv"))
    predictions = sorted(folder.glob("predictions/*/*.npz"))
    track(records, scores, predictions, *reports, tracked, experiment="discs", tracking=TrackingParams())
    return dict(read_record(tracked)["runs"])


def run_of(run_id: str) -> Any:
    return connect(TrackingParams(), "discs").client.get_run(run_id)


def test_fits_and_their_model_have_runs_with_scores(folder: Path) -> None:
    runs = track_in(folder)
    assert sorted(runs) == ["threshold", "threshold/0", "threshold/1"]
    fit, model = run_of(runs["threshold/0"]), run_of(runs["threshold"])
    assert fit.data.metrics["test_dice"] == pytest.approx(0.6) and fit.data.metrics["loss"] == 0.25
    assert run_of(runs["threshold/1"]).data.metrics["test_dice"] == 1.0
    scores = {name: model.data.metrics[name] for name in ("test_dice", "test_dice_low", "test_dice_high")}
    assert scores == {"test_dice": 0.8, "test_dice_low": 0.5, "test_dice_high": 0.95}
    assert fit.data.tags["mlflow.parentRunId"] == model.info.run_id and fit.info.status == "FINISHED"


def test_fit_tells_what_was_chosen_on_its_validation_subset(folder: Path) -> None:
    write_predictions(folder / "predictions/threshold/1.npz", 0.4, [], 0.8, {"mask": 1.25})
    runs = track_in(folder)
    found = run_of(runs["threshold/1"]).data.metrics
    assert (found["threshold"], found["set_quantile"], found["mask_temperature"]) == (0.4, 0.8, 1.25)
    write_predictions(folder / "predictions/threshold/1.npz", 0.5, [], None, {"mask": 1.5})
    track_in(folder)
    assert run_of(runs["threshold/1"]).data.metrics["mask_temperature"] == 1.5


def test_model_tells_what_it_took_beside_its_scores(folder: Path) -> None:
    found = run_of(track_in(folder)["threshold"]).data
    assert (found.metrics["seconds"], found.metrics["peak_memory_mb"]) == (90.5, 800.0)
    assert "cost" not in found.metrics and "test_dice" in found.metrics


def test_model_tells_how_far_its_probabilities_can_be_believed(folder: Path) -> None:
    found = run_of(track_in(folder)["threshold"]).data.metrics
    assert (found["mask_calibration_error_before"], found["mask_calibration_error_after"]) == (0.2, 0.05)
    assert found["mask_temperature"] == 1.5


def test_winner_is_tagged_with_the_metric_that_decided(folder: Path) -> None:
    tags = run_of(track_in(folder)["threshold"]).data.tags
    found = [tags[f"foldwise.{name}"] for name in ("winner", "metric", "better")]
    assert found == ["true", "rmse", "lower"]


def test_history_record_and_curves_are_attached(folder: Path) -> None:
    runs = track_in(folder)
    client = connect(TrackingParams(), "discs").client
    found = [file.path for name in ("models", "scores") for file in client.list_artifacts(runs["threshold/0"], name)]
    assert found == ["models/0.csv", "models/0.json", "scores/0.csv"]
    model = [file.path for file in client.list_artifacts(runs["threshold"], "figures")]
    assert model == ["figures/curves.html"]


def test_tracking_again_changes_nothing(folder: Path) -> None:
    runs = track_in(folder)
    before = run_of(runs["threshold/0"])
    assert track_in(folder) == runs
    assert run_of(runs["threshold/0"]).to_dictionary() == before.to_dictionary()


def test_new_scores_take_the_place_of_the_old(folder: Path) -> None:
    track_in(folder)
    (folder / "scores/threshold/0.csv").write_text("sample_id,fold,dice\n000,0,0.9\n")
    assert run_of(track_in(folder)["threshold/0"]).data.metrics["test_dice"] == 0.9


def test_sync_brings_runs_back_after_the_database_is_lost(folder: Path) -> None:
    track_in(folder)
    found = sync_in(folder, {("threshold", "0"), ("threshold", "1")})
    assert found == {"threshold/0": pytest.approx(0.6), "threshold/1": 1.0, "threshold": 0.8}


def test_sync_leaves_out_what_the_parameters_no_longer_ask_for(folder: Path) -> None:
    assert sorted(sync_in(folder, {("threshold", "0"), ("unet", "1")})) == ["threshold", "threshold/0"]


def sync_in(folder: Path, fits: set[tuple[str, str]]) -> dict[str, float | None]:
    """Score of each run by its name, in a database that knew none."""
    tracking = TrackingParams(uri="sqlite:///other.db")
    sync(folder, Path("reports/discs"), fits=fits, tracking=tracking, draw=draw_fits)
    store = connect(tracking, "discs")
    runs = store.client.search_runs([store.experiment_id])
    return {run.info.run_name: run.data.metrics.get("test_dice") for run in runs}


def test_every_run_tells_data_and_split(root: Path) -> None:
    """Those of fits, of models and of trials, tracked live or brought back from the files."""
    prepared = write_prepared(root / "data/experiments/drawn")
    search_threshold(prepared, THRESHOLD, SMOOTH)
    fit(prepared, THRESHOLD)
    wanted = ("data", hash_splits(prepared.facts["splits"]))
    for uri in (None, "sqlite:///other.db"):
        tracking = TrackingParams(uri=uri)
        assert uri is None or not Path("other.db").exists()
        sync(prepared.folder, Path("reports/drawn"), fits={("threshold", "0")}, tracking=tracking, draw=draw_fits)
        client = connect(tracking, "drawn").client
        runs = client.search_runs([experiment.experiment_id for experiment in client.search_experiments()])
        kinds = sorted(run.info.run_name.partition(" ")[0] for run in runs)
        assert kinds == ["threshold", "threshold/0", "threshold/0", "threshold/0"]
        found = {(run.data.tags["foldwise.data_hash"], run.data.tags["foldwise.split_hash"]) for run in runs}
        assert found == {wanted}
