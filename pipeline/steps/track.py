"""All that the files of an experiment tell, in MLflow."""

from pathlib import Path

from pipeline.figures.fits import draw_fits
from pipeline.params import TrackingParams
from pipeline.provenance import write_record
from pipeline.tracking import track_files, tracking_uri


def track(
    records: list[Path],
    scores: list[Path],
    predictions: list[Path],
    comparison: Path,
    metrics: Path,
    costs: Path,
    calibration: Path,
    tracked: Path,
    *,
    experiment: str,
    tracking: TrackingParams,
) -> None:
    """Give every fit its scores, and every model its mean scores, intervals, costs and calibration; a fit that has no run gets one.

    `records` are E/models/MODEL/FOLD.json with the history FOLD.csv beside, `predictions` those of folds whose temperatures and
    thresholds are still there; runs that hold all this are left alone.
    """
    reports = [comparison, metrics, costs, calibration]
    runs = track_files(records, scores, predictions, reports, experiment, tracking, draw_fits)
    write_record(tracked, {"uri": tracking_uri(tracking), "experiment": experiment, "runs": runs})
