"""From what the audit found to the leave to train."""

import logging
from pathlib import Path

from pipeline.auditing import LeakError, tell_leaks
from pipeline.datasets.manifest import read_manifest
from pipeline.provenance import read_record, write_record

logger = logging.getLogger(__name__)


def admit(audited: Path, manifest: Path, admitted: Path, *, is_waived: bool, experiment: str) -> None:
    """Write `admitted`, always the same, so that fits do not start anew; raises LeakError where leaks are not waived."""
    found = read_record(audited)
    if found["leaks"] and not is_waived:
        raise LeakError(tell_leaks(found, read_manifest(manifest), Path("reports", experiment, "data.html")))
    if found["leaks"]:
        logger.warning("%d leaks are waived by audit.waive", found["leaks"])
    write_record(admitted, {"admitted": True})
