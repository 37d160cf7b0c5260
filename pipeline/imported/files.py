"""Which file holds the prediction of which sample."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.datasets.reading import SUFFIXES
from pipeline.imported.faults import ImportFault, listed
from pipeline.params import PredictionsParams

ANY = ".*"


@dataclass(frozen=True)
class Listing:
    """The files of one folder by sample_id."""

    entry: PredictionsParams
    folder: Path
    files: dict[str, list[Path]]
    """Files that the entry's name fits; more than one only where it leaves the format open."""
    strangers: tuple[str, ...]
    """Files of such a name that belong to no sample."""

    def holds(self, sample_id: str) -> bool:
        """Whether there is a file of the sample."""
        return sample_id in self.files

    def path(self, sample_id: str) -> Path:
        """The one file of a sample that was found to be there."""
        return self.files[sample_id][0]

    def paths_of(self, sample_ids: Sequence[str]) -> list[Path]:
        """The files of samples that have one."""
        return [path for sample_id in sample_ids for path in self.files[sample_id]]

    @property
    def sample_ids(self) -> list[str]:
        """Samples that have a file."""
        return list(self.files)

    def find_faults(self, sample_ids: Sequence[str]) -> list[str]:
        """Which of these samples have no file, and which have two."""
        missing = [sample_id for sample_id in sample_ids if sample_id not in self.files]
        doubtful = [self.files[sample_id] for sample_id in sample_ids if len(self.files.get(sample_id, ())) > 1]
        return [*self._tell_missing(missing, len(sample_ids)), *self._tell_doubtful(doubtful)]

    def _tell_missing(self, missing: Sequence[str], wanted: int) -> list[str]:
        if not missing:
            return []
        others = f"; files there that belong to no sample: {listed(self.strangers)}" if self.strangers else ""
        return [
            f"{self.entry.name}: {len(missing)} of {wanted} samples to test have no file '{self.entry.file}' in"
            f" '{self.folder}': {listed(missing)}{others}. Export them too, or set file to how the files are named"
        ]

    def _tell_doubtful(self, doubtful: Sequence[list[Path]]) -> list[str]:
        if not doubtful:
            return []
        suffixes = sorted({path.suffix for paths in doubtful for path in paths})
        return [
            f"{self.entry.name}: {len(doubtful)} samples have more than one file in '{self.folder}', such as"
            f" {' and '.join(path.name for path in doubtful[0])}: set file to {self.entry.file.removesuffix(ANY)} and one of"
            f" {', '.join(suffixes)}"
        ]


def list_files(entry: PredictionsParams, fold: str, sample_ids: Iterable[str]) -> Listing:
    """The files of a fold's folder, looked through once; `sample_ids` are all samples that there are.

    Raises ImportFault where there is no such folder.
    """
    folder = Path(entry.folder_of(fold))
    if not folder.is_dir():
        raise ImportFault(
            f"{entry.name}: the folder '{folder}' does not exist: put the predictions there, or name their folder"
        )
    prefix, field, ending = _cut(entry.file)
    samples = {_spell(sample_id, field): sample_id for sample_id in sample_ids}
    pattern = re.compile(re.escape(prefix) + "(.+)" + _match(ending), re.DOTALL)
    files, strangers = defaultdict(list), []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        found = pattern.fullmatch(name)
        if found is None or not path.is_file() or any(part.startswith(".") for part in name.split("/")):
            continue
        if found[1] in samples:
            files[samples[found[1]]].append(path)
        else:
            strangers.append(name)
    return Listing(entry, folder, dict(files), tuple(strangers))


def _cut(file: str) -> tuple[str, str, str]:
    """What stands before the sample's name, which name it is, and what stands after it."""
    before, _, rest = file.partition("{")
    field, _, after = rest.partition("}")
    return before, field, after


def _spell(sample_id: str, field: str) -> str:
    return sample_id.replace("/", "_") if field == "flat" else sample_id


def _match(ending: str) -> str:
    """A pattern of what follows the sample's name; .* are the formats that are read, in capitals too."""
    if not ending.endswith(ANY):
        return re.escape(ending)
    suffixes = "|".join(map(re.escape, SUFFIXES))
    return re.escape(ending.removesuffix(ANY)) + f"(?i:{suffixes})"
