"""What other tools write, read as probabilities; each form by the values worked out by hand."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
from PIL import Image

from pipeline.datasets.faults import DataError
from pipeline.imported import Expected, read_prediction
from pipeline.params import PredictionsParams

METRES = Expected(2, ((3, 4), (3, 4)), is_depth=True)
TWO, THREE = Expected(2, ((3, 4), (3, 4))), Expected(3, ((3, 4), (3, 4)))
MASK = np.array([[0, 1, 1, 0], [0, 0, 1, 0], [1, 0, 0, 0]], "uint8")
CLASSES = np.array([[0, 1, 2, 0], [0, 0, 1, 0], [1, 2, 2, 2]], "uint8")
CHANCES = np.linspace(0, 1, 12, dtype="float32").reshape(3, 4)
SOFTMAX = np.moveaxis(np.random.default_rng(0).dirichlet([1, 1, 1], (3, 4)), -1, 0).astype("float32")


def save(path: Path, array: np.ndarray) -> Path:
    match path.suffix:
        case ".npy":
            np.save(path, array)
        case ".npz":
            np.savez_compressed(path, probabilities=array)
        case ".tif":
            tifffile.imwrite(path, array, photometric="minisblack")
        case _:
            Image.fromarray(array).save(path)
    return path


def read(path: Path, expected: Expected = TWO, **settings: Any) -> np.ndarray:
    entry = PredictionsParams.model_validate({"kind": "predictions", "folder": "x", **settings})
    return read_prediction(path, entry, expected)


FORMS = [
    ("a.png", MASK, {}, MASK),
    ("a.npy", MASK.astype(bool), {}, MASK),
    ("a.npy", MASK.astype("int64"), {}, MASK),
    ("a.tif", MASK.astype("float32"), {}, MASK),
    ("a.png", MASK * 255, {"values": "nonzero"}, MASK),
    ("a.tif", MASK * np.uint16(300), {"values": "nonzero"}, MASK),
    ("a.npy", np.where(MASK, 70000, 0).astype("int32"), {"values": "nonzero"}, MASK),
    ("a.png", np.where(MASK, 0, 255).astype("uint8"), {"values": [255, 0]}, MASK),
    ("a.npy", CHANCES, {"values": "probabilities"}, CHANCES),
    ("a.npy", CHANCES[None].astype("float16"), {"values": "probabilities"}, CHANCES),
    ("a.tif", CHANCES, {"values": "probabilities"}, CHANCES),
    ("a.png", np.round(CHANCES * 255).astype("uint8"), {"values": "probabilities"}, CHANCES),
    ("a.tif", np.round(CHANCES * 65535).astype("uint16"), {"values": "probabilities"}, CHANCES),
    ("a.npz", np.stack([1 - CHANCES, CHANCES])[:, None], {"values": "probabilities"}, CHANCES),
    ("a.npy", np.stack([1 - CHANCES, CHANCES], axis=-1), {"values": "probabilities"}, CHANCES),
    ("a.tif", np.stack([1 - CHANCES, CHANCES]), {"values": "probabilities"}, CHANCES),
]


@pytest.mark.parametrize(("name", "array", "settings", "foreground"), FORMS)
def test_two_classes_are_read_from_every_form(
    name: str, array: np.ndarray, settings: dict[str, Any], foreground: np.ndarray, tmp_path: Path
) -> None:
    found = read(save(tmp_path / name, array), **settings)
    assert found.shape == (3, 4, 1) and found.dtype == np.float32
    np.testing.assert_allclose(found[..., 0], foreground, atol=0.003)


@pytest.mark.parametrize(("name", "array"), [("a.png", CLASSES), ("a.npy", CLASSES.astype("int64"))])
def test_three_classes_are_read_as_numbers(name: str, array: np.ndarray, tmp_path: Path) -> None:
    found = read(save(tmp_path / name, array), THREE)
    np.testing.assert_array_equal(found.argmax(-1), CLASSES)
    np.testing.assert_array_equal(found.sum(-1), np.ones((3, 4)))


@pytest.mark.parametrize("array", [SOFTMAX, SOFTMAX[:, None], np.moveaxis(SOFTMAX, 0, -1)])
@pytest.mark.parametrize("suffix", [".npz", ".npy"])
def test_three_classes_are_read_as_probabilities(suffix: str, array: np.ndarray, tmp_path: Path) -> None:
    found = read(save(tmp_path / f"a{suffix}", array), THREE, values="probabilities")
    np.testing.assert_allclose(found, np.moveaxis(SOFTMAX, 0, -1), atol=1e-6)


def test_files_of_the_images_size_are_resized_as_masks_are(tmp_path: Path) -> None:
    large = np.kron(MASK, np.ones((2, 2), "uint8"))
    found = read(save(tmp_path / "a.png", large), Expected(2, ((3, 4), (6, 8))))
    np.testing.assert_array_equal(found[..., 0], MASK)


REFUSED = [
    ("a.png", MASK * 255, {}, TWO, r"holds the value 255 where classes are 0, 1: set values to nonzero"),
    ("a.npy", CHANCES, {}, TWO, r"holds fractions where classes are expected"),
    ("a.png", MASK[:2], {}, TWO, r"is 2x4x1, its image \(height x width\) 3x4: export it at the image's size"),
    ("a.png", MASK, {}, Expected(2, ((6, 8), (12, 16))), r"12x16 and prepared 6x8"),
    ("a.npy", np.zeros((5, 3, 4), "uint8"), {"values": "probabilities"}, TWO, r"has 5 channels of probabilities, and the data have 2"),
    ("a.npy", CHANCES * 3, {"values": "probabilities"}, TWO, r"holds values from 0 to 3"),
    ("a.npy", CHANCES * np.float32(np.nan), {"values": "probabilities"}, TWO, r"holds NaN or infinity"),
    ("a.npy", MASK.astype("int64"), {"values": "probabilities"}, TWO, r"is int64 where probabilities are expected"),
    ("a.npz", SOFTMAX * 0.5, {"values": "probabilities"}, THREE, r"goes from 0\.5 to 0\.5 in place of 1"),
    ("a.png", CLASSES, {"values": "nonzero"}, THREE, r"tells two classes, and the data have 3"),
    ("a.png", CLASSES, {"values": [0, 1]}, THREE, r"by the 2 values \[0, 1\], and the data have 3"),
    ("a.png", np.dstack([MASK, MASK * 2, MASK]), {}, TWO, r"has 3 channels where one of classes is expected"),
    ("a.npy", np.array([{"masks": MASK}]), {}, TWO, r"holds Python objects.*--save_png"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "array", "settings", "expected", "told"), REFUSED)
def test_what_does_not_fit_is_told_with_the_mend(
    name: str, array: np.ndarray, settings: dict[str, Any], expected: Expected, told: str, tmp_path: Path
) -> None:
    with pytest.raises(DataError, match=told) as fault:
        read(save(tmp_path / name, array), expected, **settings)
    assert f"prediction '{tmp_path / name}'" in str(fault.value)


def test_damaged_and_lossy_files_are_told(tmp_path: Path) -> None:
    (tmp_path / "a.npz").write_bytes(b"PK\x03\x04 and no more")
    with pytest.raises(DataError, match="cannot be decoded"):
        read(tmp_path / "a.npz")
    save(tmp_path / "a.jpg", MASK)
    with pytest.raises(DataError, match="JPEG, which changes values"):
        read(tmp_path / "a.jpg")


def test_several_arrays_in_a_file_are_not_chosen_between(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", one=MASK, two=MASK)
    with pytest.raises(DataError, match=r"holds 2 arrays \(one, two\)"):
        read(tmp_path / "a.npz")


@pytest.mark.parametrize("name", ["a.npy", "a.tif"])
def test_depths_are_metres_as_they_are(name: str, tmp_path: Path) -> None:
    depths = np.linspace(0.5, 6, 12, dtype="float32").reshape(3, 4)
    np.testing.assert_array_equal(read(save(tmp_path / name, depths), METRES)[..., 0], depths)


@pytest.mark.parametrize(
    ("depths", "told"),
    [
        (np.full((3, 4), 800, "uint16"), "is uint16 of 1 channels where one of depths in metres is expected"),
        (np.zeros((3, 4), "float32"), "holds depths that are 0, negative or no number"),
        (np.full((3, 4), np.nan, "float32"), "holds depths that are 0, negative or no number"),
    ],
)
def test_what_is_no_depth_is_refused(depths: np.ndarray, told: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=told):
        read(save(tmp_path / "a.npy", depths), METRES)
