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
    is_found, noun = np.zeros(len(names), bool), kind.removeprefix("shared_")
    members = pd.Series(places).groupby(codes).indices
    for fold in range(len(samples.folds)):
        rows = pd.DataFrame({"code": codes, "subset": samples.subsets[fold, places], "place": places})
        firsts = rows[(rows["subset"] != GAP) & ~is_found[codes]].drop_duplicates(["code", "subset"])
        divided = firsts[firsts.duplicated("code", keep=False)]
        is_found[divided["code"]] = True
        for code, pair in zip(*_list_pairs(divided), strict=True):
            told = f"{noun} {names[code]}: {tell_subsets(places[members[code]].tolist(), samples, fold)}"
            yield find(samples, kind, *pair, fold, told, is_leak=True)


def _list_pairs(divided: pd.DataFrame) -> tuple[list[int], list[tuple[int, int]]]:
    """The codes, and the first two samples of each in different subsets."""
    ordered = divided.sort_values(["code", "place"], kind="stable")
    codes, starts = np.unique(ordered["code"], return_index=True)
    places = ordered["place"].to_numpy()
    return codes.tolist(), list(zip(places[starts].tolist(), places[starts + 1].tolist(), strict=True))
