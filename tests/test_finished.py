"""What is cleared away after a run."""

import os
from pathlib import Path

from pipeline.workflow import drop_checkpoints


def write(path: Path, seconds: int) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("")
    os.utime(path, (seconds, seconds))
    return path


def test_checkpoints_of_finished_fits_alone_are_deleted(tmp_path: Path) -> None:
    done = write(tmp_path / "checkpoints/unet/0.npz", 1)
    stage = write(tmp_path / "checkpoints/unet/0.stages/1.npz", 1)
    events = write(tmp_path / "checkpoints/unet/0.tensorboard/events", 1)
    journal = write(tmp_path / "checkpoints/unet/0.journal", 1)
    killed = write(tmp_path / "checkpoints/unet/1.npz", 1)
    again = write(tmp_path / "checkpoints/unet/2.npz", 3)
    for fold in ("0", "2"):
        write(tmp_path / f"models/unet/{fold}.npz", 2)
    drop_checkpoints(tmp_path)
    assert [path.exists() for path in (done, stage, events, journal, killed, again)] == [
        False,
        False,
        True,
        True,
        True,
        True,
    ]
