"""Runs, parameters, metrics and artefacts in MLflow; nothing else imports it."""

from pipeline.tracking.comparison import Comparison, track_comparison
from pipeline.tracking.files import sync, track_files
from pipeline.tracking.fits import FitRun, track_fit
from pipeline.tracking.store import connect, tracking_uri
from pipeline.tracking.trials import track_trial

__all__ = [
    "Comparison",
    "FitRun",
    "connect",
    "sync",
    "track_comparison",
    "track_files",
    "track_fit",
    "track_trial",
    "tracking_uri",
]
