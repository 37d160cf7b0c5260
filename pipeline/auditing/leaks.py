"""Leaks told to the user: which files, what between them, and what can be done."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.auditing.findings import count_in_words

TOLD = 10
"""Leaks that are told one by one."""
MENDS = (
    "  - keep them together: type python -m pipeline regroup, which writes groups.csv, and choose a split of whole groups",
    "  - choose another split.kind, or another division where the subsets are given",
    "  - remove one of each pair",
    '  - or, if it must be so, say why in params.yaml, and the report will say it too: audit.waive: "why"',
)


class LeakError(ValueError):
    """What is on both sides of a split."""


def tell_leaks(audited: Mapping[str, Any], manifest: pd.DataFrame, page: Path) -> str:
    """The leaks of audited.json with their files, where to see all of them, and the mends."""
    files = manifest.set_index("sample_id")["images"]
    leaks = [finding for finding in audited["findings"] if finding["severity"] == "leak"]
    counted = count_in_words(_count(leaks)) if len(leaks) == audited["leaks"] else f"{audited['leaks']} pairs"
    lines = [f"the split leaks: {counted} between subsets of one fold, so no score could be believed"]
    lines += [_tell_pair(finding, files) for finding in leaks[:TOLD]]
    if audited["leaks"] > TOLD:
        lines.append(f"  and {audited['leaks'] - min(TOLD, len(leaks))} more")
    return "\n".join(
        [*lines, f"see them in {page} (snakemake --cores all {page} writes it); then do one of these:", *MENDS]
    )


def _tell_pair(finding: Mapping[str, Any], files: "pd.Series[str]") -> str:
    one, other = (f"'{files[finding[side]]}' ({finding[f'subset_{side}']})" for side in ("a", "b"))
    kind = finding["kind"].replace("_", " ")
    return f"  fold {finding['fold']}: {one} and {other} are {kind}: {finding['detail']}"


def _count(leaks: list[dict[str, Any]]) -> dict[str, int]:
    kinds = [leak["kind"] for leak in leaks]
    return {kind: kinds.count(kind) for kind in dict.fromkeys(kinds)}
