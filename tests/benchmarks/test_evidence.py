"""The page of evidence says what the tables hold."""

from tests.benchmarks.evidence.judging import find_unknown
from tests.benchmarks.evidence.telling import DOCUMENT, FOLDER, read_tables, tell


def test_document_tells_the_tables_that_are_kept() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == tell(read_tables(FOLDER))


def test_all_bars_hold_but_those_that_are_told_as_missed() -> None:
    tables = read_tables(FOLDER)
    assert (tables["claims"]["holds"] & (tables["claims"]["replications"] == 10_000)).all()
    assert tables["refits"]["holds"].all() and tables["noise"]["holds"].all()
    assert not find_unknown(tables)


def test_a_bar_that_is_surely_missed_and_not_stated_is_found() -> None:
    tables = read_tables(FOLDER)
    coverage, pooled = tables["coverage"].copy(), tables["pooled"].copy()
    coverage.loc[coverage.query("is_used and bar.notna()").index[0], "coverage"] = 0.5
    pooled.loc[0, "rate"] = 0.5
    assert len(find_unknown(tables | {"coverage": coverage, "pooled": pooled})) == 2
