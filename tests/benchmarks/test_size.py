"""The benchmark of size measures every process, on a few samples."""

import pytest

from tests.benchmarks.size import ORDER, measure_all, tell, tell_growth


@pytest.mark.slow
def test_a_small_run_fills_the_tables(capfd: pytest.CaptureFixture[str]) -> None:
    costs = measure_all(1000)
    assert all(cost.cpu_seconds > 0 and cost.peak_bytes > 1e6 for cost in costs.values())
    assert all(f"\n{name}" in tell(1000, costs) for name in ORDER)
    assert "0 bytes of memory a sample" in tell_growth(1000, costs, 2000, costs)
