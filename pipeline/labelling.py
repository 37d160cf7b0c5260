"""Which samples without targets to label next: those that the model is unsure of, and that are unlike all that is labelled."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial.distance import cdist
from tqdm import tqdm

from pipeline.datasets.arrays import Arrays
from pipeline.filters import summarise_features
from pipeline.params import FilterParams

Floats = NDArray[np.float64]
SUGGESTED_COLUMNS = ["order", "sample_id", "uncertainty", "distance", "nearest"]
FILTERS = FilterParams(name="filters")
"""The forest's own defaults. Nothing to choose: they say which images are alike, and rank no score; a model's filters are fitted to its task."""
SEEN = (64, 64)
"""Height and width at which images are compared: likeness is of colours and textures, and a thousand images take seconds."""
CHOSEN = 100  # one after another; the rest in the order of the start, which nobody reads so far
LABELLED = 1000
"""Labelled images that others are held against; of more, as many evenly spread, for the order hardly depends on them and the time does."""


def rank_unlabelled(table: pd.DataFrame, arrays: Arrays) -> pd.DataFrame:
    """Rows SUGGESTED_COLUMNS from the table of the step `segment`; images are compared by means and spreads of filter features."""
    if table.empty:
        return pd.DataFrame(columns=SUGGESTED_COLUMNS)
    doubt, known = gather_uncertainty(table), choose_labelled(arrays)
    bar = tqdm([*arrays.positions(doubt.index), *known], desc="features", unit="image", disable=None)
    found = np.stack([summarise_features(arrays.image(int(place)), FILTERS, SEEN) for place in bar]).astype(np.float64)
    names = [str(name) for name in arrays.index["sample_id"].iloc[known]]
    return suggest_samples(doubt, found[: len(doubt)], found[len(doubt) :], names)


def choose_labelled(arrays: Arrays) -> NDArray[np.int64]:
    """Places of the labelled samples, of many LABELLED evenly spread ones."""
    known = np.flatnonzero(arrays.is_labelled)
    return known[np.unique(np.linspace(0, len(known) - 1, min(LABELLED, len(known))).round().astype(int))]


def gather_uncertainty(table: pd.DataFrame) -> "pd.Series[float]":
    """Uncertainty by sample_id, 0 to 1, from the rows that tell it head by head; where a head has none its models' disagreement ranks.

    Heads have no common unit: of several the mean rank is taken.
    """
    told = table["uncertainty"].fillna(table["disagreement"])
    ranks = told.groupby(table["head"]).rank(pct=True) if table["head"].nunique() > 1 or (told > 1).any() else told
    found: pd.Series[float] = ranks.fillna(0.0).groupby(table["sample_id"], sort=False).mean()
    return found


def suggest_samples(
    uncertainty: "pd.Series[float]", features: Floats, labelled: Floats, names: list[str]
) -> pd.DataFrame:
    """Rows SUGGESTED_COLUMNS of the unlabelled samples, the one to label first on top.

    `features` (samples, features) are in the order of `uncertainty`, those of the labelled samples (labelled, features) in that of
    `names`. Each choice has the largest sum of two ranks: of uncertainty, and of the distance to the nearest sample that is
    labelled or was chosen before it (farthest first, Gonzalez 1985), so that of ten alike one is chosen. `distance` is that to
    the nearest labelled one, in standard deviations of the labelled a feature.
    """
    spread = labelled.std(axis=0)
    scale = np.where(spread > 0, spread, 1.0) * np.sqrt(labelled.shape[1])
    features, labelled = features / scale, labelled / scale
    apart = cdist(features, labelled)
    to_labelled = apart.min(axis=1)
    nearest, doubt = to_labelled.copy(), uncertainty.rank(pct=True).to_numpy(float)
    is_left = np.ones(len(features), bool)
    order: list[int] = []
    while is_left.any() and len(order) < CHOSEN:
        worth = doubt + pd.Series(nearest).rank(pct=True).to_numpy(float)
        order.append(int(np.where(is_left, worth, -1.0).argmax()))
        is_left[order[-1]] = False
        nearest = np.minimum(nearest, np.linalg.norm(features - features[order[-1]], axis=1))
    rest = np.flatnonzero(is_left)
    worth = doubt + pd.Series(to_labelled).rank(pct=True).to_numpy(float)
    order += [int(place) for place in rest[np.argsort(-worth[rest], kind="stable")]]
    return pd.DataFrame(
        {
            "order": np.arange(1, len(order) + 1),
            "sample_id": uncertainty.index[order],
            "uncertainty": uncertainty.to_numpy()[order],
            "distance": to_labelled[order],
            "nearest": np.asarray(names, dtype=object)[apart.argmin(axis=1)[order]],
        }
    )
