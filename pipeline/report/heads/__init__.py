"""How a page shows each head that is a map: a file a head, looked up by the head's name."""

from pipeline.report.heads import depth, mask
from pipeline.report.heads.tiles import Legend, MapView, Scale, Shown, Tile

__all__ = ["MAP_VIEWS", "Legend", "MapView", "Scale", "Shown", "Tile"]

MAP_VIEWS: dict[str, type[MapView]] = {"mask": mask.View, "depth": depth.View}
"""View by head; a head whose prediction is one vector a sample has a section of its own."""
