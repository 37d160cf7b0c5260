"""Mistakes in the values of masks, and in what params.yaml says of them."""

import numpy as np

from tests.mistakes.entry import Mistake, both, ramp, smoothed_mask, write, write_all
from tests.raws import draw_mask

ZERO_ONE = {"mask_values": [0, 1]}
BLACK_WHITE = {"mask_values": [0, 255]}


def instances(number: int) -> np.ndarray:
    """A mask of ten objects of a value each."""
    mask = np.zeros((8, 10), np.uint16)
    mask[2:6] = 10 * number + np.arange(1, 11)
    return mask


def coloured(*colours: tuple[int, int, int]) -> np.ndarray:
    """A mask whose foreground is drawn in colours, in stripes."""
    mask = np.zeros((8, 10, 3), np.uint8)
    for column, colour in enumerate(colours):
        mask[:4, 2 * column : 2 * column + 2] = colour
    return mask


def blurred(number: int) -> np.ndarray:
    """A mask whose edges have three values between the classes'."""
    mask = draw_mask()
    mask[:4, 5:8] = (191, 128, 64)
    return mask


MASKS = (
    Mistake(
        "0 and 255 where 0 and 1 was said",
        "value_unknown",
        lambda raw: None,
        file="masks/1.png",
        found="20 pixels of value 255",
        expected="data.mask_values [0, 1]",
        mend="set data.mask_values to [0, 255]",
        data=ZERO_ONE,
        mended=True,
    ),
    Mistake(
        "0 and 1 where 0 and 255 was said",
        "value_unknown",
        write_all("masks/{}.png", lambda number: draw_mask(1)),
        file="masks/1.png",
        found="20 pixels of value 1",
        expected="data.mask_values [0, 255]",
        mend="set data.mask_values to [0, 1]",
        data=BLACK_WHITE,
        mended=True,
    ),
    Mistake(
        "one mask has a value that is no class",
        "value_unknown",
        write("masks/2.png", draw_mask(7)),
        file="masks/2.png",
        found="20 pixels of value 7",
        expected="data.mask_values [0, 255]",
        mend="mend the mask or name the value",
        data=BLACK_WHITE,
    ),
    Mistake(
        "an interpolated mask with 37 values, classes told",
        "mask_smoothed",
        write("masks/2.png", smoothed_mask()),
        file="masks/2.png",
        found="has 37 values",
        expected="data.mask_values [0, 255]",
        mend="export it without smoothing",
        data=BLACK_WHITE,
        mended=True,
    ),
    Mistake(
        "an interpolated mask with 37 values, classes not told",
        "many_values",
        write("masks/2.png", smoothed_mask()),
        file="masks/2.png",
        found="37",
        mend="without smoothing",
    ),
    Mistake(
        "masks whose edges were smoothed a little",
        "",
        write_all("masks/{}.png", blurred),
        file="masks/1.png",
        found="64, 128, 191",
        expected="data.mask_values",
        mend="without smoothing",
        caught="warning",
    ),
    Mistake(
        "a mask saved as JPEG, classes told",
        "lossy_mask",
        both(lambda raw: (raw / "masks/2.png").unlink(), write("masks/2.jpg", draw_mask())),
        file="masks/2.jpg",
        found="is a JPEG",
        expected="changes values",
        mend="export it from its source as PNG",
        data=BLACK_WHITE,
        mended=True,
    ),
    Mistake(
        "a mask saved as JPEG, classes not told",
        "lossy_mask",
        both(lambda raw: (raw / "masks/2.png").unlink(), write("masks/2.jpg", draw_mask())),
        file="masks/2.jpg",
        found="is a JPEG",
        expected="changes values",
        mend="export it from its source as PNG",
    ),
    Mistake(
        "masks of one value an object",
        "many_values",
        write_all("masks/{}.png", instances),
        file="masks/",
        found="61 different values",
        mend="data.instances to values",
    ),
    Mistake(
        "masks in colours that nobody names",
        "mask_in_colour",
        write_all("masks/{}.png", lambda number: coloured((255, 0, 0), (0, 255, 0))),
        file="masks/1.png",
        found="is in colour",
        expected="one grey value a class",
        mend="data.mask_colours",
    ),
    Mistake(
        "a colour of a mask is none of the classes'",
        "mask_colours",
        write_all("masks/{}.png", lambda number: coloured((255, 0, 0), (0, 0, 255) if number == 1 else (255, 0, 0))),
        file="masks/2.png",
        found="#0000ff",
        expected="data.mask_colours",
        mend="name the colour",
        data={"mask_colours": ["#000000", "#ff0000"]},
    ),
    Mistake(
        "masks of probabilities",
        "dtype",
        both(
            lambda raw: [path.unlink() for path in (raw / "masks").iterdir()],
            write_all("masks/{}.tif", lambda number: (draw_mask() / 300).astype("float32")),
        ),
        file="masks/1.tif",
        found="float32",
        mend="export",
    ),
    Mistake(
        "masks with -1 for what does not count",
        "mask_value_range",
        both(
            lambda raw: [path.unlink() for path in (raw / "masks").iterdir()],
            write_all("masks/{}.tif", lambda number: draw_mask(1).astype("int16") - (ramp(number) > 250)),
        ),
        file="masks/3.tif",
        found="has values from -1 to 1",
        expected="classes go from 0 to 65535",
        mend="save it without sign",
    ),
    Mistake(
        "no masks, depth or labels at all",
        "no_targets",
        lambda raw: None,
        found="no sample",
        expected="has a mask, depth or label",
        mend="add masks, or name the targets in section data",
        data={"masks": None},
        models=(),
    ),
    Mistake(
        "models without masks",
        "",
        lambda raw: None,
        file="params.yaml",
        found="needs masks",
        mend="name their folder in data.masks",
        data={"masks": None},
        caught="params",
    ),
    Mistake(
        "all masks are empty",
        "no_foreground",
        write_all("masks/{}.png", lambda number: draw_mask(0)),
        found="nothing but background (0)",
        mend="add masks with foreground, or change data.mask_values",
    ),
    Mistake(
        "one mask has no pixel that counts",
        "all_ignored",
        write("masks/2.png", draw_mask(7, 7)),
        file="masks/2.png",
        found="no pixel that counts",
        mend="remove the pair, or ignore less",
        data={"ignore_value": 7},
        mended=True,
    ),
    Mistake(
        "three names for two classes",
        "names_differ",
        lambda raw: None,
        found="data.class_names has 3 names",
        expected="the masks have 2 values",
        mend="give one name a value",
        data={"class_names": ["background", "cell", "edge"]},
    ),
    Mistake(
        "a class that no mask has",
        "",
        lambda raw: None,
        found="no mask has class value 128",
        mend="add masks that have it",
        caught="warning",
        data={"mask_values": [0, 128, 255]},
    ),
    Mistake(
        "a class that one mask has",
        "",
        write("masks/2.png", np.where(draw_mask() == 255, 255, 128 * (ramp(2) > 128)).astype(np.uint8)),
        file="masks/2.png",
        found="only 1 mask has class value 128",
        mend="add masks",
        caught="warning",
        data={"mask_values": [0, 128, 255]},
    ),
    Mistake(
        "foreground and background are swapped",
        "",
        write_all("masks/{}.png", lambda number: draw_mask(0, 255)),
        found="75 %",
        expected="data.mask_values",
        mend="[255, 0]",
        caught="warning",
    ),
    Mistake(
        "an ignored value that is a class",
        "",
        lambda raw: None,
        file="params.yaml",
        found="ignore_value 255",
        expected="one of mask_values [0, 255]",
        mend="set ignore_value to null",
        data={"ignore_value": 255, **BLACK_WHITE},
        caught="params",
    ),
    Mistake(
        "an ignored region beyond the image",
        "region_outside",
        lambda raw: None,
        file="images/1.png",
        found="is 10x8",
        expected="an ignored region from 0, 4 to 2, 9",
        mend="change data.ignore_regions",
        data={"ignore_regions": [{"top": 4, "left": 0, "height": 5, "width": 2}]},
    ),
)
