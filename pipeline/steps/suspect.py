"""Labels to look at again: those that models doubt which have not learnt from them."""

import logging
from pathlib import Path

import pandas as pd
from tqdm import tqdm

from pipeline.datasets.arrays import open_arrays
from pipeline.datasets.predictions import read_by_model
from pipeline.datasets.scores import write_scores
from pipeline.params import CompareParams, ModelParams
from pipeline.provenance import read_record
from pipeline.suspicion import find_judges, judge_model, rank_suspects

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
    tested = pd.read_csv(tests, dtype={"model_a": "str", "model_b": "str"})
    judges = find_judges(tested, winner, models, compare)
    paths = [path for judge in judges for path in predictions if path.parent.name == judge]
    judging = tqdm(read_by_model(paths), desc="suspect", total=len(judges), unit="model", disable=None)
    table = rank_suspects({name: judge_model(model, arrays) for name, model in judging})
    write_scores(suspects, table)
    logger.info("%s: %d labels judged by %s", suspects, len(table), ", ".join(judges))
