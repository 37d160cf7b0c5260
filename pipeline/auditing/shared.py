"""Groups and parts, such as a background, that several subsets of a fold share."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.auditing.findings import Finding, Kind, find, tell_subsets
from pipeline.auditing.samples import GAP, Samples

Integers = NDArray[np.int64]


def find_shared_groups(samples: Samples) -> Iterator[Finding]:
    """One finding a divided group, in the first fold that divides it."""
    codes, names = pd.factorize(samples.table["group"])
    places = np.arange(len(samples))
    yield from _find_divided(samples, "shared_group", places, codes.astype(np.int64), list(names))


def find_shared_parts(samples: Samples) -> Iterator[Finding]:
    """One finding a divided part, in the first fold that divides it."""
    if "parts" not in samples.table or not (samples.table["parts"] != "").any():
        return
    parts = samples.table["parts"].str.split(";").explode()
    parts = parts[parts != ""]
    codes, names = pd.factorize(parts)
    yield from _find_divided(samples, "shared_part", parts.index.to_numpy(), codes.astype(np.int64), list(names))


def _find_divided(
    samples: Samples, kind: Kind, places: Integers, codes: Integers, names: list[str]
) -> Iterator[Finding]:
    """What has samples in several subsets; `places` and `codes` say which sample has which of the names."""
    found: set[int] = set()
    noun = kind.removeprefix("shared_")
    for fold in range(len(samples.folds)):
        rows = pd.DataFrame({"code": codes, "subset": samples.subsets[fold, places], "place": places})
        firsts = rows[rows["subset"] != GAP].drop_duplicates(["code", "subset"])
        divided = firsts[firsts.duplicated("code", keep=False) & ~firsts["code"].isin(found)]
        for code in divided["code"].unique().tolist():
            found.add(code)
            first, second = divided.loc[divided["code"] == code, "place"].tolist()[:2]
            told = f"{noun} {names[code]}: {tell_subsets(places[codes == code].tolist(), samples, fold)}"
            yield find(samples, kind, first, second, fold, told, is_leak=True)
