"""How many spoilt masks are found, and how near a learning curve comes to twice the images: a forest of filter features on drawn data.

python -m tests.benchmarks.labels [TRIES]
"""

import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import ndimage
from sklearn.ensemble import RandomForestClassifier

from pipeline.filters import filter_features
from pipeline.learning_curve import summarise_curve
from pipeline.metrics import dice
from pipeline.params import FilterParams
from pipeline.suspicion import judge_sample, rank_suspects

SIZE, PIXELS, SPOILT, TOP = 48, 64, 0.1, 0.2
FILTERS = FilterParams(name="filters", sigma_min=1, sigma_max=8)
WAYS = ("shifted", "dilated", "emptied", "of another", "part missing")
SHARES = {0.125: 9, 0.25: 18, 0.5: 36, 1.0: 72}
"""Training images of 96 in 4 folds by share; 72 more are drawn to learn what twice as many give."""
Array = np.ndarray


def draw_sample(generator: np.random.Generator) -> tuple[Array, Array]:
    """An image (height, width, 1) of a few ellipses, brighter than a textured background, and their mask."""
    y, x = np.mgrid[:SIZE, :SIZE]
    mask = np.zeros((SIZE, SIZE), bool)
    for _ in range(generator.integers(1, 5)):
        (top, left), (a, b), turn = (
            generator.uniform(6, SIZE - 6, 2),
            generator.uniform(4, 10, 2),
            generator.uniform(0, np.pi),
        )
        along = (x - left) * np.cos(turn) + (y - top) * np.sin(turn)
        across = (y - top) * np.cos(turn) - (x - left) * np.sin(turn)
        mask |= (along / a) ** 2 + (across / b) ** 2 < 1

    def texture(low: float, high: float, scale_px: float) -> Array:
        noise = ndimage.gaussian_filter(generator.normal(size=(SIZE, SIZE)), scale_px)
        return generator.uniform(low, high) * noise / noise.std()

    image = generator.uniform(1, 1.6) * mask + mask * texture(0.3, 0.6, 0.7) + texture(0.2, 0.6, 10)
    image += (
        texture(0.3, 0.6, generator.uniform(1, 3)) + generator.normal(0, 0.15, image.shape) + generator.normal(0, 0.3)
    )
    return image[..., None].astype(np.float32), mask


def spoil(masks: list[Array], place: int, way: str, generator: np.random.Generator) -> Array:
    """One mask, spoilt."""
    mask = masks[place]
    if way == "shifted":
        return (
            ndimage.shift(mask.astype(float), generator.choice([-1, 1], 2) * generator.integers(5, 9, 2), order=0) > 0.5
        )
    if way == "dilated":
        return ndimage.binary_dilation(mask, iterations=int(generator.integers(3, 6)))
    if way == "emptied":
        return np.zeros_like(mask)
    if way == "of another":
        return masks[(place + int(generator.integers(1, len(masks)))) % len(masks)]
    parts, count = ndimage.label(mask)
    if count > 1:
        return mask & (parts != 1 + np.bincount(parts.ravel())[1:].argmax())
    return mask & (np.arange(SIZE)[:, None] < np.median(np.nonzero(mask)[0]))


def fit_forest(
    features: list[Array], masks: list[Array], generator: np.random.Generator, trees: int = 30
) -> RandomForestClassifier:
    """A forest of a few pixels of each image."""
    drawn = [generator.choice(SIZE * SIZE, PIXELS, replace=False) for _ in features]
    pixels = np.concatenate([own[places] for own, places in zip(features, drawn, strict=True)])
    targets = np.concatenate([mask.ravel()[places] for mask, places in zip(masks, drawn, strict=True)])
    return RandomForestClassifier(trees, min_samples_leaf=3, random_state=0).fit(pixels, targets)


def predict(forest: RandomForestClassifier, features: Array) -> Array:
    """Probabilities (height, width, 1) of foreground."""
    return forest.predict_proba(features)[:, -1].reshape(SIZE, SIZE, 1)


def find_spoilt(seed: int, images: int = 100, folds: int = 5) -> float:
    """Share of the spoilt masks that are among the first fifth of the suspects, all of them spoilt before any fit."""
    generator = np.random.default_rng(seed)
    drawn = [draw_sample(generator) for _ in range(images)]
    features, masks = [describe(image) for image, _ in drawn], [mask for _, mask in drawn]
    bad = generator.choice(images, round(SPOILT * images), replace=False)
    labels = list(masks)
    for number, place in enumerate(bad):
        labels[place] = spoil(masks, place, WAYS[number % len(WAYS)], generator)
    rows = []
    for fold, test in enumerate(np.array_split(generator.permutation(images), folds)):
        train = np.setdiff1d(np.arange(images), test)
        forest = fit_forest([features[n] for n in train], [labels[n] for n in train], generator)
        for place in test:
            found = {"mask": predict(forest, features[place])}
            told = judge_sample({"mask": labels[place].astype(np.uint8)}, found, 0.5)
            rows += [{"sample_id": str(place), "fold": str(fold), **row} for row in told]
    suspects = rank_suspects({"forest": pd.DataFrame(rows)})
    first = set(suspects.loc[suspects["rank"] <= TOP * images, "sample_id"])
    return float(np.mean([str(place) in first for place in bad]))


def foretell_twice(seed: int) -> dict[str, float]:
    """Dice at twice the training images: predicted by the curve of 96 labelled images in 4 folds, and what it then was on the same tests."""
    generator, images, folds = np.random.default_rng(seed), 96, 4
    drawn = [draw_sample(generator) for _ in range(images + 72)]
    features, masks = [describe(image) for image, _ in drawn], [mask for _, mask in drawn]
    rows, twice, full = [], [], []
    for fold, test in enumerate(np.array_split(generator.permutation(images), folds)):
        order = [*generator.permutation(np.setdiff1d(np.arange(images), test)), *range(images, images + 72)]
        for share, count in {**SHARES, 2.0: 144}.items():
            forest = fit_forest([features[n] for n in order[:count]], [masks[n] for n in order[:count]], generator)
            scores = [dice(masks[n], predict(forest, features[n])[..., 0] >= 0.5) for n in test]
            twice += scores if share == 2 else []
            full += scores if share == 1 else []
            names = [str(n) for n in test]
            table = {"fold": str(fold), "sample_id": names, "sequence": "", "group": names, "time": 0, "share": share}
            rows += [pd.DataFrame(table).assign(dice=scores)] if share <= 1 else []
    sizes = pd.Series({share: float(count) for share, count in SHARES.items()})
    row = summarise_curve(pd.concat(rows), sizes, "dice", 20, 0.95, by_sequence=False, seed=0).iloc[-1]
    gain = float(np.mean(twice) - np.mean(full))
    told = {"predicted": row["score"], "found": float(np.mean(twice)), "gain": row["gain"], "found_gain": gain}
    return {**told, "holds_gain": float(row["gain_low"] <= gain <= row["gain_high"])}


def describe(image: Array) -> Array:
    """Filter features (pixels, features)."""
    return filter_features(image, FILTERS).reshape(SIZE * SIZE, -1)


def main(tries: int) -> None:
    """Both measures over drawn data sets, as lines of JSON."""
    found = [find_spoilt(seed) for seed in range(tries)]
    curves = pd.DataFrame([foretell_twice(seed) for seed in range(tries)])
    misses = (curves["predicted"] - curves["found"]).abs()
    report = {
        "tries": tries,
        "spoilt masks in the first fifth, mean": round(float(np.mean(found)), 3),
        "spoilt masks in the first fifth, each": [round(share, 2) for share in found],
        "predictions of twice the images within .015": int((misses <= 0.015).sum()),
        "misses": [round(float(miss), 4) for miss in misses],
        "intervals that hold the gain": int(curves["holds_gain"].sum()),
    }
    text = json.dumps(report, indent=1)
    path = Path("reports/evidence/labels.json")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text + "\n")
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10)
