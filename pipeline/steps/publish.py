"""The comparison as a run in MLflow, with its report, tables and figures, and views that show it."""

from pathlib import Path

from pipeline.figures.style import colours_of
from pipeline.params import Params
from pipeline.provenance import read_record, write_record
from pipeline.report import figures_of
from pipeline.tracking import Comparison, track_comparison


def publish(
    records: list[Path],
    metrics: Path,
    tables: list[Path],
    pages: list[Path],
    published: Path,
    *,
    params: Params,
) -> None:
    """Write one run for the comparison; the same comparison has one, however often it is published.

    `tables` are CSV files, `pages` the report, whose figures are taken from it, and what else is to be read beside it.
    """
    baselines = [entry.name for entry in params.models if entry.is_baseline]
    found = Comparison(
        params=params,
        metrics=read_record(metrics),
        records=[read_record(path) for path in records],
        tables=tables,
        pages=[*pages, metrics],
        figures=figures_of(pages[0].read_text()),
        colours=colours_of([entry.name for entry in params.models], baselines),
    )
    write_record(published, track_comparison(found))
