"""Numbers of sentences are bound to the cells that they were written from."""

import re

from pipeline.report.binding import bind_numbers
from pipeline.report.marking import read_cells

CELLS = {"tests/a − b/dice/difference": -0.1234, "tests/a − b/dice/low": -0.2, "tests/a − b/dice/high": -0.05,
         "tests/a − b/dice/p_holm": 0.002, "tests/a − b/dice/units": 1200.0, "params/compare/confidence": 0.95}  # fmt: skip


def test_every_number_finds_its_cell_whatever_its_sign():
    sentence = "b beats a by .123 Dice (95 % interval .050 to .200, p = .002 after Holm, 1,200 samples)."
    bound = bind_numbers(sentence, CELLS)
    names = [cell.name.rpartition("/")[2] for cell in read_cells(bound)]
    assert names == ["difference", "confidence", "high", "low", "p_holm", "units"]
    assert read_cells(bound)[0].value == "-0.1234"
    assert re.sub(r"</?data[^>]*>", "", bound) == sentence


def test_two_cells_of_one_value_are_taken_in_turn():
    bound = bind_numbers(".726 and .726 and .726", {"mean": 0.726, "corrected": 0.726})
    assert [cell.name for cell in read_cells(bound)] == ["mean", "corrected", "mean"]


def test_other_numbers_and_names_are_left_to_their_place():
    assert bind_numbers("unet_2 <b> & 17", CELLS) == "unet_2 &lt;b&gt; &amp; 17"
