"""The page before training tells what the data are, whatever they are, and shows what leaks."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pipeline.provenance import read_record, write_record
from pipeline.report.audit import PAIRS, choose_pairs, gather_pairs
from pipeline.steps.preview import preview
from tests.experiments import draw_data, draw_params, find
from tests.steps.test_report import Text, read, words

SMALL = {"sequences": 8, "frames": 3, "size": 24}
LOOK = {"task": None, "models": [], "data": {"masks": None}}
LEAK = find("identical", "s00/000", "s05/001", subset_b="validation", detail="the same pixels in another file")


def write(folder: Path, settings: dict[str, Any] | None = None, **drawn: Any) -> tuple[str, Text]:
    """The page of drawn data, and its text."""
    params = draw_params(**(settings or {}))
    preview(**draw_data(folder, params, **(SMALL | drawn)), params=params)
    return read(folder / "data.html")


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Text]:
    return write(tmp_path_factory.mktemp("preview"), findings=[LEAK])


def test_warnings_stand_before_the_data(drawn):
    seen = words(drawn[1])
    assert (
        seen.index("The audit found 1 leak between subsets") < seen.index("are nearly the same") < seen.index("Groups")
    )


def test_page_loads_nothing_from_elsewhere_and_its_links_arrive(drawn):
    html, text = drawn
    assert {address[:5] for address in text.addresses if not address.startswith("#")} == {"data:"}
    assert "<script src" not in html and "import(" not in html
    assert len(text.ids) == len(set(text.ids))
    assert {address[1:] for address in text.addresses if address.startswith("#")} <= set(text.ids)


def test_a_leak_is_shown_with_both_names_subsets_and_what_it_is(drawn):
    html, text = drawn
    seen = words(text)
    assert "leak identical pixels s00/000 s05/001 train and validation, fold 0: the same pixels in another file" in seen
    assert html.count('alt="sample s05/001"') >= 1
    assert "nothing trains until they are mended" in seen
    assert "Not compared: crops of more than 20 %" in seen


def test_waived_leaks_stand_with_their_words_at_the_top(tmp_path):
    settings = {"audit": {"waive": "the frames are of one film, <b>as agreed</b>"}}
    html, text = write(tmp_path, settings, findings=[LEAK])
    seen = words(text)
    assert seen.index("the frames are of one film, <b>as agreed</b>") < seen.index("Look at this first")
    assert "<b>as agreed" not in html


def test_no_leak_is_said_too(tmp_path):
    seen = words(write(tmp_path, findings=[find("neighbour", "s00/000", "s00/001", "warning", score=0.93)])[1])
    assert "no leak found between subsets." in seen
    assert "warning neighbours in time 0.93" in seen


def test_augmentations_stand_beside_the_sample(drawn):
    html, text = drawn
    assert html.count(" of s00/000") >= 12
    assert "What networks are shown in place of s00/000" in words(text)


@pytest.mark.parametrize(
    ("settings", "drawn_as"),
    [
        (LOOK, {"targets": ("label",), "channels": 3}),
        (LOOK, {"targets": ("label", "depth"), "channels": 1, "dtype": "uint16", "frames": 1, "sequences": 12}),
        (
            LOOK | {"split": {"kind": "k_fold", "folds": 2}},
            {"targets": ("depth",), "channels": 3, "dtype": "float32", "frames": 1, "sequences": 9},
        ),
        ({"data": {}}, {"targets": ("mask", "depth", "label"), "channels": 3, "dtype": "int16"}),
        ({"data": {}}, {"channels": 5, "classes": 4, "unlabelled": 3}),
        ({}, {"channels": 6}),
        ({"train": {"patch": [32, 32]}}, {"frames": 1, "sequences": 12}),
    ],
    ids=["labels", "labels and depth", "depth", "all targets", "channels", "two colour images", "patch"],
)
def test_every_kind_of_data_has_a_page(tmp_path, settings, drawn_as):
    html, text = write(tmp_path, settings, **drawn_as)
    assert html.rstrip().endswith("</html>")
    assert "nan" not in words(text).lower().split()
    targets = drawn_as.get("targets", ("mask",))
    assert ("Labels in each subset" in words(text)) == ("label" in targets)
    assert ("then depth" in words(text)) == ("depth" in targets)
    assert ("Classes of the masks" in words(text)) == ("mask" in targets)


@pytest.mark.parametrize(("sequences", "is_told"), [(4, True), (8, False)])
def test_too_few_units_for_a_claim_are_told_before_anything_trains(tmp_path, sequences, is_told):
    _, text = write(tmp_path, {"split": {"kind": "time_series", "folds": 2, "gap": 4}}, sequences=sequences, frames=24)
    assert (f"The test samples are {sequences} independent units" in words(text)) == is_told


def test_outliers_are_pictured_with_their_reason(tmp_path):
    params = draw_params()
    files = draw_data(tmp_path, params, **SMALL)
    outlier = {"sample_id": "s01/002", "reason": "brightness 3, usually 90"}
    write_record(files["explored"], read_record(files["explored"]) | {"outliers": [outlier]})
    preview(**files, params=params)
    seen = words(read(files["page"])[1])
    assert "Far from the others is 1 sample (s01/002: brightness 3, usually 90)" in seen
    assert seen.count("s01/002 brightness 3, usually 90") == 1


def test_pairs_are_told_once_with_their_folds_and_no_kind_hides_another():
    many = [find("identical", f"a{n}", f"b{n}") for n in range(40)]
    twice = [find("neighbour", "x", "y", "warning", fold=fold) for fold in "01"]
    pairs = gather_pairs([*twice, *many, find("shared_part", "p", "q")])
    assert len(pairs) == 42
    shown = choose_pairs(pairs)
    assert len(shown) == PAIRS
    assert {pair["kind"] for pair in shown} == {"identical", "shared_part"}
    assert dict(pairs[-1]["where"]) == {("train", "test"): ["0", "1"]}


def test_preview_imports_neither_networks_nor_tracking():
    code = "import sys, pipeline.steps.preview; print({'keras', 'tensorflow', 'mlflow', 'optuna'} & set(sys.modules))"
    found = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert found.stdout.strip() == "set()"
