"""The Snakefile: every rule calls its step rightly, runs when it must and only then, and a crash stops nothing."""

import inspect
import json
import os
import shutil
from pathlib import Path

import pytest

from pipeline import cli
from pipeline.params import ParamsError
from pipeline.workflow import ROOT, clear_stale_lock, code_files, find_faults, hold_lock, read_merged
from pipeline.workflow.faults import KILLED
from tests.raws import draw_image, write_picture, write_raw
from tests.workflows import (
    BASELINES,
    EVERYTHING,
    LABELS,
    OWN,
    copy_project,
    due,
    kill_in_the_middle,
    shell_commands,
    snakemake,
)


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_project(tmp_path_factory.mktemp("fresh"), EVERYTHING)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose baselines were compared."""
    folder = copy_project(tmp_path_factory.mktemp("finished"), BASELINES)
    done = snakemake(folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def test_every_rule_names_the_files_and_sections_of_its_step(fresh: Path) -> None:
    commands = shell_commands(fresh, "--config", "curve={shares: [0.5, 0.75]}", "train={seeds: 2}")
    (fresh / "other").mkdir()
    (fresh / "other.yaml").write_text(
        "models: [{kind: constant}, {kind: predictions, folder: other}]\nsearch: {trials: 0}\n"
    )
    commands += shell_commands(fresh, "--configfile", "other.yaml")
    assert {name for name, *_ in commands} == {path.stem for path in (ROOT / "pipeline/steps").glob("[a-z]*.py")}
    for name, *arguments in commands:
        step = cli.load(name)
        given = vars(cli.build_parser(step, is_step=True).parse_args(arguments))
        sections = [
            key for key, value in inspect.signature(step).parameters.items() if value.kind is value.KEYWORD_ONLY
        ]
        assert sorted(json.loads(given["settings"] or "{}")) == sorted(sections), name


def test_overrides_reach_the_settings_of_a_step(fresh: Path) -> None:
    (fresh / "preset.yaml").write_text("split: {kind: k_fold, folds: 3}\nsearch: {trials: 0}\n")
    commands = shell_commands(
        fresh, "--configfile", "preset.yaml", "--config", "train={samples: 96}", "experiment=other"
    )
    fits = [arguments for name, *arguments in commands if name == "train"]
    settings = [json.loads(arguments[arguments.index("--settings") + 1]) for arguments in fits]
    assert len(fits) == 3 * 3
    assert {(values["train"]["samples"], values["experiment"]) for values in settings} == {(96, "other")}
    assert "search" not in {name for name, *_ in commands}


def test_misspelt_override_stops_before_anything_runs(fresh: Path) -> None:
    told = snakemake(fresh, "--dry-run", "--config", "trian={samples: 96}")
    assert told.returncode == 1
    assert told.stderr.endswith("\n\n--config: trian is unknown: did you mean train?\n")
    assert "common.smk" not in told.stdout + told.stderr


def test_missing_raw_folder_is_named(fresh: Path) -> None:
    told = snakemake(fresh, "--dry-run", "--config", "dataset=absent")
    assert told.stderr.splitlines()[-1].startswith("data/raw/absent is missing, there is sample")


def test_refit_is_fitted_for_every_candidate(fresh: Path) -> None:
    override = ["--config", "registry={use: refit}", "search={trials: 0}"]
    assert due(fresh, *override)["train"] == 3 * 3
    assert due(fresh, "--config", "registry={use: refit, model: unet}", "search={trials: 0}")["train"] == 3 * 2 + 1


def test_extra_fits_are_of_parts_and_other_seeds_and_redo_no_other(fresh: Path) -> None:
    asked = [
        "--config",
        "search={trials: 0}",
        "curve={models: [unet], shares: [0.5, 0.75], folds: 1}",
        "train={seeds: 2}",
    ]
    jobs = due(fresh, *asked)
    assert (jobs["train"], jobs["predict"], jobs["predict_extra"], jobs["compare"]) == (6 + 2 + 4, 3, 2 + 4, 1)
    fits = [arguments for name, *arguments in shell_commands(fresh, *asked) if name == "train"]
    found = {(fit[fit.index("--fitted") + 1].rpartition("/")[2], fit[fit.index("--settings") + 1]) for fit in fits}
    seeds = {name: json.loads(settings)["seed"] for name, settings in found}
    assert (seeds["0.npz"], seeds["0-part50.npz"], seeds["0-seed1.npz"]) == (0, 0, 1)
    assert all("seeds" not in json.loads(settings)["train"] for _, settings in found)


def test_overrides_are_merged_by_our_rule_and_typed(tmp_path: Path) -> None:
    (tmp_path / "params.yaml").write_text(EVERYTHING)
    (tmp_path / "preset.yaml").write_text("split: {kind: blocked, folds: 4, gap: 3}")
    config = {
        "curve": "null",
        "split": {"kind": "k_fold", "folds": "3"},
        "train": {"early_stopping": {"patience": "null"}},
    }
    params = read_merged(tmp_path / "params.yaml", [tmp_path / "preset.yaml"], config)
    assert (params.split.kind, params.split.folds, params.split.gap) == ("k_fold", 3, 0)
    assert params.train.early_stopping.patience is None and params.curve is None


def test_fault_is_told_with_the_file_or_command_line_that_it_is_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path, trial, whole = (tmp_path / name for name in ("params.yaml", "trial.yaml", "whole.yaml"))
    path.write_text(EVERYTHING + "seed: -1\n")
    trial.write_text("split: {foldss: 3}\n")
    whole.write_text(EVERYTHING + "sed: 2\n")
    with pytest.raises(ParamsError) as fault:
        read_merged(path, [trial], {"train": {"samples": "many"}})
    assert str(fault.value).splitlines() == [
        f"{path}: seed must be 0 or more, not -1",
        "--configfile trial.yaml: split.foldss is unknown: did you mean folds?",
        "--config: train.samples must be a whole number, not 'many'",
    ]
    with pytest.raises(ParamsError, match=r"^--configfile whole.yaml: sed is unknown: did you mean seed\?$"):
        read_merged(path, [trial, whole], {})


def test_code_of_a_step_holds_what_it_imports_and_no_other_model() -> None:
    files = {path.relative_to(ROOT).as_posix() for path in code_files("pipeline.steps.train", "pipeline.models.unet")}
    assert {"pipeline/steps/train.py", "pipeline/models/unet.py", "pipeline/augment.py"} <= files
    assert "pipeline/models/conv_lstm_unet.py" not in files
    assert not any(path.startswith(("pipeline/params/", "pipeline/tracking/")) for path in files)


def test_nothing_is_due_after_a_run(finished: Path) -> None:
    assert due(finished) == {}
    assert (finished / "reports/tiny/index.html").is_file()


def test_a_failed_run_fails_again_and_leaves_no_older_result_for_current(finished: Path, tmp_path: Path) -> None:
    folder = tmp_path / "again"
    shutil.copytree(finished, folder, symlinks=True)
    mask = next((folder / "data/raw/sample/masks").rglob("*.png"))
    mask.write_bytes(b"")
    for _ in range(2):
        failed = snakemake(folder)
        assert failed.returncode != 0
        assert "is empty (0 bytes)" in failed.stdout + failed.stderr


def test_parameter_of_one_model_reruns_that_model_and_what_follows(finished: Path) -> None:
    jobs = due(finished, "--config", "models=[{kind: constant}, {kind: threshold, smoothing_px: 2}]")
    assert (jobs["train"], jobs["predict"], jobs["evaluate"]) == (2, 1, 1)
    assert {"validate", "prepare", "split"}.isdisjoint(jobs)


def test_policy_for_empty_masks_scores_no_sample_again(finished: Path) -> None:
    jobs = due(finished, "--config", "evaluate={empty_masks: skip}")
    assert jobs["compare"] == 1 and {"train", "predict", "evaluate"}.isdisjoint(jobs)


def test_parameter_of_all_fits_reruns_them_all(finished: Path) -> None:
    """Not so when a job that is due itself is an ancient input of theirs."""
    assert due(finished, "--config", "train={samples: 5000}")["train"] == 4


def test_comment_in_a_model_reruns_that_model_and_what_follows(finished: Path) -> None:
    path = finished / "pipeline/models/threshold.py"
    before = path.read_text()
    path.write_text(before + "# a comment\n")
    jobs = due(finished)
    path.write_text(before)
    assert (jobs["train"], jobs["predict"], jobs["evaluate"]) == (2, 1, 1)
    assert due(finished) == {}


def test_further_model_that_sees_clips_redoes_no_other(finished: Path) -> None:
    clips = "{kind: conv_lstm_unet, filters: 2, depth: 1, clip: 4}"
    jobs = due(finished, "--config", f"models=[{{kind: constant}}, {{kind: threshold}}, {clips}]")
    assert (jobs["clip"], jobs["train"], jobs["predict"], jobs["evaluate"]) == (1, 2, 1, 1)
    assert {"validate", "prepare", "split", "audit", "admit"}.isdisjoint(jobs)


def test_split_that_changes_is_told_with_the_fits_that_begin_again(finished: Path) -> None:
    words = "the samples are divided anew, and so 4 fits that are there begin again"
    told = snakemake(finished, "--dry-run", "--config", "split={validation_fraction: 0.5}").stdout
    assert f"split.validation_fraction from 0.34 to 0.5: {words}" in told
    assert words not in snakemake(finished, "--dry-run").stdout


def test_edited_raw_file_is_validated_again(finished: Path) -> None:
    path = next((finished / "data/raw/sample/masks").rglob("*.png"))
    os.utime(path)
    assert due(finished)["validate"] == 1


def test_folder_of_somebody_else_named_sample_is_not_drawn_over(tmp_path: Path) -> None:
    folder = copy_project(tmp_path, BASELINES)
    (folder / "data/raw/sample/images").mkdir(parents=True)
    (folder / "data/raw/sample/images/own.png").write_bytes(b"")
    assert "sample" not in due(folder)


def test_renamed_raw_file_is_validated_again(tmp_path: Path) -> None:
    """Whatever else changes is told by the inventory alike."""
    folder, manifest = copy_project(tmp_path / "project", BASELINES), "data/experiments/tiny/manifest.csv"
    own, settings = write_raw(tmp_path / "own"), ("--config", "dataset=own", "data={channels: [images]}")
    (folder / "data/raw/own").symlink_to(own)
    assert snakemake(folder, manifest, *settings).returncode == 0
    assert due(folder, manifest, *settings) == {}
    (own / "images/1.png").rename(own / "images/4.png")
    assert due(folder, manifest, *settings) == {"validate": 1}


def test_fault_of_a_failed_job_is_told_at_the_end(tmp_path: Path) -> None:
    folder = copy_project(tmp_path, OWN)
    write_raw(folder / "data/raw/own", names=("1", "2", "3", "4"))
    (folder / "data/raw/own/images/3.png").write_bytes(b"")
    told = snakemake(folder)
    assert told.returncode == 1
    end = told.stderr.rpartition("did not complete successfully.")[2].strip()
    assert end.startswith("validate failed:\n") and "data/raw/own/images/3.png" in end
    assert end.endswith("Whole log: data/experiments/tiny/logs/validate.log")


@pytest.mark.parametrize(
    ("log", "words"),
    [
        ("10:20:30 read 5 samples\ntwo faults:\none\nanother\n", "two faults:\none\nanother"),
        (
            "10:20:30 read 5 samples\nTraceback (most recent call last):\n  File\nKeyError: 'parts'\n",
            "KeyError: 'parts'",
        ),
        ("10:20:30 read 5 samples\n10:20:31 fit\n", f"10:20:31 fit\n{KILLED}"),
        ("10:20:30 fit\n  0%|   | 0/9\r 50%|== | 4/9\nMemoryError\n", "MemoryError"),
        ("", KILLED),
        ("fault\n" * 60, "fault\n" * 40 + "and 20 lines more"),
    ],
)
def test_last_words_of_a_log_are_its_faults(tmp_path: Path, log: str, words: str) -> None:
    path = tmp_path / "fit.log"
    path.write_text(log)
    told = f"Error in rule train:\n    jobid: 3\n    log: {path} (check log file(s) for error details)\n"
    assert find_faults(told) == [f"train failed:\n{words}\nWhole log: {path}"]
    shutil.copy(path, tmp_path / "1.log")
    assert find_faults(told + told.replace("fit.log", "1.log")) == [
        f"train failed:\n{words}\nWhole log: {path}, {tmp_path}/1.log"
    ]
    assert find_faults("all went well") == []


def test_full_disk_is_told_whatever_the_log_could_still_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(tmp_path)._replace(free=0)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    told = f"Error in rule train:\n    jobid: 3\n    log: {tmp_path}/logs/0.log (check log file(s) for error details)\n"
    (words,) = find_faults(told)
    assert words.startswith(f"train failed:\nthe disk of '{tmp_path}/logs' is full: make room")


def test_stale_lock_is_cleared(tmp_path: Path) -> None:
    (tmp_path / "locks").mkdir()
    with clear_stale_lock(tmp_path):
        assert not (tmp_path / "locks").exists()


def test_lock_is_left_while_anybody_lives(tmp_path: Path) -> None:
    (tmp_path / "locks").mkdir()
    with hold_lock(tmp_path), clear_stale_lock(tmp_path):
        assert (tmp_path / "locks").exists()


def test_labels_alone_are_looked_at_without_a_model(tmp_path: Path) -> None:
    folder = copy_project(tmp_path, LABELS)
    for number in range(12):
        write_picture(folder / f"data/raw/own/{'ab'[number % 2]}/{number}.png", draw_image(number))
    done = snakemake(folder)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "a look at the data" in done.stdout + done.stderr
    assert "Data:    reports/tiny/data.html" in done.stdout + done.stderr
    assert due(folder) == {}
    assert not (folder / "mlflow.db").exists()


def test_leak_is_shown_and_stops_before_anything_trains(tmp_path: Path) -> None:
    folder, fitted = copy_project(tmp_path, OWN), "data/experiments/tiny/models/constant/0.npz"
    predefined = ("--config", "split={kind: predefined, folds: 1}", "models=[{kind: constant}]")
    for number, subset in enumerate(("train", "validation", "test")):
        names = [f"{3 * number + place}" for place in range(3)]
        write_raw(folder / "data/raw/own" / subset, names=names)  # of every subset the same images
    told = snakemake(folder, *predefined)
    end = told.stderr.rpartition("did not complete successfully.")[2]
    assert told.returncode == 1
    assert "test/images/6.png" in end and "reports/tiny/data.html" in end
    assert (folder / "reports/tiny/data.html").is_file()
    assert not (folder / fitted).exists()
    waived = (*predefined, "audit={waive: drawn alike on purpose}")
    assert snakemake(folder, fitted, *waived).returncode == 0


@pytest.mark.slow
def test_killed_fit_and_killed_search_go_on(tmp_path: Path) -> None:
    """Finished trials are not repeated, and the weights are those of a run that nobody killed."""
    network = "models: [{kind: unet, filters: 4, depth: 1}]\ntrain: {samples: 6400, epoch_samples: 640, batch_size: 8}"
    space = "search: {trials: 3, samples: 1280, space: [{parameter: train.optimizer.learning_rate, low: 0.001, high: 0.01}]}"
    params = BASELINES.partition("models:")[0] + f"{network}\n{space}\n"
    target = "data/experiments/tiny/models/unet/0.npz"
    quiet, killed = (copy_project(tmp_path / name, params) for name in ("quiet", "killed"))
    assert snakemake(quiet, target).returncode == 0

    checkpoints = killed / "data/experiments/tiny/checkpoints/unet"
    kill_in_the_middle(killed, lambda: (checkpoints / "0.journal").is_file(), target)
    kill_in_the_middle(killed, lambda: (checkpoints / "0.npz").is_file(), target)
    done = snakemake(killed, target)
    assert done.returncode == 0, done.stdout + done.stderr
    for name in ("models/unet/0.npz", "search/unet/0.json"):
        path = f"data/experiments/tiny/{name}"
        assert (killed / path).read_bytes() == (quiet / path).read_bytes()
