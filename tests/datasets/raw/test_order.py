"""Natural order."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.datasets.raw.order import natural_key


def test_numbers_are_ordered_by_value() -> None:
    names = ["10.png", "2.png", "1.png", "a10b2", "a2b10", "a2b9", "B1", "a"]
    assert sorted(names, key=natural_key) == ["1.png", "2.png", "10.png", "a", "a2b9", "a2b10", "a10b2", "B1"]


@given(st.sets(st.text(), min_size=2))
def test_any_names_have_one_order(names: set[str]) -> None:
    ordered = sorted(names, key=natural_key)
    assert sorted(names - {ordered[0]}, key=natural_key) == ordered[1:]


@given(st.lists(st.integers(0, 10**6), unique=True))
def test_frames_are_ordered_by_number(numbers: list[int]) -> None:
    names = sorted((f"frame{number}" for number in numbers), key=natural_key)
    assert names == [f"frame{number}" for number in sorted(numbers)]
