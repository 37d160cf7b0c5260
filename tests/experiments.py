"""A whole experiment drawn into a folder: what the report is made of, without fitting anything."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import tifffile
from PIL import Image
from scipy.ndimage import gaussian_filter

from pipeline.comparison import conclude
from pipeline.datasets.arrays import Arrays, open_arrays
from pipeline.datasets.augmented import Augmented, write_augmented
from pipeline.datasets.diagnosed import Diagnosed, write_diagnosed
from pipeline.datasets.manifest import Dataset, read_dataset, read_manifest, write_dataset, write_manifest
from pipeline.datasets.pixels import Pixels
from pipeline.datasets.predicted import CLASSES, DEPTHS
from pipeline.datasets.predictions import write_predictions
from pipeline.datasets.scores import SAMPLE_COLUMNS, read_scores, write_scores
from pipeline.datasets.splits import hash_splits, read_splits, subset_ids, write_splits, write_summary
from pipeline.datasets.storing import write_arrays
from pipeline.params import REFIT, ModelParams, Params, parse_params
from pipeline.params.tasks import TASKS
from pipeline.provenance import Record, read_record, write_record
from pipeline.splitting import coverage, split_samples
from pipeline.steps.explore import explore
from pipeline.steps.gauge import gauge
from pipeline.tasks import Array, build_task
from pipeline.uncertainty import DISAGREEMENT_COLUMNS

SKILL = {"constant": 0.0, "threshold": 0.08, "unet": 0.13, "conv_lstm_unet": 0.18}
OTHERS = 0.15
"""How much of the truth a model's drawn predictions hold, by its name; networks hold more than LEAST."""
LEAST = 0.1
KEPT = ["sample_id", "sequence", "time", "group", "label", "subset", "height", "width", "channels", "dtype"]
Files = dict[str, Any]


def skill_of(name: str) -> float:
    """How much of the truth the predictions of a model hold."""
    return SKILL.get(name, OTHERS)


def draw_params(**settings: Any) -> Params:
    """Parameters of the drawn experiment, amended."""
    models = [{"kind": "constant"}, {"kind": "threshold"}, {"kind": "unet"}, {"kind": "conv_lstm_unet", "clip": 4}]
    drawn = {
        "experiment": "drawn",
        "dataset": "discs",
        "task": "segmentation",
        "data": {"channels": ["treated", "raw"]},
        "split": {"kind": "group_k_fold", "folds": 4, "validation_fraction": 0.25},
        "models": models,
    }
    return parse_params(drawn | settings)


def draw_experiment(
    folder: Path,
    params: Params,
    *,
    size: int = 64,
    classes: int = 2,
    unlabelled: int = 0,
    trials: int = 0,
    **drawn: Any,
) -> Files:
    """Write all the files of an experiment; gives the arguments of the step `report`, without the parameters."""
    files = draw_data(folder, params, size=size, classes=classes, unlabelled=unlabelled, **drawn)
    dataset, splits = read_dataset(files["dataset"]), read_splits(files["splits"])
    files |= {name: folder / f"{name}.csv" for name in ("comparison", "tests", "costs")}
    files |= {name: folder / f"{name}.json" for name in ("metrics", "registered", "tracked")}
    files |= {
        "page": folder / "index.html",
        "card": folder / "model_card.md",
        "diagnosed": folder / "diagnosed.npz",
        "benchmarks": [],
        "advice": [],
        "extra_folds": [],
        "extra_scores": [],
    }
    generator = np.random.default_rng(0)
    for name in ("fits", "histories", "searches", "trials", "predictions", "scores"):
        files[name] = []
    for entry in params.models:
        if params.registry.use == "refit":
            draw_fit(folder, files, entry.name, REFIT, trials)
        for fold in params.split.fold_names:
            draw_fit(folder, files, entry.name, fold, trials)
            draw_test(folder, files, entry, fold, splits, dataset, params, generator)
    draw_comparison(files, params)
    draw_diagnosed(files, params, open_arrays(folder / "prepared"), dataset)
    runs = {f"{path.parent.name}/{path.stem}": f"{place:08x}" * 4 for place, path in enumerate(files["fits"])}
    runs |= {entry.name: f"{place + 4096:08x}" * 4 for place, entry in enumerate(params.models)}
    write_record(files["tracked"], {"uri": "sqlite:///mlflow.db", "experiment": params.experiment, "runs": runs})
    files["unlabelled"] = (
        draw_unlabelled(folder, read_manifest(files["manifest"]), size, dataset.targets) if unlabelled else []
    )
    draw_uncertainty(folder, files, params)
    return files


def draw_data(
    folder: Path,
    params: Params,
    *,
    sequences: int = 12,
    frames: int = 12,
    size: int = 64,
    classes: int = 2,
    channels: int = 2,
    unlabelled: int = 0,
    targets: tuple[str, ...] = ("mask",),
    labels: Sequence[str] = ("moving", "still"),
    dtype: str = "uint8",
    findings: Sequence[Record] = (),
) -> Files:
    """Write the files that are there before anything trains; gives the arguments of the step `preview`, without the parameters."""
    files: Files = {name: folder / f"{name}.csv" for name in ("manifest", "splits")}
    files |= {name: folder / f"{name}.json" for name in ("dataset", "explored", "split_summary", "audited")}
    files |= {
        "index": folder / "prepared" / "index.csv",
        "augmented": folder / "augmented.npz",
        "page": folder / "data.html",
    }
    manifest = draw_manifest(sequences, frames, size, channels, unlabelled, targets, labels).assign(dtype=dtype)
    samples = list(draw_samples(manifest, classes, np.random.default_rng(0)))
    foreground = [np.nan if held.mask is None else float((held.mask[held.mask < 255] > 0).mean()) for held in samples]
    manifest = manifest.assign(foreground=foreground)
    write_manifest(files["manifest"], manifest)
    write_dataset(files["dataset"], draw_dataset(channels, classes if "mask" in targets else 0, targets, dtype, labels))
    index = manifest.assign(original_height=size, original_width=size)
    index = index.assign(**{f"has_{target}": manifest[target] != "" for target in ("mask", "depth")})
    prepared = [folder / "prepared" / name for name in ("images.npy", "masks.npy", "depths.npy", "index.csv")]
    write_arrays(*prepared, index[[*KEPT, "has_mask", "has_depth", "original_height", "original_width"]], samples)
    explore(files["manifest"], files["dataset"], files["index"], files["explored"])
    splits = split_samples(manifest, params.split, params.seed)
    write_splits(files["splits"], splits)
    facts = {"kind": params.split.kind, "coverage": coverage(splits), "folds": params.split.fold_count}
    write_summary(files["split_summary"], {"hash": hash_splits(files["splits"]), **facts})
    write_record(files["audited"], draw_audited(len(manifest), findings))
    write_augmented(files["augmented"], draw_augmented(str(manifest["sample_id"].iloc[0]), samples[0]))
    return files


def find(kind: str, first: str, second: str, severity: str = "leak", fold: str = "0", **about: Any) -> Record:
    """One finding of the audit."""
    found = {"kind": kind, "severity": severity, "a": first, "b": second, "fold": fold, "subset_a": "train"}
    return found | {"subset_b": "test", "detail": "", "score": None} | about


def draw_audited(samples: int, findings: Sequence[Record]) -> Record:
    """What the audit of so many samples would have written."""
    severities = [finding["severity"] for finding in findings]
    compared = {"samples": samples, "pairs_possible": samples * (samples - 1) // 2, "candidates": 12, "verified": 9}
    return {
        "compared": compared | {"method": "hashes of all", "left_out": ["crops of more than 20 %"]},
        "leaks": severities.count("leak"),
        "warnings": severities.count("warning"),
        "counts": dict(Counter(finding["kind"] for finding in findings)),
        "findings": list(findings),
    }


def draw_augmented(sample_id: str, sample: Pixels) -> Augmented:
    """The sample and its mirror images."""
    images = np.stack([sample.image, *[sample.image[:, ::-1]] * 11]).astype(np.float32)
    mask = np.zeros(sample.image.shape[:2], np.uint8) if sample.mask is None else sample.mask
    return Augmented(sample_id, 1.0, images, np.stack([mask, *[mask[:, ::-1]] * 11]))


def draw_manifest(
    sequences: int,
    frames: int,
    size: int,
    channels: int,
    unlabelled: int,
    targets: tuple[str, ...] = ("mask",),
    labels: Sequence[str] = ("moving", "still"),
) -> pd.DataFrame:
    """So many sequences of frames, or single samples where `frames` is 1; the last samples are unlabelled."""
    rows = [
        {
            "sample_id": f"s{sequence:02d}/{time:03d}" if frames > 1 else f"{sequence:03d}",
            "sequence": f"s{sequence:02d}" if frames > 1 else "",
            "group": f"s{sequence:02d}" if frames > 1 else f"{sequence:03d}",
            "time": time,
        }
        for sequence in range(sequences)
        for time in range(frames)
    ]
    rows += [{"sample_id": f"u{n:02d}", "sequence": "", "group": f"u{n:02d}", "time": 0} for n in range(unlabelled)]
    manifest = pd.DataFrame(rows)
    is_labelled = ~manifest["sample_id"].str.startswith("u")
    return manifest.assign(
        subset="",
        images="images/" + manifest["sample_id"] + ".png",
        mask=("masks/" + manifest["sample_id"] + ".png").where(is_labelled & ("mask" in targets), ""),
        depth=("depth/" + manifest["sample_id"] + ".png").where(is_labelled & ("depth" in targets), ""),
        label=np.where(is_labelled & ("label" in targets), np.resize(labels, len(manifest)), ""),
        parts="",
        depth_hash="",
        height=size,
        width=size,
        channels=channels,
        dtype="uint8",
        content_hash=manifest["sample_id"],
        mask_hash=manifest["sample_id"],
    )


def draw_dataset(
    channels: int,
    classes: int,
    targets: tuple[str, ...] = ("mask",),
    dtype: str = "uint8",
    labels: Sequence[str] = ("moving", "still"),
) -> Dataset:
    """What holds for the drawn data set."""
    names = ("background", "disc") if classes == 2 else tuple(f"class {number}" for number in range(classes))
    warning = "s03/004.png and s03/005.png are nearly the same: they lie in one sequence, which is never divided"
    found = tuple(sorted(labels)) if "label" in targets else ()
    return Dataset(
        channels, dtype, tuple(range(classes)), names, "d" * 64, "one subfolder a sequence", found, targets, (warning,)
    )


def draw_samples(manifest: pd.DataFrame, classes: int, generator: np.random.Generator) -> Iterator[Pixels]:
    """A moving disc among noise for each row; every tenth frame is empty, and the first rows are ignored or not measured."""
    for place, row in enumerate(manifest.itertuples()):
        size = int(row.height)
        y, x = np.mgrid[:size, :size]
        centre = size * (0.3 + 0.4 * generator.random()), size * (0.2 + 0.05 * (int(row.time) % 12))
        near = (y - centre[0]) ** 2 + (x - centre[1]) ** 2 < (size * 0.14) ** 2
        mask = (near * (1 + place % (classes - 1))).astype(np.uint8) * (place % 10 != 9)
        noise = generator.normal(0, 22, (size, size, int(row.channels)))
        image = np.clip(90 + 45 * (mask > 0)[..., None] + gaussian_filter(noise, (0.7, 0.7, 0)), 0, 255)
        depth = (1 + y / size - 0.5 * (mask > 0)).astype(np.float32)
        mask[:4], depth[:4] = 255, np.nan
        yield Pixels(image.astype(str(row.dtype)), mask if row.mask else None, depth if row.depth else None)


def draw_fit(folder: Path, files: Files, model: str, fold: str, trials: int) -> None:
    """Record, history and search of one fit."""
    is_network = skill_of(model) > LEAST
    epochs = np.arange(1, 11) if is_network else np.arange(1, 2)
    phase = 1.7 * (int(fold) if fold != REFIT else 0.5)
    loss = 0.9 * np.exp(-epochs / (3 + phase / 4)) + 0.15 if is_network else np.full(1, np.nan)
    stage = 1 + epochs // 7
    history = pd.DataFrame({"epoch": epochs, "stage": stage, "samples": 400 * epochs, "loss": loss})
    history["validation_loss"] = loss * (1.05 + 0.03 * np.sin(epochs + phase)) + 0.02 * phase + 0.004 * epochs
    history["validation_score"] = 1 - history["validation_loss"]
    history["train_loss"] = loss * 0.92 - 0.02
    history["batch_loss"] = loss * 0.88 - 0.02 if model != "threshold" else np.nan
    stem = folder / "models" / model / fold
    stem.parent.mkdir(parents=True, exist_ok=True)
    history.to_csv(stem.with_suffix(".csv"), index=False)
    record = {
        "model": model, "fold": fold, "seed": 0, "git_commit": "0123456789abcdef" * 2, "git_dirty": False,
        "device": "cpu", "backend": "tensorflow" if is_network else "numpy", "versions": {"python": "3.11.2", "keras": "3.15.1"},
        "params": {"model.kind": model, "augment.rotation": 15.0, "augment.elastic_grid": 4, "model.dropout": 0.1},
        "seconds": 61.5 if is_network else 0.3, "peak_memory_mb": 912.4, "best_epoch": 8 if is_network else None,
        "samples_seen": 4000 if is_network else 0, "batch_size": 8 if is_network else None,
        "stopped": "budget" if is_network else "baseline", "reproducible": True,
        "notes": ["a batch of 8 did not fit: halved to 4"] if (model, fold) == ("conv_lstm_unet", "1") else [],
    }  # fmt: skip
    write_record(stem.with_suffix(".json"), record)
    files["fits"].append(stem.with_suffix(".json"))
    files["histories"].append(stem.with_suffix(".csv"))
    if trials and is_network:
        draw_search(folder / "search" / model / fold, files, trials)


def draw_search(stem: Path, files: Files, trials: int) -> None:
    """The best of a search, and its trials."""
    generator = np.random.default_rng(len(files["searches"]))
    table = pd.DataFrame({"number": range(trials), "state": "COMPLETE", "value": generator.uniform(0.6, 0.9, trials)})
    stem.parent.mkdir(parents=True, exist_ok=True)
    table.to_csv(stem.with_suffix(".csv"), index=False)
    best = {"train.optimizer.learning_rate": 0.00213, "model.dropout": 0.1}
    found = {"best": best, "value": table["value"].max(), "metric": "dice", "trials": trials, "was_cut": False}
    write_record(stem.with_suffix(".json"), found)
    files["searches"].append(stem.with_suffix(".json"))
    files["trials"].append(stem.with_suffix(".csv"))


def draw_test(
    folder: Path,
    files: Files,
    entry: ModelParams,
    fold: str,
    splits: pd.DataFrame,
    dataset: Dataset,
    params: Params,
    generator: np.random.Generator,
) -> None:
    """Predictions of the fold's test samples, better for a better model, and their scores."""
    assert params.task
    arrays, task = open_arrays(folder / "prepared"), build_task(params.task, dataset)
    heads = [head for head in task.heads if head.name in entry.heads_of(TASKS[params.task].heads)]
    ids = subset_ids(splits, fold, "test")
    predictions, rows = [], []
    for sample_id, place in zip(ids, arrays.positions(ids), strict=True):
        targets = arrays.targets([head.name for head in heads], int(place))
        found = {
            head.name: DRAWN[head.name](targets[head.name], head.channels, skill_of(entry.name), generator)
            for head in heads
        }
        predictions.append((sample_id, found))
        rows.append(
            {**task.score(targets, found, 0.5, params.evaluate), **task.note(targets, found, 0.5, params.evaluate)}
        )
    path = folder / "predictions" / entry.name / f"{fold}.npz"
    write_predictions(path, 0.5, predictions)
    files["predictions"].append(path)
    samples = arrays.index.iloc[arrays.positions(ids)][SAMPLE_COLUMNS].reset_index(drop=True).assign(fold=fold)
    files["scores"].append(folder / "scores" / entry.name / f"{fold}.csv")
    write_scores(files["scores"][-1], samples.join(pd.DataFrame(rows)))


def draw_mask(target: Array, channels: int, skill: float, generator: np.random.Generator) -> Array:
    """Probabilities (height, width, channels) that hold so much of the classes of a mask."""
    classes = max(2, channels)
    truth = np.stack([target == number for number in range(classes)], axis=-1).astype(float)
    noise = gaussian_filter(generator.random(truth.shape), (2, 2, 0))
    mixed = skill * gaussian_filter(truth, (1, 1, 0)) + (1 - skill) * noise
    probabilities = (mixed / mixed.sum(axis=-1, keepdims=True)).astype(np.float32)
    return probabilities[..., 1:] if channels == 1 else probabilities


def draw_depth(target: Array, channels: int, skill: float, generator: np.random.Generator) -> Array:
    """Depths (height, width, 1) in metres, the further off the less of the truth they hold."""
    noise = gaussian_filter(generator.normal(0, 4 * (0.3 - skill), target.shape), 1.5)
    return np.maximum(np.nan_to_num(target, nan=1.5) + noise, 0.05)[..., None].astype(np.float32)


def draw_label(target: Array, channels: int, skill: float, generator: np.random.Generator) -> Array:
    """Probabilities (channels,) of all classes, more often right the more skill there is."""
    logits = generator.normal(0, 1, channels) + 18 * skill * (np.arange(channels) == int(target))
    return (np.exp(logits) / np.exp(logits).sum()).astype(np.float32)


def draw_diagnosed(files: Files, params: Params, arrays: Arrays, dataset: Dataset) -> None:
    """The winner's predictions of a few tiles in both modes of batch normalisation, or none of a baseline."""
    winner, places = read_record(files["metrics"])["winner"], range(4)
    (entry,) = (entry for entry in params.models if entry.name == winner)
    assert params.task
    names = entry.heads_of(TASKS[params.task].heads) if skill_of(winner) > LEAST else ()
    heads = [head for head in build_task(params.task, dataset).heads if head.name in names]
    generator = np.random.default_rng(0)
    targets = {head.name: np.stack([arrays.target(head.name, place) for place in places]) for head in heads}
    moving, batch = (
        {
            head.name: np.stack(
                [DRAWN[head.name](target, head.channels, skill, generator) for target in targets[head.name]]
            )
            for head in heads
        }
        for skill in (0.12, 0.2)
    )
    ids = tuple(arrays.index["sample_id"].iloc[list(places)]) if heads else ()
    images = np.stack([arrays.image(place) for place in places]) if heads else np.zeros((0, 0, 0, 0), np.uint8)
    write_diagnosed(
        files["diagnosed"], Diagnosed(winner, params.split.fold_names[0], ids, images, targets, moving, batch)
    )


DRAWN = {"mask": draw_mask, "depth": draw_depth, "label": draw_label}


def draw_comparison(files: Files, params: Params) -> None:
    """The comparison of the drawn scores, as the step `compare` writes it, and a registered winner."""
    scores = read_scores(files["scores"], params.evaluate.sample_metrics)
    records = [read_record(path) for path in files["fits"] if path.stem != REFIT]
    sections = {name: getattr(params, name) for name in ("compare", "evaluate", "split", "seed")}
    found = conclude(scores, records, {}, 1.0, **sections)
    for name in ("comparison", "tests", "costs"):
        write_scores(files[name], getattr(found, name))
    write_record(files["metrics"], found.metrics)
    winner = found.metrics["winner"]
    about = {"uri": f"models:/{params.experiment}/1", "alias": "champion", "model": winner, "use": "ensemble"}
    write_record(files["registered"], {**about, "run_id": "e" * 32, "files": [], "threshold": 0.5, "final_test": None})


def draw_uncertainty(folder: Path, files: Files, params: Params) -> None:
    """What the step `gauge` finds in the drawn predictions, and drawn uncertainties of unlabelled samples."""
    files |= {name: folder / f"{name}.csv" for name in ("calibration", "reliability")}
    files["uncertainty"] = [folder / "uncertainty" / f"{name}.csv" for name in ("test", "final_test", "unlabelled")]
    assert params.task
    gauge(
        files["dataset"], files["index"], files["predictions"], files["calibration"], files["reliability"],
        files["uncertainty"][0], task=params.task, split=params.split, compare=params.compare, seed=params.seed,
    )  # fmt: skip
    arrays = open_arrays(folder / "prepared")
    samples = arrays.index[~arrays.is_labelled][SAMPLE_COLUMNS]
    told = dict.fromkeys(DISAGREEMENT_COLUMNS[1:], np.linspace(0.1, 0.9, len(samples)))
    heads = [samples.assign(head=head, **told) for head in TASKS[params.task].heads]
    write_scores(files["uncertainty"][1], heads[0].head(0))
    write_scores(files["uncertainty"][2], pd.concat(heads))


def draw_unlabelled(folder: Path, manifest: pd.DataFrame, size: int, targets: Sequence[str]) -> list[Path]:
    """A folder with what was predicted for each unlabelled sample: a mask, a depth, a row of classes."""
    found = folder / "unlabelled"
    (found / DEPTHS).mkdir(parents=True)
    ids = [name for name in manifest["sample_id"] if name.startswith("u")]
    for sample_id in ids:
        mask = np.zeros((size, size), np.uint8)
        mask[size // 4 : size // 2, size // 4 : size // 2] = 255
        if "mask" in targets:
            Image.fromarray(mask).save(found / f"{sample_id}.png")
        if "depth" in targets:
            tifffile.imwrite(found / DEPTHS / f"{sample_id}.tiff", 1 + mask.astype(np.float32) / 255)
    if "label" in targets:
        rows = [{"image": sample_id, "class": "still", "confidence": 0.75} for sample_id in ids]
        pd.DataFrame(rows).to_csv(found / CLASSES, index=False)
    return [found]
