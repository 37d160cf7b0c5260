"""A page verifies where every number is what the stored scores give, and no other does."""

import random
import re
from pathlib import Path

import pytest

from pipeline.__main__ import main
from pipeline.datasets.scores import write_scores
from pipeline.report import read_experiment, verifying
from pipeline.report.differing import list_differences
from pipeline.report.experiment import read_table
from pipeline.report.made_of import read_made_of
from pipeline.report.marking import TAG
from pipeline.report.page import build_page
from pipeline.report.stored import list_stored
from pipeline.report.verifying import VerifyError, compare_hashes, tell_commits, verify_page
from pipeline.steps.report import report
from tests.advised import draw_advice
from tests.experiments import draw_experiment, draw_params

MUTATIONS = 100


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    params = draw_params(
        models=[{"kind": "constant"}, {"kind": "threshold"}, {"kind": "unet"}],
        evaluate={"metrics": ["dice", "pixel_accuracy"]},
        compare={"price_per_hour": 2.5},
        curve={"shares": [0.25, 0.5]},
        train={"seeds": 2},
    )
    folder = tmp_path_factory.mktemp("verify")
    files = draw_experiment(folder, params, sequences=8, frames=3, size=16, unlabelled=3)
    files["advice"], files["extra_folds"], files["extra_scores"] = draw_advice(folder, files, params)
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
    told = re.fullmatch(
        r".*: all ([\d,]+) numbers are what the scores give: ([\d,]+) recomputed, (\d+) compared with the files .*\n",
        capsys.readouterr().out,
    )
    count, recomputed, compared = (int(number.replace(",", "")) for number in told.groups())
    assert count == recomputed + compared and recomputed > 2 * compared > 0


def test_every_altered_digit_is_found(page):
    intact = page.read_text()
    found = verify_page(intact)
    count = found.recomputed + found.compared
    generator, places = random.Random(0), list_digits(intact)
    assert count > 300 and found.differences == [] and len(places) > 2 * count
    altered = [alter(intact, place, generator) for place in generator.sample(places, MUTATIONS)]
    assert sum(bool(list_differences(other, intact)) for other in altered) == MUTATIONS
    assert list_differences(intact, intact) == []


@pytest.mark.parametrize("section", ["curve", "variance", "suspects", "unlabelled"])
def test_every_altered_digit_of_advice_is_found(page, section):
    intact = page.read_text()
    start = intact.index(f'<section id="{section}"')
    end = intact.index("</section>", start)
    places = [place for place in list_digits(intact) if start < place < end]
    generator = random.Random(0)
    altered = [alter(intact, generator.choice(places), generator) for _ in range(MUTATIONS // 4)]
    assert len(places) > 8
    assert sum(bool(list_differences(other, intact)) for other in altered) == MUTATIONS // 4


def test_an_altered_number_is_told_with_its_place_and_the_code_that_wrote_it(page, tmp_path, capsys, monkeypatch):
    intact = page.read_text()
    shown = re.search(r'data-cell="comparison/unet/dice/mean">(\.\d+)<', intact)[1]
    other = tmp_path / "index.html"
    other.write_text(
        intact.replace(f'data-cell="comparison/unet/dice/mean">{shown}<', 'data-cell="comparison/unet/dice/mean">.999<')
    )
    monkeypatch.setattr(verifying, "tell_commit", lambda: "f" * 40)
    assert main(["verify", str(other)]) == 1
    told, written = capsys.readouterr().err, read_made_of(intact).commit
    assert f"comparison/unet/dice/mean: shown .999, recomputed {shown}" in told
    assert f"commit {written} wrote it, this is {'f' * 40}" in told


def test_commits_are_told_where_they_differ():
    assert tell_commits("", "b") == "; an unknown commit wrote it, this is b" and tell_commits("a", "a") == ""
    assert tell_commits("a+", "a+") == "; commit a+ wrote it, this is a+"


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
    scores = page.parent / "scores/unet/0.csv"
    kept = scores.read_text()
    table = read_table(scores)
    write_scores(scores, table.assign(dice=table["dice"] * 0.9))
    differences = verify_page(intact).differences
    scores.write_text(kept)
    assert "comparison/unet/dice/mean" in {found.place for found in differences}


def test_advice_is_recomputed_from_its_sources(page):
    """A page of forged tables is found, though the tables beside it say the same."""
    forged = {"suspects": "loss", "suggested": "distance", "learning_curve": "gain", "variance": "share"}
    kept = {name: (page.parent / f"{name}.csv").read_text() for name in forged}
    for name, column in forged.items():
        rows = read_table(page.parent / f"{name}.csv")
        write_scores(page.parent / f"{name}.csv", rows.assign(**{column: rows[column] * 1.5 + 0.1}))
    made_of = read_made_of(page.read_text())
    written = build_page(read_experiment(made_of.files, made_of.params), made_of)
    places = {found.place.split("/")[0] for found in verify_page(written).differences}
    for name, text in kept.items():
        (page.parent / f"{name}.csv").write_text(text)
    assert places == set(forged)


def test_stored_numbers_are_held_by_the_hash_of_their_file(page):
    path = page.parent / "uncertainty" / "unlabelled.csv"
    kept = path.read_text()
    path.write_text(kept + "\n")
    made_of = read_made_of(page.read_text())
    stored = list_stored(read_experiment(made_of.files, made_of.params))
    differences = compare_hashes(made_of.hashes, stored)
    path.write_text(kept)
    assert [found.place for found in differences] == [str(path)]
    assert compare_hashes(made_of.hashes, stored) == []
    assert {found.place for found in compare_hashes({}, stored)} == set(made_of.hashes)


def test_a_page_of_other_parameters_is_refused_by_its_commit(page):
    older = (
        page.read_text()
        .replace('"params": {', '"params": {"old_name": 1, ', 1)
        .replace('"params":{', '"params":{"old_name":1,', 1)
    )
    with pytest.raises(VerifyError, match=r"the page of \w+\+?: old_name is unknown"):
        verify_page(older)


def test_a_page_without_its_files_is_refused(page):
    with pytest.raises(VerifyError, match="does not say what it was made of"):
        verify_page("<p>all is well</p>")
    with pytest.raises(VerifyError, match="not here"):
        verify_page(page.read_text().replace("manifest.csv", "nowhere.csv"))
