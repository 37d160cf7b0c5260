"""What a person should know of the data before anything trains, in sentences."""

from pipeline.comparison.pairing import FEWEST_UNITS, number_units
from pipeline.comparison.settling import join_parts
from pipeline.params import NetworkParams
from pipeline.report.sheet import DataSheet

NAMED = 5


def summarise_trust(sheet: DataSheet) -> str:
    """One sentence: how much there is, and whether anything leaks."""
    samples, leaks = sheet.explored["samples"], sheet.audited["leaks"]
    kind = "labelled samples" if samples["labelled"] else "samples, none labelled"
    counted = f"{samples['labelled'] or samples['all']:,} {kind}"
    if samples["sequences"]:
        counted += f" in {tell_count(samples['sequences'], 'sequence')}"
    waived = ", waived" if leaks and sheet.params.audit.waive.strip() else ""
    found = f"{tell_count(leaks, 'leak')} between subsets{waived}" if leaks else "no leak found between subsets"
    return f"{counted}; {found}."


def list_data_warnings(sheet: DataSheet) -> list[str]:
    """What may be wrong with data and split, the worst first."""
    about_data = [*sheet.dataset.warnings, *_about_outliers(sheet)]
    return [*_about_audit(sheet), *_about_given(sheet), *about_data, *_about_sizes(sheet), *_about_labels(sheet)]


def list_unit_warnings(sheet: DataSheet) -> list[str]:
    """That what is tested holds too few independent units for claims beyond them, where it does."""
    tested = sheet.splits.loc[sheet.splits["subset"] == "test", ["sample_id", "fold"]].merge(
        sheet.manifest, on="sample_id"
    )
    if sheet.params.task is None or tested.empty:
        return []
    split = sheet.params.split
    units = len(set(number_units(join_parts(tested, split), split.divides_sequences)))
    if units >= FEWEST_UNITS:
        return []
    return [
        f"The test samples are {tell_count(units, 'independent unit')} (group, sequence), under {FEWEST_UNITS}: intervals and tests will"
        " resample blocks inside, often none is possible, and nothing will be claimed beyond these; more sequences mend it"
    ]


def tell_count(count: int, word: str) -> str:
    """Such as: 1 leak, 2 leaks."""
    return f"{count:,} {word}{'s' if count != 1 else ''}"


def _about_audit(sheet: DataSheet) -> list[str]:
    leaks, warnings = sheet.audited["leaks"], sheet.audited["warnings"]
    mend = "nothing trains until they are mended, or waived by audit.waive"
    verdict = "waived, in the words above" if sheet.params.audit.waive.strip() else mend
    said = [f"The audit found {tell_count(leaks, 'leak')} between subsets: {verdict}"] if leaks else []
    return said + (
        [f"The audit found {tell_count(warnings, 'pair')} to look at, no leak by itself"] if warnings else []
    )


def _about_given(sheet: DataSheet) -> list[str]:
    given = sorted(set(sheet.manifest["subset"]) & {"train", "validation", "test"})
    if len(given) < 2 or sheet.params.split.kind == "predefined":
        return []
    return [f"The subsets given with the data ({', '.join(given)}) are not used: split.kind predefined takes them"]


def _about_outliers(sheet: DataSheet) -> list[str]:
    outliers = sheet.explored["outliers"]
    if not outliers:
        return []
    named = "; ".join(f"{outlier['sample_id']}: {outlier['reason']}" for outlier in outliers[:NAMED])
    more = f"; and {len(outliers) - NAMED} more under Outliers" if len(outliers) > NAMED else ""
    return [
        f"Far from the others {'is' if len(outliers) == 1 else 'are'} {tell_count(len(outliers), 'sample')} ({named}{more})"
    ]


def _about_sizes(sheet: DataSheet) -> list[str]:
    patch, index = sheet.params.train.patch, sheet.arrays.index
    if patch is None or not any(isinstance(entry, NetworkParams) for entry in sheet.params.models):
        return []
    smaller = int(((index["height"] < patch[0]) | (index["width"] < patch[1])).sum())
    place = f"Smaller than train.patch {list(patch)}: {tell_count(smaller, 'sample')}, the rest of whose patches"
    return [f"{place} is mirrored and does not count"] if smaller else []


def _about_labels(sheet: DataSheet) -> list[str]:
    folds = sheet.params.split.folds
    rare = [row["label"] for row in sheet.explored["labels"] if row["samples"] < folds]
    return [f"Labels with fewer samples than the {folds} folds: {', '.join(rare)}"] if rare and folds > 1 else []
