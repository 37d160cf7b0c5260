"""The pages: what the data are, and everything that an experiment wrote; each opens offline."""

from pipeline.report.card import write_card
from pipeline.report.figures_of import figures_of
from pipeline.report.page import write_page
from pipeline.report.preview import write_preview
from pipeline.report.reading import read_experiment
from pipeline.report.sheet import read_sheet
from pipeline.report.verifying import VerifyError, verify_page

__all__ = [
    "VerifyError",
    "figures_of",
    "read_experiment",
    "read_sheet",
    "verify_page",
    "write_card",
    "write_page",
    "write_preview",
]
