"""The same six images and masks, kept in every way that is read, give the same manifest and arrays."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
import zarr
from PIL import Image

from pipeline.datasets.arrays import open_arrays
from pipeline.datasets.manifest import read_dataset, read_manifest
from pipeline.params import DataParams
from pipeline.steps.prepare import prepare
from pipeline.steps.validate import validate
from tests.datasets.reading import writers
from tests.datasets.reading.formats import FFV1

GENERATOR = np.random.default_rng(0)
IMAGES = GENERATOR.integers(0, 255, (6, 16, 24, 3), np.uint8)
GREY = IMAGES[..., :1]
CORNERS = [(2 + frame, 3, 8 + frame, 11) for frame in range(6)]
"""Left, top, right and bottom of the foreground in each image."""
MASKS = np.zeros((6, 16, 24), np.uint8)
for place, (left, top, right, bottom) in enumerate(CORNERS):
    MASKS[place, top:bottom, left:right] = 1
DEPTHS = GENERATOR.integers(500, 4000, (6, 16, 24), np.uint16)
Case = tuple[Callable[[Path], object], dict[str, Any], np.ndarray]


def write_pictures(raw: Path, folder: str, pixels: np.ndarray, suffix: str = ".png") -> None:
    """One file an image, 0.png to 5.png."""
    (raw / folder).mkdir(parents=True, exist_ok=True)
    for number, single in enumerate(pixels):
        Image.fromarray(single).save(raw / folder / f"{number}{suffix}")


def write_film_with_masks(raw: Path) -> None:
    FFV1(folder(raw, "images") / "film.mkv", IMAGES, False)
    write_pictures(raw, "masks/film", 255 * MASKS)


def write_two_films(raw: Path) -> None:
    FFV1(folder(raw, "images") / "film.avi", GREY, False)
    FFV1(folder(raw, "masks") / "film.mkv", MASKS[..., None], False)


def write_stacks(raw: Path) -> None:
    tifffile.imwrite(folder(raw, "images") / "a.tif", GREY[..., 0], imagej=True, metadata={"axes": "TYX"})
    tifffile.imwrite(folder(raw, "masks") / "a.tif", MASKS, metadata=None)


def write_npy(raw: Path) -> None:
    np.save(folder(raw, "images") / "a.npy", np.moveaxis(IMAGES, -1, 1))
    np.save(folder(raw, "masks") / "a.npy", MASKS.astype(np.int64))


def write_zarr(raw: Path) -> None:
    writers.write_ome_zarr(folder(raw, "images") / "a.zarr", IMAGES, False, version=3)
    zarr.create_array(folder(raw, "masks") / "a.zarr", data=MASKS, zarr_format=3, dimension_names=["z", "y", "x"])


def write_gif(raw: Path) -> None:
    writers.write_gif(folder(raw, "images") / "a.gif", GREY, False)
    writers.write_gif(folder(raw, "masks") / "a.gif", 255 * MASKS[..., None], False)


def write_channels(raw: Path) -> None:
    for number, single in enumerate(IMAGES):
        path = folder(raw, "images") / f"{number}.ome.tif"
        tifffile.imwrite(path, np.moveaxis(single, -1, 0), ome=True, photometric="minisblack", metadata={"axes": "CYX"})
    write_pictures(raw, "masks", 255 * MASKS)


def write_coco(raw: Path) -> None:
    write_pictures(raw, "images", IMAGES)
    outlines = [[left, top, right, top, right, bottom, left, bottom] for left, top, right, bottom in CORNERS]
    content = {
        "images": [{"id": n, "file_name": f"{n}.png", "height": 16, "width": 24} for n in range(6)],
        "annotations": [{"image_id": n, "category_id": 4, "segmentation": [outlines[n]]} for n in range(6)],
        "categories": [{"id": 4, "name": "cell"}],
    }
    (raw / "coco.json").write_text(json.dumps(content))


def write_labelme(raw: Path) -> None:
    write_pictures(raw, "images", IMAGES)
    for number, (left, top, right, bottom) in enumerate(CORNERS):
        shape = {"label": "cell", "shape_type": "rectangle", "points": [[left, top], [right, bottom]]}
        content = {"imageHeight": 16, "imageWidth": 24, "shapes": [shape]}
        (folder(raw, "masks") / f"{number}.json").write_text(json.dumps(content))


def write_colours(raw: Path) -> None:
    write_pictures(raw, "images", IMAGES, ".bmp")
    write_pictures(raw, "masks", np.array([(10, 20, 30), (200, 0, 9)], np.uint8)[MASKS])


def write_objects(raw: Path) -> None:
    write_pictures(raw, "images", IMAGES)
    for number, mask in enumerate(MASKS):
        parts = np.stack([mask, mask]) * 255
        parts[0, :7], parts[1, 7:] = 0, 0
        write_pictures(raw, f"masks/{number}", parts)


def write_object_values(raw: Path) -> None:
    write_pictures(raw, "images", IMAGES)
    for number, mask in enumerate(MASKS):
        values = mask.astype(np.uint32) * (np.arange(16, dtype=np.uint32)[:, None] * 70_000)
        tifffile.imwrite(folder(raw, "masks") / f"{number}.tif", values)


def folder(raw: Path, name: str) -> Path:
    (raw / name).mkdir(parents=True, exist_ok=True)
    return raw / name


CASES: dict[str, Case] = {
    "a film and a mask a frame": (write_film_with_masks, {}, IMAGES),
    "a film and a film of masks": (write_two_films, {}, GREY),
    "a stack of ImageJ and one that says nothing": (write_stacks, {"axes": "TYX"}, GREY),
    "arrays of NumPy": (write_npy, {"axes": "TCYX"}, IMAGES),
    "OME-Zarr and Zarr": (write_zarr, {}, IMAGES),
    "GIF": (write_gif, {}, GREY),
    "OME-TIFF of channels": (write_channels, {}, IMAGES),
    "COCO": (write_coco, {"masks": "coco.json"}, IMAGES),
    "Labelme": (write_labelme, {"class_names": ["background", "cell"]}, IMAGES),
    "colours": (write_colours, {"mask_colours": ["#0a141e", "#c80009"]}, IMAGES),
    "files of single objects": (write_objects, {"instances": "files"}, IMAGES),
    "values of single objects": (write_object_values, {"instances": "values"}, IMAGES),
}


@pytest.mark.parametrize("name", CASES)
def test_every_way_to_keep_images_and_masks_gives_the_same_arrays(name: str, tmp_path: Path) -> None:
    write, settings, images = CASES[name]
    write(tmp_path / "raw")
    raw, data, prepared = tmp_path / "raw", DataParams.model_validate(settings), tmp_path / "prepared"
    validate(raw, tmp_path / "manifest.csv", tmp_path / "dataset.json", data=data)
    names = [prepared / file for file in ("images.npy", "masks.npy", "depths.npy", "index.csv")]
    prepare(raw, tmp_path / "manifest.csv", tmp_path / "dataset.json", *names, data=data)
    arrays, manifest = open_arrays(prepared), read_manifest(tmp_path / "manifest.csv")
    assert len(arrays) == len(manifest) == 6
    for place in range(6):
        np.testing.assert_array_equal(arrays.image(place), images[place])
        np.testing.assert_array_equal(arrays.mask(place), MASKS[place])
    assert manifest["time"].tolist() == (list(range(6)) if "#" in manifest["images"][0] else [0] * 6)


def test_depth_in_a_stack_goes_with_the_frames_of_a_film(tmp_path: Path) -> None:
    raw, prepared = tmp_path / "raw", tmp_path / "prepared"
    FFV1(folder(raw, "images") / "film.mkv", IMAGES, False)
    np.save(folder(raw, "depth") / "film.npy", DEPTHS)
    data = DataParams.model_validate({"masks": None, "depth": {}, "axes": "TYX"})
    validate(raw, tmp_path / "manifest.csv", tmp_path / "dataset.json", data=data)
    names = [prepared / file for file in ("images.npy", "masks.npy", "depths.npy", "index.csv")]
    prepare(raw, tmp_path / "manifest.csv", tmp_path / "dataset.json", *names, data=data)
    np.testing.assert_allclose(open_arrays(prepared).depth(4), DEPTHS[4] / 1000, rtol=1e-6)


def test_a_class_of_coco_that_no_image_has_keeps_its_number_and_name(tmp_path: Path) -> None:
    write_coco(tmp_path)
    content = json.loads((tmp_path / "coco.json").read_text())
    content["categories"] = [{"id": 4, "name": "cell"}, {"id": 2, "name": "wall"}]
    (tmp_path / "coco.json").write_text(json.dumps(content))
    data = DataParams.model_validate({"masks": "coco.json"})
    validate(tmp_path, tmp_path / "out/manifest.csv", tmp_path / "out/dataset.json", data=data)
    dataset = read_dataset(tmp_path / "out/dataset.json")
    assert dataset.mask_values == (0, 1, 2)
    assert dataset.class_names == ("background", "wall", "cell")
