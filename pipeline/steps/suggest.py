"""Which samples without targets to label next."""

import logging
from pathlib import Path

import numpy as np
import pandas as pd
from tqdm import tqdm

from pipeline.datasets.arrays import open_arrays
from pipeline.datasets.scores import write_scores
from pipeline.filters import summarise_features
from pipeline.labelling import SUGGESTED_COLUMNS, gather_uncertainty, suggest_samples
from pipeline.params import FilterParams

logger = logging.getLogger(__name__)
FILTERS = FilterParams(name="filters")
SEEN = (64, 64)
"""Height and width at which images are compared."""
LABELLED = 1000  # of more, as many evenly spread are compared with


def suggest(index: Path, uncertainty: Path, suggested: Path) -> None:
    """Rank the unlabelled samples by what labelling them would teach; `index` lies beside the prepared arrays.

    `uncertainty` is the table of the step `segment`; images are compared by means and spreads of filter features.
    """
    table, arrays = (
        pd.read_csv(uncertainty, dtype={"sample_id": "str"}, keep_default_na=True),
        open_arrays(index.parent),
    )
    if table.empty:
        write_scores(suggested, pd.DataFrame(columns=SUGGESTED_COLUMNS))
        logger.info("%s: every sample is labelled", suggested)
        return
    doubt = gather_uncertainty(table)
    known = np.flatnonzero(arrays.is_labelled)
    known = known[np.unique(np.linspace(0, len(known) - 1, min(LABELLED, len(known))).round().astype(int))]
    places = [*arrays.positions(doubt.index), *known]
    bar = tqdm(places, desc="features", unit="image", disable=None)
    features = np.stack([summarise_features(arrays.image(int(place)), FILTERS, SEEN) for place in bar]).astype(
        np.float64
    )
    names = [str(name) for name in arrays.index["sample_id"].iloc[known]]
    write_scores(suggested, suggest_samples(doubt, features[: len(doubt)], features[len(doubt) :], names))
    logger.info("%s: %d samples held against %d labelled ones", suggested, len(doubt), len(known))
