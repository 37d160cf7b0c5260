"""Looks at a copy and mends it, again and again, until nothing is left that can be mended."""

import logging
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.datasets.faults import DataError, Fault
from pipeline.datasets.raw.survey import Survey, survey_folder
from pipeline.mending.kinds import LEAVING_OUT, MENDS
from pipeline.mending.workplace import Mend, Refused, Workplace
from pipeline.params import DataParams

logger = logging.getLogger(__name__)

NO_MEND = "no mend is mechanical: see what the line says"
IN_VAIN = "its mend did not help"


@dataclass(frozen=True)
class Mended:
    """What was done to a copy, and what is left to somebody who knows the data."""

    done: tuple[str, ...]
    left: tuple[tuple[Fault, str], ...]
    """Faults with the reason why they were not mended."""
    warnings: tuple[str, ...]
    samples: int


def mend_folder(raw: Path, data: DataParams) -> Mended:
    """Mend a copy in place."""
    done: list[str] = []
    tried: set[Fault] = set()
    while True:
        survey = survey_folder(raw, data)
        place = Workplace(raw, data, survey.layout, survey.samples, survey.contents)
        refused: dict[Fault, str] = dict.fromkeys(tried, IN_VAIN)
        news = _mend_all(place, survey, MENDS, tried, refused) or _mend_all(place, survey, LEAVING_OUT, tried, refused)
        if not news:
            break
        done += news
        logger.info("%s: %d things mended, %d faults before", raw, len(news), len(survey.faults))
    left = tuple((fault, refused.get(fault, NO_MEND)) for fault in survey.faults)
    return Mended(tuple(done), left, survey.warnings, len(survey.contents))


def _mend_all(
    place: Workplace, survey: Survey, mends: Mapping[str, Mend], tried: set[Fault], refused: dict[Fault, str]
) -> list[str]:
    """What one round did; each file is mended once a round, as another fault of it may be mended by that.

    Adds to `tried` what was mended, and to `refused` what would be a guess as the copy is now.
    """
    news: list[str] = []
    touched: set[str] = set()
    there = {fault.file for fault in survey.faults if os.path.lexists(place.raw / fault.file)}
    for fault in _choose(survey.faults, mends, tried):
        is_gone = fault.file in there and not os.path.lexists(place.raw / fault.file)
        if fault.file in touched or is_gone:
            continue
        try:
            told = mends[fault.kind](place, fault)
        except Refused as reason:
            refused[fault] = str(reason)
            continue
        except DataError:  # another fault of the same files must be mended first
            continue
        touched.add(fault.file)
        tried.add(fault)
        news += told.splitlines()
    return news


def _choose(faults: Sequence[Fault], mends: Mapping[str, Mend], tried: set[Fault]) -> list[Fault]:
    """Faults in the order of the mends' table: what a name or a folder mends need not be left out."""
    order = {kind: place for place, kind in enumerate(mends)}
    return sorted(
        (fault for fault in faults if fault.kind in order and fault not in tried), key=lambda one: order[one.kind]
    )
