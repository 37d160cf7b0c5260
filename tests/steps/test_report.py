"""The page tells what the files hold, whatever the experiment was."""

import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from pipeline.datasets.diagnosed import Diagnosed, write_diagnosed
from pipeline.provenance import read_record, write_record
from pipeline.report.experiment import read_table
from pipeline.report.origin import summarise_costs
from pipeline.report.rendering import spell_cost, spell_duration, spell_p, spell_score
from pipeline.steps.report import report
from tests.experiments import SKILL, draw_experiment, draw_params, find

SPACE = [{"parameter": "train.optimizer.learning_rate", "low": 1e-4, "high": 1e-2, "log": True}]
SMALL = {"sequences": 8, "frames": 4, "size": 32}
FEW_METRICS = {"evaluate": {"metrics": ["dice", "pixel_accuracy"]}}
UNET = [{"kind": "unet"}]
DEPTH = {"task": "depth", "data": {"masks": None, "depth": {}}, "models": UNET, "evaluate": {}}
BOTH = {
    "task": "mask_and_depth",
    "data": {"depth": {}},
    "models": [
        {"kind": "unet", "name": name} | heads
        for name, heads in (("joint", {}), ("mask_only", {"heads": ["mask"]}), ("depth_only", {"heads": ["depth"]}))
    ],
    "evaluate": {"metrics": ["iou", "rmse"]},
}
LABELS = {
    "task": "classification",
    "data": {"masks": None, "labels": "folders"},
    "models": [{"kind": "constant"}, {"kind": "unet", "name": "cnn"}, {"kind": "unet", "name": "cnn_augmented"}],
    "split": {"kind": "k_fold", "folds": 3},
    "evaluate": {"metrics": ["accuracy", "log_loss"]},
}
TWO = {"targets": ("label",), "channels": 1, "frames": 1, "sequences": 90, "size": 16}


class Text(HTMLParser):
    """Collects the words of a page, style and script left out, and the addresses that it would load."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.addresses: list[str] = []
        self.ids: list[str] = []
        self.is_code = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.is_code = tag in ("script", "style")
        found = {name: value or "" for name, value in attrs}
        self.addresses += [found[name] for name in ("src", "href", "xlink:href") if name in found]
        self.ids += [found["id"]] if "id" in found else []

    def handle_endtag(self, tag: str) -> None:
        self.is_code = False

    def handle_data(self, data: str) -> None:
        self.words += [] if self.is_code else [data]


def write(folder: Path, settings: dict[str, Any] | None = None, **drawn: Any) -> tuple[str, Text]:
    """The page of a drawn experiment, and its text."""
    params = draw_params(**(FEW_METRICS | (settings or {})))
    files = draw_experiment(folder, params, **(SMALL | drawn))
    report(**files, params=params)
    return read(files["page"])


def read(page: Path) -> tuple[str, Text]:
    """The page without the marks of its numbers, and its text."""
    html, text = re.sub(r"</?data\b[^>]*>", "", page.read_text()), Text()
    text.feed(html)
    return html, text


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, Text]:
    folder = tmp_path_factory.mktemp("report")
    return folder, *write(folder)


def words(text: Text) -> str:
    return " ".join(" ".join(text.words).replace("\N{NO-BREAK SPACE}", " ").split())


def test_verdict_stands_first(drawn):
    folder, _, text = drawn
    metrics = read_record(folder / "metrics.json")
    seen = words(text)
    assert seen.index(metrics["verdict"]) < seen.index("Comparison")
    assert all(sentence in seen for sentence in metrics["sentences"])


def test_page_loads_nothing_from_elsewhere(drawn):
    _, html, text = drawn
    assert {address[:5] for address in text.addresses if not address.startswith("#")} == {"data:"}
    assert "<script src" not in html
    assert "@import" not in html
    assert len(html) < 5_000_000


def test_links_within_the_page_arrive(drawn):
    _, _, text = drawn
    assert len(text.ids) == len(set(text.ids))
    assert {address[1:] for address in text.addresses if address.startswith("#")} <= set(text.ids)


def test_every_section_of_figures_names_runs_commit_data_split_and_seed_once(drawn):
    _, html, _ = drawn
    sections = re.findall(r'<section id="([\w-]+)"[^>]*>(.*?)</section>', html, re.DOTALL)
    lines = {name: re.findall(r'<details class="origin">.*?<p>(.*?)</p>', text) for name, text in sections}
    assert all(len(lines[name]) == 1 for name, text in sections if "<figcaption" in text)
    told = [line for found in lines.values() for line in found]
    assert all(re.search(r"data\s\w{8} · split\s\w{8} · parameters\s\w{8} · seed\s0", line) for line in told)
    assert (
        sum("MLflow runs unet\N{NO-BREAK SPACE}" in line or "MLflow runs conv_lstm_unet" in line for line in told) >= 6
    )


def test_scores_of_the_table_are_those_of_the_comparison(drawn):
    folder, html, _ = drawn
    rows = read_record(folder / "metrics.json")["models"]
    for metrics in rows.values():
        assert f">{spell_score(metrics['dice']['mean'])}<small>" in html


def test_every_fold_shows_image_truth_prediction_and_both_contours(drawn):
    _, html, _ = drawn
    section = html.split('<section id="samples"')[1].split('<details class="origin">')[0]
    blocks = section.split("<summary>")[1:]
    assert [block.split("</summary>")[0] for block in blocks] == ["Fold 0", "Fold 1", "Fold 2", "Fold 3"]
    assert all(f"contour of {name}" in section for name in ("truth", "prediction"))
    for block in blocks:
        captions = re.findall("<figcaption>(.*?)</figcaption>", block)
        assert {"treated", "raw", "true mask", "probability", "contours"} == set(captions)


def test_baselines_are_marked(drawn):
    _, html, _ = drawn
    assert html.count(">baseline</span>") == 2


def test_report_warns_of_data_and_fits(drawn):
    seen = words(drawn[2])
    assert "s03/004.png and s03/005.png are nearly the same" in seen
    assert "conv_lstm_unet, fold 1: a batch of 8 did not fit: halved to 4" in seen


def test_report_says_that_the_ensemble_was_not_scored(drawn):
    seen = words(drawn[2])
    assert "This ensemble itself was not scored" in seen
    assert "python -m pipeline apply --model models:/drawn@champion IMAGES OUT" in seen


def test_report_shows_leaks_and_the_words_that_waive_them(tmp_path):
    settings = {"models": UNET, "audit": {"waive": "both are of one film"}}
    html, text = write(tmp_path, settings, findings=[find("near_identical", "s00/000", "s05/001", score=0.97)])
    seen = words(text)
    assert seen.index("both are of one film") < seen.index("Comparison")
    assert "The audit found 1 leak between subsets: waived" in seen
    assert html.count('alt="sample s05/001"') >= 1


def test_report_says_that_the_search_was_off(drawn):
    assert "The search was off" in words(drawn[2])


def test_same_files_give_the_same_page(drawn, tmp_path):
    assert write(tmp_path)[0].replace(str(tmp_path), str(drawn[0])) == drawn[1]


def test_final_test_score_is_printed(tmp_path):
    params = draw_params(models=UNET, **FEW_METRICS)
    files = draw_experiment(tmp_path, params, **SMALL)
    registered = read_record(files["registered"])
    score = {"mean": 0.5432, "low": 0.5, "high": 0.6}
    write_record(files["registered"], registered | {"final_test": {"dice": score}})
    report(**files, params=params)
    seen = words(read(files["page"])[1])
    assert ".543 .500 to .600" in seen
    assert "was not scored" not in seen


def test_search_is_told_with_its_optimism(tmp_path):
    settings = {"search": {"trials": 5, "space": SPACE}}
    seen = words(write(tmp_path, settings, trials=5)[1])
    assert "the search believed Dice" in seen
    assert "train.optimizer.learning_rate: 0.00213" in seen


def test_unlabelled_predictions_are_shown(tmp_path):
    html, text = write(tmp_path, {"models": UNET}, unlabelled=3)
    assert "3 samples without targets were predicted" in words(text)
    assert "The image with the contour of the mask." in words(text)
    assert html.count('alt="prediction of u') == 3


def test_unlabelled_depths_and_classes_are_shown(tmp_path):
    both = words(write(tmp_path / "both", BOTH, targets=("mask", "depth"), channels=1, unlabelled=2)[1])
    assert "The image with the contour of the mask, then the depth, near is bright." in both
    html, text = write(tmp_path / "label", LABELS, **TWO, unlabelled=2)
    assert html.count('alt="prediction of u') == 2
    assert "still 0.75 u00" in words(text)


def test_use_of_the_model_is_told_by_its_heads(drawn, tmp_path):
    assert "masks = model.predict(images) # (images, height, width), in the values of the mask files" in words(drawn[2])
    seen = words(write(tmp_path, LABELS, **TWO)[1])
    assert "probabilities = model.predict(images) # (images, class): moving, still" in seen
    assert "Foreground begins" not in seen


@pytest.mark.parametrize(
    ("settings", "drawn_as"),
    [
        ({"data": {}}, {"classes": 4, "channels": 3}),
        ({"data": {}, "models": UNET}, {"channels": 5}),
        (
            {"data": {}, "models": UNET, "split": {"kind": "blocked", "folds": 3, "gap": 2}},
            {"sequences": 1, "frames": 24, "channels": 1},
        ),
        (
            {"split": {"kind": "leave_one_out", "folds": 9}, "models": [{"kind": "constant"}]},
            {"sequences": 9, "frames": 1},
        ),
        ({"split": {"kind": "k_fold", "folds": 3, "repeats": 4}, "models": UNET}, {"sequences": 12, "frames": 1}),
        ({"registry": {"use": "refit"}, "models": UNET, "split": {"folds": 2, "final_test_fraction": 0.3}}, {}),
        ({"evaluate": {"empty_masks": "skip", "metrics": ["dice"]}, "models": UNET}, {}),
        (DEPTH, {"targets": ("depth",), "channels": 3}),
        (BOTH, {"targets": ("mask", "depth"), "channels": 3}),
        (LABELS, {"targets": ("label",), "channels": 3, "frames": 1, "sequences": 24}),
        (
            LABELS,
            {"targets": ("label",), "channels": 3, "frames": 1, "sequences": 60, "labels": list("abcdefghijklmno")},
        ),
    ],
    ids=[
        *("classes", "channels", "one volume", "leave one out", "repeats", "refit", "skipped"),
        *("depth", "mask and depth", "two labels", "fifteen labels"),
    ],
)
def test_every_kind_of_experiment_has_a_page(tmp_path, settings, drawn_as):
    html, _ = write(tmp_path, settings, **drawn_as)
    assert html.rstrip().endswith("</html>")
    assert "nan" not in re.sub(r'"data:[^"]*"', "", html).lower().split(">parameters<")[0].replace("nanmean", "")


def test_depth_is_shown_in_metres_with_its_error_and_the_lowest_is_the_best(tmp_path):
    settings = DEPTH | {"evaluate": {"metrics": ["rmse"]}, "models": [{"kind": "constant"}, *UNET]}
    html, text = write(tmp_path, settings, targets=("depth",), channels=1)
    seen = words(text)
    assert "RMSE, m" in seen
    assert "the lowest of RMSE" in seen
    assert re.search(r"Depth [\d.]+ m [\d.]+ m Predicted less true depth −[\d.]+ m [\d.]+ m", seen)
    assert html.count('alt="error of unet on') == html.count('alt="true depth of')
    fold = re.findall(r"(Worst|Median|Best) · \S+ .*?RMSE ([\d.]+) m", seen)[:3]
    worst, _, best = (float(score) for _, score in fold)
    assert worst > best
    assert "contour of truth" not in seen


def test_every_model_shows_the_heads_that_it_has(tmp_path):
    html, text = write(tmp_path, BOTH, targets=("mask", "depth"), channels=1)
    seen = words(text)
    for model, tiles in {"joint": ("contours", "error"), "mask_only": ("contours",), "depth_only": ("error",)}.items():
        for tile in ("contours", "error"):
            assert (f'alt="{tile} of {model} on' in html) == (tile in tiles)
    assert "contour of truth" in seen and "Predicted less true depth" in seen


def test_misclassified_samples_are_shown_the_most_confident_first(tmp_path, monkeypatch):
    monkeypatch.setitem(SKILL, "cnn", 0.11)
    monkeypatch.setitem(SKILL, "cnn_augmented", 0.12)
    html, text = write(tmp_path, LABELS, **(TWO | {"sequences": 300, "labels": ["cat", "dog", "owl"]}))
    seen = words(text)
    wrong, tested = map(int, re.search(r"was wrong in (\d+) of (\d+) test samples; the 24", seen).groups())
    assert tested == 300 and wrong > 24
    assert html.count('alt="misclassified ') == 24
    confidences = [float(value) for value in re.findall(r"taken for \w+ at ([\d.]+); then", seen)]
    assert confidences == sorted(confidences, reverse=True)
    assert "Mixed up most:" in seen


def test_no_misclassified_sample_is_said_too(tmp_path, monkeypatch):
    monkeypatch.setitem(SKILL, "cnn", 5.0)
    html, text = write(tmp_path, LABELS | {"models": LABELS["models"][:2]}, **TWO)
    assert "cnn classified all 90 test samples as they are labelled." in words(text)
    assert 'alt="misclassified' not in html


def test_classes_are_told_by_confusion_precision_and_recall(tmp_path):
    html, text = write(tmp_path, LABELS, **TWO)
    counts = [int(count) for count in re.findall(r'<td class="(?:hit|miss)[^>]*>(\d+)</td>', html)]
    assert sum(counts) == 2 * 90  # of both models that are no baseline
    assert "Precision Recall F1 AUC Samples" in words(text)
    assert "Only cnn" in words(text)  # who is right where accuracy is all that a sample has


def test_costs_stand_beside_the_comparison(drawn):
    seen = words(drawn[2])
    assert "conv_lstm_unet 4 min 4 62 s 912 MB" in seen
    assert "Cost," not in seen


def test_costs_in_money_are_told_where_there_is_a_price(tmp_path):
    settings = {"models": UNET, "compare": {"price_per_hour": 3.6, "currency": "EUR"}}
    seen = words(write(tmp_path, settings)[1])
    assert "Cost, EUR unet 4 min 4 62 s 912 MB 0.25" in seen
    assert "cost at 3.6 EUR an hour" in seen


def test_curves_are_explained_with_what_this_fit_had(drawn):
    seen = words(drawn[2])
    assert (
        "because the weights moved while it was taken, its samples were augmented and dropout left features out" in seen
    )
    assert "the averaged weights" not in seen
    assert drawn[1].count(' in both modes" loading') == 8  # two tiles: image, two maps, difference


def test_a_network_of_one_mode_is_said_to_have_one(tmp_path):
    params = draw_params(models=UNET, **FEW_METRICS)
    files = draw_experiment(tmp_path, params, **SMALL)
    for path in files["histories"]:
        read_table(path).assign(batch_loss="").to_csv(path, index=False)
    write_diagnosed(files["diagnosed"], Diagnosed("unet", "0"))
    report(**files, params=params)
    assert "it has one mode" in words(read(files["page"])[1])


def test_a_baseline_that_wins_has_no_curves_to_explain(tmp_path):
    html, _ = write(tmp_path, {"models": [{"kind": "constant"}]})
    assert "Why do these curves differ" not in html


def test_augmentation_of_one_entry_alone_is_told_as_its_own(tmp_path):
    models = [{"kind": "unet", "name": "cnn"}, {"kind": "unet", "name": "cnn_augmented", "augment": {"rotation": 15}}]
    seen = words(write(tmp_path, LABELS | {"models": models}, **TWO)[1])
    assert "What cnn_augmented is shown in place of 000. augment : rotation 15.0." in seen


def test_names_of_files_are_text_not_markup(tmp_path):
    params = draw_params(models=UNET, **FEW_METRICS)
    files = draw_experiment(tmp_path, params, **SMALL)
    dataset = json.loads(files["dataset"].read_text())
    files["dataset"].write_text(json.dumps(dataset | {"warnings": ["<b>a.png</b> & b.png"]}))
    report(**files, params=params)
    assert "&lt;b&gt;a.png&lt;/b&gt; &amp; b.png" in files["page"].read_text()


def test_costs_are_summed_over_the_jobs_of_a_rule(tmp_path):
    folder = tmp_path / "benchmarks" / "train" / "unet"
    folder.mkdir(parents=True)
    for fold, seconds in enumerate((10, 30)):
        rows = f"s\tmax_rss\tcpu_time\n{seconds}\t900\t{2 * seconds}\n"
        (folder / f"{fold}.tsv").write_text(rows)
    split = tmp_path / "benchmarks" / "split.tsv"
    split.write_text("s\tmax_rss\tcpu_time\n0.2\t-\t-\n")
    first, second = summarise_costs([*sorted(folder.iterdir()), split])
    assert (first["rule"], first["jobs"], first["cpu_seconds"], first["memory_mb"]) == ("train", 2, 80, 900)
    assert (second["rule"], second["cpu_seconds"]) == ("split", 0)


def test_report_imports_neither_networks_nor_tracking():
    code = "import sys, pipeline.steps.report; print({'keras', 'tensorflow', 'mlflow', 'optuna'} & set(sys.modules))"
    found = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert found.stdout.strip() == "set()"


@pytest.mark.parametrize(
    ("value", "spelt"),
    [(0.8124, ".812"), (-0.12, "−.120"), (1.0, "1.000"), (0.99999, "1.000"), (None, "–"), (-0.0001, ".000")],
)
def test_scores_are_spelt_with_three_decimals(value, spelt):
    assert spell_score(value) == spelt


def test_money_is_spelt_with_two_decimals_or_two_digits():
    assert [spell_cost(cost) for cost in (1234.5, 0.25, 0.0123, 0.0)] == ["1,234.50", "0.25", "0.012", "0.00"]


def test_durations_and_p_values_are_spelt_for_readers():
    assert [spell_duration(seconds) for seconds in (1.23, 61.5, 600, 9000)] == ["1.2 s", "62 s", "10 min", "2.5 h"]
    assert [spell_p(p) for p in (0.0004, 0.03, float("nan"))] == ["< .001", ".030", "–"]
