"""The last words on the screen: what went wrong, where, and the mend."""

import atexit
import itertools
import re
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

PROGRESS = re.compile(r"\d\d:\d\d:\d\d |.*\d%\|")
"""Lines of a log with a time, and progress bars."""
SHOWN = 40
"""Lines of a failed job's log that are told again."""
FULL_BYTES = 1_000_000
"""A disk with less than that has no room for a job's results."""
KILLED = (
    "It ended without a word, as a job does that was killed. Where memory ran out, close other programs, lower"
    " train.batch_size, or let fewer jobs run at once (--cores 1); then type the same command again, and it goes on."
)


def stop(fault: str) -> NoReturn:
    """End Snakemake while it reads the Snakefile, with these words alone: an exception would be shown as our code's."""
    sys.exit(f"\n{fault}")


def tell_last(lines: Sequence[str]) -> None:
    """Say what is to stand at the end of the screen, after all that Snakemake says when a job has failed."""
    atexit.register(sys.stderr.write, "".join(f"\n{line}\n" for line in lines))


def find_faults(snakemake_log: str) -> list[str]:
    """What went wrong in each failed job, told at the end of its own log; what befell several is said once.

    `snakemake_log` is all that Snakemake said.
    """
    failed = re.findall(
        r"^Error in rule (\w+):\n(?:    .*\n)*?    log: (\S+) \(check log file", snakemake_log, re.MULTILINE
    )
    logs = dict.fromkeys((rule, Path(log)) for rule, log in failed)
    told: dict[str, list[str]] = {}
    for rule, log in logs:
        told.setdefault(f"{rule} failed:\n{_last_words(log)}", []).append(str(log))
    return [f"{words}\nWhole log: {', '.join(places)}" for words, places in told.items()]


def _last_words(log: Path) -> str:
    """What follows the last line of progress: the faults, or the last line of a traceback."""
    there = next(folder for folder in log.absolute().parents if folder.exists())
    if shutil.disk_usage(there).free < FULL_BYTES:
        return (
            f"the disk of '{log.parent}' is full: make room, or make data/experiments a link to another disk; then type"
            " the same command again, and it goes on."
        )
    if not log.is_file():
        return "it could not begin; why stands above."
    lines = log.read_text(errors="replace").splitlines()
    words = list(itertools.takewhile(lambda line: not PROGRESS.match(line), reversed(lines)))[::-1]
    if not words:
        return "\n".join([*lines[-1:], KILLED])
    if words[0].startswith("Traceback"):
        return lines[-1]
    more = len(words) - SHOWN
    return "\n".join([*words[:SHOWN], f"and {more} lines more"] if more > 0 else words)
