"""What a change of parameters does again, where it is more than a user may think."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pipeline.params import Params, write_section


def tell_new_split(folder: Path, params: Params, fits: Sequence[tuple[str, str]]) -> str | None:
    """Which settings divide the samples anew, and how many of the fits (model, fold) that are there begin again; None where none does.

    `folder` is the experiment's.
    """
    summary = folder / "splits.json"
    there = [(model, fold) for model, fold in fits if (folder / "models" / model / f"{fold}.npz").exists()]
    if not there or not summary.exists():
        return None
    before = json.loads(summary.read_text()).get("settings")
    changed = list(_differ(before, {"split": write_section(params.split), "seed": params.seed})) if before else []
    if not changed:
        return None
    return (
        f"{' and '.join(changed)}: the samples are divided anew, and so {len(there)} fits that are there begin again."
        " Stop now to keep them, and give the change an experiment of its own: --config experiment=NAME"
    )


def _differ(before: Mapping[str, Any], now: Mapping[str, Any], place: str = "") -> Iterator[str]:
    """Every value that differs, such as "split.gap from 1 to 4"."""
    for key, value in now.items():
        old = before.get(key)
        if isinstance(value, Mapping) and isinstance(old, Mapping):
            yield from _differ(old, value, f"{place}{key}.")
        elif value != old:
            yield f"{place}{key} from {old} to {value}"
