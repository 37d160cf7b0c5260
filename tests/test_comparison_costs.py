"""Seconds, memory and cost of models against worked numbers."""

import pytest

from pipeline.comparison import summarise_costs
from pipeline.params import CompareParams


def record(model: str, seconds: float, memory_mb: float = 900.0, device: str = "cpu") -> dict:
    return {"model": model, "seconds": seconds, "peak_memory_mb": memory_mb, "device": device}


def test_worked_number_of_docstring_holds():
    compare = CompareParams(price_per_hour=0.9)
    row = summarise_costs([record("unet", 600)] * 3, {"unet": 1800}, compare).iloc[0]
    assert (row["seconds"], row["cost"], row["currency"]) == (3600, 0.9, "EUR")
    assert (row["fits"], row["fit_seconds"], row["seconds_a_fit"], row["search_seconds"]) == (3, 1800, 600, 1800)


def test_models_keep_their_order_and_their_own_numbers():
    records = [record("unet", 10, 1000), record("constant", 1, 200), record("unet", 20, 1500)]
    table = summarise_costs(records, {}, CompareParams())
    assert table["model"].tolist() == ["unet", "constant"]
    assert table["peak_memory_mb"].tolist() == [1500, 200]
    assert table["seconds_a_fit"].tolist() == [15, 1]


def test_without_a_price_there_is_no_cost():
    table = summarise_costs([record("unet", 10)], {}, CompareParams())
    assert table[["cost", "currency"]].isna().all(axis=None)


def test_free_machine_costs_nothing():
    assert summarise_costs([record("unet", 10)], {}, CompareParams(price_per_hour=0))["cost"].tolist() == [0]


def test_all_devices_are_named():
    records = [record("unet", 1, device=device) for device in ("gpu A", "cpu", "gpu A")]
    assert summarise_costs(records, {}, CompareParams())["device"].tolist() == ["gpu A, cpu"]


def test_negative_price_is_refused():
    with pytest.raises(ValueError, match="price_per_hour"):
        CompareParams(price_per_hour=-1)
