"""Reads images, masks and depth from files of every format; see each module for one kind."""

from pipeline.datasets.reading.coco import list_coco
from pipeline.datasets.reading.depths import read_depth
from pipeline.datasets.reading.images import read_image
from pipeline.datasets.reading.masks import read_mask, write_mask
from pipeline.datasets.reading.opening import SUFFIXES, count_frames, open_stored
from pipeline.datasets.reading.polygons import POLYGONS, list_polygon_classes
from pipeline.datasets.reading.stored import Role

__all__ = [
    "POLYGONS",
    "SUFFIXES",
    "Role",
    "count_frames",
    "list_coco",
    "list_polygon_classes",
    "open_stored",
    "read_depth",
    "read_image",
    "read_mask",
    "write_mask",
]
