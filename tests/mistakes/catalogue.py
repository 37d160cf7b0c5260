"""All entries of the catalogue by topic."""

from tests.mistakes.composites import COMPOSITES
from tests.mistakes.depths import DEPTHS
from tests.mistakes.entry import Mistake
from tests.mistakes.files import FILES
from tests.mistakes.images import IMAGES
from tests.mistakes.labels import LABELS
from tests.mistakes.masks import MASKS
from tests.mistakes.names import NAMES
from tests.mistakes.pairs import PAIRS
from tests.mistakes.polygons import POLYGONS
from tests.mistakes.sequences import SEQUENCES
from tests.mistakes.splits import SPLITS
from tests.mistakes.tables import TABLES

TOPICS: dict[str, tuple[Mistake, ...]] = {
    "pairs": PAIRS,
    "files": FILES,
    "names": NAMES,
    "masks": MASKS,
    "images": IMAGES,
    "sequences": SEQUENCES,
    "tables": TABLES,
    "depths": DEPTHS,
    "labels": LABELS,
    "polygons": POLYGONS,
    "composites": COMPOSITES,
    "splits": SPLITS,
}
CATALOGUE = tuple(entry for entries in TOPICS.values() for entry in entries)
