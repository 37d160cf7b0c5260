"""Predictions that other tools wrote into files: found by the names of samples, and read."""

from pipeline.imported.faults import ImportFault
from pipeline.imported.files import Listing, list_files
from pipeline.imported.opening import Found, open_predictions
from pipeline.imported.reading import Expected, read_prediction
from pipeline.imported.table import Rows, read_rows

__all__ = [
    "Expected",
    "Found",
    "ImportFault",
    "Listing",
    "Rows",
    "list_files",
    "open_predictions",
    "read_prediction",
    "read_rows",
]
