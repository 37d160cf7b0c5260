"""Small score tables for the tests of the comparison."""

from collections.abc import Sequence

import numpy as np
import pandas as pd


def build_scores(groups: dict[str, dict[str, Sequence[float]]], fold: str = "0") -> pd.DataFrame:
    """Dice of each model in each frame of each group: {"unet": {"a": [.8, .9]}}; a group is one sequence."""
    rows = [
        (model, fold, f"{group}/{time}", group, group, time, score)
        for model, sequences in groups.items()
        for group, scores in sequences.items()
        for time, score in enumerate(scores)
    ]
    return pd.DataFrame(rows, columns=["model", "fold", "sample_id", "sequence", "group", "time", "dice"]).assign(
        empty=""
    )


def draw_scores(
    means: dict[str, float], seed: int, sequences: int = 12, frames: int = 4, noise: float = 0.05
) -> pd.DataFrame:
    """Dice of models over sequences that are hard or easy for all alike, with noise of its own for each model and sequence."""
    generator = np.random.default_rng(seed)
    hardness = generator.normal(0, 0.1, sequences)
    return build_scores(
        {
            model: {
                f"s{number:03d}": mean
                + hardness[number]
                + generator.normal(0, noise)
                + generator.normal(0, noise, frames)
                for number in range(sequences)
            }
            for model, mean in means.items()
        }
    )
