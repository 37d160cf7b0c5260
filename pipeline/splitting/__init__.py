"""Which samples train, validate and test in each fold, so that nothing leaks from one subset into another."""

from pipeline.splitting.clips import check_clips
from pipeline.splitting.faults import SplitError
from pipeline.splitting.refolding import derive_fold
from pipeline.splitting.table import coverage, split_samples

__all__ = ["SplitError", "check_clips", "coverage", "derive_fold", "split_samples"]
