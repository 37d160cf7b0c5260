"""`python -m tests.mistakes`: every mistake, who caught it, what was said, and whether `mend` mended it."""

import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.mistakes.catalogue import CATALOGUE
from tests.mistakes.running import DATASET, check, draw, mend


def main() -> int:
    """Print the table; 1 where a mistake was not caught by whom it should be, or not mended."""
    counts: Counter[str] = Counter()
    sys.stdout.write("  #  mistake | caught by | exit status | mended | first line\n")
    for number, mistake in enumerate(CATALOGUE, 1):
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            draw(root, mistake)
            told = check(root, mistake)
            is_mended = False
            if told.caught == "validate" and not mistake.without_rights:
                status, _ = mend(root)
                is_mended = status == 0 and not check(root, mistake, f"{DATASET}-mended").status
        is_right = told.caught == mistake.caught and is_mended == mistake.mended
        counts.update([told.caught, *(["mended"] if is_mended else []), *([] if is_right else ["wrong"])])
        mended = "yes" if is_mended else "no" if told.caught == "validate" else "-"
        first = next((line for line in told.lines if "fault" not in line.split(" in ")[0]), "").replace(
            f"data/raw/{DATASET}/", ""
        )
        mark = " " if is_right else "!"
        sys.stdout.write(f"{mark}{number:>3}  {mistake.name} | {told.caught} | {told.status} | {mended} | {first}\n")
    said = ", ".join(f"{name} {count}" for name, count in counts.most_common())
    sys.stdout.write(f"{len(CATALOGUE)} mistakes: {said}\n")
    return 1 if counts["wrong"] else 0


if __name__ == "__main__":
    sys.exit(main())
