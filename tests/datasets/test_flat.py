"""Flat arrays in files."""

from pathlib import Path

import numpy as np
import pytest

from pipeline.datasets import flat
from pipeline.datasets.flat import FlatFile


def test_slices_are_those_of_the_array(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.arange(1000, dtype=np.uint16))
    np.testing.assert_array_equal(FlatFile(tmp_path / "a.npy")[10:20], np.arange(10, 20))


def test_an_empty_array_can_be_opened(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.zeros(0, np.uint8))
    assert len(FlatFile(tmp_path / "a.npy")[0:0]) == 0


def test_slices_stay_valid_after_their_pages_were_given_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flat, "KEPT_BYTES", 5000)
    monkeypatch.setattr(flat, "AROUND_BYTES", 200)
    np.save(tmp_path / "a.npy", np.arange(100_000))
    file = FlatFile(tmp_path / "a.npy")
    slices = [file[start : start + 100] for start in range(0, 100_000, 100)]
    np.testing.assert_array_equal(np.concatenate(slices), np.arange(100_000))


def test_nothing_can_be_written_to_slices_of_any_size(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.zeros(10**6, np.uint8))
    file = FlatFile(tmp_path / "a.npy")
    assert not any(file[0:size].flags.writeable for size in (1, 10**6))


@pytest.mark.skipif(not Path("/proc/self/status").is_file(), reason="only Linux tells memory there")
@pytest.mark.parametrize("step", [2**20, 2**15])
def test_memory_stays_flat_however_much_is_read(tmp_path: Path, step: int) -> None:
    np.save(tmp_path / "a.npy", np.ones(400 * 2**20, np.uint8))
    file = FlatFile(tmp_path / "a.npy")
    before = resident_bytes()
    assert sum(int(file[start : start + step].sum()) for start in range(0, 400 * 2**20, step)) == 400 * 2**20
    assert resident_bytes() - before < 100 * 2**20


def resident_bytes() -> int:
    status = Path("/proc/self/status").read_text()
    return 1024 * int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1])
