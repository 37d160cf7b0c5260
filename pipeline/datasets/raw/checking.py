"""Checks over all samples of a data set."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median

from pipeline.datasets.faults import Fault
from pipeline.datasets.raw.contents import Contents
from pipeline.datasets.raw.names import fold
from pipeline.datasets.reading import list_polygon_classes
from pipeline.params import DataParams

MOST_VALUES = 32
"""Masks with more grey values than this are taken for smoothed ones, unless data.mask_values names them."""
FEW_VALUES = 2
"""Masks with more values than this between the classes' are taken for smoothed ones."""
SHOWN_VALUES = 8
UNITS = (250.0, 4000.0)
"""Ratios of distances that stand for metres among millimetres, not for another scene."""


def check_alike(raw: Path, contents: Sequence[Contents]) -> list[Fault]:
    """Faults of samples whose type or number of channels is not that of most."""
    bits, colours = "save all with the same bits a channel", "save all in grey or all in colour"
    return [
        *_check_most(raw, contents, "type_differs", lambda held: held.dtype, bits),
        *_check_most(raw, contents, "channels_differ", lambda held: _tell_channels(held.channels), colours),
    ]


def choose_values(raw: Path, contents: Sequence[Contents], data: DataParams) -> tuple[int, ...]:
    """Value of each class, background first: those of the parameters, or all that were found, ascending; none without masks.

    Colours, polygons and single objects number their classes themselves, so that one that no mask has keeps its place.
    """
    masks = [held.sample.mask for held in contents if held.sample.mask]
    if not masks:
        return ()
    if data.mask_colours is not None:
        return tuple(range(len(data.mask_colours)))
    if classes := list_polygon_classes(raw, masks, data.class_names):
        return tuple(range(len(classes)))
    if data.instances is not None:
        return (0, 1)
    return data.mask_values or tuple(sorted({value for held in contents for value in held.values}))


def check_targets(raw: Path, contents: Sequence[Contents]) -> list[Fault]:
    """Faults of targets that nothing can be learnt from: none at all, one class, two spellings, two units of depth."""
    if any(held.sample.mask or held.sample.depth or held.sample.label for held in contents):
        return [*_check_labels(contents), *_check_depths(raw, contents)]
    told = f"no sample of '{raw}' has a mask, depth or label, so that nothing can be learnt"
    return [Fault("no_targets", f"{told}: add masks, or name the targets in section data")]


def check_values(raw: Path, contents: Sequence[Contents], values: Sequence[int], data: DataParams) -> list[Fault]:
    """Faults of masks whose values are not those of the classes."""
    labelled = [held for held in contents if held.sample.mask]
    if not labelled:
        return []
    faults = [*_check_unknown(raw, labelled, data)] if data.mask_values else []
    if data.mask_values is None and len(values) > MOST_VALUES:
        worst = max(labelled, key=lambda held: len(held.values))
        where = f"masks have {len(values)} different values, most in '{raw / worst.sample.mask}' ({len(worst.values)})"
        mend = (
            "export them without smoothing, name the classes' in data.mask_values, set data.instances to values where each"
            " is an object, or swap data.channels and data.masks where these are the images"
        )
        faults.append(Fault("many_values", f"{where}: {mend}", worst.sample.mask))
    if not any(value in held.values for held in labelled for value in values[1:]):
        mend = "add masks with foreground, or change data.mask_values"
        told = f"all masks of '{raw}' hold nothing but background ({values[0]}): {mend}"
        faults.append(Fault("no_foreground", told))
    if data.class_names is not None and len(data.class_names) != len(values):
        most = max(labelled, key=lambda held: len(held.values))
        found = ", ".join(map(str, list(values)[:SHOWN_VALUES])) + (", ..." if len(values) > SHOWN_VALUES else "")
        names = f"data.class_names has {len(data.class_names)} names, the masks have {len(values)} values ({found})"
        where = f"most in '{raw / most.sample.mask}' ({len(most.values)})"
        mend = "name the classes' values in data.mask_values, or give one name a value, background first"
        faults.append(Fault("names_differ", f"{names}, {where}: {mend}", most.sample.mask))
    return faults


def _check_unknown(raw: Path, labelled: Sequence[Contents], data: DataParams) -> Iterator[Fault]:
    """A fault for each mask with values that are none of data.mask_values."""
    classes = list(data.mask_values or ())
    found = sorted({value for held in labelled for value in held.values})
    for held in labelled:
        unknown = sorted(set(held.values) - set(classes))
        if not unknown:
            continue
        where = f"mask '{raw / held.sample.mask}' has"
        pixels = sum(held.values[value] for value in unknown)
        if len(unknown) > FEW_VALUES and min(classes) <= unknown[0] and unknown[-1] <= max(classes):
            told = f"{where} {len(held.values)} values, {pixels} pixels of them between data.mask_values {classes}"
            mend = "export it without smoothing, or type python -m pipeline mend"
            yield Fault("mask_smoothed", f"{told}: {mend}", held.sample.mask)
            continue
        listed = ", ".join(map(str, unknown[:SHOWN_VALUES])) + (", ..." if len(unknown) > SHOWN_VALUES else "")
        mend = "mend the mask or name the value"
        if len(found) <= len(classes):
            mend += f", or set data.mask_values to {found} where all masks are so"
        told = f"{where} {pixels} pixels of value {listed}, which is none of data.mask_values {classes}"
        yield Fault("value_unknown", f"{told}: {mend}", held.sample.mask)


def _check_labels(contents: Sequence[Contents]) -> Iterator[Fault]:
    labels = Counter(held.sample.label for held in contents if held.sample.label)
    if len(labels) == 1 and labels.total() > 1:
        told = (
            f"all {labels.total()} labelled samples are '{next(iter(labels))}', and there must be at least two classes"
        )
        yield Fault("one_class", f"{told}: add samples of another, or change data.labels")
    spellings: dict[str, str] = {}
    for label, count in labels.most_common():
        usual = spellings.setdefault(fold(label).strip().replace(" ", "_"), label)
        if usual != label:
            first = next(held.sample.images[0] for held in contents if held.sample.label == label)
            told = f"class '{label}' of {count} samples (the first: '{first}') is class '{usual}' in another spelling"
            yield Fault("label_twins", f"{told}: keep one spelling", first)


def _check_depths(raw: Path, contents: Sequence[Contents]) -> Iterator[Fault]:
    """A fault for each file whose distances are about a thousand times those of most."""
    distances = {held.sample.depth: held.levels.distance for held in contents if held.sample.depth}
    if len(distances) < 3:
        return
    usual = median(distances.values())
    for name, distance in distances.items():
        ratio = max(distance / usual, usual / distance) if usual > 0 and distance > 0 else 1.0
        if UNITS[0] < ratio < UNITS[1]:
            told = f"depth '{raw / name}' has a median of {distance:.4g} m, the others of about {usual:.4g} m"
            yield Fault("depth_units", f"{told}: save all in one unit, and tell it by data.depth.scale", name)


def _check_most(
    raw: Path, contents: Sequence[Contents], kind: str, tell: Callable[[Contents], str], mend: str
) -> list[Fault]:
    counts = Counter(tell(held) for held in contents)
    if len(counts) < 2:
        return []
    (usual, count), *_ = counts.most_common()
    return [
        Fault(kind, f"image '{raw / name}' has {tell(held)}, {count} others have {usual}: {mend}", name)
        for held in contents
        if tell(held) != usual
        for name in held.sample.images[:1]
    ]


def _tell_channels(channels: int) -> str:
    return f"{channels} channel{'s' if channels > 1 else ''}"
