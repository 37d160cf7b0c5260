"""What the audit found, each pair judged by the folds: a leak, or a warning."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from pipeline.auditing.samples import SUBSETS, Samples

Kind = Literal["identical", "near_identical", "contradictory_label", "shared_group", "shared_part", "neighbour"]
KINDS: tuple[Kind, ...] = (
    "identical",
    "near_identical",
    "contradictory_label",
    "shared_group",
    "shared_part",
    "neighbour",
)
MOST = 1000
"""Findings that are written, leaks first."""


@dataclass(frozen=True)
class Finding:
    """A pair of samples, and what is between them."""

    kind: Kind
    severity: Literal["leak", "warning"]
    a: str
    b: str
    fold: str
    """The first fold in which it is so."""
    subset_a: str
    subset_b: str
    detail: str
    score: float
    """How alike both are, 1 for the same."""


def find(
    samples: Samples, kind: Kind, first: int, second: int, fold: int, detail: str, *, is_leak: bool, score: float = 1.0
) -> Finding:
    """A finding between the samples at two places, as it is in a fold."""
    one, other = (SUBSETS[samples.subsets[fold, place]] for place in (first, second))
    severity: Literal["leak", "warning"] = "leak" if is_leak else "warning"
    names = samples.names(first), samples.names(second)
    return Finding(kind, severity, *names, samples.folds[fold], one, other, detail, round(score, 3))


def summarise_findings(findings: Iterable[Finding], compared: dict[str, Any]) -> dict[str, Any]:
    """The content of audited.json."""
    ordered = sorted(findings, key=lambda one: (one.severity, KINDS.index(one.kind), -one.score, one.a, one.b))
    leaks = sum(one.severity == "leak" for one in ordered)
    counts = Counter(one.kind for one in ordered)
    return {
        "compared": compared,
        "leaks": leaks,
        "warnings": len(ordered) - leaks,
        "counts": {kind: counts[kind] for kind in KINDS if counts[kind]},
        "findings": [asdict(one) for one in ordered[:MOST]],
    }


def count_in_words(counts: dict[str, int]) -> str:
    """Such as "2 identical, 1 shared group"."""
    return ", ".join(f"{count} {kind.replace('_', ' ')}" for kind, count in counts.items())


def tell_subsets(places: Sequence[int], samples: Samples, fold: int) -> str:
    """How many of some samples each subset of a fold has, such as "3 in train, 1 in test"."""
    counts = Counter(SUBSETS[samples.subsets[fold, place]] for place in places)
    return ", ".join(f"{counts[name]} in {name}" for name in SUBSETS if counts[name])
