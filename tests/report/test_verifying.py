"""A page verifies where every number is what the stored scores give, and no other does."""

import random
import re
from pathlib import Path

import pytest

from pipeline.__main__ import main
from pipeline.datasets.scores import write_scores
from pipeline.report.experiment import read_table
from pipeline.report.marking import TAG
from pipeline.report.verifying import VerifyError, list_differences, verify_page
from pipeline.steps.report import report
from tests.experiments import draw_experiment, draw_params

MUTATIONS = 100


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    params = draw_params(
        models=[{"kind": "constant"}, {"kind": "threshold"}, {"kind": "unet"}],
        evaluate={"metrics": ["dice", "pixel_accuracy"]},
        compare={"price_per_hour": 2.5},
    )
    files = draw_experiment(tmp_path_factory.mktemp("verify"), params, sequences=8, frames=3, size=16)
    report(**files, params=params)
    return files["page"]


def list_digits(page: str) -> list[int]:
    """Places of all digits that a reader sees outside of drawings, code and the parameters."""
    places, start = [], 0
    for number, part in enumerate(TAG.split(page)):
        shown = part if number % 2 == 0 else "".join(re.findall(r"^<data[^>]*>(.*)</data>$", part))
        offset = start + part.index(shown) if shown else start
        places += [offset + found.start() for found in re.finditer(r"\d", shown)]
        start += len(part)
    return places


def alter(page: str, place: int, generator: random.Random) -> str:
    other = generator.choice([digit for digit in "0123456789" if digit != page[place]])
    return page[:place] + other + page[place + 1 :]


def test_an_intact_page_verifies(page, capsys):
    assert main(["verify", str(page)]) == 0
    assert re.fullmatch(r".*: all \d+ numbers are what the scores give\n", capsys.readouterr().out)


def test_every_altered_digit_is_found(page):
    intact = page.read_text()
    count, differences = verify_page(intact)
    generator, places = random.Random(0), list_digits(intact)
    assert count > 300 and differences == [] and len(places) > 2 * count
    altered = [alter(intact, place, generator) for place in generator.sample(places, MUTATIONS)]
    assert sum(bool(list_differences(other, intact)) for other in altered) == MUTATIONS
    assert list_differences(intact, intact) == []


def test_an_altered_number_is_told_with_its_place(page, tmp_path, capsys):
    intact = page.read_text()
    shown = re.search(r'data-cell="comparison/unet/dice/mean">(\.\d+)<', intact)[1]
    other = tmp_path / "index.html"
    other.write_text(
        intact.replace(f'data-cell="comparison/unet/dice/mean">{shown}<', 'data-cell="comparison/unet/dice/mean">.999<')
    )
    assert main(["verify", str(other)]) == 1
    assert f"comparison/unet/dice/mean: shown .999, recomputed {shown}" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (r'<data value="[^"]*" data-cell="comparison/unet/dice/mean">([^<]*)</data>', r"\1", "not marked with its cell"),
        (r'<data value="[^"]*" data-cell="comparison/unet/dice/mean">([^<]*)</data>', "", "comparison/unet/dice/mean: nothing"),
        (r'(<data value=")[^"]*(" data-cell="comparison/unet/dice/mean">)', r"\g<1>0.5\2", "(value 0.5)"),
        ("<h2>Comparison</h2>", "<h2>Comparison</h2><p>All 7 agree.</p>", "7: not marked"),
        ("Nothing that tests", "Little that tests", "words"),
    ],
    ids=["unmarked", "missing", "value", "added", "words"],
)  # fmt: skip
def test_other_changes_are_told(page, old, new, told):
    intact = page.read_text()
    altered, count = re.subn(old, new, intact)
    assert count
    assert told in "; ".join(": ".join(difference) for difference in list_differences(altered, intact))


def test_numbers_follow_the_scores_and_not_the_tables_beside_the_page(page, tmp_path):
    intact = page.read_text()
    scores = next(page.parent.glob("scores/unet/*.csv"))
    kept = scores.read_text()
    table = read_table(scores)
    write_scores(scores, table.assign(dice=table["dice"] * 0.9))
    _, differences = verify_page(intact)
    scores.write_text(kept)
    assert "comparison/unet/dice/mean" in {found.place for found in differences}


def test_a_page_without_its_files_is_refused(page):
    with pytest.raises(VerifyError, match="does not say what it was made of"):
        verify_page("<p>all is well</p>")
    with pytest.raises(VerifyError, match="not here"):
        verify_page(page.read_text().replace("manifest.csv", "nowhere.csv"))
