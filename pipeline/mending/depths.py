"""Mends of depth files."""

from statistics import median

import numpy as np

from pipeline.datasets.faults import Fault
from pipeline.datasets.reading import read_depth
from pipeline.mending.workplace import Refused, Workplace
from pipeline.mending.writing import rewrite
from pipeline.params import DepthParams

THOUSAND = (700.0, 1400.0)
"""Ratios of distances for which nothing but a unit a thousand times another one can stand."""


def mend_units(place: Workplace, fault: Fault) -> str:
    """Multiply or divide by 1000 where the distances are about a thousand times the others'."""
    depth = place.data.depth or DepthParams()
    usual = median(held.levels.distance for held in place.contents if held.sample.depth)
    metres = read_depth(place.raw, fault.file, depth)
    ratio = usual / float(np.nanmedian(metres))
    factor = 1000.0 if ratio > 1 else 0.001
    if not THOUSAND[0] < ratio / factor * 1000 < THOUSAND[1]:
        raise Refused(f"its ratio to the others is {ratio:.4g}, not about 1000: export it again in their unit")
    values = (metres * factor / depth.scale).astype(np.float32)
    missing = np.nan if depth.missing is None else depth.missing
    written = rewrite(place, fault.file, np.where(np.isnan(values), np.float32(missing), values))
    return f"{fault.file}: multiplied by {factor:g} to the unit of the others, saved as '{written}'"
