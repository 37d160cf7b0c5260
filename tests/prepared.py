"""The files of a prepared data set with splits, as the steps that fit and predict find them."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from pipeline.datasets.manifest import write_dataset
from pipeline.datasets.pixels import Pixels
from pipeline.datasets.splits import write_splits
from pipeline.datasets.storing import write_arrays
from tests.drawn import describe, draw_sample

SUBSETS = ("train", "train", "train", "validation", "test", "test")


@dataclass(frozen=True)
class Prepared:
    """Where the files lie."""

    folder: Path

    @property
    def inputs(self) -> dict[str, Path]:
        return {"index": self.folder / "prepared/index.csv", **self.facts}

    @property
    def facts(self) -> dict[str, Path]:
        return {"dataset": self.folder / "dataset.json", "splits": self.folder / "splits.csv"}

    def of_fit(self, model: str, fold: str) -> dict[str, Path]:
        """The files that a fit writes."""
        names = {"fitted": "npz", "history": "csv", "record": "json"}
        files = {name: self.folder / "models" / model / f"{fold}.{suffix}" for name, suffix in names.items()}
        return files | {"checkpoint": self.folder / "checkpoints" / model / f"{fold}.npz"}

    def of_search(self, model: str, fold: str) -> dict[str, Path]:
        """The files that a search writes."""
        place = self.folder / "search" / model
        place.mkdir(parents=True, exist_ok=True)
        journal = self.folder / "checkpoints" / model / f"{fold}.journal"
        return {"best": place / f"{fold}.json", "trials": place / f"{fold}.csv", "journal": journal}


def write_prepared(folder: Path, test_seed: int = 0, classes: int = 2) -> Prepared:
    """Six samples of 16x16 and one fold; `test_seed` draws the two test samples alone."""
    random, of_test = np.random.default_rng(1), np.random.default_rng(test_seed)
    pairs = [draw_sample(of_test if subset == "test" else random, (16, 16), 1, classes) for subset in SUBSETS]
    ids = [f"{place:03d}" for place in range(len(pairs))]
    columns = {
        "sequence": "",
        "time": 0,
        "subset": "",
        "height": 16,
        "width": 16,
        "channels": 1,
        "has_mask": True,
        "has_depth": False,
        "label": "",
    }
    sizes = {"original_height": 16, "original_width": 16, "dtype": "uint8"}
    index = pd.DataFrame({"sample_id": ids, "group": ids}).assign(**columns, **sizes)
    files = (folder / "prepared" / name for name in ("images.npy", "masks.npy", "depths.npy", "index.csv"))
    write_arrays(*files, index, (Pixels(*pair) for pair in pairs))
    write_dataset(folder / "dataset.json", describe(classes=classes))
    write_splits(folder / "splits.csv", pd.DataFrame({"fold": "0", "sample_id": ids, "subset": SUBSETS}))
    return Prepared(folder)
