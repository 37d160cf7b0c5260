"""A registered model segments the images of a folder."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from pipeline.commands.apply import apply
from pipeline.datasets.faults import DataError
from pipeline.packing import pack
from pipeline.params import DataParams, PredictParams
from pipeline.tracking.registry import TrackingError
from tests.discs import SIZE, a_disc, draw_experiment, register_in


@pytest.fixture
def folder(root: Path) -> Path:
    """A fitted model, packed as `model`, and three images of discs in natural order 2, 9, 10."""
    draw_experiment(root)
    pack(Path("model"), sorted(root.glob("models/*/*.npz")), 0.4, PredictParams(), DataParams())
    for name, radius in (("10", 3), ("9", 4), ("2", 5)):
        write_image(Path(f"new/{name}.png"), 150 * a_disc(radius))
    return root


def write_image(path: Path, pixels: np.ndarray) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path)


def test_every_image_gets_a_mask_and_a_map_in_natural_order(folder: Path) -> None:
    apply(Path("new"), Path("out"), model="model")
    masks = [np.asarray(Image.open(f"out/{name}.png")) for name in ("2", "9", "10")]
    assert (np.stack(masks) == 200 * np.stack([a_disc(5), a_disc(4), a_disc(3)])).all()
    maps = np.load("out/predictions_maps.npy")
    assert maps.dtype == np.float32 and ((maps > 0.4) == np.stack(masks) / 200).all()


def test_sizes_that_differ_make_a_file_an_image(folder: Path) -> None:
    write_image(Path("new/a/1.png"), np.full((SIZE, 2 * SIZE), 150, np.uint8))
    apply(Path("new"), Path("out"), model="model")
    assert (
        np.load("out/predictions_maps/a/1.npy").shape == np.asarray(Image.open("out/a/1.png")).shape == (SIZE, 2 * SIZE)
    )


def test_registered_model_is_found_by_its_alias(folder: Path) -> None:
    register_in(folder)
    apply(Path("new"), Path("out"), model="models:/discs@champion")
    assert (np.asarray(Image.open("out/9.png")) == 200 * a_disc(4)).all()


def test_model_that_is_not_there_is_named(folder: Path) -> None:
    with pytest.raises(TrackingError, match="models:/rings@champion"):
        apply(Path("new"), Path("out"), model="models:/rings@champion")


def test_folder_with_files_is_kept_unless_forced(folder: Path) -> None:
    apply(Path("new"), Path("out"), model="model")
    with pytest.raises(DataError, match="out is not empty"):
        apply(Path("new"), Path("out"), model="model")
    Path("new/9.png").unlink()
    Path("out/notes.txt").write_text("mine")
    apply(Path("new"), Path("out"), model="model", force=True)
    assert sorted(path.name for path in Path("out").iterdir()) == [
        "10.png",
        "2.png",
        "notes.txt",
        "predictions_maps.npy",
    ]


@pytest.mark.parametrize("out", ["new", ".", "new/out"])
def test_masks_never_lie_among_the_images(folder: Path, out: str) -> None:
    with pytest.raises(DataError, match="lie in each other"):
        apply(Path("new"), Path(out), model="model", force=True)


def test_all_faults_are_told_before_anything_is_written(folder: Path) -> None:
    write_image(Path("new/colour.png"), np.zeros((SIZE, SIZE, 3), np.uint8))
    Path("new/broken.png").write_bytes(b"no image")
    with pytest.raises(DataError) as fault:
        apply(Path("new"), Path("out"), model="model")
    assert "broken.png" in str(fault.value) and "colour.png' has 3 channels" in str(fault.value)
    assert not Path("out").exists()


def test_channels_lie_in_folders_of_their_names(folder: Path) -> None:
    pack(
        Path("pair"),
        sorted(folder.glob("models/*/*.npz")),
        0.4,
        PredictParams(),
        DataParams(channels=("left", "right")),
    )
    write_image(Path("both/left/1.png"), a_disc(3))
    with pytest.raises(DataError, match="right"):
        apply(Path("both"), Path("out"), model="pair")
