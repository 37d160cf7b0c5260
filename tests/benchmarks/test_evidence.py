"""The page of evidence says what the tables hold."""

from tests.benchmarks.evidence.telling import DOCUMENT, FOLDER, read_tables, tell


def test_document_tells_the_tables_that_are_kept() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == tell(read_tables(FOLDER))


def test_all_bars_hold_but_those_that_are_told_as_missed() -> None:
    tables = read_tables(FOLDER)
    assert (tables["claims"]["holds"] & (tables["claims"]["replications"] == 10_000)).all()
    assert tables["refits"]["holds"].all() and tables["noise"]["holds"].all()
    used = tables["coverage"].query("is_used and bar.notna()")
    missed = used[used["holds"].astype(str) != "True"]
    assert set(missed["units"]) <= {30} and missed["scores"].str.contains("% zeros").all()
