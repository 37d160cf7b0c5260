"""Which samples without targets to label next."""

import logging
from pathlib import Path

import pandas as pd

from pipeline.datasets.arrays import open_arrays
from pipeline.datasets.scores import write_scores
from pipeline.labelling import rank_unlabelled

logger = logging.getLogger(__name__)


def suggest(index: Path, uncertainty: Path, suggested: Path) -> None:
    """Rank the unlabelled samples by what labelling them would teach; `index` lies beside the prepared arrays.

    `uncertainty` is the table of the step `segment`.
    """
    table = pd.read_csv(uncertainty, dtype={"sample_id": "str"}, keep_default_na=True)
    ranked = rank_unlabelled(table, open_arrays(index.parent))
    write_scores(suggested, ranked)
    logger.info("%s: %d samples without targets ranked", suggested, len(ranked))
