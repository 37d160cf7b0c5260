"""Mistakes in samples.csv."""

from pathlib import Path

import numpy as np
import tifffile

from tests.mistakes.entry import Draw, Mistake, both, text
from tests.raws import draw_image, write_raw

ROWS = "".join(f"images/{key}.png,masks/{key}.png,s{key}\n" for key in "123456")


def table(words: str, encoding: str = "utf-8") -> Draw:
    return text("samples.csv", words, encoding)


def draw_table(raw: Path) -> None:
    """Six pairs and a table of them."""
    write_raw(raw, "123456")
    table(f"images,mask,group\n{ROWS}")(raw)


def entry(name: str, kind: str, words: str, encoding: str = "utf-8", **told: object) -> Mistake:
    told = {"file": "samples.csv", "good": draw_table} | told
    return Mistake(name, kind, table(words, encoding), **told)


def draw_film(raw: Path) -> None:
    """Three frames in one file."""
    frames = np.stack([draw_image(number) for number in range(3)])
    tifffile.imwrite(raw / "film.tif", frames, metadata={"axes": "TYX"}, photometric="minisblack")


def draw_folder(raw: Path) -> None:
    """A folder that is named as a picture is."""
    (raw / "7.png").mkdir()


TABLES = (
    Mistake(
        "the table is misspelt",
        "table_misspelt",
        lambda raw: [
            (raw / "images").rename(raw / "photos"),
            (raw / "samples.csv").unlink(),
            (raw / "Sample.csv").write_text(f"images,mask,group\n{ROWS}".replace("images/", "photos/")),
        ],
        good=draw_table,
        file="Sample.csv",
        found="is not read",
        expected="is named samples.csv",
        mend="rename it",
        data={"masks": "outlines"},
        mended=True,
    ),
    entry(
        "a column is misspelt",
        "column_unknown",
        f"images,masc,group\n{ROWS}",
        found="unknown column masc",
        mend="did you mean mask?",
        mended=True,
    ),
    entry(
        "no column of images",
        "column_missing",
        "mask\nmasks/1.png\n",
        found="has no column images",
        mend="name each sample's image file in it",
    ),
    entry("no rows", "table_empty", "images,mask,group\n", found="has no rows", mend="name one sample a row"),
    entry(
        "a table of no bytes", "table_unreadable", "", found="cannot be read", expected="CSV in UTF-8", mend="save it"
    ),
    entry(
        "columns parted by semicolons",
        "table_delimiter",
        f"images,mask,group\n{ROWS}".replace(",", ";"),
        found="parted by ';'",
        expected="by ','",
        mend="save it as CSV",
        mended=True,
    ),
    entry(
        "columns parted by tabs",
        "table_delimiter",
        f"images,mask,group\n{ROWS}".replace(",", "\t"),
        found="parted by tabs",
        expected="by ','",
        mend="save it as CSV",
        mended=True,
    ),
    entry(
        "a comma at the end of each row",
        "row_length",
        f"images,mask,group\n{ROWS}".replace("\n", ",\n").replace("group,", "group"),
        found="line 2 and 5 more have 4 cells",
        expected="the header has 3 columns",
        mend="remove the comma at its end",
        mended=True,
    ),
    entry(
        "a text with a comma without quotes",
        "row_length",
        f"images,mask,group\n{ROWS}".replace("s3", "s,3"),
        found="line 4 has 4 cells",
        expected="the header has 3 columns",
        mend="quotes around a text with commas",
    ),
    entry(
        "semicolons between the columns and at the end of each row",
        "table_delimiter",
        f"images,mask,group\n{ROWS}".replace("\n", ",\n").replace("group,", "group").replace(",", ";"),
        found="parted by ';'",
        expected="by ','",
        mend="save it as CSV",
        mended=True,
    ),
    entry(
        "paths with backslashes",
        "path_backslash",
        f"images,mask,group\n{ROWS}".replace("/", "\\"),
        found="'images\\1.png'",
        expected="'images/1.png'",
        mend="write",
        mended=True,
    ),
    entry(
        "letters as Windows writes them",
        "table_encoding",
        f"images,mask,group\n{ROWS}".replace("s1", "Möwe"),
        "latin-1",
        found="is not UTF-8",
        mend="save it as CSV in UTF-8",
        mended=True,
    ),
    entry(
        "a table of Excel with the name .csv",
        "table_unreadable",
        "PK\x03\x04\x00\x01",
        found="Excel",
        mend="save it as CSV",
    ),
    entry(
        "one row twice",
        "row_twice",
        f"images,mask,group\n{ROWS}images/1.png,masks/1.png,s1\n",
        found="sample images/1 is named twice",
        mend="remove one of the rows",
        mended=True,
    ),
    entry(
        "one image in two rows with two masks",
        "row_twice",
        f"images,mask,group\n{ROWS}images/1.png,masks/2.png,s1\n",
        found="sample images/1 is named twice",
        mend="remove one of the rows",
    ),
    entry(
        "a path outside of the data set",
        "path_outside",
        f"images,mask,group\n{ROWS}../x/1.png,masks/1.png,s9\n",
        found="line 8: '../x/1.png'",
        expected="relative to the table",
        mend="give its path",
    ),
    entry(
        "a path from the root of the disk",
        "path_outside",
        f"images,mask,group\n{ROWS}/home/me/1.png,masks/1.png,s9\n",
        found="line 8: '/home/me/1.png'",
        expected="relative to the table",
        mend="give its path",
    ),
    entry(
        "a file that is not there",
        "file_missing",
        f"images,mask,group\n{ROWS}images/7.png,masks/1.png,s9\n",
        file="images/7.png",
        found="is missing",
        mend="add it, or remove what refers to it",
        mended=True,
    ),
    *(
        Mistake(
            f"a row that names {name}",
            kind,
            both(table(f"images,mask,group\n{ROWS}{file},masks/1.png,s9\n"), draw_film, draw_folder),
            good=draw_table,
            file=file.partition("#")[0],
            found=found,
            mend=mend,
        )
        for name, kind, file, found, mend in (
            ("a film", "many_frames", "film.tif", "has 3 frames where one image is expected", "save one image a file"),
            (
                "a frame too many",
                "frame_missing",
                "film.tif#3",
                "has 3 frames, and frame 3 is asked",
                "export it again",
            ),
            ("a folder", "folder_for_file", "7.png", "is a folder", "put the file itself in its place"),
        )
    ),
    entry(
        "a time that is no number",
        "time_unreadable",
        "images,mask,sequence,time\n"
        + "".join(f"images/{k}.png,masks/{k}.png,a,{'noon' if k == '3' else k}\n" for k in "123456"),
        found="line 4: time noon",
        expected="not a number",
        mend="give the frame's number or seconds",
        split={"kind": "blocked", "folds": 3},
    ),
    entry(
        "times of some frames alone",
        "time_missing",
        "images,mask,sequence,time\n"
        + "".join(f"images/{k}.png,masks/{k}.png,a,{'' if k == '3' else k}\n" for k in "123456"),
        found="line 4: sequence a has times for 5 of its 6 rows",
        expected="this one has none",
        mend="give each its own, or leave all empty",
        split={"kind": "blocked", "folds": 3},
    ),
    entry(
        "two frames of one time",
        "time_twice",
        "images,mask,sequence,time\n"
        + "".join(f"images/{k}.png,masks/{k}.png,a,{1 if k == '2' else k}\n" for k in "123456"),
        found="2 samples of sequence a have the time 1",
        mend="give each its own",
        split={"kind": "blocked", "folds": 3},
    ),
    entry(
        "times of images that are in no sequence",
        "time_alone",
        "images,mask,time\n" + "".join(f"images/{k}.png,masks/{k}.png,{k}\n" for k in "123456"),
        found="line 2: time 1",
        expected="without a sequence",
        mend="name the sequence, or leave time empty",
    ),
    entry(
        "a mask of a sample that is to have none",
        "target_unused",
        "images,mask,subset\n"
        + "".join(f"images/{k}.png,masks/{k}.png,{'unlabelled' if k == '3' else ''}\n" for k in "123456"),
        found="line 4: an unlabelled sample",
        expected="'masks/3.png'",
        mend="leave mask or subset empty",
    ),
    entry(
        "a subset that is none",
        "unknown_subset",
        "images,mask,subset\n"
        + "".join(f"images/{k}.png,masks/{k}.png,{'testt' if k == '3' else 'train'}\n" for k in "123456"),
        found="line 4: subset testt is unknown",
        expected="train, validation, test",
        mend="choose one of",
        split={"kind": "predefined", "folds": 1},
    ),
    entry(
        "a label is missing for some",
        "target_missing",
        "images,mask,label\n"
        + "".join(f"images/{k}.png,masks/{k}.png,{'' if k == '3' else 'cell'}\n" for k in "123456"),
        found="line 4",
        expected="needs a label",
        mend="name it, or set subset to unlabelled",
    ),
    entry(
        "a sample to train on without a mask",
        "target_missing",
        "images,mask,subset\n"
        + "".join(f"images/{k}.png,{'' if k == '3' else f'masks/{k}.png'},train\n" for k in "123456"),
        found="line 4",
        expected="needs a mask",
        mend="name it, or set subset to unlabelled",
        split={"kind": "predefined", "folds": 1},
    ),
)
