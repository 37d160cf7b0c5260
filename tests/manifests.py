"""Small manifests for the tests of the split."""

from collections.abc import Sequence

import pandas as pd

LETTERS = {"train": "T", "validation": "V", "test": "X", "gap": ".", "final_test": "F"}


def draw_manifest(sequences: Sequence[int] = (), singles: int = 0, unlabelled: int = 0) -> pd.DataFrame:
    """Sequences of so many frames, each a group, then samples on their own, each a group, then unlabelled ones."""
    frames = [(f"s{number}", time) for number, length in enumerate(sequences) for time in range(length)]
    rows = [{"sample_id": f"{name}/{time:03d}", "sequence": name, "time": time, "group": name} for name, time in frames]
    for number in range(singles + unlabelled):
        name = f"{number:03d}"
        rows.append({"sample_id": name, "sequence": "", "time": 0, "group": name})
    labelled = len(rows) - unlabelled
    for number, row in enumerate(rows):
        is_labelled = number < labelled
        row |= {
            "parts": "",
            "subset": "",
            "label": "",
            "mask": "masks/a.png" if is_labelled else "",
            "content_hash": f"hash {number}",
        }
        row["foreground"] = (number % 7) / 10 if is_labelled else float("nan")
    return pd.DataFrame(rows)


def draw_fold(splits: pd.DataFrame, fold: str) -> str:
    """One letter a sample: T(rain), V(alidation), X (test), . (gap), F(inal test)."""
    return "".join(LETTERS[subset] for subset in splits.loc[splits["fold"] == fold, "subset"])
