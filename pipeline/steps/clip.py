"""Whether the sequences hold the clips that models see; the split does not depend on it, so that another model redoes no fit."""

import logging
from pathlib import Path

from pipeline.datasets.manifest import read_manifest
from pipeline.params import DataParams
from pipeline.provenance import write_record
from pipeline.splitting import check_clips

logger = logging.getLogger(__name__)


def clip(manifest: Path, clipped: Path, *, clip_frames: int, data: DataParams) -> None:
    """Write `clipped`, always the same; raises SplitError where a sequence is shorter than the longest clip, or of several sizes."""
    check_clips(read_manifest(manifest), clip_frames, data.resize is not None)
    write_record(clipped, {"clipped": True})
    logger.info("%s: every sequence holds clips of %d", clipped, clip_frames)
