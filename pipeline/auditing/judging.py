"""The whole audit: what is the same, what is shared, and what of it is on both sides of a split."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from pipeline.auditing.findings import Finding, find, summarise_findings
from pipeline.auditing.identical import find_identical
from pipeline.auditing.neighbours import find_alike_borders, find_neighbours
from pipeline.auditing.planes import Planes
from pipeline.auditing.samples import Samples
from pipeline.auditing.searching import METHOD, Search, search_alike
from pipeline.auditing.shared import find_shared_groups, find_shared_parts
from pipeline.params import LeakSearchParams, SplitParams

HASHES = "SHA-256 of the pixels"


def audit_samples(
    samples: Samples, planes: Planes, audit: LeakSearchParams, split: SplitParams, seed: int
) -> dict[str, Any]:
    """The content of audited.json: findings between different subsets of one fold, and what was compared."""
    search = Search([], np.zeros(len(samples), bool))
    if audit.near_identical:
        search = search_alike(planes, samples.units, samples.histories, audit, seed)
    findings = [*find_identical(samples, search.empty), *_find_near(samples, search)]
    findings += find_shared_parts(samples)
    if split.divides_sequences:
        findings += find_neighbours(samples, split.gap)
        findings += find_alike_borders(samples, planes) if audit.near_identical else []
    else:
        findings += find_shared_groups(samples)
    return summarise_findings(findings, _tell_compared(samples, search, audit))


def _find_near(samples: Samples, search: Search) -> Iterator[Finding]:
    hashes = samples.table["content_hash"].to_numpy()
    for alike in search.found:
        fold = int(samples.first_apart(np.array([alike.first]), np.array([alike.second]))[0])
        if fold >= 0 and hashes[alike.first] != hashes[alike.second]:
            score = alike.likeness.score
            yield find(
                samples, "near_identical", alike.first, alike.second, fold, alike.detail, is_leak=True, score=score
            )


def _tell_compared(samples: Samples, search: Search, audit: LeakSearchParams) -> dict[str, Any]:
    """What was and was not compared."""
    number = len(samples)
    left_out = (
        search.left_out if audit.near_identical else ("copies that were changed (audit.near_identical is false)",)
    )
    return {
        "samples": number,
        "pairs_possible": number * (number - 1) // 2,
        "candidates": search.candidates,
        "verified": search.verified,
        "method": f"{HASHES}; {METHOD}" if audit.near_identical else HASHES,
        "left_out": "; ".join(left_out),
    }
