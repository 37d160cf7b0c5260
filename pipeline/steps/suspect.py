"""Labels to look at again: those that models doubt which have not learnt from them."""

import logging
from pathlib import Path

import pandas as pd
from tqdm import tqdm

from pipeline.datasets.arrays import open_arrays
from pipeline.datasets.predictions import read_predictions
from pipeline.datasets.scores import write_scores
from pipeline.params import CompareParams, ModelParams
from pipeline.provenance import read_record
from pipeline.suspicion import choose_judges, judge_sample, rank_suspects

logger = logging.getLogger(__name__)


def suspect(
    index: Path,
    predictions: list[Path],
    tests: Path,
    metrics: Path,
    suspects: Path,
    *,
    models: tuple[ModelParams, ...],
    compare: CompareParams,
) -> None:
    """Rank the labelled samples by how much worse the winner, and its equals, did on them than they expected.

    `index` lies beside the prepared arrays; `predictions` are the files MODEL/FOLD.npz of all models.
    """
    arrays, winner = open_arrays(index.parent), str(read_record(metrics)["winner"])
    baselines = [entry.name for entry in models if entry.is_baseline]
    judges = choose_judges(
        pd.read_csv(tests, dtype={"model_a": "str", "model_b": "str"}),
        winner,
        compare.metric,
        [name for name in baselines if name != winner],
        1 - compare.confidence,
    )
    judged: dict[str, pd.DataFrame] = {}
    for model in judges:
        rows = []
        for path in (path for path in predictions if path.parent.name == model):
            found = read_predictions(path)
            places = arrays.positions(found.sample_ids)
            bar = tqdm(found.items(), desc=f"{model} fold {path.stem}", total=len(found), unit="sample", disable=None)
            for place, (sample_id, prediction) in zip(places, bar, strict=True):
                told = judge_sample(arrays.targets(prediction, int(place)), prediction, found.threshold)
                rows += [{"sample_id": sample_id, "fold": path.stem, **row} for row in told]
        judged[model] = pd.DataFrame(rows)
    table = rank_suspects(judged)
    write_scores(suspects, table)
    logger.info("%s: %d labels judged by %s", suspects, len(table), ", ".join(judges))
