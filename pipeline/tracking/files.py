"""From the files of an experiment to its runs: what was not tracked live, or was lost with the database."""

import logging
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path

import pandas as pd
from tqdm import tqdm

from pipeline.params import TrackingParams
from pipeline.provenance import Record, hash_of_files, origin_of, read_record
from pipeline.tracking.fits import is_extra, log_outcome, open_fit, open_parent
from pipeline.tracking.runs import Run
from pipeline.tracking.store import Store, connect
from pipeline.tracking.tables import VALUES_OF, read_chosen, read_decision, read_means, read_rows
from pipeline.tracking.trials import track_trial

logger = logging.getLogger(__name__)

Draw = Callable[[Mapping[str, pd.DataFrame], Mapping[str, int | None], str], str]
"""From histories and best epochs by fold, and the model's name, to a page; "" where there is nothing to draw."""

CONTENT = "foldwise.content"


def sync(
    folder: Path, report: Path, *, fits: Collection[tuple[str, str]], tracking: TrackingParams, draw: Draw
) -> dict[str, str]:
    """Write all runs of an experiment from data/experiments/EXPERIMENT and reports/EXPERIMENT; gives their ids like `track_files`.

    `fits` are those that the parameters ask for, by model and fold: what others left behind is no part of the experiment.
    """
    records, scores, predictions, searches = (
        sorted(path for path in folder.glob(pattern) if (path.parent.name, path.stem) in fits)
        for pattern in ("models/*/*.json", "scores/*/*.csv", "predictions/*/*.npz", "search/*/*.json")
    )
    _track_searches(searches, folder.name, tracking)
    reports = [report / name for name in ("comparison.csv", "metrics.json", "costs.csv", "calibration.csv")]
    return track_files(records, scores, predictions, reports, folder.name, tracking, draw)


def track_files(
    records: Sequence[Path],
    scores: Sequence[Path],
    predictions: Sequence[Path],
    reports: Sequence[Path],
    experiment: str,
    tracking: TrackingParams,
    draw: Draw,
) -> dict[str, str]:
    """Write the runs of fits and of their models, and what is known of them; gives run ids by MODEL/FOLD and MODEL.

    Runs that hold these files already are left alone. `predictions` tell the temperatures and threshold of each fold. `reports` are
    attached to the model's run, and what `draw` makes of its histories; comparison.csv among them gives its scores and intervals, costs.csv what it took, calibration.csv how
    far its probabilities can be believed, and metrics.json whether it won.
    """
    store = connect(tracking, experiment)
    scored, predicted = ({(path.parent.name, path.stem): path for path in paths} for paths in (scores, predictions))
    runs: dict[str, str] = {}
    fits: dict[str, dict[Path, Record]] = {}
    extra: dict[str, Record] = {}
    for path in tqdm(records, desc="track", unit="fit", disable=None):
        record = read_record(path)
        fit = (record["model"], record["fold"])
        chosen = read_chosen(predicted[fit]) if fit in predicted else {}
        runs["/".join(fit)] = _track_fit_files(store, record, path, scored.get(fit), chosen)
        if is_extra(record):
            extra[record["model"]] = record
        else:
            fits.setdefault(record["model"], {})[path] = record
    present = [path for path in reports if path.is_file()]
    for model, folds in fits.items():
        runs[model] = _track_model(store, model, folds, present, draw)
    for record in extra.values():
        open_parent(store, record).close("FINISHED")
    logger.info("%d fits of %d models are tracked in %s", len(records), len(fits), store.uri)
    return runs


def _track_fit_files(store: Store, record: Record, path: Path, scores: Path | None, chosen: Mapping[str, float]) -> str:
    history = path.with_suffix(".csv")
    files = [file for file in (path, history, scores) if file is not None and file.is_file()]
    run = open_fit(store, record)
    run.log_values(chosen)
    if _holds(run, files):
        return run.run_id
    if history.is_file():
        _log_history(run, record, history)
    log_outcome(run, record)
    if scores is not None:
        run.log_values({f"test_{name}": value for name, value in read_means(scores).items()})
    _attach(run, files)
    return run.run_id


def _track_model(store: Store, model: str, fits: Mapping[Path, Record], reports: Sequence[Path], draw: Draw) -> str:
    run = open_parent(store, next(iter(fits.values())))
    files = {path.with_suffix(".csv"): record for path, record in fits.items() if path.with_suffix(".csv").is_file()}
    if _holds(run, [*reports, *files]):
        return run.run_id
    for path in reports:
        if path.name in VALUES_OF:
            run.log_values(VALUES_OF[path.name](path, model))
        if path.name == "metrics.json":
            run.set_tags({f"foldwise.{name}": value for name, value in read_decision(path, model).items()})
    histories = {record["fold"]: pd.read_csv(path) for path, record in files.items()}
    page = draw(histories, {record["fold"]: record["best_epoch"] for record in files.values()}, model)
    if page:
        store.client.log_text(run.run_id, page, "figures/curves.html")
    _attach(run, reports, files)
    return run.run_id


def _holds(run: Run, files: Sequence[Path]) -> bool:
    return run.tags.get(CONTENT) == hash_of_files(files) and run.status == "FINISHED"


def _attach(run: Run, files: Sequence[Path], seen: Iterable[Path] = ()) -> None:
    for file in files:
        run.store.client.log_artifact(run.run_id, str(file), file.parent.parent.name)
    run.set_tags({CONTENT: hash_of_files([*files, *seen])})
    run.close("FINISHED")


def _log_history(run: Run, record: Record, path: Path) -> None:
    started = float(record.get("started") or 0)
    for row in read_rows(path):
        passed = started + float(row.get("seconds") or 0)
        if row.get("epoch"):
            run.log_row(int(row["epoch"]), {name: cell for name, cell in row.items() if name != "epoch"}, passed)


def _track_searches(searches: Sequence[Path], experiment: str, tracking: TrackingParams) -> None:
    for path in searches:
        found = read_record(path)
        for row in read_rows(path.with_suffix(".csv")):
            track_trial(
                tracking,
                experiment=experiment,
                study=found["study"],
                number=int(row["number"]),
                params={name: cell for name, cell in row.items() if "." in name and cell},
                value=float(row["value"]) if row["value"] else None,
                state=row["state"],
                origin=origin_of(found),
            )
