"""Mends of images: bits, channels, colours, pixels that are no numbers."""

from collections import Counter
from collections.abc import Iterator

import numpy as np
from PIL import Image, ImageOps
from scipy.ndimage import distance_transform_edt

from pipeline.datasets.faults import Fault
from pipeline.datasets.reading import read_image
from pipeline.datasets.reading.opening import read_pixels
from pipeline.mending.workplace import Refused, Workplace
from pipeline.mending.writing import Array, rewrite

MOST_REPLACED = 0.1
"""Share of an image's pixels up to which neighbours may stand in for what is no number."""


def mend_channels(place: Workplace, fault: Fault) -> str:
    """Save a grey image among colour as RGB, or one in colour whose channels are alike as grey."""
    if len(place.find_sample(fault.file).images) > 1:
        raise Refused("its sample has several image files: export the one that is unlike the others")
    image = read_image(place.raw, fault.file, place.data)
    usual = Counter(held.channels for held in place.contents).most_common(1)[0][0]
    if image.shape[-1] == 1 and usual == 3:
        written = rewrite(place, fault.file, np.repeat(image, 3, axis=-1))
        return f"{fault.file}: grey saved as RGB in '{written}'"
    if image.shape[-1] == 3 and usual == 1 and (image == image[..., :1]).all():
        written = rewrite(place, fault.file, image[..., 0])
        return f"{fault.file}: RGB with equal channels saved as grey in '{written}'"
    raise Refused("what its channels mean beside the others' is not known: export it as they are")


def mend_bits(place: Workplace, fault: Fault) -> str:
    """Save images of 8 bits among those of 16 with 16 bits, 0 as 0 and 255 as 65535 (times 257)."""
    images = list(_read_all(place))
    types = {image.dtype.name for _, image in images}
    if types == {"uint16"}:
        return ""
    if types != {"uint8", "uint16"}:
        raise Refused("how floats or signed values compare with the others' is not known: export all alike")
    narrow = [(name, image) for name, image in images if image.dtype == np.uint8]
    if others := {image.shape[-1] for _, image in narrow} - {1, 3}:
        raise Refused(f"no format keeps the meaning of their {min(others)} channels: export them again")
    for name, image in narrow:
        rewrite(place, name, image.astype(np.uint16) * np.uint16(257))
    return "\n".join(f"{name}: 8 bits widened to 16, values times 257" for name, _ in narrow)


def mend_numbers(place: Workplace, fault: Fault) -> str:
    """Replace pixels that are NaN or infinite by the nearest that are numbers."""
    name, _, frame = fault.file.partition("#")
    if frame:
        raise Refused("frames of one file cannot be saved apart: export the file again")
    image = read_pixels(place.raw / name, None, place.data.axes, "image", name)
    is_wrong = ~np.isfinite(image)
    if is_wrong.mean() > MOST_REPLACED:
        raise Refused(f"{is_wrong.mean():.0%} of it are no numbers: say what they mean, or remove the pair")
    filled = image.copy()
    for channel in range(image.shape[-1]):
        wrong = is_wrong[..., channel]
        nearest = distance_transform_edt(wrong, return_distances=False, return_indices=True)
        filled[..., channel] = image[..., channel][tuple(nearest)]
    rewrite(place, fault.file, filled)
    return f"{fault.file}: {int(is_wrong.any(axis=-1).sum())} pixels set to the nearest that are numbers"


def mend_colours(place: Workplace, fault: Fault) -> str:
    """Save an image in CMYK as RGB, upright."""
    with Image.open(place.raw / fault.file) as picture:
        if picture.mode != "CMYK":
            raise Refused(f"how to turn mode {picture.mode} into RGB is not known: export it again")
        pixels = np.asarray(ImageOps.exif_transpose(picture).convert("RGB"))
    written = rewrite(place, fault.file, pixels)
    return f"{fault.file}: CMYK saved as RGB in '{written}', by Pillow's plain conversion"


def _read_all(place: Workplace) -> Iterator[tuple[str, Array]]:
    for sample in place.samples:
        for name in sample.images:
            if "#" in name:
                raise Refused("frames of one file cannot be saved apart: export the file again")
            yield name, read_image(place.raw, name, place.data)
