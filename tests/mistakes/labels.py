"""Mistakes in the classes of whole images."""

from pathlib import Path

from tests.mistakes.entry import Mistake, rename, write
from tests.raws import draw_image, write_raw

LOOK = {"models": ()}
PATTERN = {"masks": None, "labels": r"^(?P<label>[a-z]+)_"}
FOLDERS = {"channels": ["."], "masks": None, "labels": "folders"}


def draw_named(raw: Path) -> None:
    """Images of two classes, told by their names."""
    write_raw(raw, [f"{label}_{number}" for label in ("cat", "dog") for number in range(5)], masks="")


def draw_folders(raw: Path) -> None:
    """Images of two classes, told by their folders."""
    for place, label in enumerate(("cat", "dog")):
        for number in range(5):
            write(f"{label}/{number}.png", draw_image(10 * place + number))(raw)


def draw_subsets(raw: Path) -> None:
    """Images of two classes to train on and to test on."""
    for subset, start in (("train", 0), ("test", 50)):
        for place, label in enumerate(("cat", "dog")):
            for number in range(5):
                write(f"{subset}/{label}/{number}.png", draw_image(start + 10 * place + number))(raw)


def in_one_class(raw: Path) -> None:
    for path in (raw / "images").glob("dog_*"):
        path.unlink()


LABELS = (
    Mistake(
        "a pattern that matches no name",
        "label_missing",
        lambda raw: None,
        good=draw_named,
        data=PATTERN | {"labels": "^class-(?P<label>[0-9]+)$"},
        file="images/cat_0.png",
        found="^class-",
        expected="'cat_0'",
        mend="change data.labels",
        **LOOK,
    ),
    Mistake(
        "a pattern that matches not all names",
        "label_missing",
        rename("images/dog_3.png", "images/IMG3.png"),
        good=draw_named,
        data=PATTERN,
        file="images/IMG3.png",
        found="no class in its name",
        expected="does not match 'IMG3'",
        mend="rename the file, or change data.labels",
        **LOOK,
    ),
    Mistake(
        "a pattern without a class",
        "",
        lambda raw: None,
        good=draw_named,
        data=PATTERN | {"labels": "^([a-z]+)_"},
        file="params.yaml",
        found="'^([a-z]+)_'",
        expected="(?P<label>...)",
        mend="put it around that part of the name",
        caught="params",
        **LOOK,
    ),
    Mistake(
        "only one class",
        "one_class",
        in_one_class,
        good=draw_named,
        data=PATTERN,
        found="all 5 labelled samples are 'cat'",
        expected="at least two classes",
        mend="add",
        **LOOK,
    ),
    Mistake(
        "two spellings of one class",
        "label_twins",
        lambda raw: [(raw / "Dog").mkdir(), (raw / "dog/3.png").rename(raw / "Dog/3.png")],
        good=draw_folders,
        data=FOLDERS,
        file="Dog",
        found="'Dog'",
        expected="'dog'",
        mend="one spelling",
        **LOOK,
    ),
    Mistake(
        "an image in no folder of a class",
        "label_missing",
        rename("dog/3.png", "3.png"),
        good=draw_folders,
        data=FOLDERS,
        file="3.png",
        found="lies in no folder of a class",
        mend="move it into one, or remove it",
        **LOOK,
    ),
    Mistake(
        "a folder of a class without images",
        "subfolder_empty",
        lambda raw: (raw / "cow").mkdir(),
        good=draw_folders,
        data=FOLDERS,
        file="cow",
        found="holds no images",
        mend="or remove the folder",
        mended=True,
        **LOOK,
    ),
    Mistake(
        "a class of one image with five folds",
        "",
        write("cow/0.png", draw_image(99)),
        good=draw_folders,
        data=FOLDERS,
        split={"kind": "k_fold", "folds": 5},
        file="'cow'",
        found="has 1 independent sample",
        expected="k_fold of 5 folds needs 2",
        mend="add samples of it",
        caught="split",
        **LOOK,
    ),
    Mistake(
        "a class in the test subset that training lacks",
        "",
        write("test/cow/0.png", draw_image(98)),
        good=draw_subsets,
        data=FOLDERS,
        split={"kind": "predefined", "folds": 1},
        file="'cow'",
        found="no sample to train on",
        mend="add some to train",
        caught="warning",
        **LOOK,
    ),
)
