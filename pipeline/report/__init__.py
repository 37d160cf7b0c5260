"""The report: everything that an experiment wrote, as one page that opens offline."""

from pipeline.report.experiment import Experiment, read_by_fit, read_table
from pipeline.report.page import write_page

__all__ = ["Experiment", "read_by_fit", "read_table", "write_page"]
