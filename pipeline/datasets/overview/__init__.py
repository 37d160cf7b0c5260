"""A data set in numbers, from one pass over its arrays."""

from pipeline.datasets.overview.summary import summarise_data

__all__ = ["summarise_data"]
