"""Numbers of a page are marked with the cell that they come from."""

import pytest

from pipeline.report.marking import NUMBER, Cell, mark, mark_value, read_cells

TABLE = """<section id="costs"><table><thead><tr><th>Model</th><th>Time</th><th>Fits</th></tr></thead><tbody>
<tr><th scope="row">unet_2 <span>baseline</span></th><td>4.5 min</td><td>1,234<small>3 of 4</small></td></tr>
<tr><th scope="row">forest</th><td>–</td><td>2</td></tr></tbody></table></section>"""


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("95 % interval .100 to −.140 m, 1,234 of 12; 3.5 s.", ["95", ".100", "−.140", "1,234", "12", "3.5"]),
        ("p < .001, 1e-05 and 512 × 512", [".001", "1e-05", "512", "512"]),
        ("s03/004.png, F1, version 2.21.0, top-2, on 2026-11-21, commit 0123abcd of unet_2", []),
    ],
)
def test_numbers_that_stand_for_themselves_are_found_and_names_are_not(text, numbers):
    assert NUMBER.findall(text) == numbers


def test_numbers_of_a_table_are_named_by_its_headings():
    assert read_cells(mark(TABLE)) == [
        Cell("costs/table 1/unet_2/Time", "4.5", "4.5"),
        Cell("costs/table 1/unet_2/Fits", "1,234", "1234"),
        Cell("costs/table 1/unet_2/Fits/2", "3", "3"),
        Cell("costs/table 1/unet_2/Fits/3", "4", "4"),
        Cell("costs/table 1/forest/Fits", "2", "2"),
    ]


def test_numbers_of_sentences_are_counted_in_their_block():
    page = '<header><p>One of 2</p><p data-from="metrics/verdict">.712 (−.1)</p></header>'
    assert read_cells(mark(page)) == [
        Cell("header/p 1/1", "2", "2"),
        Cell("metrics/verdict/1", ".712", "0.712"),
        Cell("metrics/verdict/2", "−.1", "-0.1"),
    ]


def test_drawings_and_code_are_left_alone():
    page = "<title>3</title><svg><text>4</text></svg><pre><code>5</code></pre><script>6 > 5</script><style>a { top: 7px }</style>"
    assert mark(page) == page


def test_what_a_template_has_marked_stays_as_it_is():
    marked = str(mark_value(".712", 0.71234567890123, "comparison", "a&b", "dice", "mean"))
    assert marked == '<data value="0.712345679" data-cell="comparison/a&amp;b/dice/mean">.712</data>'
    assert mark(f"<p>{marked}</p>") == f"<p>{marked}</p>"
