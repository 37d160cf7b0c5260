"""Features of pictures as they are, taken once and kept beside the prepared arrays for all folds, classifiers and trials."""

import hashlib
import os
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

import keras
import numpy as np
from filelock import FileLock
from tqdm import tqdm

import pipeline
from pipeline.datasets.arrays import Arrays
from pipeline.datasets.resizing import resize_image
from pipeline.encoders.preprocessing import highest_value

BATCH = 16
"""Pictures that the encoder sees at once."""
STORE = ("images.npy", "masks.npy", "index.csv")
CODE = ("encoders/*.py", "datasets/resizing.py")


def take_features(extractor: keras.Model, pictures: Iterable[np.ndarray]) -> Iterator[np.ndarray]:
    """Features (feature,) of each picture, of any type, size and 1 or 3 channels; no picture's depend on another's."""
    size = extractor.input_shape[1:3]
    pictures = iter(pictures)
    while batch := [to_encoder_range(picture, size) for picture in islice(pictures, BATCH)]:
        yield from np.asarray(extractor.predict_on_batch(np.stack(batch)), "float32")


def to_encoder_range(picture: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """The picture as red, green and blue (height, width, 3) in 0 to 255, at another size."""
    scaled = np.asarray(picture, "float32") * np.float32(255 / highest_value(picture.dtype))
    resized = resize_image(scaled, *size)
    return np.repeat(resized, 3, axis=-1) if resized.shape[-1] == 1 else resized


def keep_features(arrays: Arrays, folder: Path, extractor: keras.Model, settings: str) -> np.ndarray:
    """Features (sample, feature) of all samples of the arrays in `folder`, memory-mapped, from a file beside them.

    The first job that asks for them takes them, others that ask meanwhile wait. `settings` is what they depend on besides
    pictures, weights and code.
    """
    path = folder / "features" / f"{_hash_extractor(extractor, settings, folder)}.npy"
    path.parent.mkdir(exist_ok=True)
    with FileLock(path.with_suffix(".lock")):
        if not path.exists():
            _write_features(path, arrays, extractor)
    return np.load(path, mmap_mode="r")


def _write_features(path: Path, arrays: Arrays, extractor: keras.Model) -> None:
    """Row by row, aside, then renamed: the file is whole or not there."""
    part, count = path.with_suffix(".part"), len(arrays)
    pictures = (arrays.image(position) for position in range(count))
    rows = tqdm(take_features(extractor, pictures), desc="features", total=count, unit="sample", disable=None)
    stored = np.lib.format.open_memmap(part, "w+", "float32", (count, extractor.output_shape[-1]))
    for position, row in enumerate(rows):
        stored[position] = row
    stored.flush()
    os.replace(part, path)


def _hash_extractor(extractor: keras.Model, settings: str, folder: Path) -> str:
    """SHA-256 of all that features depend on: pictures, settings, weights, our code, Keras and its backend."""
    digest = hashlib.sha256(f"{settings} {keras.__version__} {keras.backend.backend()}".encode())
    for weight in extractor.get_weights():
        digest.update(np.ascontiguousarray(weight).tobytes())
    code = [path for glob in CODE for path in sorted(Path(pipeline.__path__[0]).glob(glob))]
    for path in (*(folder / name for name in STORE), *code):
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()
