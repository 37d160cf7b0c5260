"""Whether what is suggested for labelling is what the model fails on: real pictures whose masks were taken away, and given back to judge."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy import stats
from skimage.io import imread
from skimage.transform import resize
from sklearn.ensemble import RandomForestClassifier
from tqdm import tqdm

from pipeline.filters import filter_features, summarise_features
from pipeline.labelling import FILTERS, SEEN, suggest_samples
from pipeline.metrics import dice
from pipeline.params import FilterParams
from pipeline.uncertainty import doubt_mask
from tests.benchmarks.pictures import SHARED, Array

LABELLED, PIXELS, TREES = 15, 400, 30
FIELD_SIZE, WINDOW = (90, 160), 128
OF_FOREST = FilterParams(name="filters", sigma_min=1, sigma_max=8)
COLUMNS = ["pictures", "tries", "unlabelled", "uncertainty", "distance", "order", "first_third", "rest"]
Sample = tuple[Array, Array]


def read_field() -> Iterator[Sample]:
    """Photographs of a field at a quarter of their size, and where one can drive."""
    folder = SHARED / "rgbd_freespace"
    for image, mask in zip(*(sorted((folder / kind).iterdir()) for kind in ("images", "masks")), strict=True):
        target = imread(mask)
        target = (target if target.ndim == 2 else target[..., 0]) > 0
        small = resize(imread(image)[..., :3], FIELD_SIZE, anti_aliasing=True)
        yield small.astype(np.float32), resize(target.astype(float), FIELD_SIZE, order=0) > 0.5


def read_sections() -> Iterator[Sample]:
    """Two windows of each section through nerve cells, halved in size, and their membranes."""
    folder = SHARED / "isbi2012" / "train"
    for image, mask in zip(*(sorted((folder / kind).iterdir()) for kind in ("images", "masks")), strict=True):
        pixels, target = imread(image)[::2, ::2].astype(np.float32) / 255, imread(mask)[::2, ::2] == 0
        for columns in (slice(0, WINDOW), slice(WINDOW, 2 * WINDOW)):
            yield pixels[:WINDOW, columns, None], target[:WINDOW, columns]


def suggest_once(samples: list[Sample], features: list[Array], seen: Array, seed: int) -> list[float]:
    """Spearman's correlation with the true Dice of uncertainty, distance and order; mean Dice of the third suggested first, and of the rest."""
    generator = np.random.default_rng(seed)
    drawn = generator.permutation(len(samples))
    known, others = drawn[:LABELLED], drawn[LABELLED:]
    pixels = [generator.choice(len(features[place]), PIXELS, replace=False) for place in known]
    inputs = np.concatenate([features[place][own] for place, own in zip(known, pixels, strict=True)])
    targets = np.concatenate([samples[place][1].ravel()[own] for place, own in zip(known, pixels, strict=True)])
    forest = RandomForestClassifier(TREES, min_samples_leaf=3, random_state=0).fit(inputs, targets)
    doubts, scores = [], []
    for place in others:
        found = forest.predict_proba(features[place])[:, 1].reshape(samples[place][1].shape)
        doubts.append(doubt_mask(found[..., None], 0.5))
        scores.append(dice(samples[place][1], found >= 0.5))
    names = [str(place) for place in others]
    table = suggest_samples(pd.Series(doubts, names), seen[others], seen[known], [str(place) for place in known])
    table = table.set_index("sample_id").reindex(names).assign(dice=scores)
    correlations = [stats.spearmanr(table[name], table["dice"])[0] for name in ("uncertainty", "distance", "order")]
    is_first = table["order"] <= len(table) / 3
    return [*correlations, table["dice"][is_first].mean(), table["dice"][~is_first].mean()]


def judge_suggestions(tries: int) -> pd.DataFrame:
    """A row a kind of pictures, means over tries, each with other samples labelled."""
    rows = []
    for name, read in {"field": read_field, "nerve cells": read_sections}.items():
        samples = list(read())
        features = [filter_features(image, OF_FOREST).reshape(mask.size, -1) for image, mask in samples]
        seen = np.stack([summarise_features(image, FILTERS, SEEN) for image, _ in samples]).astype(np.float64)
        bar = tqdm(range(tries), desc=f"what to label next of {name}", unit="try")
        found = [suggest_once(samples, features, seen, seed) for seed in bar]
        rows.append([name, tries, len(samples) - LABELLED, *np.mean(found, axis=0)])
    return pd.DataFrame(rows, columns=COLUMNS)
