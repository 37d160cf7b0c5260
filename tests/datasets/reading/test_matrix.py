"""Every cell of the matrix of formats, types and channels is read as it was written, or refused by its format's library."""

from pathlib import Path

import pytest

from tests.datasets.reading.formats import Cell
from tests.datasets.reading.matrix import list_cells, try_cell


@pytest.mark.parametrize("cell", list(list_cells()), ids=str)
def test_a_cell_is_read_as_it_was_written_or_its_format_cannot_hold_it(cell: Cell, tmp_path: Path) -> None:
    outcome, reason = try_cell(cell, tmp_path)
    assert (outcome != "-") == cell.is_held, reason
