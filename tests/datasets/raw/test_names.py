"""Names that were meant to be alike, and what they are told apart by."""

import unicodedata

import pytest

from pipeline.datasets.raw.names import find_namesakes, strip_affixes, tell_difference


@pytest.mark.parametrize(
    ("name", "other", "difference"),
    [
        ("Cell", "cell", "case"),
        ("007", "7", "leading zeros"),
        (unicodedata.normalize("NFD", "Möwe"), unicodedata.normalize("NFC", "Möwe"), "Unicode form"),
    ],
)
def test_names_that_differ_in_form_alone_are_namesakes(name: str, other: str, difference: str) -> None:
    assert find_namesakes([name], [other, "else"]) == {name: other}
    assert tell_difference(name, other) == difference


def test_a_name_with_two_namesakes_has_none() -> None:
    assert find_namesakes(["7"], ["07", "007"]) == {}
    assert find_namesakes(["10"], ["1", "100"]) == {}


@pytest.mark.parametrize(
    ("names", "cores"),
    [
        (["1_mask", "2_mask", "10_mask"], ["1", "2", "10"]),
        (["img_01", "img_02", "img_10"], ["01", "02", "10"]),
        (["cell_11_seg", "cell_21_seg"], ["11", "21"]),
        (["alone_mask"], []),
    ],
)
def test_affixes_end_where_numbers_begin(names: list[str], cores: list[str]) -> None:
    assert list(strip_affixes(dict.fromkeys(names))) == cores
