"""The presets, and what a --configfile that is a whole params file means."""

from pathlib import Path

import jsonschema
import pytest
import yaml

from pipeline.commands.init import PRESETS, init
from pipeline.params import Params, ParamsError, parse_params
from pipeline.workflow import read_merged
from tests.workflows import EVERYTHING, copy_project, shell_commands

PATHS = sorted(PRESETS.glob("*.yaml"))
WHOLE = {"experiment": "whole", "dataset": "frames", "models": [{"kind": "constant"}]}
every_preset = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)


def read_preset(path: Path) -> Params:
    return parse_params(yaml.safe_load(path.read_text()))


@every_preset
def test_a_preset_is_short(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 60


@every_preset
def test_a_preset_is_valid_for_us_and_for_editors(path: Path) -> None:
    assert read_preset(path).models
    jsonschema.validate(yaml.safe_load(path.read_text()), Params.model_json_schema())


@every_preset
def test_init_writes_what_the_preset_means(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    preset = read_preset(path)
    init(preset=path.stem, dataset=preset.dataset, experiment=preset.experiment)
    written = read_merged(Path("params.yaml"), [], {})
    assert written == preset == read_merged(Path("params.yaml"), [path], {})


@every_preset
def test_a_constant_stands_in_every_preset(path: Path) -> None:
    assert "constant" in {entry.kind for entry in read_preset(path).models}


def read_amended(folder: Path, *files: dict[str, object], **config: object) -> Params:
    """Params of a params.yaml whose seed and budget are not the default's, and of --configfile files after it."""
    settings = WHOLE | {"experiment": "first", "seed": 7, "train": {"samples": 800}, "data": {"channels": ["a", "b"]}}
    paths = [folder / f"{number}.yaml" for number in range(len(files) + 1)]
    for path, content in zip(paths, [settings, *files], strict=True):
        path.write_text(yaml.safe_dump(content))
    return read_merged(paths[0], paths[1:], config)


def test_a_whole_file_replaces_params_yaml(tmp_path: Path) -> None:
    params = read_amended(tmp_path, WHOLE)
    assert params == parse_params(WHOLE)
    assert (params.seed, params.train.samples, params.data.channels) == (0, 4000, ("images",))


def test_a_whole_file_needs_no_params_yaml(tmp_path: Path) -> None:
    (tmp_path / "whole.yaml").write_text(yaml.safe_dump(WHOLE))
    assert read_merged(tmp_path / "absent.yaml", [tmp_path / "whole.yaml"], {}).experiment == "whole"


@pytest.mark.parametrize("missing", ["experiment", "dataset", "models"])
def test_a_file_that_lacks_a_name_or_the_models_amends(missing: str, tmp_path: Path) -> None:
    params = read_amended(tmp_path, {key: value for key, value in WHOLE.items() if key != missing})
    assert (params.seed, params.train.samples) == (7, 800)


def test_a_list_in_an_amending_file_replaces(tmp_path: Path) -> None:
    params = read_amended(tmp_path, {"data": {"channels": ["c"]}, "models": [{"kind": "unet"}]})
    assert params.data.channels == ("c",)
    assert [entry.name for entry in params.models] == ["unet"]


def test_of_two_whole_files_the_last_replaces(tmp_path: Path) -> None:
    params = read_amended(tmp_path, WHOLE | {"seed": 3, "train": {"samples": 600}}, WHOLE | {"experiment": "last"})
    assert (params.experiment, params.seed, params.train.samples) == ("last", 0, 4000)


def test_later_files_and_config_amend_a_whole_file(tmp_path: Path) -> None:
    before, after = {"train": {"batch_size": 2}}, {"train": {"samples": 1600, "threads": 2}}
    train = read_amended(tmp_path, before, WHOLE, after, train={"samples": "2400"}).train
    assert (train.batch_size, train.samples, train.threads) == (8, 2400, 2)


def test_files_amend_in_their_order(tmp_path: Path) -> None:
    metres, none, named = ({"data": {"depth": depth}} for depth in ({"scale": 1.0}, None, {"folder": "range"}))
    assert read_amended(tmp_path, metres, none).data.depth is None
    assert read_amended(tmp_path, metres, none, named) == read_amended(tmp_path, named)


def test_faults_are_told_of_the_file_that_replaces(tmp_path: Path) -> None:
    with pytest.raises(ParamsError, match=r"1\.yaml: seeed is unknown: did you mean seed"):
        read_amended(tmp_path, WHOLE | {"seeed": 1})


def test_a_preset_as_configfile_shows_nothing_of_params_yaml(tmp_path: Path) -> None:
    folder = copy_project(tmp_path, EVERYTHING.replace("folds: 2", "folds: 3"))
    (folder / "whole.yaml").write_text(
        "experiment: whole\ndataset: absent\nmodels: [{kind: constant}]\ndata: {channels: [treated, raw]}\n"
    )
    commands = shell_commands(folder, "--configfile", "whole.yaml", "--config", "dataset=sample", "experiment=other")
    fits = [" ".join(arguments) for name, *arguments in commands if name == "train"]
    assert len(fits) == 5
    assert all("data/experiments/other/models/constant/" in fit for fit in fits)
    assert "search" not in {name for name, *_ in commands}
