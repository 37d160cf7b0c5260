"""A leak stops the workflow with files and mends, unless it is waived in words."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pipeline.__main__ import main
from pipeline.auditing import LeakError
from pipeline.datasets.manifest import write_manifest
from pipeline.params import AuditParams
from pipeline.provenance import read_record, write_record
from pipeline.steps.admit import admit


def write_audited(folder: Path, leaks: int) -> dict[str, Any]:
    """So many leaks, each between two samples of its own; gives the arguments of the step."""
    plain = {
        "kind": "identical",
        "severity": "leak",
        "fold": "0",
        "subset_a": "train",
        "subset_b": "test",
        "score": 1.0,
    }
    findings = [plain | {"a": f"a{n}", "b": f"b{n}", "detail": "the same pixels"} for n in range(leaks)]
    write_record(folder / "audited.json", {"leaks": leaks, "findings": findings})
    ids = [f"{side}{number}" for number in range(leaks) for side in "ab"]
    manifest = pd.DataFrame({"sample_id": ids, "images": [f"images/{name}.png" for name in ids]})
    write_manifest(folder / "manifest.csv", manifest)
    files = {name: folder / f"{name}.json" for name in ("audited", "admitted")}
    return files | {"manifest": folder / "manifest.csv", "experiment": "tried"}


def test_leaks_are_told_with_files_page_and_mends(tmp_path):
    files = write_audited(tmp_path, 12)
    with pytest.raises(LeakError) as told:
        admit(**files, is_waived=False)
    text = str(told.value)
    assert "12 identical between subsets of one fold" in text
    assert "fold 0: 'images/a0.png' (train) and 'images/b0.png' (test) are identical: the same pixels" in text
    assert "images/a9.png" in text
    assert "images/a10.png" not in text
    assert "and 2 more" in text
    assert "reports/tried/data.html" in text
    assert all(word in text for word in ("group", "split.kind", "remove", 'audit.waive: "why"'))
    assert not files["admitted"].exists()


def test_waived_leaks_are_admitted_as_no_leaks_are(tmp_path):
    files = write_audited(tmp_path, 1)
    admit(**files, is_waived=True)
    waived = files["admitted"].read_bytes()
    admit(**write_audited(tmp_path, 0), is_waived=False)
    assert files["admitted"].read_bytes() == waived
    assert read_record(files["admitted"]) == {"admitted": True}


def test_blank_words_waive_nothing():
    assert not AuditParams(waive="  ").is_waived
    assert AuditParams(waive="frames of a loop").is_waived


def test_command_line_tells_a_leak_without_traceback(tmp_path, capsys):
    files = write_audited(tmp_path, 1)
    flags = [word for name in ("audited", "manifest", "admitted") for word in (f"--{name}", str(files[name]))]
    assert main(["admit", *flags, "--settings", '{"is_waived": false, "experiment": "tried"}']) == 1
    assert "the split leaks" in capsys.readouterr().err
