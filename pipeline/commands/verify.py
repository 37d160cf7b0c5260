"""Whether a report shows what the stored scores give."""

import sys
from pathlib import Path

from pipeline.report import VerifyError, verify_page


def verify(page: Path, /) -> None:
    """Compute every number of a report's tables and sentences again from the stored scores, predictions and tables.

    What follows from none of them, such as the time of a fit, is compared with the stored files, whose hashes the page keeps.
    Raises VerifyError with the place of each number that is altered, missing or without a cell, what the page shows there, and
    what was recomputed.
    """
    if not page.is_file():
        raise VerifyError(f"{page} is not there: name a report, such as reports/sample/index.html")
    found = verify_page(page.read_text(encoding="utf-8"))
    count = found.recomputed + found.compared
    if found.differences:
        lines = [f"{one.place}: shown {one.shown}, recomputed {one.recomputed}" for one in found.differences]
        told = f"{page}: {len(found.differences)} differences in {count:,} numbers{found.commits}"
        raise VerifyError("\n".join([*lines, told]))
    parts = f"{found.recomputed:,} recomputed, {found.compared:,} compared with the files that they are stored in"
    sys.stdout.write(f"{page}: all {count:,} numbers are what the scores give: {parts}\n")
