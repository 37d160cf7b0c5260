"""The caption says how each interval was found."""

import pandas as pd

from pipeline.report.verdict import describe_methods


def build_comparison(*rows: tuple[str, str]) -> pd.DataFrame:
    """Metric and method of the interval; a mean without any method is missing."""
    table = pd.DataFrame(rows, columns=["metric", "interval"])
    return table.assign(mean=[float("nan") if method == "none" else 0.5 for method in table["interval"]])


def test_one_method_is_named_alone():
    assert describe_methods(build_comparison(("dice", "skewness-corrected t"))) == "skewness-corrected t"


def test_blocks_of_any_length_are_one_method():
    rows = build_comparison(("dice", "block bootstrap, blocks of 6"), ("iou", "block bootstrap, blocks of 12"))
    assert describe_methods(rows) == "block bootstrap"


def test_other_methods_say_what_they_are_for():
    rows = build_comparison(
        ("log_loss", "skewness-corrected t"),
        ("brier", "skewness-corrected t"),
        ("brier", "skewness-corrected t"),
        ("accuracy", "Wilson"),
        ("accuracy", "Wilson"),
        ("auc", "bootstrap over units"),
        ("dice", "none"),
    )
    expected = "skewness-corrected t, Wilson's where every score is 0 or 1, bootstrap over units for AUC"
    assert describe_methods(rows) == expected
