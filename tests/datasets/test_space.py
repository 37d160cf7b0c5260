"""Room on a disk is looked at before anything is written."""

import errno
import os
import shutil
from pathlib import Path

import pytest

from pipeline.datasets.faults import DataError
from pipeline.datasets.space import check_space, tell_bytes, telling_full


def leave_free(monkeypatch: pytest.MonkeyPatch, free: int) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**12, 10**12 - free, free))


def test_what_fits_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    leave_free(monkeypatch, 68 * 10**9)
    with caplog.at_level("INFO"):
        check_space(tmp_path / "not/yet/there", 6_553_600_000)
    assert "not/yet/there' will take 6.6 GB; 68 GB are free" in caplog.text


def test_what_does_not_fit_is_refused_with_the_mend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    leave_free(monkeypatch, 2_100_000_000)
    with pytest.raises(
        DataError, match=r"needs 6\.6 GB, and 2\.1 GB are free on its disk: make room, lower data\.resize"
    ):
        check_space(tmp_path, 6_553_600_000)


def test_a_disk_that_fills_is_told_and_other_faults_stay_what_they_are(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="is full"), telling_full(tmp_path):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    with pytest.raises(PermissionError), telling_full(tmp_path):
        raise PermissionError(errno.EACCES, "no")


@pytest.mark.parametrize(
    ("count", "told"), [(0, "0 bytes"), (999, "999 bytes"), (1500, "1.5 kB"), (12e6, "12 MB"), (2e12, "2.0 TB")]
)
def test_bytes_are_told_shortly(count: float, told: str) -> None:
    assert tell_bytes(count) == told
