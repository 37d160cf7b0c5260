"""`python -m pipeline STEP`: every step and command, its flags read from its signature."""

import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from pipeline import cli
from pipeline.workflow import hold_lock

logger = logging.getLogger("pipeline")


def main(arguments: Sequence[str]) -> int:
    """Run one step; the exit status is 1 when something of the user's is wrong, told without a traceback."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S", stream=sys.stderr)
    try:
        call = cli.parse(arguments)
        with hold_lock(Path(".snakemake")):  # an orphan of a killed Snakemake still works: its lock is not stale
            call()
    except ValueError as fault:
        if not type(fault).__module__.startswith("pipeline."):
            raise
        sys.stderr.write(f"{fault}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
