"""Intervals and tests over the score table: which model is better, and how sure that is."""

from pipeline.comparison.table import Comparison, compare_models
from pipeline.comparison.verdict import build_verdict

__all__ = ["Comparison", "build_verdict", "compare_models"]
