"""Mends of masks: their size and their values."""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from PIL import Image, ImageOps

from pipeline.datasets.faults import Fault
from pipeline.datasets.raw.orientation import count_turns
from pipeline.datasets.reading import read_image, read_mask
from pipeline.datasets.resizing import resize_mask
from pipeline.mending.workplace import Refused, Workplace
from pipeline.mending.writing import Array, rewrite

CODINGS = ([0, 1], [0, 255])
"""Values that programs write for background and foreground."""
ONE_PICTURE = "only a mask that is one picture can be saved anew: export it without smoothing"


def mend_size(place: Workplace, fault: Fault) -> str:
    """Turn a mask as its photo is turned, order the axes of its image as data.axes says, or resize it."""
    image_name = place.find_sample(fault.file).images[0]
    if "#" in fault.file or fault.file.endswith((".json", "/")):
        raise Refused("only a mask that is one file can be resized: export it again at the image's size")
    image = read_image(place.raw, image_name, place.data)
    size = (image.shape[0], image.shape[1])
    mask = read_mask(place.raw, fault.file, place.data, size)
    turns = count_turns(place.raw / image_name)
    if turns and np.rot90(mask, turns).shape == size:
        rewrite(place, fault.file, np.rot90(mask, turns))
        return f"{fault.file}: turned as the EXIF data of '{image_name}' turn it"
    if image_name.endswith(".npy") and _order_axes(place, image_name, mask.shape):
        return (
            f"{image_name}: axes ordered {place.data.axes} as data.axes says, the only order that fits '{fault.file}'"
        )
    if Fraction(*mask.shape) != Fraction(*size):
        raise Refused("its proportions are not its image's, so that it may show another part: export it again")
    rewrite(place, fault.file, resize_mask(mask, *size))
    return f"{fault.file}: resized from {tell(mask.shape)} to {tell(size)} by nearest neighbour"


def mend_values(place: Workplace, fault: Fault) -> str:
    """Recode 0 and 1 to 0 and 255 or back, as data.mask_values says."""
    values = sorted(place.data.mask_values or ())
    mask = read_mask(place.raw, fault.file, place.data, (0, 0))
    found = set(np.unique(mask).tolist()) - {place.data.ignore_value}
    coding = next((coding for coding in CODINGS if found <= set(coding) and coding != values), None)
    if values not in CODINGS or coding is None:
        raise Refused("whether the value is a class of its own or a slip is not known: name it in data.mask_values")
    recoded = np.where(mask == coding[1], np.uint8(values[1]), mask).astype(np.uint8)
    rewrite(place, fault.file, recoded)
    return f"{fault.file}: {coding[1]} recoded to {values[1]}, as data.mask_values says"


def mend_smoothed(place: Workplace, fault: Fault) -> str:
    """Give each pixel of a smoothed or lossy mask the nearer of two class values, as PNG."""
    values = place.data.mask_values
    if values is None:
        raise Refused("its classes are not told: set data.mask_values, and mend takes the nearest value")
    if len(values) > 2:
        raise Refused("between two classes lie the values of others: export it without smoothing")
    mask = _read_lossy(place, fault.file) if fault.kind == "lossy_mask" else _read_single(place, fault.file)
    nearest = find_nearest(mask, values)
    if place.data.ignore_value is not None:
        nearest = np.where(mask == place.data.ignore_value, mask, nearest)
    written = rewrite(place, fault.file, nearest)
    changed = int((nearest != mask).sum())
    return f"{fault.file}: {changed} pixels set to the nearest of {list(values)}, saved as '{written}'"


def _read_single(place: Workplace, name: str) -> Array:
    """The values (height, width) of a mask that is one picture or array; raises Refused for all else."""
    if "#" in name or name.endswith((".json", "/")):
        raise Refused(ONE_PICTURE)
    return read_mask(place.raw, name, place.data, (0, 0))


def _read_lossy(place: Workplace, name: str) -> Array:
    """The grey (height, width) of a mask that no reader of masks takes, upright; raises Refused for films and stacks."""
    try:
        with Image.open(place.raw / name) as picture:
            if getattr(picture, "n_frames", 1) > 1:
                raise Refused(ONE_PICTURE)
            return np.asarray(ImageOps.exif_transpose(picture).convert("L"))
    except (OSError, SyntaxError):  # Pillow's UnidentifiedImageError is an OSError, and so is a film's
        raise Refused(ONE_PICTURE) from None


def find_nearest(mask: Array, values: Sequence[int]) -> Array:
    """The nearest of the values for each pixel (height, width), the smaller one of two as near; 7 of (0, 10) is 10."""
    ascending = np.array(sorted(values))
    distances = np.abs(mask[..., None].astype(np.int64) - ascending)
    return ascending[distances.argmin(axis=-1)].astype(np.uint8 if ascending[-1] < 256 else np.uint16)


def tell(shape: Sequence[int]) -> str:
    """Width x height."""
    return f"{shape[1]}x{shape[0]}"


def _order_axes(place: Workplace, name: str, size: tuple[int, ...]) -> bool:
    """Rewrite an array with channels first as YXC where that alone gives the mask's size."""
    array = np.load(place.raw / name)
    if place.data.axes != "YXC" or array.ndim != 3 or array.shape[1:] != size or array.shape[:2] == size:
        return False
    rewrite(place, name, np.moveaxis(array, 0, -1))
    return True
