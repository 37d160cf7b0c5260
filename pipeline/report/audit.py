"""Section: what of a test or validation subset is also in training, pair by pair."""

from collections import defaultdict
from typing import Any

from pipeline.figures.pictures import shrink, to_data_uri
from pipeline.provenance import Record
from pipeline.report.sheet import DataSheet
from pipeline.report.views import channels_of

PAIRS, PAIR_PX = 24, 200
KINDS = {
    "identical": "identical pixels",
    "near_identical": "nearly identical",
    "neighbour": "neighbours in time",
    "shared_group": "one group",
    "shared_part": "a shared part",
    "contradictory_label": "identical pixels, another label",
}
SCORED = ("near_identical", "neighbour")


def describe_audit(sheet: DataSheet) -> dict[str, Any]:
    """What was compared, what was found, and the pairs as pictures, leaks first and of every kind some."""
    audited = sheet.audited
    pairs = gather_pairs(audited["findings"])
    shown = choose_pairs(pairs)
    return {
        **audited,
        "waive": sheet.params.audit.waive.strip(),
        "kinds": [(KINDS[kind], count) for kind, count in audited["counts"].items() if count],
        "pairs": [picture_pair(sheet, pair) for pair in shown],
        "more": len(pairs) - len(shown),
    }


def gather_pairs(findings: list[Record]) -> list[Record]:
    """Each pair and kind once, with its subsets and the folds that these hold for, leaks first."""
    places: dict[tuple[str, ...], Record] = {}
    for finding in findings:
        key = tuple(str(finding[name]) for name in ("severity", "kind", "a", "b"))
        pair = places.setdefault(key, finding | {"where": defaultdict(list)})
        pair["where"][finding["subset_a"], finding["subset_b"]].append(finding["fold"])
    return sorted(places.values(), key=lambda pair: str(pair["severity"]) != "leak")


def choose_pairs(pairs: list[Record]) -> list[Record]:
    """Some pairs: leaks before warnings, and in turn of each kind, so that a frequent one does not hide the others."""
    turns: dict[tuple[str, str], int] = defaultdict(int)
    ranked: list[tuple[bool, int, int, Record]] = []
    for pair in pairs:
        kind = (str(pair["severity"]), str(pair["kind"]))
        ranked.append((pair["severity"] != "leak", turns[kind], len(ranked), pair))
        turns[kind] += 1
    return [pair for *_, pair in sorted(ranked)[:PAIRS]]


def picture_pair(sheet: DataSheet, pair: Record) -> dict[str, Any]:
    """Two samples side by side, with what is said of them."""
    return {
        "kind": KINDS[pair["kind"]],
        "severity": pair["severity"],
        "detail": pair["detail"],
        "score": pair["score"] if pair["kind"] in SCORED else None,
        "where": [(*subsets, list(dict.fromkeys(folds))) for subsets, folds in pair["where"].items()],
        "sides": [(name, _picture(sheet, name)) for name in (pair["a"], pair["b"])],
    }


def _picture(sheet: DataSheet, sample_id: str) -> str:
    (place,) = sheet.arrays.positions([sample_id])
    return to_data_uri(shrink(channels_of(sheet, int(place))[0], PAIR_PX))
