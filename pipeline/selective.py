"""What errors are left when the samples that a model is least certain of are refused (El-Yaniv & Wiener 2010; Geifman & El-Yaniv 2017)."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Refusals:
    """Risk among the samples that are kept, the most certain first: for 1, 2, ... n kept."""

    coverage: Floats
    """Share of the samples that is kept (n,)."""
    risk: Floats
    """Mean risk of those kept (n,)."""

    @property
    def area(self) -> float:
        """Area under the curve, the mean of `risk`; NaN of nothing."""
        return float(self.risk.mean()) if self.risk.size else float("nan")

    def risk_at(self, coverage: float) -> float:
        """Risk where as many samples are kept as a share takes, rounded up; NaN of nothing."""
        if not self.risk.size:
            return float("nan")
        return float(self.risk[int(np.ceil(round(coverage * len(self.risk), 9))) - 1])


def refuse(uncertainty: NDArray[Any], risk: NDArray[Any]) -> Refusals:
    """Keep samples by their uncertainty (n,), with risks (n,); among equals none is preferred, each counts with their mean.

    Risks 0, 0, 1, 1 from certain to uncertain: 0, 0, 1/3, 1/2, area .208; all equally uncertain: .5 throughout.
    """
    values, group, size = np.unique(np.asarray(uncertainty, np.float64), return_inverse=True, return_counts=True)
    means = np.bincount(group, weights=np.asarray(risk, np.float64), minlength=len(values)) / np.maximum(size, 1)
    kept = np.arange(1, len(group) + 1)
    return Refusals(kept / max(len(group), 1), np.repeat(means, size).cumsum() / kept)
