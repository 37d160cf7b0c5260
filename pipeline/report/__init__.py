"""The pages: what the data are, and everything that an experiment wrote; each opens offline."""

from pipeline.report.experiment import Experiment, read_by_fit, read_table
from pipeline.report.page import write_page
from pipeline.report.preview import write_preview
from pipeline.report.sheet import read_sheet

__all__ = ["Experiment", "read_by_fit", "read_sheet", "read_table", "write_page", "write_preview"]
