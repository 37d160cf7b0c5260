"""Whether a report shows what the stored scores give."""

import sys
from pathlib import Path

from pipeline.report import VerifyError, verify_page


def verify(page: Path, /) -> None:
    """Recompute every number of a report's tables and sentences from the stored scores and records.

    Raises VerifyError with the place of each number that is altered, missing or without a cell, what the page shows there, and
    what was recomputed.
    """
    if not page.is_file():
        raise VerifyError(f"{page} is not there: name a report, such as reports/sample/index.html")
    count, differences = verify_page(page.read_text(encoding="utf-8"))
    if differences:
        lines = [f"{found.place}: shown {found.shown}, recomputed {found.recomputed}" for found in differences]
        told = f"{page}: {len(differences)} differences in {count} numbers; where other code wrote it, have it written again"
        raise VerifyError("\n".join([*lines, told]))
    sys.stdout.write(f"{page}: all {count:,} numbers are what the scores give\n")
