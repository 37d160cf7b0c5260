"""A comparison of two models in two folds, tracked and published without fitting anything."""

from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.datasets.predictions import write_predictions
from pipeline.fitting.control import HISTORY_COLUMNS
from pipeline.params import Params, parse_params
from pipeline.provenance import Record, complete_fit, describe_fit, read_record, write_record
from pipeline.steps.publish import publish
from pipeline.steps.track import track

METRIC, OTHER = "dice", "iou"
SCORES = {"constant": 0.2, "unet": 0.7}
VERDICT = "unet has the best Dice, .700 (95 % interval .600 to .800), and beats constant."
FIGURE = '<svg data-figure="scores" viewBox="0 0 9 9" role="img" aria-label="Scores"><path d="M0 0L9 9"/></svg>'


def draw_params(**settings: Any) -> Params:
    """Parameters of two models in two folds, amended."""
    models = [{"kind": "constant"}, {"kind": "unet", "filters": 2, "depth": 1}]
    drawn = {"experiment": "drawn", "dataset": "discs", "split": {"kind": "k_fold", "folds": 2}, "models": models}
    return parse_params(drawn | settings)


def draw_published(root: Path, params: Params, best: float = SCORES["unet"], page: str = FIGURE) -> Record:
    """Write all files below a root, track and publish them; gives what published.json holds."""
    folder, reports = root / "data/experiments/drawn", root / "reports/drawn"
    reports.mkdir(parents=True, exist_ok=True)
    scores = SCORES | {"unet": best}
    records = [draw_fit(folder, params, model, fold, score) for model, score in scores.items() for fold in "01"]
    draw_tables(reports, scores)
    told = {"verdict": VERDICT, "sentences": ["unet beats constant."], "notes": [], "coverage": 1.0}
    corrected = {"mean": best - 0.01, "low": best - 0.1, "high": best + 0.1, "optimism": 0.01}
    decided = {"winner": "unet", "metric": METRIC, "winner_corrected": corrected}
    write_record(reports / "metrics.json", told | decided)
    (reports / "index.html").write_text(f"<!doctype html><title>drawn</title><h1>{VERDICT}</h1>{page}")
    (reports / "model_card.md").write_text("# unet\n")
    named = {name: reports / f"{name}.csv" for name in ("comparison", "costs", "calibration")}
    track(
        records, [path.parents[2] / f"scores/{path.parent.name}/{path.stem}.csv" for path in records],
        sorted(folder.glob("predictions/*/*.npz")), metrics=reports / "metrics.json", tracked=folder / "tracked.json",
        experiment="drawn", tracking=params.tracking, **named,
    )  # fmt: skip
    tables, pages = sorted(reports.glob("*.csv")), [reports / "index.html", reports / "model_card.md"]
    publish(records, reports / "metrics.json", tables, pages, folder / "published.json", params=params)
    return read_record(folder / "published.json")


def draw_fit(folder: Path, params: Params, model: str, fold: str, score: float) -> Path:
    """Record, history, scores and predictions of a fit; gives the record's path."""
    (entry,) = (entry for entry in params.models if entry.name == model)
    about = describe_fit(
        experiment="drawn", model=entry, train=params.train, augment=params.augment, seed=params.seed,
        data_hash="d" * 64, split_hash="s" * 64, fold=fold, backend="tensorflow" if entry.needs_backend else "numpy",
    )  # fmt: skip
    about |= {"started": 1.7e9 + int(fold)}
    path = folder / f"models/{model}/{fold}.json"
    write_record(path, complete_fit(about, seconds=3 + score, stopped="budget", best_epoch=3))
    epochs = (1, 2, 3) if entry.needs_backend else ()
    rows = [
        {"epoch": epoch, "samples": 8 * epoch, "loss": 1 / epoch, "validation_loss": 1.1 / epoch, "seconds": epoch}
        | {"validation_score": score - 0.1 / epoch}
        for epoch in epochs
    ]
    pd.DataFrame(rows, columns=HISTORY_COLUMNS).to_csv(path.with_suffix(".csv"), index=False)
    scored = folder / f"scores/{model}/{fold}.csv"
    scored.parent.mkdir(parents=True, exist_ok=True)
    scored.write_text(f"sample_id,fold,{METRIC},{OTHER}\na,{fold},{score},{score / 2}\n")
    write_predictions(folder / f"predictions/{model}/{fold}.npz", 0.5, [], None, {"mask": 1.25})
    return path


def draw_tables(reports: Path, scores: dict[str, float]) -> None:
    """The tables of the comparison."""
    means = [
        f"{model},{metric},{mean},{mean - 0.1},{mean + 0.1}"
        for metric, share in ((METRIC, 1.0), (OTHER, 0.5))
        for model, mean in ((model, share * score) for model, score in scores.items())
    ]
    tables = {
        "comparison": ["model,metric,mean,low,high", *means],
        "tests": ["model_a,model_b,metric,difference,p", f"constant,unet,{METRIC},-0.5,0.001"],
        "costs": ["model,device,seconds,peak_memory_mb", "constant,cpu,1,100", "unet,cpu,60,900"],
        "calibration": ["model,head,state,bins,error,temperature", "unet,mask,after,equal_width,0.02,1.25"],
    }
    for name, lines in tables.items():
        (reports / f"{name}.csv").write_text("\n".join([*lines, ""]))
