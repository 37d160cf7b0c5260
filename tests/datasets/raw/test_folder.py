"""Whose a raw folder is, and what is told where it is missing."""

from pathlib import Path

from pipeline.datasets.raw.folder import STAMP, explain_missing, is_drawn


def test_sample_is_drawn_unless_somebody_owns_it(tmp_path: Path) -> None:
    raw = tmp_path / "sample"
    assert is_drawn(raw) and not is_drawn(tmp_path / "own")
    raw.mkdir()
    assert not is_drawn(raw)
    (raw / STAMP).touch()
    assert is_drawn(raw)


def test_misspelt_data_set_is_told_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "isbi2012").mkdir()
    (tmp_path / "pets.dvc").touch()
    told = explain_missing(tmp_path / "isbi2102")
    assert told == f"{tmp_path}/isbi2102 is missing, there is isbi2012, pets, sample: did you mean dataset: isbi2012?"
    assert "did you mean dataset: pets?" in explain_missing(tmp_path / "pet")
    assert "did you mean dataset: sample?" in explain_missing(tmp_path / "nowhere/smaple")


def test_missing_data_set_is_told_where_to_lie(tmp_path: Path) -> None:
    told = explain_missing(tmp_path / "films")
    assert told.endswith("films is missing, there is sample: put the images there, or make it a link to their folder")


def test_link_that_leads_nowhere_is_told_as_one(tmp_path: Path) -> None:
    raw = tmp_path / "own"
    raw.symlink_to("elsewhere")
    told = explain_missing(raw)
    assert told == f"{raw} is a link to elsewhere, which is not there: link it to the folder of the images"


def test_data_set_under_dvc_is_pulled(tmp_path: Path) -> None:
    (tmp_path / "own.dvc").touch()
    told = explain_missing(tmp_path / "own")
    assert told == f"{tmp_path}/own is missing, and {tmp_path}/own.dvc keeps it: type dvc pull {tmp_path}/own.dvc"
