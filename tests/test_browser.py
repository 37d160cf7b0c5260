"""The page in a browser: at desktop and phone width, in light and dark, nothing is cut, missing or too wide."""

import html
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from pipeline.steps.preview import preview
from pipeline.steps.report import report
from tests.experiments import draw_data, draw_experiment, draw_params, find

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = ["headless", "no-sandbox", "disable-gpu", "disable-quic", "no-first-run", "disable-background-networking"]
QUIET += ["disable-component-update", "disable-sync", "hide-scrollbars", "allow-file-access-from-files"]
# A window is at least 500 pixels wide, a frame in it has any width.
FRAME = """<!doctype html><iframe src="{name}" width="{width}" height="1200" style="border: 0"></iframe><script>
onload = () => {{
  const view = frames[0], page = view.document, labels = [...page.querySelectorAll("svg text")];
  page.querySelectorAll("details").forEach((block) => {{ block.open = true; }});
  const isCut = (label) => {{
    const box = label.getBoundingClientRect(), frame = label.ownerSVGElement.getBoundingClientRect();
    return box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1;
  }};
  const size = (label) => {{
    const scale = label.getScreenCTM();
    return parseFloat(view.getComputedStyle(label).fontSize) * Math.hypot(scale.a, scale.b);
  }};
  const images = [...page.querySelectorAll("img")];
  const place = document.createElement("pre");
  place.textContent = JSON.stringify({{
    scroll: page.documentElement.scrollWidth,
    images: images.length,
    missing: images.filter((image) => !image.naturalWidth).length,
    cut: labels.filter(isCut).map((label) => label.textContent.trim()),
    smallest: Math.min(...labels.map(size)),
    paper: view.getComputedStyle(page.body).backgroundColor,
    loaded: view.performance.getEntriesByType("resource").filter((entry) => !entry.name.startsWith("data:")).length,
  }});
  document.body.append(place);
}};
</script>"""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium here: apt-get install chromium"),
]


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("browser")
    space = [{"parameter": "train.optimizer.learning_rate", "low": 1e-4, "high": 1e-2, "log": True}]
    params = draw_params(search={"trials": 6, "space": space})
    files = draw_experiment(folder, params, unlabelled=4, trials=6)
    report(**files, params=params)
    return load_at_once(files["page"])


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
    return load_at_once(files["page"])


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
    return load_at_once(files["page"])


def load_at_once(page: Path) -> Path:
    """The page without lazy loading of pictures, which a browser without a reader never begins."""
    eager = page.with_name("eager.html")
    eager.write_text(page.read_text().replace('loading="lazy"', ""))
    return eager


def measure(page: Path, width: int, *flags: str) -> dict[str, object]:
    """What a browser makes of the page at this width."""
    frame = page.with_name(f"frame-{width}.html")
    frame.write_text(FRAME.format(name=page.name, width=width))
    profile = page.with_name(f"profile-{width}-{len(flags)}")
    options = [*QUIET, *flags, f"user-data-dir={profile}", "window-size=1600,1300", "dump-dom"]
    command = [str(CHROMIUM), *(f"--{option}" for option in options), frame.as_uri()]
    seen = subprocess.run(command, check=True, capture_output=True, text=True, timeout=180)
    found = re.search(r"<pre>(.*?)</pre>", seen.stdout, re.DOTALL)
    assert found, seen.stderr[-2000:]
    measured: dict[str, object] = json.loads(html.unescape(found[1]))
    return measured


@pytest.mark.parametrize("width", [1400, 820, 390])
def test_page_fits_its_window(page, width):
    measured = measure(page, width)
    assert measured["scroll"] == width
    assert measured["cut"] == []
    assert measured["smallest"] >= 10
    assert measured["images"] > 50
    assert (measured["missing"], measured["loaded"]) == (0, 0)


@pytest.mark.parametrize("width", [1400, 390])
def test_page_of_other_heads_fits_its_window(other, width):
    measured = measure(other, width)
    assert measured["scroll"] == width
    assert measured["cut"] == []
    assert measured["smallest"] >= 10
    assert measured["images"] > 30
    assert (measured["missing"], measured["loaded"]) == (0, 0)


@pytest.mark.parametrize("width", [1400, 390])
def test_page_before_training_fits_its_window(look, width):
    measured = measure(look, width)
    assert measured["scroll"] == width
    assert measured["cut"] == []
    assert measured["smallest"] >= 10
    assert measured["images"] > 30
    assert (measured["missing"], measured["loaded"]) == (0, 0)


def test_page_is_dark_where_the_reader_wants_it(page):
    light = measure(page, 1400)["paper"]
    dark = measure(page, 1400, "blink-settings=preferredColorScheme=0")["paper"]
    assert (light, dark) == ("rgb(254, 254, 254)", "rgb(22, 25, 28)")
