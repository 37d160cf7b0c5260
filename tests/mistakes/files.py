"""Mistakes in files and folders: broken, strange, misplaced, misspelt."""

import shutil
import struct
import zlib
from pathlib import Path

import numpy as np
import tifffile

from tests.mistakes.entry import Mistake, both, cut, link, remove, rename, text, write
from tests.raws import draw_image, draw_mask, write_raw


def draw_subsets(raw: Path) -> None:
    """Six pairs to train on and two to test on."""
    write_raw(raw / "train", "123456")
    write_raw(raw / "test", "78")


def write_bomb(raw: Path) -> None:
    """A PNG of some bytes whose header says 100,000 x 100,000 pixels."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    header = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 0, 0, 0, 0)
    parts = [chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(bytes(1000))), chunk(b"IEND", b"")]
    (raw / "images" / "2.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(parts))


AGAIN = "export it again"

FILES = (
    Mistake(
        "a PNG is cut short",
        "undecodable",
        cut("images/2.png"),
        file="images/2.png",
        found="cannot be decoded",
        mend=AGAIN,
        mended=True,
    ),
    Mistake(
        "a JPEG is cut short",
        "undecodable",
        both(
            rename("images/2.png", "images/3.tmp"),
            write("images/2.jpg", draw_image(1)),
            cut("images/2.jpg"),
            lambda raw: (raw / "images/3.tmp").unlink(),
        ),
        file="images/2.jpg",
        found="cannot be decoded",
        mend=AGAIN,
        mended=True,
    ),
    Mistake(
        "a TIFF is cut short",
        "undecodable",
        both(
            lambda raw: (raw / "images/2.png").unlink(), write("images/2.tif", draw_image(1)), cut("images/2.tif", 0.9)
        ),
        file="images/2.tif",
        found="cut short",
        mend=AGAIN,
        mended=True,
    ),
    Mistake(
        "a file of no bytes",
        "file_empty",
        lambda raw: (raw / "images/2.png").write_bytes(b""),
        file="images/2.png",
        found="is empty (0 bytes)",
        mend=AGAIN,
        mended=True,
    ),
    Mistake(
        "a text with the name .png",
        "undecodable",
        text("images/2.png", "x,y\n1,2\n"),
        file="images/2.png",
        found="cannot be decoded",
        mend=AGAIN,
        mended=True,
    ),
    Mistake(
        "a header of 100,000 x 100,000 pixels",
        "too_large",
        write_bomb,
        file="images/2.png",
        found="100000x100000",
        mend="cut it into tiles",
        mended=True,
    ),
    Mistake(
        "a text file among the images",
        "stray_file",
        text("images/notes.txt", "taken in May"),
        file="images/notes.txt",
        found="is none of",
        expected=".png",
        mend="or remove it",
        mended=True,
    ),
    Mistake(
        "an image of a format that is not read",
        "stray_file",
        text("images/7.heic", "ftypheic"),
        file="images/7.heic",
        found="is none of",
        expected=".png",
        mend="export it as PNG",
    ),
    Mistake(
        "a file that must not be read",
        "unreadable",
        lambda raw: (raw / "images/2.png").chmod(0),
        file="images/2.png",
        found="permission",
        mend="chmod u+r",
        without_rights=True,
    ),
    Mistake(
        "a folder that must not be read",
        "unreadable",
        lambda raw: (raw / "masks").chmod(0),
        file="masks",
        found="permission",
        mend="chmod u+rx",
        without_rights=True,
    ),
    Mistake(
        "a link to a file that is gone",
        "link_dangling",
        link("images/7.png", "/nowhere/7.png"),
        file="images/7.png",
        found="'/nowhere/7.png'",
        expected="which is not there",
        mend="link it again, or remove the link",
        mended=True,
    ),
    Mistake(
        "a link to itself",
        "link_loop",
        link("images/7.png", "7.png"),
        file="images/7.png",
        found="leads back to itself",
        mend="remove the link",
        mended=True,
    ),
    Mistake(
        "a link to the folder that it lies in",
        "link_loop",
        link("images/all", "../images"),
        file="images/all",
        found="leads back to itself",
        mend="remove the link",
        mended=True,
    ),
    Mistake(
        "images two folders deep",
        "too_deep",
        both(lambda raw: (raw / "images/a/b").mkdir(parents=True), rename("images/2.png", "images/a/b/2.png")),
        file="images/a/b",
        found="lies too deep",
        expected="one subfolder a sequence",
        mend="keep one subfolder a sequence",
    ),
    Mistake(
        "images and masks in the same way two folders deep",
        "too_deep",
        lambda raw: [
            ((raw / folder).rename(raw / "aside") and (raw / folder / "site").mkdir(parents=True))
            or (raw / "aside").rename(raw / folder / "site" / "day")
            for folder in ("images", "masks")
        ],
        file="images/site/day",
        found="lies too deep",
        expected="one subfolder a sequence",
        mend="keep one subfolder a sequence",
        split={"kind": "blocked", "folds": 3},
        mended=True,
    ),
    Mistake(
        "the folder of the images is misspelt",
        "folder_missing",
        rename("images", "imges"),
        file="images",
        found="is missing",
        expected="images",
        mend="did you mean 'imges'?",
        mended=True,
    ),
    Mistake(
        "the folder of the masks has another name",
        "folder_missing",
        rename("masks", "mask"),
        file="masks",
        found="is missing",
        expected="did you mean 'mask'?",
        mend="Rename it, or name it in data.masks",
        mended=True,
    ),
    Mistake(
        "the folder of the masks is called labels",
        "folder_missing",
        rename("masks", "labels"),
        file="masks",
        found="is missing",
        expected="has images, labels",
        mend="data.masks",
    ),
    Mistake(
        "the folder of a subset is misspelt",
        "unknown_subset",
        rename("train", "trian"),
        file="trian",
        found="is none of",
        expected="train, validation, test",
        mend="rename it",
        good=draw_subsets,
        split={"kind": "predefined", "folds": 1},
        mended=True,
    ),
    Mistake(
        "the only folder of a subset is misspelt",
        "unknown_subset",
        both(lambda raw: shutil.rmtree(raw / "test"), rename("train", "trainning")),
        file="trainning",
        found="is no subset",
        expected="did you mean 'training'?",
        mend="rename it",
        good=draw_subsets,
        mended=True,
    ),
    Mistake(
        "two folders of one subset",
        "subset_twice",
        lambda raw: shutil.copytree(raw / "test", raw / "testing"),
        file="testing",
        found="is the subset test",
        expected="as 'test' is",
        mend="put both into one folder",
        good=draw_subsets,
        split={"kind": "predefined", "folds": 1},
    ),
    Mistake(
        "one subset in two spellings",
        "subset_twice",
        lambda raw: shutil.copytree(raw / "train", raw / "Train"),
        file="train",
        found="is the subset train",
        expected="as 'Train' is",
        mend="put both into one folder",
        good=draw_subsets,
        split={"kind": "predefined", "folds": 1},
    ),
    Mistake(
        "a list of groups among the images",
        "groups_misplaced",
        text("images/groups.csv", "file,group\n1.png,a\n2.png,a\n"),
        file="images/groups.csv",
        found="is not read here",
        mend="move it to",
    ),
    Mistake(
        "a folder named as a picture in the place of one",
        "image_missing",
        both(remove("images/2.png"), write("images/2.png/1.png", draw_image(1))),
        file="masks/2.png",
        found="has no image",
        mend="add it, or remove the mask",
    ),
    Mistake(
        "folders of subsets in capitals",
        "",
        both(rename("train", "Train"), rename("test", "TEST")),
        good=draw_subsets,
        split={"kind": "predefined", "folds": 1},
        caught="nothing",
    ),
    Mistake(
        "a folder of something else beside the subsets",
        "unknown_subset",
        text("notes/read.me", "taken in May"),
        file="notes",
        found="is none of",
        expected="train, validation, test",
        mend="move it elsewhere",
        good=draw_subsets,
        split={"kind": "predefined", "folds": 1},
        mended=True,
    ),
    Mistake(
        "a folder without images",
        "folder_empty",
        lambda raw: [path.unlink() for path in (raw / "images").iterdir()],
        file="images",
        found="holds no images",
        expected=".png",
        mend="put files of",
    ),
    Mistake(
        "nothing but an archive",
        "folder_missing",
        lambda raw: (
            [(raw / name).rename(raw.parent / name) for name in ("images", "masks")]
            and (raw / "data.zip").write_bytes(b"PK")
        ),
        file="images",
        found="is missing",
        expected="data.zip",
        mend="unpack",
    ),
    Mistake(
        "the data set is misspelt",
        "folder_missing",
        lambda raw: raw.rename(raw.with_name("harmd")),
        file="harmed",
        found="is missing",
        mend="did you mean 'harmd'?",
    ),
    Mistake(
        "a mask that is a JPEG in fact and named .png",
        "lossy_mask",
        both(write("masks/2.jpg", draw_mask()), rename("masks/2.jpg", "masks/2.png")),
        file="masks/2.png",
        found="is a JPEG",
        expected="changes values",
        mend="export it from its source as PNG",
        data={"mask_values": [0, 255]},
        mended=True,
    ),
    Mistake(
        "an image that is a JPEG in fact and named .tif",
        "",
        both(write("images/2.jpg", draw_image(1)), remove("images/2.png"), rename("images/2.jpg", "images/2.tif")),
        caught="nothing",
    ),
    Mistake(
        "a stack of two pages named .png",
        "wrong_suffix",
        both(
            remove("images/2.png"),
            lambda raw: tifffile.imwrite(raw / "images/2.png", np.stack([draw_image(1)] * 2), metadata=None),
        ),
        file="images/2.png",
        found="is a TIFF of 2 pages",
        mend="rename it to 2.tif",
        data={"axes": "TYX"},
        split={"kind": "group_k_fold", "folds": 3},
    ),
    Mistake(
        "files that systems leave behind",
        "",
        both(*(text(f"images/{name}", "") for name in (".DS_Store", "._1.png", "Thumbs.db", "desktop.ini"))),
        caught="nothing",
    ),
)
