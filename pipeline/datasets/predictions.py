"""Predictions of one model and fold: what each head gives for a sample, written one by one and read lazily."""

import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

THRESHOLD, QUANTILE = "threshold", "quantile"
SAMPLES = "samples/"
HALVED = "mask"
"""The head whose probabilities are kept as float16: they are many, and three digits do."""


@dataclass(frozen=True)
class Predictions:
    """By sample_id what each head gives: mask (height, width, channel) as float16, depth (height, width, 1) in metres and label
    (channel,) as float32; and the threshold chosen on validation."""

    path: Path
    threshold: float
    sample_ids: tuple[str, ...]
    heads: tuple[str, ...]
    quantile: float | None = None
    """Score up to which classes belong to a sample's set; None where there are no sets."""

    def __getitem__(self, sample_id: str) -> dict[str, np.ndarray]:
        with zipfile.ZipFile(self.path) as archive:
            return self._read(archive, sample_id)

    def items(self) -> Iterator[tuple[str, dict[str, np.ndarray]]]:
        """All sample_ids with their predictions, from a file that is opened once (opening lists all samples)."""
        with zipfile.ZipFile(self.path) as archive:
            for sample_id in self.sample_ids:
                yield sample_id, self._read(archive, sample_id)

    def _read(self, archive: zipfile.ZipFile, sample_id: str) -> dict[str, np.ndarray]:
        return {head: _read_array(archive, f"{SAMPLES}{head}/{sample_id}") for head in self.heads}

    def __len__(self) -> int:
        return len(self.sample_ids)

    def __iter__(self) -> Iterator[str]:
        return iter(self.sample_ids)


def read_predictions(path: Path) -> Predictions:
    """The predictions of a file; arrays are read when asked for."""
    with zipfile.ZipFile(path) as archive:
        names = [name.removeprefix(SAMPLES) for name in archive.namelist() if name.startswith(SAMPLES)]
        threshold = float(_read_array(archive, THRESHOLD))
        quantile = float(_read_array(archive, QUANTILE)) if f"{QUANTILE}.npy" in archive.namelist() else None
    pairs = [name.removesuffix(".npy").split("/", 1) for name in names]
    heads, sample_ids = (tuple(dict.fromkeys(pair[place] for pair in pairs)) for place in (0, 1))
    return Predictions(path, threshold, sample_ids, heads, quantile)


def _read_array(archive: zipfile.ZipFile, name: str) -> np.ndarray:
    with archive.open(f"{name}.npy") as file:
        return np.lib.format.read_array(file, allow_pickle=False)


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


def write_predictions(
    path: Path,
    threshold: float,
    samples: Iterable[tuple[str, Mapping[str, np.ndarray]]],
    quantile: float | None = None,
) -> None:
    """Write what each head gives by sample_id, holding one sample at a time in memory."""
    with _Archive(path) as archive:
        archive.add(THRESHOLD, np.asarray(threshold, np.float64))
        if quantile is not None:
            archive.add(QUANTILE, np.asarray(quantile, np.float64))
        for sample_id, prediction in samples:
            for head, array in round_prediction(prediction).items():
                archive.add(f"{SAMPLES}{head}/{sample_id}", array)


def round_prediction(prediction: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """A prediction as it is stored."""
    return {head: array.astype(np.float16 if head == HALVED else np.float32) for head, array in prediction.items()}
