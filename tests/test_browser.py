"""The page in a browser: nothing is cut, missing, too wide or fetched; it sorts, enlarges, prints, and serves keys and screen readers."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.steps.preview import preview
from pipeline.steps.report import report
from tests.experiments import draw_data, draw_experiment, draw_params, find

playwright = pytest.importorskip("playwright.sync_api", reason="no Playwright here: make test installs it")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="no axe here: make test installs it")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu"]
HEIGHT = 1200
WIDTHS = (1920, 1400, 820, 390)
PATIENCE_MS = 120_000  # of a machine that does much else
PAPER_PX = 688  # what the margins of A4 leave
SERIOUS = {"serious", "critical"}
# What a reader would see: pictures far below load only when they are scrolled to.
UNFOLD = """() => {
  document.querySelectorAll("details").forEach((block) => { block.open = true; });
  const images = [...document.querySelectorAll("img")];
  images.forEach((image) => { image.loading = "eager"; });
  return Promise.all(images.map((image) => image.decode().catch(() => null)));
}"""
MEASURE = """() => {
  const labels = [...document.querySelectorAll("svg text")], images = [...document.querySelectorAll("img")];
  const isCut = (label) => {
    const box = label.getBoundingClientRect(), frame = label.ownerSVGElement.getBoundingClientRect();
    return box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1;
  };
  const size = (label) => {
    const scale = label.getScreenCTM();
    return parseFloat(getComputedStyle(label).fontSize) * Math.hypot(scale.a, scale.b);
  };
  return {
    scroll: document.documentElement.scrollWidth,
    images: images.length,
    missing: images.filter((image) => !image.naturalWidth).length,
    cut: labels.filter(isCut).map((label) => label.textContent.trim()),
    smallest: Math.min(...labels.map(size)),
  };
}"""

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium here: apt-get install chromium")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("browser")
    space = [{"parameter": "train.optimizer.learning_rate", "low": 1e-4, "high": 1e-2, "log": True}]
    params = draw_params(search={"trials": 6, "space": space})
    files = draw_experiment(folder, params, unlabelled=4, trials=6)
    report(**files, params=params)
    return files["page"]


@pytest.fixture(scope="module")
def look(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page before training, of samples with every target and with leaks."""
    params = draw_params(data={}, audit={"waive": "frames of one film, and nobody can tell them apart"})
    pairs = [
        find(kind, "s00/000", "s05/011", detail="d" * 90) for kind in ("identical", "near_identical", "shared_group")
    ]
    files = draw_data(
        tmp_path_factory.mktemp("look"), params, channels=3, targets=("mask", "depth", "label"), findings=pairs
    )
    preview(**files, params=params)
    return files["page"]


@pytest.fixture(scope="module", params=["depth", "labels"])
def other(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of two heads, one of them of each model alone, and that of fifteen labels, some with long names."""
    depths = {"task": "mask_and_depth", "data": {"depth": {}}, "models": [
        {"kind": "unet", "name": "joint"}, {"kind": "unet", "name": "depth_only", "heads": ["depth"]},
    ]}  # fmt: skip
    labels = {
        "task": "classification",
        "data": {"masks": None, "labels": "folders"},
        "models": [{"kind": "constant"}, {"kind": "unet", "name": "mobilenet_logistic_regression"}],
        "split": {"kind": "k_fold", "folds": 3},
        "compare": {"price_per_hour": 2.5},
    }
    names = [f"{name}_{number}" for number in range(5) for name in ("inside_the_city", "store", "open_country")]
    kinds: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
        "depth": (depths, {"targets": ("mask", "depth"), "channels": 3, "sequences": 8, "frames": 3}),
        "labels": (labels, {"targets": ("label",), "channels": 1, "sequences": 300, "frames": 1, "labels": names}),
    }
    settings, drawn = kinds[request.param]
    params = draw_params(**settings)
    files = draw_experiment(tmp_path_factory.mktemp(request.param), params, size=48, unlabelled=3, **drawn)
    report(**files, params=params)
    return files["page"]


def visit(browser: Any, page: Path, width: int = 1400, scheme: str = "light", **options: Any) -> Any:
    """The page opened, all of it unfolded; what the browser complained of and asked for is kept in `said` and `asked`."""
    context = browser.new_context(viewport={"width": width, "height": HEIGHT}, color_scheme=scheme, **options)
    tab = context.new_page()
    tab.set_default_timeout(PATIENCE_MS)
    tab.said, tab.asked = [], []
    tab.on("console", lambda message: tab.said.append(message.text))
    tab.on("pageerror", lambda fault: tab.said.append(str(fault)))
    tab.on("request", lambda request: tab.asked.append(request.url))
    tab.goto(page.as_uri())
    tab.evaluate(UNFOLD)
    return tab


def check_fit(browser: Any, page: Path, images: int) -> None:
    """Nothing is cut, missing, too wide or fetched at any width."""
    for width in WIDTHS:
        tab = visit(browser, page, width)
        measured = tab.evaluate(MEASURE)
        assert measured["scroll"] == width
        assert measured["cut"] == []
        assert measured["smallest"] >= 10
        assert measured["images"] > images and measured["missing"] == 0
        assert tab.said == []
        assert {url for url in tab.asked if not url.startswith("data:")} == {page.as_uri()}
        tab.context.close()


def list_faults(browser: Any, page: Path, width: int, scheme: str) -> list[str]:
    """What axe finds of serious faults."""
    tab = visit(browser, page, width, scheme, bypass_csp=True)  # axe is put into the page as a script
    violations = axe.Axe().run(tab).response["violations"]
    tab.context.close()
    return [f"{fault['id']}: {fault['nodes'][0]['html']}" for fault in violations if fault["impact"] in SERIOUS]


def test_page_opens_and_fits_its_window(browser, page):
    check_fit(browser, page, images=50)


@pytest.mark.slow
def test_page_of_other_heads_fits_its_window(browser, other):
    check_fit(browser, other, images=30)


@pytest.mark.slow
def test_page_before_training_fits_its_window(browser, look):
    check_fit(browser, look, images=30)


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), pytest.param(1400, "dark", marks=pytest.mark.slow)])
def test_axe_finds_no_serious_fault(browser, page, width, scheme):
    assert list_faults(browser, page, width, scheme) == []


@pytest.mark.slow
@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1400, "light")])
def test_axe_finds_no_serious_fault_in_other_pages(browser, other, look, width, scheme):
    assert list_faults(browser, other, width, scheme) == []
    assert list_faults(browser, look, width, scheme) == []


def test_tables_sort_by_click_and_by_key(browser, page):
    tab = visit(browser, page)
    table = tab.locator("#comparison table")
    heading = table.locator("th", has_text="Dice").first

    def read() -> list[float]:
        return [float(value) for value in table.locator("tbody tr td:nth-child(2)").evaluate_all(
            "cells => cells.map((cell) => cell.querySelector('data').value)")]  # fmt: skip

    assert heading.get_attribute("aria-sort") is None
    heading.locator("button").click()
    assert heading.get_attribute("aria-sort") == "ascending" and read() == sorted(read())
    heading.locator("button").press("Enter")
    assert heading.get_attribute("aria-sort") == "descending" and read() == sorted(read(), reverse=True)


def test_comparison_is_not_cut_on_a_phone_and_tells_what_each_number_is(browser, page):
    tab = visit(browser, page, 390)
    for table in tab.locator("#comparison .scroll, section:has(#costs) .scroll:has(.stack)").all():
        assert table.evaluate("box => box.scrollWidth <= box.clientWidth")
        assert table.locator("tbody td").first.get_attribute("data-label")


def test_what_is_cut_fades_until_it_is_scrolled_to(browser, page):
    box = visit(browser, page, 390).locator("#split .scroll").first
    assert "more" in box.get_attribute("class")
    box.evaluate("box => { box.scrollLeft = box.scrollWidth; box.dispatchEvent(new Event('scroll')); }")
    assert "more" not in box.get_attribute("class")


def test_text_stands_beside_a_lone_plot_where_there_is_room(browser, page):
    figure = "#fits figure:has(> .panels)"
    for width, is_beside in ((1280, True), (820, False)):
        tab = visit(browser, page, width)
        plot, words = (tab.locator(f"{figure} > {part}").first.bounding_box() for part in (".panels", "figcaption"))
        assert (words["x"] >= plot["x"] + plot["width"]) == is_beside


def test_times_sort_by_their_seconds(browser, page):
    tab = visit(browser, page)
    table = tab.locator("section:has(#costs) table", has_text="Peak memory").first
    table.locator("th", has_text="Time").first.locator("button").click()
    times = table.locator("tbody tr td:nth-child(2)").all_inner_texts()
    assert times[0].endswith(" s") and times[-1].endswith(" min")


def test_pictures_enlarge_by_enter_and_close_by_escape(browser, page):
    tab = visit(browser, page, 390)
    picture, zoom = tab.locator("#samples img").first, tab.locator("dialog.zoom")
    picture.focus()
    tab.keyboard.press("Enter")
    assert zoom.is_visible()
    assert zoom.locator("img").bounding_box()["width"] > 2 * picture.bounding_box()["width"] * 0.9
    tab.keyboard.press("Escape")
    assert not zoom.is_visible()
    picture.click()
    assert zoom.is_visible()


def test_a_number_tells_where_it_comes_from(browser, page):
    tab = visit(browser, page)
    tab.locator('data[data-cell="comparison/unet/dice/mean"]').first.click()
    told = tab.locator(".cell").inner_text()
    for name in ("comparison/unet/dice/mean", "MLflow run", "Commit", "Data", "Split", "Parameters", "pipeline verify"):
        assert name in told
    tab.keyboard.press("Escape")
    assert not tab.locator(".cell").is_visible()
    tab.get_by_role("button", name="Where numbers come from").press("Enter")
    tab.locator("#evidence data").first.press("Enter")
    assert tab.locator(".cell").is_visible()


def test_page_is_dark_where_the_reader_wants_it(browser, page):
    papers = [
        visit(browser, page, scheme=scheme).evaluate("getComputedStyle(document.body).backgroundColor")
        for scheme in ("light", "dark")
    ]
    assert papers == ["rgb(254, 254, 254)", "rgb(22, 25, 28)"]


def test_page_is_printed_whole(browser, page):
    context = browser.new_context()
    tab = context.new_page()
    tab.goto(page.as_uri())
    tab.evaluate(
        "addEventListener('beforeprint', () => { window.folded = document.querySelectorAll('details:not([open])').length; })"
    )
    assert tab.locator("details:not([open])").count() > 0
    assert tab.pdf(format="A4").startswith(b"%PDF")
    assert tab.evaluate("window.folded") == 0
    tab.emulate_media(media="print")
    assert not tab.locator("nav").is_visible()


def test_nothing_is_cut_on_paper(browser, page):
    tab = visit(browser, page, PAPER_PX)
    tab.emulate_media(media="print")
    wide = "els => els.filter((el) => el.getBoundingClientRect().right > innerWidth + 1).map((el) => el.outerHTML.slice(0, 80))"
    assert tab.locator("table, svg, img, pre").evaluate_all(wide) == []
