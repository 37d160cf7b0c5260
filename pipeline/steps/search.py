"""Search the hyper-parameters of one model in one fold, on its training and validation subsets alone."""

import logging
from pathlib import Path

import pandas as pd

from pipeline.backend import open_backend
from pipeline.datasets.arrays import open_arrays
from pipeline.datasets.manifest import read_dataset
from pipeline.datasets.splits import hash_splits, read_splits, subset_ids
from pipeline.fitting.code import hash_fitting_code
from pipeline.fitting.control import FitControl
from pipeline.metrics import METRICS
from pipeline.models import build_model, is_network
from pipeline.params import (
    AugmentParams,
    CompareParams,
    EvaluateParams,
    ModelParams,
    PredictParams,
    SearchParams,
    TrackingParams,
    TrainParams,
    apply_best,
)
from pipeline.params.search import dimensions_of
from pipeline.predicting import Pairs, validate_score
from pipeline.provenance import describe_fit, hash_of, origin_of, write_record
from pipeline.tasks import TaskKind, build_task
from pipeline.tracking import track_trial
from pipeline.tuning import Report, Values, best_of, run_study, turn_values, was_cut

logger = logging.getLogger(__name__)


def search(
    index: Path,
    dataset: Path,
    splits: Path,
    best: Path,
    trials: Path,
    journal: Path,
    *,
    task: TaskKind,
    model: ModelParams,
    train: TrainParams,
    augment: AugmentParams,
    predict: PredictParams,
    evaluate: EvaluateParams,
    compare: CompareParams,
    search: SearchParams,
    seed: int,
    experiment: str,
    tracking: TrackingParams,
) -> None:
    """Find the values of search.space that give the best validation score, by compare.metric, in the fold that `best` is named by.

    A killed search goes on from `journal`; the fold's test samples are not seen.
    """
    facts, table, arrays = (read_dataset(dataset), read_splits(splits), open_arrays(index.parent))
    fit, validation = (arrays.positions(subset_ids(table, best.stem, subset)) for subset in ("train", "validation"))
    search = search.model_copy(update={"space": dimensions_of(search, model)})
    samples = search.samples or train.samples
    budget = train.model_copy(update={"samples": samples, "epoch_samples": min(samples, train.epoch_samples)})

    with open_backend(is_network(model), train.threads, train.precision, seed) as (backend, device):
        about = describe_fit(
            experiment=experiment, model=model, train=budget, augment=augment, seed=seed, fold=best.stem, rule="search",
            data_hash=facts.data_hash, split_hash=hash_splits(splits), backend=backend, device=device,
        )  # fmt: skip
        space = search.model_dump(mode="json", include={"space", "prune"})
        sections = {"predict": predict, "evaluate": evaluate, "compare": compare}
        judged = {name: section.model_dump(mode="json") for name, section in sections.items()} | {
            "backend": backend,
            "code": hash_fitting_code(),
        }
        key = hash_of({"fit": about["key"], "space": space} | judged)

        sign = METRICS[compare.metric].sign

        def objective(values: Values, report: Report) -> float:
            entry, fit_params, augmentation = apply_best(model, budget, augment, values)
            candidate = build_model(entry, facts, task, seed, predict)

            def on_epoch(row: dict[str, float]) -> None:
                report(int(row["epoch"]), row["validation_score"])

            control = FitControl(on_epoch=on_epoch, data_hash=facts.data_hash)
            candidate.fit(arrays, fit, validation, fit_params, augmentation, control)
            kind = build_task(task, facts)
            pairs = Pairs(candidate, arrays, validation, kind)
            score = validate_score(pairs, kind, predict, evaluate, compare.metric, seed)
            return sign * score

        def on_trial(row: Values) -> None:
            (row,) = turn_values([row], sign)
            params = {name: value for name, value in row.items() if "." in name}
            track_trial(
                tracking, experiment=experiment, study=f"{model.name}/{best.stem} {key[:12]}", number=row["number"],
                params=params, value=row["value"], state=row["state"], origin=origin_of(about),
            )  # fmt: skip

        rows = run_study(journal, key, search, model.name, seed, objective, on_trial)

    (winner,) = turn_values([best_of(rows)], sign)
    pd.DataFrame(turn_values(rows, sign)).to_csv(trials, index=False, lineterminator="\n")
    found = {name: value for name, value in winner.items() if "." in name}
    write_record(
        best,
        {"best": found, "value": winner["value"], "metric": compare.metric, "study": f"{model.name}/{best.stem} {key[:12]}",
         "trials": len(rows), "was_cut": was_cut(rows, search), **origin_of(about)},
    )  # fmt: skip
    logger.info(
        "%s fold %s: %s gives validation %s %.4f", model.name, best.stem, found, compare.metric, winner["value"]
    )
