"""How often the winner's corrected interval holds the true mean of the model that was chosen, and how far off its mean is."""

import numpy as np
import pandas as pd
from tqdm import tqdm

from pipeline.comparison.selection import correct_winner
from tests.benchmarks.evidence.claims import CONFIDENCE, UNITS
from tests.benchmarks.evidence.coverage import BARS
from tests.benchmarks.evidence.drawing import Floats

MODELS = (3, 8)
AHEAD = {"all equal": (0.0,), "one better by half a deviation": (0.5,), "a ladder": tuple(np.arange(8) * 0.2)}
"""By how many standard deviations of their own noise, before the logistic function, the last models are ahead."""
NOISE, MIDDLE, MANY = 0.5, 2.0, 400_000
COLUMNS = [
    "models",
    "count",
    "units",
    "replications",
    "coverage",
    "width",
    "naive_bias",
    "bias",
    "bias_error",
    "bar",
    "holds",
]


def draw_scores(kind: str, models: int, units: int, generator: np.random.Generator) -> Floats:
    """Dice-like scores (units, models) on samples that are hard or easy for all alike."""
    ahead = np.zeros(models)
    gains = AHEAD[kind][-models:]
    ahead[models - len(gains) :] = gains
    hard, own = generator.normal(size=(units, 1)), generator.normal(size=(units, models))
    return np.asarray(1 / (1 + np.exp(-(MIDDLE + hard + NOISE * (own + ahead)))))


def cover_winner(kind: str, models: int, units: int, replications: int) -> list[object]:
    """A row of COLUMNS; the truth is the chosen model's mean over all samples there could be."""
    truth = draw_scores(kind, models, MANY, np.random.default_rng(0)).mean(axis=0)
    found = []
    for seed in range(replications):
        scores = draw_scores(kind, models, units, np.random.default_rng([units, seed]))
        corrected, chosen = correct_winner(scores, CONFIDENCE, seed), truth[scores.mean(axis=0).argmax()]
        is_within = corrected.low <= chosen <= corrected.high
        found.append(
            (is_within, corrected.high - corrected.low, scores.mean(axis=0).max() - chosen, corrected.mean - chosen)
        )
    within, width, naive, bias = np.array(found, float).T
    error, bar = float(bias.std(ddof=1) / np.sqrt(replications)), BARS.get(units, np.nan)
    holds = bool(within.mean() >= bar) if units in BARS else ""
    row = [kind, models, units, replications, float(within.mean()), float(width.mean())]
    return [*row, float(naive.mean()), float(bias.mean()), error, bar, holds]


def simulate_selection(replications: int) -> pd.DataFrame:
    """A row a kind of models, their count and number of units."""
    cells = [(kind, models, units) for kind in AHEAD for models in MODELS for units in UNITS]
    bar = tqdm(cells, desc="winner's score", unit="row")
    return pd.DataFrame([cover_winner(*cell, replications) for cell in bar], columns=COLUMNS)
