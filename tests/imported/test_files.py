"""Which file holds the prediction of which sample."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from pipeline.imported import ImportFault, list_files
from pipeline.params import PredictionsParams

SAMPLES = ["a", "b", "s/01"]


def entry_of(folder: Path | str, **settings: object) -> PredictionsParams:
    return PredictionsParams.model_validate({"kind": "predictions", "folder": str(folder), **settings})


def touch(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    return folder


def test_files_are_found_by_sample_whatever_their_format(tmp_path: Path) -> None:
    touch(tmp_path, "a.png", "b.TIF", "s/01.npy", ".hidden.png", "summary.json")
    listing = list_files(entry_of(tmp_path), "0", SAMPLES)
    assert {sample: listing.path(sample).name for sample in SAMPLES} == {"a": "a.png", "b": "b.TIF", "s/01": "01.npy"}
    assert listing.strangers == () and listing.find_faults(SAMPLES) == []


def test_names_of_other_tools_are_understood(tmp_path: Path) -> None:
    """Cellpose writes beside the images; nnU-Net knows no folders among its cases."""
    cellpose = touch(tmp_path / "cellpose", "a.png", "a_cp_masks.png", "b_cp_masks.png")
    listing = list_files(entry_of(cellpose, file="{sample}_cp_masks.png"), "0", SAMPLES)
    assert listing.path("a").name == "a_cp_masks.png" and listing.strangers == ()
    nnunet = touch(tmp_path / "fold_1/validation", "s_01.npz", "s_01.png", "s_01.pkl")
    entry = entry_of(tmp_path / "fold_{fold}/validation", file="{flat}.npz")
    assert entry.is_by_fold and list_files(entry, "1", SAMPLES).path("s/01") == nnunet / "s_01.npz"


def test_missing_samples_and_strangers_are_named(tmp_path: Path) -> None:
    listing = list_files(entry_of(touch(tmp_path, "a.png", "B.png")), "0", SAMPLES)
    (fault,) = listing.find_faults(SAMPLES)
    assert "2 of 3 samples to test have no file '{sample}.*'" in fault and ": b, s/01;" in fault
    assert "belong to no sample: B.png" in fault


def test_many_missing_samples_are_counted(tmp_path: Path) -> None:
    samples = [f"{number:03d}" for number in range(100)]
    (fault,) = list_files(entry_of(tmp_path), "0", samples).find_faults(samples)
    assert "019 and 80 more" in fault and "020" not in fault


def test_two_files_of_a_sample_are_not_chosen_between(tmp_path: Path) -> None:
    listing = list_files(entry_of(touch(tmp_path, "a.png", "a.npz")), "0", SAMPLES)
    (fault,) = listing.find_faults(["a"])
    assert "a.npz and a.png: set file to {sample} and one of .npz, .png" in fault


def test_missing_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(ImportFault, match=r"fold_3' does not exist"):
        list_files(entry_of(tmp_path / "fold_{fold}"), "3", SAMPLES)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"folder": "x/{sample}"}, r"\{sample\} stands for nothing in a folder"),
        ({"file": "{stem}.png"}, r"\{stem\} stands for nothing in a file"),
        ({"file": "a.png"}, "does not tell samples apart"),
        ({"file": "{sample"}, "a brace that is not closed"),
        ({"file": "{sample!r}.png"}, "more than a name in braces"),
        ({"values": [0]}, "does not name two classes or more"),
        ({"values": [0, 0]}, "does not name two classes or more"),
    ],
)
def test_settings_are_checked(settings: dict[str, object], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        entry_of(**{"folder": "x", **settings})  # type: ignore[arg-type]
