"""References of the manifest: a file, one frame of it, one image of a COCO file, or a folder of instances."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Reference:
    """A path relative to the raw folder, and what of the file is meant."""

    name: str
    frame: int | None = None
    """Frame of a film or stack, None where the whole file is one image."""
    entry: str = ""
    """Name of an image in a COCO file."""


def parse_reference(reference: str) -> Reference:
    """Take `film.mp4#12` and `annotations.json#a.png` apart; a `#` that neither follows is part of the file's name."""
    if "#" not in reference:
        return Reference(reference)
    name, polygons, entry = reference.partition(".json#")
    if polygons:
        return Reference(f"{name}.json", entry=entry)
    name, _, frame = reference.rpartition("#")
    if frame.isascii() and frame.isdecimal() and "." in name:
        return Reference(name, int(frame))
    return Reference(reference)
