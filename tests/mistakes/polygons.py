"""Mistakes in polygons (COCO, Labelme) and in masks of single objects."""

import copy
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from tests.mistakes.entry import Draw, Mistake, text, write
from tests.raws import write_raw

COCO = {"masks": "annotations.json"}
LABELME = {"class_names": ["background", "cell"]}
INSTANCES = {"instances": "files"}
SQUARE = [1, 1, 5, 1, 5, 5, 1, 5]

ANNOTATIONS: dict[str, Any] = {
    "images": [{"id": number, "file_name": f"{number}.png", "height": 8, "width": 10} for number in range(1, 7)],
    "annotations": [
        {"id": number, "image_id": number, "category_id": 1, "segmentation": [SQUARE], "iscrowd": 0}
        for number in range(1, 7)
    ],
    "categories": [{"id": 1, "name": "cell"}],
}


def draw_coco(raw: Path) -> None:
    """Six images and one file of polygons."""
    write_raw(raw, "123456", masks="")
    (raw / "annotations.json").write_text(json.dumps(ANNOTATIONS))


def harm_coco(change: Callable[[dict[str, Any]], object]) -> Draw:
    def harm(raw: Path) -> None:
        content = copy.deepcopy(ANNOTATIONS)
        change(content)
        (raw / "annotations.json").write_text(json.dumps(content))

    return harm


def draw_labelme(raw: Path) -> None:
    """Six images and a file of polygons each."""
    write_raw(raw, "123456", masks="")
    for key in "123456":
        write_shapes(raw / f"masks/{key}.json", "cell")


def write_shapes(path: Path, label: str, **other: Any) -> None:
    points = [[1, 1], [5, 1], [5, 5], [1, 5]]
    shape = {"label": label, "points": points, "shape_type": "polygon", "group_id": None, "flags": {}}
    path.parent.mkdir(exist_ok=True)
    content = {"version": "5.4.1", "shapes": [shape], "imagePath": path.with_suffix(".png").name}
    path.write_text(json.dumps(content | {"imageHeight": 8, "imageWidth": 10, "imageData": None} | other))


def draw_instances(raw: Path) -> None:
    """Six images and a folder of two objects each."""
    write_raw(raw, "123456", masks="")
    for key in "123456":
        for number in range(2):
            mask = np.zeros((8, 10), np.uint8)
            mask[4 * number : 4 * number + 2, :3] = 255
            write(f"masks/{key}/{number}.png", mask)(raw)


POLYGONS = (
    Mistake(
        "COCO: a category that is not listed",
        "category_unknown",
        harm_coco(lambda coco: coco["annotations"][1].update(category_id=7)),
        good=draw_coco,
        data=COCO,
        file="annotations.json",
        found="7",
        expected="1",
        mend="add",
    ),
    Mistake(
        "COCO: a listed image is not there",
        "image_missing",
        lambda raw: (raw / "images/2.png").unlink(),
        good=draw_coco,
        data=COCO,
        file="annotations.json#2.png",
        found="has no image",
        expected="images/2.*",
        mend="add it",
    ),
    Mistake(
        "COCO: an image that is not listed",
        "mask_missing",
        harm_coco(lambda coco: coco["images"].pop()),
        good=draw_coco,
        data=COCO,
        file="images/6.png",
        found="has no mask",
        expected="annotations.json",
        mend="add it, or remove the image",
        mended=True,
    ),
    Mistake(
        "COCO: two entries for images of one name",
        "entry_twice",
        harm_coco(lambda coco: coco["images"].append({"id": 7, "file_name": "1.jpg"})),
        good=draw_coco,
        data=COCO,
        file="annotations.json",
        found="'1.png' and '1.jpg'",
        expected="outlines into one",
        mend="give each image a name of its own",
    ),
    Mistake(
        "COCO: one image is listed twice",
        "entry_twice",
        harm_coco(lambda coco: coco["images"].append({"id": 7, "file_name": "1.png"})),
        good=draw_coco,
        data=COCO,
        file="annotations.json",
        found="lists '1.png' twice",
        expected="outlines",
        mend="put their outlines into one entry",
    ),
    Mistake(
        "COCO: no image is listed",
        "coco_empty",
        harm_coco(lambda coco: coco.update(images=[], annotations=[])),
        good=draw_coco,
        data=COCO,
        file="annotations.json",
        found="lists no images",
        mend="export it again",
    ),
    Mistake(
        "whole masks where objects are expected",
        "folder_empty",
        lambda raw: (shutil.rmtree(raw / "masks"), write_raw(raw, "123456")),
        good=draw_instances,
        data=INSTANCES,
        file="masks",
        found="holds no folder of an image's objects",
        expected="one of its name",
        mend="set data.instances to null",
    ),
    Mistake(
        "COCO: a file that is not JSON",
        "json",
        text("annotations.json", "{'images': []}"),
        good=draw_coco,
        data=COCO,
        file="annotations.json",
        found="JSON",
        mend="export",
    ),
    Mistake(
        "COCO: no list of images",
        "coco",
        harm_coco(lambda coco: coco.pop("images")),
        good=draw_coco,
        data=COCO,
        file="annotations.json",
        found="images",
        mend="export",
    ),
    Mistake(
        "COCO: a polygon outside of the image",
        "polygon_outside",
        harm_coco(lambda coco: coco["annotations"][1].update(segmentation=[[100, 100, 500, 100, 500, 500]])),
        good=draw_coco,
        data=COCO,
        file="annotations.json",
        found="500",
        expected="10x8",
        mend="export",
    ),
    Mistake(
        "COCO: polygons of images of another size",
        "polygon_size",
        harm_coco(lambda coco: [image.update(height=80, width=100) for image in coco["images"]]),
        good=draw_coco,
        data=COCO,
        file="annotations.json",
        found="100x80",
        expected="10x8",
        mend="export",
    ),
    Mistake(
        "Labelme: a label that is no class",
        "label_unknown",
        lambda raw: write_shapes(raw / "masks/2.json", "cel"),
        good=draw_labelme,
        data=LABELME,
        file="masks/2.json",
        found="cel",
        expected="background, cell",
        mend="data.class_names",
    ),
    Mistake(
        "Labelme: classes not told",
        "class_names",
        lambda raw: None,
        good=draw_labelme,
        file="masks/1.json",
        found="cell",
        mend="data.class_names",
    ),
    Mistake(
        "Labelme: polygons of an image of another size",
        "polygon_size",
        lambda raw: write_shapes(raw / "masks/2.json", "cell", imageHeight=80, imageWidth=100),
        good=draw_labelme,
        data=LABELME,
        file="masks/2.json",
        found="100x80",
        expected="10x8",
        mend="export",
    ),
    Mistake(
        "Labelme: a file without an image",
        "image_missing",
        lambda raw: (raw / "images/2.png").unlink(),
        good=draw_labelme,
        data=LABELME,
        file="masks/2.json",
        found="has no image",
        expected="images/2.*",
        mend="add it, or remove the mask",
        mended=True,
    ),
    Mistake(
        "objects: an image without a folder of them",
        "mask_missing",
        lambda raw: shutil.rmtree(raw / "masks/2"),
        good=draw_instances,
        data=INSTANCES,
        file="images/2.png",
        found="has no mask",
        expected="masks/2",
        mend="add it, or remove the image",
        mended=True,
    ),
    Mistake(
        "objects: a folder without files",
        "instances_empty",
        lambda raw: [path.unlink() for path in (raw / "masks/2").iterdir()],
        good=draw_instances,
        data=INSTANCES,
        file="masks/2",
        found="no",
        mend="add",
    ),
    Mistake(
        "objects: one of another size",
        "mask_size",
        write("masks/2/1.png", np.zeros((4, 5), np.uint8)),
        good=draw_instances,
        data=INSTANCES,
        file="masks/2/1.png",
        found="5x4",
        expected="10x8",
        mend="export",
    ),
    Mistake(
        "objects: files in a folder without data.instances",
        "instances_unset",
        lambda raw: None,
        good=draw_instances,
        file="masks",
        found="has a folder for each image",
        expected="one mask an image",
        mend="set data.instances to files",
    ),
)
