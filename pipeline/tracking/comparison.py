"""The run of a comparison: its numbers, tables, figures and pages, and the views that a link opens."""

import logging
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from pydantic import BaseModel

from pipeline.metrics import METRICS
from pipeline.params import Params, write_section
from pipeline.provenance import Record, flatten, hash_of, hash_of_files, parent_key
from pipeline.tracking.chosen import build_views
from pipeline.tracking.files import CONTENT
from pipeline.tracking.fits import RUN_OF
from pipeline.tracking.runs import Label, Run, find_runs
from pipeline.tracking.store import Store, connect
from pipeline.tracking.tables import VALUES_OF, read_corrected
from pipeline.tracking.views import link, save_view

logger = logging.getLogger(__name__)

NAME = "comparison"
DECIDES = ("comparison.csv", "tests.csv")
"""Tables that tell whether two comparisons are the same one; costs differ whenever a fit is done again."""
MOST_ROWS = 2000
"""Rows up to which a table is also written in the form that MLflow's pages load whole."""
LOCAL = "http://127.0.0.1:5000"
"""Where `mlflow ui` answers."""


@dataclass(frozen=True)
class Comparison:
    """What a comparison is made of."""

    params: Params
    metrics: Record
    """What metrics.json holds."""
    records: Sequence[Record]
    """Those of the fits, which are tracked."""
    tables: Sequence[Path]
    """CSV files, comparison.csv and tests.csv among them."""
    pages: Sequence[Path]
    """Report, model card and what else is to be read."""
    figures: Mapping[str, str]
    """Text of SVG files by name."""
    colours: Mapping[str, str]
    """The report's colour of each model."""


def track_comparison(found: Comparison) -> dict[str, Any]:
    """Write a comparison as a run of the experiment, once however often it is called; gives its run id and the links of its views.

    The same fits, parameters and results are the same run, whose artefacts are those of the last call; anything else is a run of its own,
    so that versions can be compared. Fits and models are tagged with the comparison that they were in last, and the views show that one.
    """
    store = connect(found.params.tracking, found.params.experiment)
    tables = sorted(found.tables, key=lambda path: path.name)
    run = Run(store, describe_comparison(found, tables))
    content = hash_of({"files": hash_of_files([*found.pages, *tables]), "figures": dict(found.figures)})
    if run.tags.get(CONTENT) != content or run.status != "FINISHED":
        run.log_values(list_values(found, tables))
        _attach(run, found, tables)
        run.set_tags({CONTENT: content})
        run.close("FINISHED")
    _mark_fits(store, run.run_id, found)
    models = [entry.name for entry in found.params.models]
    views = build_views(run.run_id, found.params.compare.metric, models, list_metrics(tables))
    for view in views:
        save_view(store, view, store.client.get_run(run.run_id).info.start_time)
    links = {view.key: f"{_address(store)}/{link(store, view)}" for view in views}
    logger.info("comparison is run %s in %s; start mlflow ui, and open %s", run.run_id, store.uri, links["models"])
    return {"uri": store.uri, "experiment": found.params.experiment, "run_id": run.run_id, "views": links}


def describe_comparison(found: Comparison, tables: Sequence[Path]) -> Label:
    """Key, parameters and tags of the run."""
    params = list_params(found.params)
    shared = {name: found.records[0][name] for name in ("experiment", "data_hash", "split_hash")}
    shared["params_hash"] = hash_of(params)
    results = hash_of_files([path for path in tables if path.name in DECIDES])
    made = {"fits": sorted(record["key"] for record in found.records), "results": results}
    commits = sorted({record["git_commit"] for record in found.records})
    decided = found.metrics["metric"]
    told = shared | {
        "git_commit": " ".join(commits),
        "git_dirty": any(record["git_dirty"] for record in found.records),
        "metric": decided,
        "better": "higher" if METRICS[decided].higher_is_better else "lower",
        "best_model": found.metrics["winner"],
    }
    tags = {f"foldwise.{name}": value for name, value in told.items()} | {
        RUN_OF: NAME,
        "mlflow.note.content": _note(found.metrics),
    }
    tags |= {"mlflow.source.name": "pipeline publish", "mlflow.source.git.commit": commits[0]}
    return Label(hash_of(shared | made), NAME, tags, params)


def list_params(params: Params) -> dict[str, Any]:
    """All parameters but those of tracking by dotted path; a model's are below models.NAME."""
    sections = {name: getattr(params, name) for name in type(params).model_fields if name not in ("models", "tracking")}
    nested = {name: value for name, value in sections.items() if isinstance(value, BaseModel)}
    models = {f"models.{entry.name}": entry for entry in params.models}
    return {name: value for name, value in sections.items() if name not in nested} | flatten(**nested, **models)


def list_values(found: Comparison, tables: Sequence[Path]) -> dict[str, Any]:
    """Every number of a model as MODEL/NAME, NAME as in the model's own run, and those of the winner corrected for the choice."""
    values = read_corrected(found.metrics)
    for path in tables:
        for entry in found.params.models if path.name in VALUES_OF else ():
            read = VALUES_OF[path.name](path, entry.name)
            values |= {f"{entry.name}/{name}": value for name, value in read.items()}
    return values


def list_metrics(tables: Sequence[Path]) -> list[str]:
    """The metrics that were compared, in the order of the report."""
    (path,) = (path for path in tables if path.name == "comparison.csv")
    return list(pd.read_csv(path)["metric"].unique())


def _attach(run: Run, found: Comparison, tables: Sequence[Path]) -> None:
    from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository

    client, run_id = run.store.client, run.run_id
    if client.list_artifacts(run_id):  # what the report no longer has must not stay, and tables would grow
        held: Any = get_artifact_repository(client.get_run(run_id).info.artifact_uri, tracking_uri=run.store.uri)
        held.delete_artifacts()
    for page in found.pages:
        client.log_artifact(run_id, str(page))
    client.log_dict(run_id, write_section(found.params), "params.yaml")
    for name, figure in found.figures.items():
        client.log_text(run_id, figure, f"figures/{name}.svg")
    for path in tables:
        client.log_artifact(run_id, str(path), "tables")
        table = pd.read_csv(path)
        if 0 < len(table) <= MOST_ROWS:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # MLflow selects columns in a way that pandas 4 will not know
                client.log_table(run_id, table, f"tables/{path.stem}.json")


def _mark_fits(store: Store, run_id: str, found: Comparison) -> None:
    from mlflow.entities import RunTag

    keys = {key: record["model"] for record in found.records for key in (record["key"], parent_key(record))}
    for key, model in keys.items():
        tags = {"foldwise.comparison": run_id, "mlflow.runColor": found.colours[model]}
        for run in find_runs(store, key):
            store.client.log_batch(run.info.run_id, tags=[RunTag(*tag) for tag in tags.items()])


def _note(metrics: Record) -> str:
    points = [f"- {sentence}" for sentence in (*metrics["sentences"], *metrics["notes"])]
    return "\n".join([metrics["verdict"], "", *points, "", "The report is `index.html` among the artifacts."])


def _address(store: Store) -> str:
    return store.uri.rstrip("/") if store.uri.startswith("http") else LOCAL
