"""What is cleared away when a run has come to its end."""

import shutil
from pathlib import Path


def drop_checkpoints(experiment: Path) -> None:
    """Delete the checkpoints of fits whose models came after them; journals of searches and curves of TensorBoard stay.

    No fit does so itself: a kill between the end of a fit and Snakemake's note of it takes the model away, and only the checkpoint
    saves it from being fitted anew.
    """
    for checkpoint in experiment.glob("checkpoints/*/*.npz"):
        model = experiment / "models" / checkpoint.parent.name / checkpoint.name
        if model.is_file() and model.stat().st_mtime_ns >= checkpoint.stat().st_mtime_ns:
            checkpoint.unlink()
            shutil.rmtree(checkpoint.with_suffix(".stages"), ignore_errors=True)
