"""Mistakes in names, and names that only look like mistakes."""

import os
import unicodedata

from tests.mistakes.entry import Mistake, both, rename, write
from tests.mistakes.sequences import draw_sequences
from tests.raws import draw_image, draw_mask

COMPOSED = unicodedata.normalize("NFC", "möwe")
DECOMPOSED = unicodedata.normalize("NFD", "möwe")


def rename_pair(name: str, other: str) -> object:
    return both(rename(f"images/{name}.png", f"images/{other}.png"), rename(f"masks/{name}.png", f"masks/{other}.png"))


def twin(other: str, seed: int) -> object:
    """A second pair whose name differs from 'Cell' in case alone."""
    return both(
        rename_pair("2", "Cell"),
        write(f"images/{other}.png", draw_image(seed)),
        write(f"masks/{other}.png", draw_mask()),
    )


NAMES = (
    Mistake(
        "spaces, dots, commas, quotes and accents in names",
        "",
        both(rename_pair("1", "my cell, no. 1"), rename_pair("2", 'it\'s "2"'), rename_pair("3", COMPOSED)),
        caught="nothing",
    ),
    Mistake(
        "a semicolon in a name",
        "semicolon",
        rename_pair("2", "2;b"),
        file="images/2;b.png",
        found="has a semicolon in its name",
        expected="parts names in the manifest",
        mend="rename it",
        mended=True,
    ),
    Mistake(
        "a hash sign in a name",
        "hash_sign",
        rename_pair("2", "2#b"),
        file="images/2#b.png",
        found="has a # in its name",
        expected="tells the frame of a film",
        mend="rename it",
        mended=True,
    ),
    Mistake(
        "a line break in a name",
        "line_break",
        rename_pair("2", "2\nb"),
        file="images/2\\nb.png",
        found="has a line break in its name",
        expected="parts rows in tables",
        mend="rename it",
        mended=True,
    ),
    Mistake(
        "a name of bytes that are no UTF-8",
        "name_bytes",
        rename_pair("2", os.fsdecode(b"M\xf6we")),
        file="images/M\\udcf6we.png",
        found="has bytes in its name that are no text in UTF-8",
        expected="cannot be written down",
        mend="rename it",
        mended=True,
    ),
    Mistake(
        "a semicolon in the name of a sequence's folder",
        "semicolon",
        lambda raw: (raw / "b").rename(raw / "b;1"),
        good=draw_sequences,
        split={"kind": "group_k_fold", "folds": 3},
        file="b;1",
        found="has a semicolon in its name",
        mend="rename it",
        mended=True,
    ),
    Mistake(
        "a backslash in a name",
        "backslash",
        rename_pair("2", "site\\2"),
        file="images/site\\2.png",
        found="has a backslash in its name",
        mend="rename it",
        mended=True,
    ),
    Mistake(
        "an accent that is one character in the image's name and two in the mask's",
        "name_differs",
        both(rename("images/2.png", f"images/{COMPOSED}.png"), rename("masks/2.png", f"masks/{DECOMPOSED}.png")),
        file=f"masks/{DECOMPOSED}.png",
        found="differ in Unicode form alone",
        expected=f"images/{COMPOSED}.png",
        mend="name both alike",
        mended=True,
    ),
    Mistake(
        "two images whose names look alike, one accent being two characters",
        "name_twins",
        both(
            rename_pair("2", COMPOSED),
            write(f"images/{DECOMPOSED}.png", draw_image(30)),
            write(f"masks/{DECOMPOSED}.png", draw_mask()),
        ),
        file=f"images/{COMPOSED}.png",
        found="differ in Unicode form alone",
        expected="other systems",
        mend="rename or remove",
    ),
    Mistake(
        "two images whose names differ in case alone, of other pixels",
        "name_twins",
        twin("cell", 30),
        file="images/cell.png",
        found="'Cell.png' differ in case alone",
        expected="other systems",
        mend="rename or remove",
    ),
    Mistake(
        "two images whose names differ in case alone, of the same pixels",
        "name_twins",
        twin("cell", 1),
        file="images/cell.png",
        found="'Cell.png' differ in case alone",
        expected="other systems",
        mend="rename or remove",
        mended=True,
    ),
)
