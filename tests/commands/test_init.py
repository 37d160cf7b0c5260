"""Writing params.yaml from a preset."""

import io
from pathlib import Path

import pytest

from pipeline.commands.init import PRESETS, fill_preset, init
from pipeline.params import ParamsError, read_params


class Terminal(io.StringIO):
    """Typed answers."""

    def isatty(self) -> bool:
        return True


NAMES = sorted(path.stem for path in PRESETS.glob("*.yaml"))


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty project as the working folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("preset", NAMES)
def test_init_fills_in_the_names(preset: str, project: Path) -> None:
    init(preset=preset, dataset="isbi2012", experiment="first")
    params = read_params(project / "params.yaml")
    assert (params.experiment, params.dataset) == ("first", "isbi2012")


def test_init_keeps_comments_and_points_to_the_schema(project: Path) -> None:
    init(preset="membranes", dataset="isbi2012")
    lines = (project / "params.yaml").read_text().splitlines()
    preset = (PRESETS / "membranes.yaml").read_text().splitlines()
    assert lines[0] == "# yaml-language-server: $schema=pipeline/params/schema.json"
    assert [line for line, given in zip(lines, preset, strict=True) if line != given] == [
        lines[0],
        "experiment: membranes-isbi2012",
        "dataset: isbi2012",
    ]


def test_init_replaces_what_it_wrote_itself(project: Path) -> None:
    init(preset="membranes", dataset="isbi2012")
    init(preset="prominences", dataset="films")
    assert read_params(project / "params.yaml").experiment == "prominences-films"


def test_init_refuses_to_replace_an_edited_file_when_nobody_can_be_asked(project: Path) -> None:
    init(preset="membranes", dataset="isbi2012")
    path = project / "params.yaml"
    path.write_text(path.read_text().replace("depth: 4", "depth: 3"))
    with pytest.raises(ParamsError, match="was edited: save it under another name, or replace it with --force"):
        init(preset="membranes", dataset="isbi2012")
    assert "depth: 3" in path.read_text()


def test_init_replaces_an_edited_file_by_force(project: Path) -> None:
    (project / "params.yaml").write_text("experiment: mine\n")
    init(preset="membranes", dataset="isbi2012", force=True)
    assert read_params(project / "params.yaml").dataset == "isbi2012"


@pytest.mark.parametrize(("answer", "experiment"), [("y\n", "membranes"), ("\n", "mine")])
def test_init_asks_on_a_terminal(answer: str, experiment: str, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "params.yaml").write_text("experiment: mine\n")
    monkeypatch.setattr("sys.stdin", Terminal(answer))
    if experiment == "mine":
        with pytest.raises(ParamsError, match="was edited"):
            init(preset="membranes", dataset="membranes")
    else:
        init(preset="membranes", dataset="membranes")
    assert f"experiment: {experiment}\n" in (project / "params.yaml").read_text()


@pytest.mark.parametrize(
    ("preset", "dataset", "message"),
    [
        ("membrane", "a", "there is no preset membrane: did you mean membranes"),
        ("xyz", "a", f"there is no preset xyz: known are {', '.join(NAMES)}"),
        ("membranes", "a/b", "dataset must be letters, digits, - and _"),
    ],
)
def test_init_refuses_what_it_cannot_write(preset: str, dataset: str, message: str, project: Path) -> None:
    with pytest.raises(ParamsError, match=message):
        init(preset=preset, dataset=dataset, experiment="a")
    assert not (project / "params.yaml").exists()


def test_the_default_params_are_the_preset_sample() -> None:
    default = (PRESETS.parent.parent / "params.yaml").read_text()
    if "experiment: sample\n" not in default:
        pytest.skip("params.yaml is no longer the default")
    assert default == fill_preset("sample", "sample", "sample"), "copy the change to pipeline/presets/sample.yaml"
