"""What Snakemake and MLflow must be told after files came from DVC."""

import json
import logging
import subprocess
import sys
from pathlib import Path

from pipeline import tracking
from pipeline.datasets.raw import is_drawn
from pipeline.figures.fits import draw_fits
from pipeline.params import REFIT, read_params

logger = logging.getLogger(__name__)


class SyncError(ValueError):
    """Why the files that are here cannot be taken for the results of this code and these parameters."""


def sync() -> None:
    """Let Snakemake take the files that `dvc pull` or `dvc checkout` brought for its own, and give MLflow their runs.

    Raises SyncError where DVC says that data, code, parameters or results differ from dvc.lock: touching them would hide
    that they are out of date.
    """
    params = read_params(Path("params.yaml"))
    raw = Path("data/raw", params.dataset)
    if is_drawn(raw):  # no version of it is kept: the code draws it again
        _run("snakemake", str(raw), "--cores", "1")
    stages = [] if params.task else ["--with-deps", "data"]
    differing = json.loads(_run("dvc", "status", "--json", *stages))
    if differing:
        raise SyncError(
            f"dvc status names {', '.join(differing)}: run dvc checkout, dvc pull or dvc repro first; no result was touched"
        )
    _run("snakemake", "--touch", "--cores", "1")
    folds = (*params.split.fold_names, *([REFIT] if params.registry.use == "refit" else []))
    fits = tracking.sync(
        Path("data/experiments", params.experiment),
        Path("reports", params.experiment),
        fits={(entry.name, fold) for entry in params.models for fold in folds},
        tracking=params.tracking,
        draw=draw_fits,
    )
    logger.info("%s is in step: Snakemake has nothing to do, MLflow shows %d fits", params.experiment, fits)


def _run(program: str, *arguments: str) -> str:
    """Standard output of a program of this environment; raises SyncError with its messages where it fails."""
    done = subprocess.run([sys.executable, "-m", program, *arguments], capture_output=True, text=True)
    if done.returncode:
        raise SyncError(f"{program} {' '.join(arguments)} failed:\n{done.stderr.strip() or done.stdout.strip()}")
    return done.stdout
