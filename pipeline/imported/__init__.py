"""Predictions that other tools wrote into files: found by the names of samples, and read."""

from pipeline.imported.files import ImportFault, Listing, list_files
from pipeline.imported.reading import Expected, read_prediction

__all__ = ["Expected", "ImportFault", "Listing", "list_files", "read_prediction"]
