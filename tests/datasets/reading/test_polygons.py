"""COCO and Labelme polygons become masks of class indices."""

import base64
import io
import json
from pathlib import Path
from typing import Any

import matplotlib.path
import numpy as np
import pytest
from PIL import Image

from pipeline.datasets.faults import DataError
from pipeline.datasets.reading import list_coco, list_polygon_classes, read_mask
from pipeline.params import DataParams

SIZE = (8, 10)
SQUARE = [2, 3, 6, 3, 6, 8, 2, 8]
"""x from 2 to 6, y from 3 to 8: columns 2 to 5 and rows 3 to 7."""
NAMES = ("background", "cell", "nucleus")


def write_coco(folder: Path, outlines: list[dict[str, Any]], **other: Any) -> Path:
    content = {
        "images": [{"id": 5, "file_name": "a.png", "height": 8, "width": 10}, {"id": 6, "file_name": "sub/b.png"}],
        "categories": [{"id": 7, "name": "nucleus"}, {"id": 3, "name": "cell"}],
        "annotations": [{"image_id": 5, "category_id": 3, **annotation} for annotation in outlines],
    }
    (folder / "coco.json").write_text(json.dumps(content | other))
    return folder


def read_coco(raw: Path, entry: str = "a.png", size: tuple[int, int] = SIZE, **data: Any) -> np.ndarray:
    return read_mask(raw, f"coco.json#{entry}", DataParams(**data), size)


def write_labelme(folder: Path, outlines: list[dict[str, Any]], **other: Any) -> Path:
    content = {"imageHeight": 8, "imageWidth": 10, "shapes": [{"label": "cell", **shape} for shape in outlines]}
    (folder / "a.json").write_text(json.dumps(content | other))
    return folder


def read_labelme(raw: Path, names: tuple[str, ...] | None = NAMES) -> np.ndarray:
    return read_mask(raw, "a.json", DataParams(class_names=names), SIZE)


def expect_square(value: int = 1) -> np.ndarray:
    expected = np.zeros(SIZE, np.uint8)
    expected[3:8, 2:6] = value
    return expected


def test_a_square_covers_the_pixels_between_its_corners(tmp_path: Path) -> None:
    mask = read_coco(write_coco(tmp_path, [{"segmentation": [SQUARE]}]))
    assert mask.dtype == np.uint8
    np.testing.assert_array_equal(mask, expect_square())
    points = np.reshape(SQUARE, (-1, 2)).tolist()
    np.testing.assert_array_equal(read_labelme(write_labelme(tmp_path, [{"points": points}])), expect_square())


@pytest.mark.parametrize("seed", range(12))
def test_polygons_cover_the_pixels_whose_centres_an_independent_test_finds_inside(seed: int, tmp_path: Path) -> None:
    generator = np.random.default_rng(seed)
    angles = np.sort(generator.uniform(0, 2 * np.pi, 9))
    radii = generator.uniform(3, 40, 9)
    corners = np.stack([30 + radii * np.cos(angles), 25 + radii * np.sin(angles)], axis=1)
    rows, columns = np.mgrid[:50, :64]
    centres = np.stack([columns.ravel() + 0.5, rows.ravel() + 0.5], axis=1)
    expected = matplotlib.path.Path(corners).contains_points(centres).reshape(50, 64)
    raw = write_coco(tmp_path, [{"segmentation": [corners.ravel().tolist()]}], images=[{"id": 5, "file_name": "a.png"}])
    np.testing.assert_array_equal(read_coco(raw, size=(50, 64)) == 1, expected)


def test_parts_of_an_object_are_all_drawn_and_later_objects_lie_over_earlier_ones(tmp_path: Path) -> None:
    parts = [[0, 0, 2, 0, 2, 2, 0, 2], [8, 0, 10, 0, 10, 2, 8, 2]]
    over = {"segmentation": [[1, 1, 4, 1, 4, 4, 1, 4]], "category_id": 7}
    mask = read_coco(write_coco(tmp_path, [{"segmentation": parts}, over]))
    expected = np.zeros(SIZE, np.uint8)
    expected[:2, :2] = expected[:2, 8:] = 1
    expected[1:4, 1:4] = 2
    np.testing.assert_array_equal(mask, expected)


def test_a_hole_is_a_later_shape_of_the_background(tmp_path: Path) -> None:
    hole = {"label": "background", "shape_type": "rectangle", "points": [[5, 7], [3, 4]]}
    mask = read_labelme(write_labelme(tmp_path, [{"points": np.reshape(SQUARE, (-1, 2)).tolist()}, hole]))
    expected = expect_square()
    expected[4:7, 3:5] = 0
    np.testing.assert_array_equal(mask, expected)


def compress(lengths: list[int]) -> str:
    """COCO's text for run lengths, as its own C code makes it."""
    text = ""
    for place, length in enumerate(lengths):
        value = length - (lengths[place - 2] if place > 2 else 0)
        while True:
            bits = value & 0x1F
            value >>= 5
            more = value != -1 if bits & 0x10 else value != 0
            text += chr((bits | 0x20 * more) + 48)
            if not more:
                break
    return text


@pytest.mark.parametrize("as_text", [True, False])
def test_run_lengths_go_down_the_columns(as_text: bool, tmp_path: Path) -> None:
    lengths = [2 * 8 + 3, 5, 3, 5, 3, 5, 3, 5, 4 * 8]  # the square: two empty columns, then five pixels in each of four
    counts = compress(lengths) if as_text else lengths
    mask = read_coco(write_coco(tmp_path, [{"segmentation": {"size": [8, 10], "counts": counts}, "iscrowd": 1}]))
    np.testing.assert_array_equal(mask, expect_square())


def test_text_of_long_runs_is_read(tmp_path: Path) -> None:
    expected = np.zeros((500, 300), bool)
    expected[7:450, 30:280] = np.random.default_rng(0).random((443, 250)) < 0.01
    flat = expected.T.ravel()
    edges = np.flatnonzero(np.diff(flat.astype(int))) + 1
    lengths = np.diff([0, *edges, flat.size]).tolist()
    raw = write_coco(
        tmp_path,
        [{"segmentation": {"size": [500, 300], "counts": compress(lengths)}}],
        images=[{"id": 5, "file_name": "a.png"}],
    )
    np.testing.assert_array_equal(read_coco(raw, size=(500, 300)) == 1, expected)


def test_classes_are_the_categories_by_their_ids_or_those_that_are_named(tmp_path: Path) -> None:
    raw = write_coco(tmp_path, [{"segmentation": [SQUARE], "category_id": 7}])
    assert list_polygon_classes(raw, ["coco.json#a.png", "coco.json#sub/b.png"], None) == (
        "background",
        "cell",
        "nucleus",
    )
    np.testing.assert_array_equal(read_coco(raw), expect_square(2))
    np.testing.assert_array_equal(read_coco(raw, class_names=("other", "nucleus", "cell")), expect_square(1))


def test_an_image_without_objects_is_all_background(tmp_path: Path) -> None:
    raw = write_coco(tmp_path, [{"segmentation": [SQUARE]}])
    assert list_coco(raw / "coco.json") == ["a.png", "sub/b.png"]
    assert not read_coco(raw, "sub/b.png").any()


def test_a_changed_file_is_read_anew(tmp_path: Path) -> None:
    raw = write_coco(tmp_path, [{"segmentation": [SQUARE]}])
    assert read_coco(raw).any()
    write_coco(tmp_path, [])
    assert not read_coco(raw).any()


def test_circles_and_painted_masks_of_labelme_are_drawn(tmp_path: Path) -> None:
    circle = {"shape_type": "circle", "points": [[5, 4], [5, 6]], "label": "nucleus"}
    rows, columns = np.mgrid[:8, :10]
    expected = np.where((rows + 0.5 - 4) ** 2 + (columns + 0.5 - 5) ** 2 < 4, 2, 0)
    np.testing.assert_array_equal(read_labelme(write_labelme(tmp_path, [circle])), expected)
    painted = io.BytesIO()
    Image.fromarray(np.eye(3, dtype=bool)).save(painted, format="PNG")
    text = base64.b64encode(painted.getvalue()).decode()
    mask = read_labelme(write_labelme(tmp_path, [{"shape_type": "mask", "points": [[4, 2], [6, 4]], "mask": text}]))
    assert np.argwhere(mask == 1).tolist() == [[2, 4], [3, 5], [4, 6]]


@pytest.mark.parametrize(
    ("annotation", "other", "kind", "told"),
    [
        ({"segmentation": [[1, 1, 2, 2]]}, {}, "polygon_outside", "has a polygon of 2 points"),
        (
            {"segmentation": [[90, 9, 95, 9, 95, 12]]},
            {},
            "polygon_outside",
            "from 90, 9 to 95, 12 outside of its image of 10x8",
        ),
        ({"segmentation": []}, {}, "polygon_outside", "has a box of 'cell' without outline"),
        (
            {"segmentation": [SQUARE], "category_id": 9},
            {},
            "category_unknown",
            "category 9, and lists 3 cell, 7 nucleus",
        ),
        (
            {"segmentation": {"size": [8, 10], "counts": [3, 4]}},
            {},
            "undecodable",
            "has run lengths of 7 pixels, not 80",
        ),
        (
            {},
            {"images": [{"id": 5, "file_name": "a.png", "height": 4, "width": 5}]},
            "polygon_size",
            "'a.png' is 5x4, it is 10x8",
        ),
        ({}, {"images": []}, "mask_missing", "has no image 'a.png'"),
    ],
)
def test_faults_of_coco_are_told(
    annotation: dict[str, Any], other: dict[str, Any], kind: str, told: str, tmp_path: Path
) -> None:
    with pytest.raises(DataError) as caught:
        read_coco(write_coco(tmp_path, [annotation], **other))
    assert told in str(caught.value)
    assert caught.value.faults[0].kind == kind
    assert caught.value.faults[0].file == "coco.json"


def test_a_class_that_is_not_named_is_told_with_the_nearest(tmp_path: Path) -> None:
    raw = write_labelme(tmp_path, [{"label": "nucleu", "points": [[0, 0], [3, 0], [3, 3]]}])
    with pytest.raises(
        DataError, match=r"a.json' has class 'nucleu', and .* background, cell, nucleus: did you mean 'nucleus'"
    ):
        read_labelme(raw)
    with pytest.raises(DataError, match=r"list them by data.class_names, background first: \[background, nucleu\]"):
        read_labelme(raw, None)


@pytest.mark.parametrize(
    ("shape", "other", "kind"),
    [
        ({"shape_type": "line", "points": [[0, 0], [3, 3]]}, {}, "polygon_outside"),
        ({"points": [[0, 0], [3, 3]]}, {}, "polygon_outside"),
        ({"points": [[0, 0], [3, 0], [3, 3]]}, {"imageHeight": 80}, "polygon_size"),
        ({"points": []}, {"shapes": None}, "labelme"),
    ],
)
def test_faults_of_labelme_are_told(shape: dict[str, Any], other: dict[str, Any], kind: str, tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        read_labelme(write_labelme(tmp_path, [shape], **other))
    assert caught.value.faults[0].kind == kind


@pytest.mark.parametrize("text", ["{'images': []}", "", "[1, 2]", '{"images": []}', "\x00\x01"])
def test_files_that_are_no_annotations_are_told(text: str, tmp_path: Path) -> None:
    (tmp_path / "coco.json").write_text(text)
    for read in (
        lambda: list_coco(tmp_path / "coco.json"),
        lambda: read_coco(tmp_path),
        lambda: read_mask(tmp_path, "coco.json", DataParams(class_names=NAMES), SIZE),
    ):
        with pytest.raises(DataError, match="export it again"):
            read()


def test_missing_parts_of_annotations_are_told(tmp_path: Path) -> None:
    for lacking in ({"images": [{"id": 5}]}, {"annotations": [{"image_id": 5}]}, {"categories": [{"name": "cell"}]}):
        with pytest.raises(DataError):
            read_coco(write_coco(tmp_path, [], **lacking))
