"""A folder of predictions as files: masks and their probabilities, depths, and a table of classes."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import tifffile

from pipeline.datasets.files import aside
from pipeline.datasets.reading import write_mask

Array = np.ndarray[Any, np.dtype[Any]]

MAPS = "predictions_maps"
DEPTHS = "depth"
CLASSES = "predictions.csv"


def write_predicted(
    folder: Path,
    names: Sequence[str],
    sizes: Sequence[tuple[int, int]],
    predictions: Iterable[Mapping[str, Array]],
    to_mask: Callable[[Array], Array],
    choose_set: Callable[[Array], Array],
    label_names: Sequence[str],
) -> None:
    """Write what each head gives for each image, in the order of `names`, one image in memory at a time.

    Masks are NAME.png; their probabilities (height, width, channel), float32, go into predictions_maps.npy, shape (images,
    height, width[, channel]), where sizes (height, width) are equal, else into predictions_maps/NAME.npy; one channel has no
    axis. Depths in metres are depth/NAME.tiff, float32. Classes are rows of predictions.csv: the likeliest, the second, and the set that holds the true one as often as was stated, with |
    between names.
    """
    rows = []
    with ExitStack() as stack:
        maps = _Maps(folder, names, sizes, stack)
        for name, prediction in zip(names, predictions, strict=True):
            if "mask" in prediction:
                write_mask(folder / f"{name}.png", to_mask(prediction["mask"]))
                maps.add(name, prediction["mask"])
            if "depth" in prediction:
                with aside(folder / DEPTHS / f"{name}.tiff") as part:
                    tifffile.imwrite(part, prediction["depth"][..., 0])
            if "label" in prediction:
                told = describe_class(prediction["label"], choose_set(prediction["label"]), label_names)
                rows.append({"image": name, **told})
    if rows:
        with aside(folder / CLASSES) as part:
            pd.DataFrame(rows).to_csv(part, index=False, lineterminator="\n")


def describe_class(probabilities: Array, chosen: Array, label_names: Sequence[str]) -> dict[str, Any]:
    """The likeliest class and the second with their probabilities (K,), and the set of those `chosen` (K,), the likeliest first."""
    ranked = np.argsort(-probabilities, kind="stable")
    first, second = ranked[:2]
    return {
        "class": label_names[first],
        "confidence": round(float(probabilities[first]), 4),
        "second": label_names[second],
        "second_confidence": round(float(probabilities[second]), 4),
        "set": "|".join(label_names[place] for place in ranked if chosen[place]),
    }


class _Maps:
    """Probabilities of masks, in one file where all are of one size."""

    def __init__(self, folder: Path, names: Sequence[str], sizes: Sequence[tuple[int, int]], stack: ExitStack) -> None:
        self.folder, self.count, self.stack = folder, len(names), stack
        self.is_one = len(set(sizes)) == 1
        self.whole: Array | None = None
        self.place = 0

    def add(self, name: str, probabilities: Array) -> None:
        flat = probabilities[..., 0] if probabilities.shape[-1] == 1 else probabilities
        if not self.is_one:
            with aside(self.folder / MAPS / f"{name}.npy") as part, part.open("wb") as file:
                np.save(file, flat)
            return
        if self.whole is None:
            part = self.stack.enter_context(aside(self.folder / f"{MAPS}.npy"))
            self.whole = np.lib.format.open_memmap(part, "w+", np.float32, (self.count, *flat.shape))
        self.whole[self.place] = flat
        self.place += 1
