"""One page to look at before anything trains: what the data are, how they are split, what leaks."""

import logging
from pathlib import Path

from pipeline.params import Params
from pipeline.report import read_sheet, write_preview

logger = logging.getLogger(__name__)


def preview(
    manifest: Path,
    dataset: Path,
    index: Path,
    explored: Path,
    splits: Path,
    split_summary: Path,
    audited: Path,
    augmented: Path,
    page: Path,
    *,
    params: Params,
) -> None:
    """Write one HTML file that opens offline; the arrays lie beside their index."""
    sheet = read_sheet(
        params=params,
        manifest=manifest,
        dataset=dataset,
        index=index,
        explored=explored,
        splits=splits,
        split_summary=split_summary,
        audited=audited,
        augmented=augmented,
    )
    write_preview(page, sheet)
    logger.info("%s: %.1f MB", page, page.stat().st_size / 1e6)
