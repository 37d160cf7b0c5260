"""Writing composites as files."""

import shutil
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from PIL import Image

from pipeline.commands.compose import compose
from pipeline.datasets.arrays import open_arrays
from pipeline.datasets.faults import DataError
from pipeline.datasets.manifest import read_manifest
from pipeline.params import DataParams
from pipeline.steps.prepare import prepare
from pipeline.steps.validate import validate
from tests.parts import write_parts

COMPOSED = {"compose": {"placements": 2, "size": [16, 20]}}
PARAMS = f"experiment: parts\ndataset: parts\ndata: {COMPOSED}\ntask: null\nmodels: []\n"


class Usage(NamedTuple):
    """What shutil.disk_usage tells."""

    total: int
    used: int
    free: int


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with the parts of 24 composites as the working folder."""
    monkeypatch.chdir(tmp_path)
    write_parts(tmp_path / "data" / "raw" / "parts")
    (tmp_path / "params.yaml").write_text(PARAMS)
    return tmp_path


def look_at(raw: Path, data: DataParams) -> tuple[list[str], list[np.ndarray], list[np.ndarray]]:
    """Parts, images and masks of a raw folder, by the steps."""
    out = raw.parent / f"{raw.name} prepared"
    files = [out / name for name in ("images.npy", "masks.npy", "depths.npy", "index.csv")]
    validate(raw, out / "manifest.csv", out / "dataset.json", data=data)
    prepare(raw, out / "manifest.csv", out / "dataset.json", *files, data=data)
    arrays, parts = open_arrays(out), read_manifest(out / "manifest.csv")["parts"].tolist()
    positions = range(len(arrays))
    return parts, [arrays.image(position) for position in positions], [arrays.mask(position) for position in positions]


def test_written_composites_are_read_as_the_drawn_ones(project: Path) -> None:
    compose(Path("written"))
    drawn = look_at(project / "data" / "raw" / "parts", DataParams.model_validate(COMPOSED))
    written = look_at(project / "written", DataParams())
    assert written[0] == drawn[0]
    for first, second in zip(written[1] + written[2], drawn[1] + drawn[2], strict=True):
        np.testing.assert_array_equal(first, second)


def test_each_background_is_written_once_and_masks_can_be_seen(project: Path) -> None:
    compose(Path("written"))
    folders = {name: list((project / "written" / name).rglob("*.png")) for name in ("images", "masks", "backgrounds")}
    assert {name: len(files) for name, files in folders.items()} == {"images": 24, "masks": 24, "backgrounds": 3}
    assert np.unique(np.asarray(Image.open(folders["masks"][0]))).tolist() == [0, 255]
    assert sorted(path.name for path in project.iterdir()) == ["data", "params.yaml", "written"]


def test_so_many_samples_of_another_data_set_are_written(project: Path) -> None:
    write_parts(project / "data" / "raw" / "others", 2, 2)
    compose(Path("written"), dataset="others", samples=3)
    assert len(list((project / "written" / "images").rglob("*.png"))) == 3


def test_a_folder_with_files_is_not_written_to(project: Path) -> None:
    with pytest.raises(DataError, match="'data' is not an empty folder, and nothing there is overwritten"):
        compose(Path("data"))


@pytest.mark.parametrize("samples", [0, 25])
def test_more_samples_than_there_are_are_refused(samples: int) -> None:
    with pytest.raises(DataError, match=f"--samples {samples} of 24 composites: give a number from 1 to 24"):
        compose(Path("written"), samples=samples)


def test_params_without_parts_are_refused(project: Path) -> None:
    (project / "params.yaml").write_text(PARAMS.replace(str(COMPOSED), "{}"))
    with pytest.raises(DataError, match=r"params\.yaml has no data\.compose"):
        compose(Path("written"))


def test_too_little_disk_is_told_before_anything_is_written(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(10**9, 10**9 - 1000, 1000))
    with pytest.raises(DataError, match="free"):
        compose(Path("written"))
    assert sorted(path.name for path in project.iterdir()) == ["data", "params.yaml"]
