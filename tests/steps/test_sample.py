"""The step that draws the default data set."""

from pathlib import Path

import pytest
from PIL import Image

from pipeline.datasets.faults import DataError
from pipeline.params import SampleParams
from pipeline.steps.sample import sample

SMALL = SampleParams(sequences=2, frames=3, size=16)


def test_sample_writes_views_and_masks_of_every_frame(tmp_path: Path) -> None:
    sample(tmp_path / "sample", sample=SMALL, seed=0)
    for view in ("treated", "raw", "masks"):
        files = sorted(
            path.relative_to(tmp_path / "sample" / view) for path in (tmp_path / "sample" / view).rglob("*.png")
        )
        assert files == [Path(f"{sequence:02d}", f"{frame:03d}.png") for sequence in range(2) for frame in range(3)]
    with Image.open(tmp_path / "sample" / "raw" / "01" / "002.png") as frame:
        assert (frame.mode, frame.size) == ("L", (16, 16))


def test_sample_fills_an_empty_folder_and_leaves_nothing_aside(tmp_path: Path) -> None:
    (tmp_path / "sample").mkdir()
    sample(tmp_path / "sample", sample=SMALL, seed=0)
    assert [path.name for path in tmp_path.iterdir()] == ["sample"]


def test_sample_never_overwrites(tmp_path: Path) -> None:
    (tmp_path / "mine.png").write_text("precious")
    with pytest.raises(DataError, match="is not empty"):
        sample(tmp_path, sample=SMALL, seed=0)
    assert (tmp_path / "mine.png").read_text() == "precious"
