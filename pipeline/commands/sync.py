"""What Snakemake and MLflow must be told after files came from DVC."""

import json
import logging
import subprocess
import sys
from pathlib import Path

from pipeline import tracking
from pipeline.backend import open_backend
from pipeline.datasets.raw.folder import is_drawn
from pipeline.figures.fits import draw_fits
from pipeline.figures.style import colours_of
from pipeline.packing import has_network, load_models
from pipeline.params import REFIT, Params, read_params
from pipeline.provenance import read_record, write_record
from pipeline.report import figures_of
from pipeline.tracking.registry import log_final_test, register_models

logger = logging.getLogger(__name__)


class SyncError(ValueError):
    """Why the files that are here cannot be taken for the results of this code and these parameters."""


def sync() -> None:
    """Let Snakemake take the files that `dvc pull` or `dvc checkout` brought for its own, and give MLflow their runs and model.

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
    if params.task:
        _track(params)
    logger.info("%s is in step: Snakemake has nothing to do", params.experiment)


def _track(params: Params) -> None:
    """Give MLflow the runs of the fits that are here, and the alias to the model that was registered with them."""
    folder, report = Path("data/experiments", params.experiment), Path("reports", params.experiment)
    folds = (*params.split.fold_names, *([REFIT] if params.registry.use == "refit" else []))
    fits = {(entry.name, fold) for entry in params.models for fold in folds}
    tracking.sync(folder, report, fits=fits | set(params.extra_fits), tracking=params.tracking, draw=draw_fits)
    _publish(params, [folder / f"models/{model}/{fold}.json" for model, fold in fits])

    found = read_record(folder / "registered.json")
    files = [Path(file) for file in found["files"]]
    with open_backend(has_network(files), params.train.threads, "float32", params.seed):
        decided = (found["quantile"], found["temperatures"])
        ensemble = load_models(files, found["threshold"], params.predict, params.data, *decided)
        name = params.registry.name or params.experiment
        version = register_models(files, ensemble, params.predict, name, params.experiment, params.tracking)
    if found["final_test"]:
        log_final_test(version, found["final_test"], params.experiment, params.tracking)


def _publish(params: Params, records: list[Path]) -> None:
    """Give MLflow the run of the comparison, and write which one it is: another database has other runs."""
    folder, report = Path("data/experiments", params.experiment), Path("reports", params.experiment)
    advice = [folder / f"{name}.csv" for name in ("suspects", "suggested", "extra/learning_curve", "extra/variance")]
    pages = [report / name for name in ("index.html", "data.html", "model_card.md", "metrics.json")]
    present = [path for path in records if path.is_file()]
    baselines = [entry.name for entry in params.models if entry.is_baseline]
    found = tracking.Comparison(
        params=params,
        metrics=read_record(report / "metrics.json"),
        records=[read_record(path) for path in present],
        tables=[*report.glob("*.csv"), *(path for path in advice if path.is_file())],
        pages=[path for path in pages if path.is_file()],
        figures=figures_of(pages[0].read_text()),
        colours=colours_of([entry.name for entry in params.models], baselines),
    )
    write_record(folder / "published.json", tracking.track_comparison(found))


def _run(program: str, *arguments: str) -> str:
    """Standard output of a program of this environment; raises SyncError with its messages where it fails."""
    done = subprocess.run([sys.executable, "-m", program, *arguments], capture_output=True, text=True)
    if done.returncode:
        raise SyncError(f"{program} {' '.join(arguments)} failed:\n{done.stderr.strip() or done.stdout.strip()}")
    return done.stdout
