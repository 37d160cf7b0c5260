"""`python -m pipeline`: flags come from signatures, and a user's mistake is told without a traceback."""

import subprocess
import sys
import typing
from pathlib import Path

import pytest

from pipeline import cli
from pipeline.commands.init import PRESETS, Preset
from pipeline.params import Params, ParamsError, SplitParams, UNetParams
from pipeline.workflow import ROOT

STEPS = sorted(path.stem for path in (ROOT / "pipeline/steps").glob("[a-z]*.py"))
COMMANDS = sorted(path.stem for path in (ROOT / "pipeline/commands").glob("[a-z]*.py"))
SPLIT = ["split", "--manifest", "m.csv", "--splits", "s.csv", "--summary", "s.json"]
PARAMS = """
experiment: tiny
dataset: sample
seed: 3
models: [{kind: constant}, {kind: unet, name: small, filters: 4}]
"""


def pipeline(*arguments: str, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pipeline", *arguments]
    return subprocess.run(command, cwd=folder, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True)


def test_help_lists_every_step_and_command() -> None:
    told = pipeline()
    assert told.returncode == 0
    assert all(f"\n  {name} " in told.stdout for name in [*STEPS, *COMMANDS])


@pytest.mark.parametrize("name", [*STEPS, *COMMANDS])
def test_every_step_has_a_docstring_and_a_parser(name: str) -> None:
    parser = cli.build_parser(cli.load(name), is_step=name in STEPS)
    assert parser.description
    assert [action.dest for action in parser._actions if not action.help] == []


def test_presets_that_help_lists_are_those_there_are() -> None:
    assert list(typing.get_args(Preset)) == sorted(path.stem for path in PRESETS.glob("*.yaml"))


def test_unknown_step_is_answered_by_the_nearest() -> None:
    told = pipeline("splitt")
    assert told.returncode == 1
    assert told.stderr == "there is no step splitt: did you mean split?\n"


def test_fault_of_the_user_is_told_without_a_traceback(tmp_path: Path) -> None:
    told = pipeline("split", "--manifest", "m", "--splits", "s", "--summary", "t", folder=tmp_path)
    assert told.returncode == 1
    assert "params.yaml is missing" in told.stderr
    assert "Traceback" not in told.stderr


def test_settings_come_from_json() -> None:
    settings = '{"split": {"kind": "k_fold", "folds": 3}, "seed": 7}'
    call = cli.parse([*SPLIT, "--settings", settings])
    assert call.keywords["seed"] == 7
    assert call.keywords["split"] == SplitParams(kind="k_fold", folds=3)
    assert call.keywords["manifest"] == Path("m.csv")


def test_settings_come_from_params_yaml_where_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "params.yaml").write_text(PARAMS)
    monkeypatch.chdir(tmp_path)
    call = cli.parse(SPLIT)
    assert call.keywords["seed"] == 3


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ('{"seed": 7}', "--settings of split must hold split, seed, not seed"),
        ('{"split": {"foldss": 3}, "seed": 7}', "foldss"),
        ("{", "--settings is not JSON"),
    ],
)
def test_wrong_settings_are_refused(settings: str, message: str) -> None:
    with pytest.raises((ParamsError, cli.CommandError), match=message):
        cli.parse([*SPLIT, "--settings", settings])


def test_flags_follow_the_signature(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def step(fitted: list[Path], best: Path | None = None, *, model: UNetParams, params: Params) -> None:
        """Do it."""

    arguments = cli.build_parser(step, is_step=True).parse_args(["--fitted", "a", "b", "--best", "--model", "small"])
    assert arguments.fitted == [Path("a"), Path("b")]
    assert arguments.best is None
    assert arguments.model_name == "small"


def test_command_takes_positional_arguments_and_switches() -> None:
    def command(images: Path, /, out: Path, *, force: bool = False) -> None:
        """Do it."""

    arguments = cli.build_parser(command, is_step=False).parse_args(["folder", "--out", "masks", "--force"])
    assert (arguments.images, arguments.out, arguments.force) == (Path("folder"), Path("masks"), True)
