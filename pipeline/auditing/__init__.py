"""Leaks between the subsets of a fold: found once over the data set, judged by each fold."""

from pipeline.auditing.findings import count_in_words
from pipeline.auditing.judging import audit_samples
from pipeline.auditing.leaks import LeakError, tell_leaks
from pipeline.auditing.planes import Planes, draw_plane
from pipeline.auditing.samples import gather_samples
from pipeline.auditing.searching import search_alike

__all__ = [
    "LeakError",
    "Planes",
    "audit_samples",
    "count_in_words",
    "draw_plane",
    "gather_samples",
    "search_alike",
    "tell_leaks",
]
