"""What is allowed in a data set, but may be a mistake."""

from collections import Counter
from collections.abc import Sequence

from pipeline.datasets.contents import Contents
from pipeline.params import DataParams


def doubt_contents(contents: Sequence[Contents], values: Sequence[int], data: DataParams) -> list[str]:
    """One line a doubt."""
    masks = Counter(value for held in contents for value in held.values)
    warnings = [f"no mask has class value {value}" for value in values if not masks[value]]
    if data.mask_values is None and len(values) > 2:
        counts = ", ".join(f"{value} in {masks[value]}" for value in values)
        warnings.append(f"every value found in the masks is a class ({counts} masks): data.mask_values says otherwise")
    return warnings
