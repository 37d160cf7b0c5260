"""Checks over all samples of a data set, and the manifest of one that passes them."""

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd

from pipeline.datasets.contents import Contents
from pipeline.datasets.manifest import COLUMNS, Dataset
from pipeline.params import DataParams

MOST_VALUES = 32
"""Masks with more grey values than this are taken for smoothed ones, unless data.mask_values names them."""
SHOWN_VALUES = 8
IDENTITY = ["sample_id", "sequence", "time", "group", "subset", "content_hash", "mask_hash"]


def check_alike(raw: Path, contents: Sequence[Contents]) -> list[str]:
    """Faults of samples whose type or number of channels is not that of most."""
    return [
        *_check_most(raw, contents, lambda held: held.dtype, "save all with the same bits a channel"),
        *_check_most(raw, contents, lambda held: _tell_channels(held.channels), "save all in grey or all in colour"),
    ]


def choose_values(contents: Sequence[Contents], data: DataParams) -> tuple[int, ...]:
    """Grey value of each class, background first: those of the parameters, or all that were found, ascending."""
    return data.mask_values or tuple(sorted({value for held in contents for value in held.values}))


def check_values(raw: Path, contents: Sequence[Contents], values: Sequence[int], data: DataParams) -> list[str]:
    """Faults of masks whose grey values are not those of the classes."""
    labelled = [held for held in contents if held.sample.mask]
    if not labelled:
        return [f"no sample of '{raw}' has a mask, so that nothing can be learnt: add masks"]
    faults = []
    for held in labelled if data.mask_values else ():
        unknown = sorted(set(held.values) - set(values))
        if unknown:
            pixels = sum(held.values[value] for value in unknown)
            found = ", ".join(map(str, unknown[:SHOWN_VALUES])) + (", ..." if len(unknown) > SHOWN_VALUES else "")
            where = f"mask '{raw / held.sample.mask}' has {pixels} pixels of value {found}"
            faults.append(f"{where}, which is none of data.mask_values {list(values)}: mend the mask or name the value")
    if data.mask_values is None and len(values) > MOST_VALUES:
        worst = max(labelled, key=lambda held: len(held.values))
        where = f"masks have {len(values)} different values, most in '{raw / worst.sample.mask}' ({len(worst.values)})"
        faults.append(f"{where}: export them without smoothing, or name the classes' in data.mask_values")
    if not any(value in held.values for held in labelled for value in values[1:]):
        mend = "add masks with foreground, or change data.mask_values"
        faults.append(f"all masks of '{raw}' hold nothing but background ({values[0]}): {mend}")
    if data.class_names is not None and len(data.class_names) != len(values):
        names = f"data.class_names has {len(data.class_names)} names, the masks have {len(values)} values"
        faults.append(f"{names} {list(values)[:SHOWN_VALUES]}: give one name a value, background first")
    return faults


def warn_of_values(contents: Sequence[Contents], values: Sequence[int], data: DataParams) -> list[str]:
    """What is allowed, but may be a mistake."""
    masks = Counter(value for held in contents for value in held.values)
    warnings = [f"no mask has class value {value}" for value in values if not masks[value]]
    if data.mask_values is None and len(values) > 2:
        counts = ", ".join(f"{value} in {masks[value]}" for value in values)
        warnings.append(f"every value found in the masks is a class ({counts} masks): data.mask_values says otherwise")
    return warnings


def build_manifest(contents: Sequence[Contents], background: int) -> pd.DataFrame:
    """One row a sample; `foreground` is the share of non-background among the pixels that count."""
    rows = [
        {
            **vars(held.sample),
            **{key: value for key, value in vars(held).items() if key not in ("sample", "values")},
            "images": ";".join(held.sample.images),
            "foreground": 1 - held.values[background] / held.values.total() if held.sample.mask else float("nan"),
        }
        for held in contents
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def build_dataset(
    manifest: pd.DataFrame, values: Sequence[int], data: DataParams, layout: str, warnings: Sequence[str]
) -> Dataset:
    """What holds for all rows of the manifest; its hash covers the files and how `data` has them read."""
    identity = manifest[IDENTITY].to_csv(index=False, lineterminator="\n") + data.model_dump_json()
    return Dataset(
        channels=int(manifest["channels"].iloc[0]),
        dtype=str(manifest["dtype"].iloc[0]),
        mask_values=tuple(values),
        class_names=tuple(data.class_names or map(str, range(len(values)))),
        data_hash=hashlib.sha256(identity.encode()).hexdigest(),
        layout=layout,
        warnings=tuple(warnings),
    )


def _check_most(raw: Path, contents: Sequence[Contents], tell: Callable[[Contents], str], mend: str) -> list[str]:
    counts = Counter(tell(held) for held in contents)
    if len(counts) < 2:
        return []
    (usual, count), *_ = counts.most_common()
    return [
        f"image '{raw / held.sample.images[0]}' has {tell(held)}, {count} others have {usual}: {mend}"
        for held in contents
        if tell(held) != usual
    ]


def _tell_channels(channels: int) -> str:
    return f"{channels} channel{'s' if channels > 1 else ''}"
