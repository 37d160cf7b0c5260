"""How often a real difference is found in 30 units."""

import numpy as np
import pandas as pd
from statsmodels.stats.power import TTestPower

from tests.benchmarks.evidence.claims import LEVEL, flip_all

UNITS = 30
EFFECTS = (0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 1.0)
SHAPES = {
    "normal": lambda generator, shape: generator.normal(0, 1, shape),
    "skewed (exponential)": lambda generator, shape: 1 - generator.exponential(1, shape),
}
COLUMNS = ["effect", "units", "differences", "replications", "found", "found_if_two_pairs", "of_t_test"]


def simulate_power(replications: int) -> pd.DataFrame:
    """A row an effect (mean / sd of paired differences) and shape: share of sign flips that find it, and what theory gives Student's test."""
    rows = []
    for shape, draw in SHAPES.items():
        noise = draw(np.random.default_rng(0), (UNITS, replications))
        for effect in EFFECTS:
            p = flip_all(noise + effect)
            theory = float(TTestPower().power(effect, UNITS, LEVEL)) if effect else LEVEL
            rows.append([effect, UNITS, shape, replications, np.mean(p <= LEVEL), np.mean(p <= LEVEL / 2), theory])
    return pd.DataFrame(rows, columns=COLUMNS)
