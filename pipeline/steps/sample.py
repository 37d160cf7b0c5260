"""Step `sample`: draw a small data set with exact truth, the default input."""

import logging
import os
import shutil
from pathlib import Path

from PIL import Image

from pipeline.datasets.drawing import draw_sequences
from pipeline.datasets.faults import DataError
from pipeline.params import SampleParams

logger = logging.getLogger(__name__)


def sample(raw: Path, *, sample: SampleParams, seed: int) -> None:
    """Write folders treated, raw and masks with one subfolder a sequence; raises DataError where files lie already."""
    if raw.exists() and any(raw.iterdir()):
        raise DataError(f"{raw} is not empty, and nothing there is overwritten: remove it, or choose another dataset")
    aside = raw.with_name(f".{raw.name}.part")
    shutil.rmtree(aside, ignore_errors=True)
    for number, drawn in enumerate(draw_sequences(sample, seed)):
        for view, frames in (("treated", drawn.treated), ("raw", drawn.raw), ("masks", drawn.masks)):
            folder = aside / view / f"{number:02d}"
            folder.mkdir(parents=True)
            for time, frame in enumerate(frames):
                Image.fromarray(frame).save(folder / f"{time:03d}.png")
    os.replace(aside, raw)
    logger.info("drew %d sequences of %d frames into %s", sample.sequences, sample.frames, raw)
