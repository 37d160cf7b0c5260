"""Whether a page shows what the stored scores give: it is made again, and compared number by number."""

from collections.abc import Mapping
from typing import NamedTuple

from pipeline.params import ParamsError
from pipeline.report.differing import Difference, list_differences
from pipeline.report.made_of import MadeOf, list_files, read_made_of, tell_commit
from pipeline.report.marking import read_cells
from pipeline.report.page import build_page
from pipeline.report.reading import READ, read_experiment
from pipeline.report.recomputing import recompute
from pipeline.report.stored import Stored, hash_stored, list_stored

UNKNOWN = "an unknown commit"


class VerifyError(ValueError):
    """Why a page cannot be verified, or what in it is not what the scores give."""


class Verified(NamedTuple):
    """What was found of a page."""

    recomputed: int
    """Numbers computed again from scores, predictions and tables."""
    compared: int
    """Numbers read again from the stored files, whose hashes are those in the page."""
    differences: list[Difference]
    commits: str
    """Which code wrote the page, where that is not this one."""


def verify_page(page: str) -> Verified:
    """Make the page again from the files that it names, and list all that differ.

    Raises VerifyError where the page does not say what it was made of, or where files are missing.
    """
    try:
        made_of = read_made_of(page)
    except ParamsError as faults:
        raise VerifyError(
            f"{faults}\nThe page is of code with other parameters: check its commit out, or write it again"
        ) from None
    if made_of is None:
        raise VerifyError("the page does not say what it was made of: write it again by snakemake --cores all")
    commits = tell_commits(made_of.commit, tell_commit())
    check_files(made_of, commits)
    experiment = read_experiment(made_of.files, made_of.params)
    stored = list_stored(experiment)
    again = build_page(recompute(experiment), made_of)
    cells = read_cells(again)
    compared = sum(cell.name.split("/")[0] in stored for cell in cells)
    differences = [*compare_hashes(made_of.hashes, stored), *list_differences(page, again)]
    return Verified(len(cells) - compared, compared, differences, commits)


def check_files(made_of: MadeOf, commits: str) -> None:
    """Whether all that a page is made of is named in it, and here."""
    unnamed = [name for name in READ if name not in made_of.files]
    if unnamed:
        raise VerifyError(f"the page does not name its {', '.join(unnamed)}{commits}: write it again")
    missing = [str(path) for path in list_files(made_of.files) if not path.exists()]
    if missing:
        raise VerifyError(
            f"{len(missing)} files that the page was made of are not here, {missing[0]} first: go to the project's root, or"
            " fetch them by dvc pull"
        )


def tell_commits(written: str, present: str) -> str:
    """Such as: ; commit 1234abcd wrote it, this is 5678cdef; nothing where both are the same, as two with changes never are."""
    if written and written == present and not written.endswith("+"):
        return ""
    return f"; commit {written or UNKNOWN} wrote it, this is {present or UNKNOWN}".replace(f"commit {UNKNOWN}", UNKNOWN)


def compare_hashes(hashes: Mapping[str, str], stored: Stored) -> list[Difference]:
    """Files whose numbers a page shows as stored, and that are others by now than those of the hashes that it names."""
    found = {str(path): hash_stored(path) for paths in stored.values() for path in paths}
    return [
        Difference(path, f"SHA-256 {hashes.get(path, 'not named')}", now)
        for path, now in found.items()
        if hashes.get(path) != now
    ]
