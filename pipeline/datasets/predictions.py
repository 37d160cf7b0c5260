"""Predictions of one model and fold: a probability map a sample, written one by one and read lazily."""

import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

THRESHOLD = "threshold"


@dataclass(frozen=True)
class Predictions:
    """Probability maps (height, width, channel) as float16 by sample_id, and the threshold chosen on validation."""

    path: Path
    threshold: float
    sample_ids: tuple[str, ...]

    def __getitem__(self, sample_id: str) -> np.ndarray:
        with zipfile.ZipFile(self.path) as archive, archive.open(f"samples/{sample_id}.npy") as file:
            return np.lib.format.read_array(file, allow_pickle=False)

    def items(self) -> Iterator[tuple[str, np.ndarray]]:
        """All sample_ids with their maps, from a file that is opened once (opening lists all samples)."""
        with zipfile.ZipFile(self.path) as archive:
            for sample_id in self.sample_ids:
                with archive.open(f"samples/{sample_id}.npy") as file:
                    yield sample_id, np.lib.format.read_array(file, allow_pickle=False)

    def __len__(self) -> int:
        return len(self.sample_ids)

    def __iter__(self) -> Iterator[str]:
        return iter(self.sample_ids)


def read_predictions(path: Path) -> Predictions:
    """The predictions of a file; maps are read when asked for."""
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if name.startswith("samples/")]
        with archive.open(f"{THRESHOLD}.npy") as file:
            threshold = float(np.lib.format.read_array(file, allow_pickle=False))
    return Predictions(path, threshold, tuple(name.removeprefix("samples/").removesuffix(".npy") for name in names))


class _Archive:
    """An npz file written array by array, aside until it is whole."""

    def __init__(self, path: Path) -> None:
        self.path, self.aside = path, path.with_name(f".{path.name}.part")

    def __enter__(self) -> Self:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.archive = zipfile.ZipFile(self.aside, "w")
        return self

    def add(self, name: str, array: np.ndarray) -> None:
        entry = zipfile.ZipInfo(f"{name}.npy")  # without a date, so that equal predictions are equal files
        entry.compress_type = zipfile.ZIP_DEFLATED
        with self.archive.open(entry, "w", force_zip64=True) as file:
            np.lib.format.write_array(file, array, allow_pickle=False)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.archive.close()
        if kind is None:
            self.aside.replace(self.path)
        else:
            self.aside.unlink(missing_ok=True)


def write_predictions(path: Path, threshold: float, maps: Iterable[tuple[str, np.ndarray]]) -> None:
    """Write probability maps (height, width, channel) by sample_id, holding one at a time in memory."""
    with _Archive(path) as archive:
        archive.add(THRESHOLD, np.asarray(threshold, np.float64))
        for sample_id, probabilities in maps:
            archive.add(f"samples/{sample_id}", probabilities.astype(np.float16))
