"""The page to look at before anything trains."""

from pathlib import Path

from pipeline.report.audit import describe_audit
from pipeline.report.citation import cite_data
from pipeline.report.data import describe_data
from pipeline.report.rendering import render, write_html
from pipeline.report.sheet import DataSheet
from pipeline.report.split import describe_split
from pipeline.report.warnings import list_data_warnings, list_unit_warnings, summarise_trust


def write_preview(path: Path, sheet: DataSheet) -> None:
    """Write the page as one HTML file, whole or not at all."""
    values = {
        "sheet": sheet,
        "params": sheet.params,
        "verdict": summarise_trust(sheet),
        "warnings": [*list_data_warnings(sheet), *list_unit_warnings(sheet)],
        "data": describe_data(sheet),
        "split": describe_split(sheet),
        "audit": describe_audit(sheet),
        "data_citation": cite_data(sheet),
    }
    write_html(path, render("preview.html", values))
