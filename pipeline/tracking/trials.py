"""The run of a search's trial, in an experiment of its own."""

from collections.abc import Iterable, Mapping
from typing import Any

from pipeline.params import TrackingParams
from pipeline.provenance import hash_of
from pipeline.tracking.runs import Label, Run
from pipeline.tracking.store import connect


def track_trial(
    tracking: TrackingParams,
    *,
    experiment: str,
    study: str,
    number: int,
    params: Mapping[str, Any],
    value: float | None,
    state: str,
    origin: Mapping[str, Any],
    epochs: Iterable[Mapping[str, Any]] = (),
) -> str:
    """Write a finished trial as a run of the experiment `EXPERIMENT search`, once however often it is called; gives its id.

    `study` is the same when the same search is asked for again, `params` are by dotted path (train.batch_size), `state` is
    Optuna's (COMPLETE, PRUNED, FAIL), `origin` is what `provenance.origin_of` gives, `epochs` are rows with a column `epoch`.
    """
    store = connect(tracking, f"{experiment} search")
    about = {"foldwise.study": study, "foldwise.trial": number, "foldwise.state": state}
    about |= {f"foldwise.{name}": value for name, value in origin.items()}
    label = Label(hash_of({"study": study, "number": number}), f"{study[:60]} {number}", about, params)
    run = Run(store, label)
    for row in epochs:
        run.log_row(int(row["epoch"]), {name: cell for name, cell in row.items() if name != "epoch"})
    run.log_values({"value": value})
    run.close("FAILED" if state == "FAIL" else "FINISHED")
    return run.run_id
