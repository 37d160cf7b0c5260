"""Every mistake of the catalogue is told before anything trains, in one line that says all, and mended where that is mechanical."""

from pathlib import Path

import pytest

from pipeline.datasets.faults import DataError
from pipeline.params import DataParams
from pipeline.steps.validate import validate
from tests.mistakes.catalogue import CATALOGUE, TOPICS
from tests.mistakes.entry import Mistake, draw_pairs
from tests.mistakes.running import DATASET, check, draw, list_files, mend, write_params
from tests.raws import draw_image, draw_mask, write_picture

TOLD = [entry for entry in CATALOGUE if entry.caught in ("params", "validate", "split")]
VALIDATED = [entry for entry in CATALOGUE if entry.caught == "validate" and not entry.without_rights]


def by_name(entries: list[Mistake]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("mistake", entries, ids=[entry.name.replace(" ", "-") for entry in entries])


def test_the_catalogue_is_as_large_as_promised_and_says_all_of_each() -> None:
    assert len(TOLD) >= 60
    assert len({entry.kind for entry in VALIDATED if entry.mended}) >= 15
    assert all(entry.mend and entry.found for entry in CATALOGUE if entry.caught != "nothing")
    assert len({entry.name for entry in CATALOGUE}) == sum(len(entries) for entries in TOPICS.values())


@by_name(TOLD)
def test_a_mistake_is_told_with_file_found_expected_and_mend(mistake: Mistake, tmp_path: Path) -> None:
    draw(tmp_path, mistake)
    told = check(tmp_path, mistake)
    assert (told.status, told.caught) == (1, mistake.caught), told.text
    assert "Traceback" not in told.text
    parts = (mistake.file, mistake.found, mistake.expected, mistake.mend)
    assert any(all(part in line for part in parts) for line in told.lines), told.text
    assert not (tmp_path / "out/manifest.csv").exists() or mistake.caught == "split"
    if mistake.kind and not mistake.without_rights:
        with pytest.raises(DataError) as fault:
            files = (tmp_path / name for name in ("manifest.csv", "dataset.json"))
            validate(tmp_path / "data/raw" / DATASET, *files, data=DataParams.model_validate(mistake.data))
        assert mistake.kind in {single.kind for single in fault.value.faults}


@by_name([entry for entry in CATALOGUE if entry.caught in ("warning", "nothing")])
def test_a_doubt_is_a_warning_and_a_strange_name_is_nothing(mistake: Mistake, tmp_path: Path) -> None:
    draw(tmp_path, mistake)
    told = check(tmp_path, mistake)
    assert (told.status, told.caught) == (0, mistake.caught), told.text
    parts = (mistake.file, mistake.found, mistake.expected, mistake.mend)
    assert mistake.caught == "nothing" or any(all(part in line for part in parts) for line in told.lines), told.text


@by_name(VALIDATED)
def test_mend_makes_a_right_copy_or_says_why_not(mistake: Mistake, tmp_path: Path) -> None:
    draw(tmp_path, mistake)
    raw = tmp_path / "data/raw" / DATASET
    before = dict(list_files(raw))
    status, told = mend(tmp_path)
    assert "Traceback" not in told
    assert dict(list_files(raw)) == before
    assert (status == 0) == mistake.mended, told
    if not mistake.mended:
        assert not raw.is_dir() or "not mended: " in told or "set data.compose to null" in told
        return
    assert f"next: set dataset: {DATASET}-mended" in told
    write_params(tmp_path, mistake, f"{DATASET}-mended")
    assert check(tmp_path, mistake, f"{DATASET}-mended").status == 0


def test_ten_mistakes_are_told_at_once(tmp_path: Path) -> None:
    draw(tmp_path, Mistake("ten", "", lambda raw: harm_ten(raw), data={"mask_values": [0, 255]}))
    told = check(tmp_path, Mistake("ten", "", draw_pairs))
    assert told.status == 1
    assert told.lines[0].startswith("10 faults in ")
    files = ["a.png", "b.png", "c.png", "d.png", "e.png", "f.png", "g.jpg", "h;.png", "notes.txt", "gone.png"]
    for file in files:
        assert any(f"/{file}'" in line for line in told.lines[1:]), (file, told.text)


def harm_ten(raw: Path) -> None:
    """Twelve pairs, ten of them wrong in ten ways."""
    for number, name in enumerate("abcdefghijklmnop"):
        write_picture(raw / f"images/{name}.png", draw_image(number))
        write_picture(raw / f"masks/{name}.png", draw_mask())
    (raw / "masks/a.png").unlink()
    (raw / "images/b.png").write_bytes(b"")
    (raw / "images/c.png").write_text("no image")
    write_picture(raw / "masks/d.png", draw_mask()[::2])
    write_picture(raw / "masks/e.png", draw_mask(7))
    write_picture(raw / "images/f.png", draw_image(0, 3))
    (raw / "masks/g.png").unlink()
    write_picture(raw / "masks/g.jpg", draw_mask())
    for folder in ("images", "masks"):
        (raw / folder / "p.png").unlink()
    write_picture(raw / "images/h;.png", draw_image(90))
    (raw / "images/notes.txt").write_text("taken in May")
    (raw / "images/gone.png").symlink_to("/nowhere/gone.png")
