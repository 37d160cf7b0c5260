"""Predictions of one model and fold: what each head gives for a sample, written one by one and read lazily."""

import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

THRESHOLD, QUANTILE, TEMPERATURES = "threshold", "quantile", "temperatures/"
SAMPLES = "samples/"
HALVED = "mask"
"""The head whose probabilities are stored as float16: they are many, and three digits do."""


@dataclass(frozen=True)
class Predictions:
    """By sample_id what each head gives, float32: mask (height, width, channel), depth (height, width, 1) in metres and label
    (channel,); and what was chosen on validation."""

    path: Path
    threshold: float
    sample_ids: tuple[str, ...]
    heads: tuple[str, ...]
    quantile: float | None = None
    """Score up to which classes belong to a sample's set; None where there are no sets."""
    temperatures: Mapping[str, float] = field(default_factory=dict)
    """By head the temperature that its probabilities are at already; empty where they are the model's own."""

    def __getitem__(self, sample_id: str) -> dict[str, np.ndarray]:
        with zipfile.ZipFile(self.path) as archive:
            return self._read(archive, sample_id)

    def items(self) -> Iterator[tuple[str, dict[str, np.ndarray]]]:
        """All sample_ids with their predictions, from a file that is opened once (opening lists all samples)."""
        with zipfile.ZipFile(self.path) as archive:
            for sample_id in self.sample_ids:
                yield sample_id, self._read(archive, sample_id)

    def _read(self, archive: zipfile.ZipFile, sample_id: str) -> dict[str, np.ndarray]:
        return {head: _unpack(head, _read_array(archive, f"{SAMPLES}{head}/{sample_id}")) for head in self.heads}

    def __len__(self) -> int:
        return len(self.sample_ids)

    def __iter__(self) -> Iterator[str]:
        return iter(self.sample_ids)


def read_by_model(paths: Sequence[Path]) -> Iterator[tuple[str, dict[str, Predictions]]]:
    """Model, and its predictions by fold, from the files MODEL/FOLD.npz; one model at a time."""
    for model in dict.fromkeys(path.parent.name for path in paths):
        yield model, {path.stem: read_predictions(path) for path in paths if path.parent.name == model}


def read_predictions(path: Path) -> Predictions:
    """The predictions of a file; arrays are read when asked for."""
    with zipfile.ZipFile(path) as archive:
        names = [name.removeprefix(SAMPLES) for name in archive.namelist() if name.startswith(SAMPLES)]
        threshold = float(_read_array(archive, THRESHOLD))
        quantile = float(_read_array(archive, QUANTILE)) if f"{QUANTILE}.npy" in archive.namelist() else None
        scaled = [name.removesuffix(".npy") for name in archive.namelist() if name.startswith(TEMPERATURES)]
        temperatures = {name.removeprefix(TEMPERATURES): float(_read_array(archive, name)) for name in scaled}
    pairs = [name.removesuffix(".npy").split("/", 1) for name in names]
    heads, sample_ids = (tuple(dict.fromkeys(pair[place] for pair in pairs)) for place in (0, 1))
    return Predictions(path, threshold, sample_ids, heads, quantile, temperatures)


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
    temperatures: Mapping[str, float] = {},  # never changed
) -> None:
    """Write what each head gives by sample_id, holding one sample at a time in memory; it is at the `temperatures` already."""
    with _Archive(path) as archive:
        archive.add(THRESHOLD, np.asarray(threshold, np.float64))
        if quantile is not None:
            archive.add(QUANTILE, np.asarray(quantile, np.float64))
        for head, temperature in temperatures.items():
            archive.add(f"{TEMPERATURES}{head}", np.asarray(temperature, np.float64))
        for sample_id, prediction in samples:
            for head, array in prediction.items():
                archive.add(f"{SAMPLES}{head}/{sample_id}", _pack(head, array))


def round_prediction(prediction: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """A prediction as it is read again, float32."""
    return {head: _unpack(head, _pack(head, array)) for head, array in prediction.items()}


def _pack(head: str, array: np.ndarray) -> np.ndarray:
    """Numbers as they are stored: a probability above .5 as minus what it lacks of 1, so that float16 is as fine near 1 as near 0.

    At another temperature .999 and .9999 are far apart; -0.0 is 1.
    """
    array = np.asarray(array, np.float32)
    return np.where(array > 0.5, -(1 - array), array).astype(np.float16) if head == HALVED else array


def _unpack(head: str, array: np.ndarray) -> np.ndarray:
    whole = array.astype(np.float32)
    return np.where(np.signbit(whole), 1 + whole, whole) if head == HALVED else whole
