"""The benchmark of the report measures every part, on a few samples."""

from pathlib import Path

import pytest

from tests.benchmarks.report import measure, tell


@pytest.mark.slow
def test_a_small_run_fills_the_table(tmp_path: Path) -> None:
    told = tell(4, measure(tmp_path, 4))
    assert "5 models x 5 folds x 4 samples" in told
    assert all(f"\n{name} " in told for name in ("compare", "report", "verify"))
