"""Write composites as files."""

import logging
import os
import shutil
from pathlib import Path

import numpy as np

from pipeline.datasets.arrays import open_arrays
from pipeline.datasets.composing.describing import describe_composites
from pipeline.datasets.composing.preparing import prepare_composites
from pipeline.datasets.composing.writing import foretell_bytes, write_composites
from pipeline.datasets.faults import DataError
from pipeline.datasets.space import check_space, telling_full
from pipeline.params import read_params

logger = logging.getLogger(__name__)


def compose(out: Path, /, *, dataset: str | None = None, samples: int | None = None) -> None:
    """Write the composites of params.yaml's data.compose as PNG, with samples.csv, into a new folder.

    That folder is a raw folder: a link to it under data/raw is read as a table, and needs no data.compose. `dataset` names
    another one under data/raw than params.yaml does; `samples` writes so many, drawn evenly, instead of all. The
    experiment itself needs no such files, it draws composites when it needs them.
    """
    params = read_params(Path("params.yaml"))
    data, settings = params.data, params.data.compose
    if settings is None:
        raise DataError("params.yaml has no data.compose: name there the folders of backgrounds and cutouts")
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise DataError(f"'{out}' is not an empty folder, and nothing there is overwritten: choose another")
    raw = Path("data/raw", dataset or params.dataset)
    _, _, manifest, warnings = describe_composites(raw, data, settings)
    for warning in warnings:
        logger.warning(warning)
    positions = _choose(len(manifest), samples)
    part, parts = (out.with_name(f".{out.name}.{suffix}") for suffix in ("part", "parts"))
    try:
        for folder in (part, parts):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
        prepare_composites(raw, manifest, *_files(parts), data, settings)
        arrays = open_arrays(parts)
        check_space(out, foretell_bytes(part, arrays, positions))
        with telling_full(out):
            write_composites(part, arrays, manifest, positions)
        os.replace(part, out)
    finally:
        for folder in (part, parts):
            shutil.rmtree(folder, ignore_errors=True)
    logger.info("wrote %d composites into %s", len(positions), out)


def _choose(found: int, samples: int | None) -> list[int]:
    """Positions of all samples, or of so many at equal distances."""
    if samples is None:
        return list(range(found))
    if not 1 <= samples <= found:
        raise DataError(f"--samples {samples} of {found} composites: give a number from 1 to {found}")
    return [int(position) for position in np.linspace(0, found - 1, samples).round()]


def _files(folder: Path) -> tuple[Path, Path, Path, Path]:
    images, masks, depths, index = (folder / name for name in ("images.npy", "masks.npy", "depths.npy", "index.csv"))
    return images, masks, depths, index
