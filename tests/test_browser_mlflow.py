"""MLflow's own pages in a browser: the saved views, the comparison of runs, and the report among the artifacts of the comparison's run."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from pipeline.params import TrackingParams
from pipeline.provenance import read_record
from pipeline.tracking.store import connect
from tests.published import SCORES, VERDICT, draw_params, draw_published

playwright = pytest.importorskip("playwright.sync_api", reason="no Playwright here: make test installs it")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu"]
SECONDS = 180  # a crowded machine starts the server in over a minute
QUIET = {"MLFLOW_DISABLE_TELEMETRY": "true", "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}
MISSED = (
    "TelemetryLogger",
    "users/current",
)  # what MLflow's pages ask for where there is no telemetry and no login, and do not get
DEMO = Path(__file__).parents[1]

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium here: apt-get install chromium")


class Served(NamedTuple):
    """An experiment behind `mlflow ui`."""

    address: str
    published: dict[str, Any]
    verdict: str
    models: tuple[str, ...]

    @property
    def runs(self) -> dict[str, str]:
        """Run ids of the models by name."""
        tracking = TrackingParams(uri=self.published["uri"])
        store = connect(tracking, self.published["experiment"])
        runs = store.client.search_runs([store.experiment_id], "tags.`foldwise.run_of` = 'model'")
        return {run.info.run_name: run.info.run_id for run in runs}

    @property
    def experiment_id(self) -> str:
        return connect(TrackingParams(uri=self.published["uri"]), self.published["experiment"]).experiment_id

    def view(self, key: str) -> str:
        """The address of a saved view on this server."""
        return f"{self.address}/#{self.published['views'][key].partition('/#')[2]}"


@contextmanager
def serve(database: Path) -> Iterator[str]:
    """The address of `mlflow ui` on a database, on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "mlflow", "ui", "--port", str(port), "--workers", "1"]
    said = database.with_name("mlflow_ui.log")
    with said.open("w") as log:
        server = subprocess.Popen(
            [*command, "--backend-store-uri", f"sqlite:///{database}"],
            env=os.environ | QUIET, cwd=database.parent, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
        try:
            wait_for(f"http://127.0.0.1:{port}/health", server, said)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait()


def wait_for(address: str, server: "subprocess.Popen[bytes]", said: Path) -> None:
    """Come back when the server answers."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        assert server.poll() is None, said.read_text()
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            time.sleep(0.2)
    raise TimeoutError(said.read_text())


@pytest.fixture(scope="module", params=["drawn", pytest.param("demo", marks=pytest.mark.slow)])
def served(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, migrated: Path
) -> Iterator[Served]:
    """A drawn experiment, and that of the demo, from a copy of its database, where `make demo` has run here."""
    folder = tmp_path_factory.mktemp("mlflow")
    database, demo = folder / "mlflow.db", DEMO / "data/experiments/sample/published.json"
    if request.param == "drawn":
        shutil.copy(migrated, database)
        published = draw_published(folder, draw_params(tracking={"uri": f"sqlite:///{database}"}))
        verdict, models = VERDICT, tuple(SCORES)
    else:
        if not (demo.is_file() and (DEMO / "mlflow.db").is_file()):
            pytest.skip("no demo here: make demo")
        shutil.copy(DEMO / "mlflow.db", database)
        published = read_record(demo) | {"uri": f"sqlite:///{database}"}
        metrics = read_record(DEMO / "reports/sample/metrics.json")
        verdict, models = metrics["verdict"], tuple(metrics["models"])
    with serve(database) as address:
        yield Served(address, published, verdict, models)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def tab(browser: Any) -> Iterator[Any]:
    """A tab whose faults are kept in `said`: scripts that failed, and what the server did not have."""
    opened = browser.new_page(viewport={"width": 1600, "height": 1000})
    opened.set_default_timeout(1000 * SECONDS)
    opened.said = []
    opened.on("pageerror", lambda fault: opened.said.append(str(fault)))
    opened.on("response", lambda answer: opened.said.append(answer.url) if answer.status >= 400 else None)
    yield opened
    opened.close()


def visit(tab: Any, address: str) -> None:
    """Open an address anew: MLflow's pages keep what they show where only the part behind # changes."""
    tab.goto("about:blank")
    tab.goto(address)


def check_faults(tab: Any) -> None:
    """Nothing failed but what MLflow's pages always miss."""
    assert [fault for fault in tab.said if not any(name in fault for name in MISSED)] == []


def test_saved_view_shows_its_models_and_charts(served, tab):
    visit(tab, served.view("models"))
    for model in served.models:
        tab.get_by_role("link", name=model, exact=True).first.wait_for()
    tab.get_by_text("Models compared", exact=True).nth(1).wait_for()
    tab.get_by_text("test_dice", exact=True).first.wait_for()
    assert tab.get_by_text(f"{len(served.models)} matching runs").count()
    check_faults(tab)


def test_every_view_is_in_the_menu_and_opens(served, tab):
    visit(tab, served.view("models"))
    tab.get_by_role("button", name="Models compared").click()
    for name in ("Models compared", "Fits by epoch", "Comparisons over time"):
        tab.get_by_role("menuitem", name=name).wait_for()
    tab.get_by_role("menuitem", name="Fits by epoch").click()
    tab.get_by_role("link", name="unet/0", exact=True).first.wait_for()
    visit(tab, served.view("fits"))
    tab.get_by_text("validation_loss", exact=True).first.wait_for()
    visit(tab, served.view("comparisons"))
    tab.get_by_role("link", name="comparison", exact=True).first.wait_for()
    tab.get_by_text("winner_corrected", exact=True).first.wait_for()
    check_faults(tab)


def test_columns_of_a_view_are_those_that_were_chosen(served, tab):
    visit(tab, served.view("fits").replace("=CHART", "=TABLE"))
    for column in ("best_epoch", "fit_seconds", "mask_temperature", "test_dice"):
        tab.get_by_text(column, exact=True).first.wait_for()
    check_faults(tab)


def test_compare_page_sets_models_side_by_side(served, tab):
    runs = [served.runs[model] for model in served.models[-2:]]
    tab.goto(
        f"{served.address}/#/compare-runs?runs={json.dumps(runs)}&experiments={json.dumps([served.experiment_id])}"
    )
    tab.get_by_text("Comparing 2 Runs from 1 Experiment").wait_for()
    for run in runs:
        tab.get_by_role("link", name=run).first.wait_for()
    tab.get_by_text("test_dice_low").first.wait_for()
    check_faults(tab)


def test_report_opens_among_the_artifacts_of_the_comparison(served, tab):
    run = f"{served.address}/#/experiments/{served.experiment_id}/runs/{served.published['run_id']}"
    visit(tab, f"{run}/artifacts/index.html")
    tab.frame_locator("iframe").get_by_text(served.verdict).first.wait_for()
    for name in ("figures", "tables", "model_card.md", "metrics.json"):
        tab.get_by_text(name, exact=True).first.wait_for()
    check_faults(tab)


def test_tables_and_figures_open_too(served, tab):
    run = f"{served.address}/#/experiments/{served.experiment_id}/runs/{served.published['run_id']}"
    visit(tab, f"{run}/artifacts/tables/comparison.csv")
    tab.get_by_text("iou", exact=True).first.wait_for()
    visit(tab, f"{run}/artifacts/figures/scores.svg")
    tab.locator("img[alt='figures/scores.svg']").wait_for()
    check_faults(tab)
