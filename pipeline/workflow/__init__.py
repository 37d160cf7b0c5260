"""What the Snakefile asks of Python: merged parameters, the files that a step is made of, a lock that no crash leaves, last words."""

from pipeline.workflow.code import ROOT, code_files
from pipeline.workflow.faults import find_faults, stop, tell_last
from pipeline.workflow.finished import drop_checkpoints
from pipeline.workflow.lock import clear_stale_lock, hold_lock
from pipeline.workflow.machine import count_gpus, use_this_python
from pipeline.workflow.merging import read_merged
from pipeline.workflow.redone import tell_new_split

__all__ = [
    "ROOT",
    "clear_stale_lock",
    "code_files",
    "count_gpus",
    "drop_checkpoints",
    "find_faults",
    "hold_lock",
    "read_merged",
    "stop",
    "tell_last",
    "tell_new_split",
    "use_this_python",
]
