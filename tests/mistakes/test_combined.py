"""Mistakes come together: several of the catalogue at once never end in a traceback, and what mend calls right is right."""

import contextlib
import random
from dataclasses import replace
from pathlib import Path

import pytest

from tests.mistakes.catalogue import CATALOGUE
from tests.mistakes.entry import Mistake, draw_pairs
from tests.mistakes.running import DATASET, check, draw, mend

ALONE = [entry for entry in CATALOGUE if entry.good is draw_pairs and not entry.without_rights]


def combine(chosen: list[Mistake]) -> Mistake:
    """One after the other, as far as the earlier ones leave the files that the later ones harm."""

    def harm(raw: Path) -> None:
        for entry in chosen:
            with contextlib.suppress(OSError):
                entry.harm(raw)

    data = {key: value for entry in chosen for key, value in entry.data.items()}
    return replace(chosen[0], harm=harm, data=data)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(60))
def test_mistakes_at_once_are_told_and_mended_without_a_traceback(seed: int, tmp_path: Path) -> None:
    chosen = random.Random(seed).sample([entry for entry in ALONE if entry.caught != "params"], 3)
    mistake = combine(chosen)
    draw(tmp_path, mistake)
    told = check(tmp_path, mistake)
    if told.caught == "validate" and mend(tmp_path)[0] == 0:
        told = check(tmp_path, mistake, f"{DATASET}-mended")
        assert told.caught != "validate", told.text
    assert "Traceback" not in told.text
