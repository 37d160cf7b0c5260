"""Mends of names: characters that cannot stay, pairs named differently, two files of one name."""

import os
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from PIL import Image

from pipeline.datasets.faults import DataError, Fault
from pipeline.datasets.raw.names import MARKS, find_namesakes, fold, is_text, strip_affixes
from pipeline.datasets.raw.pairing import RawSample
from pipeline.datasets.reading import Role, read_image
from pipeline.datasets.reading.opening import read_pixels
from pipeline.datasets.reading.references import parse_reference
from pipeline.mending.groups import replace_in_groups
from pipeline.mending.workplace import Refused, Workplace
from pipeline.mending.writing import Array, discard, move

SUFFIX_OF = {"JPEG": ".jpg", "PNG": ".png", "BMP": ".bmp", "WEBP": ".webp", "TIFF": ".tif"}
JPEG = (".jpg", ".jpeg")


def mend_marks(place: Workplace, fault: Fault) -> str:
    """Write _ for a mark that cannot stay, and bytes that are no UTF-8 as Windows' letters; partners get the same name."""
    path = PurePosixPath(fault.file)
    name = path.name if is_text(path.name) else os.fsencode(path.name).decode("cp1252", "replace")
    for mark in MARKS:
        name = name.replace(mark, "_")
    move(place, fault.file, str(path.with_name(name)))
    return f"{ascii(fault.file)[1:-1] if not is_text(fault.file) else fault.file}: renamed to '{name}'"


def mend_difference(place: Workplace, fault: Fault) -> str:
    """Name a file as its image where the two names differ in case, Unicode form or leading zeros alone."""
    path = PurePosixPath(fault.file)
    images = _list_stems(place, _find_images(place, path))
    stem = find_namesakes([path.stem], images).get(path.stem)
    if stem is None:
        raise Refused("more than one image could be meant: name them alike")
    move(place, fault.file, str(path.with_stem(stem)))
    return f"{fault.file}: renamed to '{stem}{path.suffix}', as its image is named"


def mend_affixes(place: Workplace, fault: Fault) -> str:
    """Name all files of a folder as their images, whose names lack an end or a beginning."""
    parent = PurePosixPath(fault.file).parent
    images = _find_images(place, PurePosixPath(fault.file))
    lone = {path.stem: path for path in _list_paths(place.raw / parent)}
    stems = set(_list_stems(place, images))
    left = strip_affixes({stem: path for stem, path in lone.items() if stem not in stems})
    right = strip_affixes({stem: stem for stem in stems if stem not in lone})
    renamed = sorted(left.keys() & right.keys())
    told = []
    for core in renamed:
        name = f"{right[core]}{left[core].suffix}"
        move(place, left[core].relative_to(place.raw).as_posix(), str(parent / name))
        told.append(f"{parent / left[core].name}: renamed to '{name}', as its image is named")
    return "\n".join(told)


def mend_stems(place: Workplace, fault: Fault) -> str:
    """Keep one of two files of one name where their pixels are the same, and not the JPEG where one is none."""
    path = place.raw / fault.file
    others = [other for other in _list_paths(path.parent) if _name(other) == _name(path) and other != path]
    for other in others:
        name = other.relative_to(place.raw).as_posix()
        if _are_equal(place, fault.file, name):
            lost, kept = (path, other) if path.suffix.lower() in JPEG else (other, path)
            discard(lost)
            lost_name, kept_name = (one.relative_to(place.raw).as_posix() for one in (lost, kept))
            replace_in_groups(place, lost_name, kept_name)
            return f"{lost_name}: left out, '{kept.name}' has the same pixels"
    raise Refused("their pixels differ, and which is right is not known: keep one of them")


def mend_twins(place: Workplace, fault: Fault) -> str:
    """Leave out the second of two samples whose names differ in case or Unicode form alone and whose pixels are the same."""
    path = PurePosixPath(fault.file)
    sample = place.find_sample(fault.file)
    twin = next((other for other in place.samples if _is_twin(other.images[0], path)), None)
    pairs = zip(_list_files(sample), _list_files(twin), strict=False) if twin else ()
    if twin is None or not all(_are_equal(place, *pair) for pair in pairs):
        raise Refused("their pixels differ, so that both may be meant: give them names that differ on all systems")
    lost = _list_files(sample)
    for name, kept in zip(lost, _list_files(twin), strict=False):
        discard(place.raw / name)
        replace_in_groups(place, name, kept)
    return f"{', '.join(lost)}: left out, '{twin.images[0]}' has the same pixels"


def mend_suffix(place: Workplace, fault: Fault) -> str:
    """Give a file the suffix of what it holds."""
    path = PurePosixPath(fault.file)
    with Image.open(place.raw / fault.file) as picture:
        suffix = SUFFIX_OF.get(picture.format or "")
    if suffix is None:
        raise Refused(f"its content {picture.format} has no suffix that is read: export it as PNG")
    move(place, fault.file, str(path.with_suffix(suffix)))
    return f"{fault.file}: renamed to '{path.stem}{suffix}', as its content is"


def _list_files(sample: RawSample) -> list[str]:
    return [name for name in (*sample.images, sample.mask, sample.depth) if name]


def _is_twin(name: str, path: PurePosixPath) -> bool:
    other = PurePosixPath(name)
    return other.stem != path.stem and fold(other.stem) == fold(path.stem)


def _are_equal(place: Workplace, name: str, other: str) -> bool:
    try:
        first, second = (_read_as_used(place, held) for held in (name, other))
    except DataError:
        paths = (place.raw / name, place.raw / other)
        return all(path.is_file() for path in paths) and paths[0].read_bytes() == paths[1].read_bytes()
    return first.shape == second.shape and first.dtype == second.dtype and bool((first == second).all())


def _read_as_used(place: Workplace, name: str) -> Array:
    """Pixels (height, width, channels) as the file's folder has them read: a palette is indices in a mask.

    A JPEG, which has no palette, is read as an image everywhere, since no mask may be one.
    """
    data, held = place.data, parse_reference(name)
    if PurePosixPath(held.name).suffix.lower() in JPEG:
        return read_image(place.raw, name, data)
    targets: dict[str | None, Role] = {
        data.masks: "colours" if data.mask_colours else "mask",
        data.depth.folder if data.depth else None: "depth",
    }
    role = next((role for folder, role in targets.items() if folder and f"/{folder}/" in f"/{name}"), None)
    if role is None:
        return read_image(place.raw, name, data)
    return read_pixels(place.raw / held.name, held.frame, data.axes, role, held.name)


def _name(path: Path) -> str:
    """What pairs a file with others: a.ome.tif goes with a.png."""
    return path.stem.removesuffix(".ome")


def _find_images(place: Workplace, path: PurePosixPath) -> Path:
    """The folder of the images that a mask or depth file of a path belongs to."""
    roles = [place.data.masks, place.data.depth and place.data.depth.folder]
    parts = [place.data.channels[0] if part in roles else part for part in path.parent.parts]
    return place.raw.joinpath(*parts)


def _list_stems(place: Workplace, folder: Path) -> Iterable[str]:
    return [path.stem for path in _list_paths(folder)]


def _list_paths(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.iterdir()) if path.is_file() and not path.name.startswith(".")]
