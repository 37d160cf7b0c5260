"""A corrected copy of a data set, beside the original."""

import logging
import shutil
import sys
from pathlib import Path

from pipeline.datasets.faults import DataError
from pipeline.datasets.files import aside
from pipeline.datasets.raw.survey import survey_folder
from pipeline.mending.copying import check_free, copy_folder
from pipeline.mending.rounds import Mended, mend_folder
from pipeline.params import DataParams, read_params

logger = logging.getLogger(__name__)

RAW = Path("data/raw")
SHOWN = 40
"""Mends and faults that the terminal shows; the account beside the copy has all."""


def mend(*, dataset: str | None = None, out: str | None = None) -> None:
    """Copy data/raw/DATASET to data/raw/OUT, mend in the copy what is mechanical, and say what was done and what is left.

    The data set is that of params.yaml and OUT is DATASET-mended where no name is given. The original is only read, and no
    copy is kept that equals it. Raises DataError where OUT exists, and where faults are left that only somebody who knows
    the data can mend.
    """
    params = read_params(Path("params.yaml"))
    dataset = dataset or params.dataset
    raw, copy = RAW / dataset, RAW / (out or f"{dataset}-mended")
    _check(raw, copy, params.data)
    if not survey_folder(raw, params.data).faults:
        sys.stdout.write(f"nothing is wrong with {raw}: nothing was copied\n")
        return
    logger.info("copied %d files of %s to %s", copy_folder(raw, copy), raw, copy)
    try:
        mended = mend_folder(copy, params.data)
    except BaseException:
        shutil.rmtree(copy)
        raise
    _tell(copy, mended)
    if mended.left:
        raise DataError(f"{_count(len(mended.left), 'fault')} left: mend by hand what is said above")


def write_account(copy: Path, mended: Mended, shown: int) -> str:
    """What was done and what is left and why, so many lines of each, and what to type next."""
    lines = [f"{_count(len(mended.done), 'mend')} in {copy}:", *(f"  {line}" for line in mended.done[:shown])]
    lines += [f"  and {len(mended.done) - shown} more"] if len(mended.done) > shown else []
    if mended.left:
        lines += [f"{_count(len(mended.left), 'fault')} left:"]
        lines += [f"  {fault.message}\n    not mended: {reason}" for fault, reason in mended.left[:shown]]
        lines += [f"  and {len(mended.left) - shown} more"] if len(mended.left) > shown else []
    else:
        lines += [*(f"  worth a look: {warning}" for warning in mended.warnings)]
        lines += [f"nothing is wrong with its {mended.samples} samples any more"]
    first = f"mend these in {copy}, " if mended.left else ""
    lines += [f"next: {first}set dataset: {copy.name} in params.yaml, and type snakemake --cores all"] * bool(
        mended.done
    )
    return "\n".join([*lines, ""])


def _tell(copy: Path, mended: Mended) -> None:
    """Print the account and keep it whole beside the copy; a copy that equals the original goes."""
    sys.stdout.write(write_account(copy, mended, SHOWN))
    if not mended.done:
        shutil.rmtree(copy)
        sys.stdout.write(f"no mend was possible, so that {copy} was removed: mend the original by hand\n")
        return
    account = copy.with_name(f"{copy.name}.txt")
    with aside(account) as part:
        part.write_text(write_account(copy, mended, len(mended.done) + len(mended.left)), errors="backslashreplace")
    logger.info("the whole account is in %s", account)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _check(raw: Path, copy: Path, data: DataParams) -> None:
    if not raw.is_dir():
        raise DataError(f"'{raw}' is missing: name a folder of {RAW} with --dataset")
    if copy.resolve().is_relative_to(raw.resolve()) or copy.parent != RAW:
        raise DataError(f"'{copy}' is no folder beside '{raw}': give --out a plain name")
    check_free(copy)
    if data.compose is not None:
        raise DataError("composites are made of parts, not of pairs: set data.compose to null to mend files")
