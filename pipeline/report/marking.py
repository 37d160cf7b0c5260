"""Every number of a page marked with the cell that it comes from: `<data value="0.7123" data-cell="comparison/unet/dice/mean">.712</data>`."""

import math
import re
from collections import Counter
from typing import NamedTuple

from markupsafe import Markup, escape

NUMBER = re.compile(
    r"(?<![\w.,/#&-])[\N{MINUS SIGN}-]?(?:\d+(?:,\d{3})+|\d+)?(?:(?<!\d)\.\d+|(?<=\d)(?:\.\d+)?)(?:e[+-]?\d+)?(?![\w/]|[.-]\d)"
)
"""A number that stands for itself: no part of a name (s03/004.png), a version (2.21.0), a hash or a date."""
# Text lies between these; what is opaque holds drawings, code, or a number that a template has marked itself.
OPAQUE = "|".join(rf"<{name}\b.*?</{name}>" for name in ("script", "style", "svg", "pre", "code", "title", "data"))
TAG = re.compile(rf"({OPAQUE}|<!--.*?-->|<[^>]*>)", re.DOTALL)
NAME = re.compile(r"</?([a-z0-9]+)")
ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')
MARKED = re.compile(r'<data value="([^"]*)" data-cell="([^"]*)">(.*?)</data>', re.DOTALL)
AREAS = ("header", "section", "footer")
BLOCKS = ("p", "li", "dt", "dd", "figcaption", "summary", "h1", "h2", "h3", "h4")
HEADING = "heading"


class Cell(NamedTuple):
    """A marked number: where it comes from, and as what it is shown."""

    name: str
    shown: str
    value: str


def mark(page: str) -> str:
    """The page with each number marked that no template has marked.

    A number of a table is named SECTION/TABLE/ROW/COLUMN by the table's headings, one of a sentence SECTION/BLOCK/COUNT, or
    FROM/COUNT where the element has an attribute data-from.
    """
    place = Place()
    parts: list[str] = []
    for number, part in enumerate(TAG.split(page)):
        if number % 2:
            place.pass_tag(part)
            parts.append(part)
        else:
            parts.append(NUMBER.sub(lambda found: to_data(found[0], value_of(found[0]), place.name_next()), part))
            place.pass_text(part)
    return "".join(parts)


def to_data(shown: str, value: str, cell: str) -> str:
    """The element; all three are HTML already."""
    return f'<data value="{value}" data-cell="{cell}">{shown}</data>'


def mark_value(shown: str, value: float | None, *cell: str) -> Markup:
    """A number that a template shows, with the path of its cell: file, row, metric, column; a missing one has no mark."""
    if value is None or math.isnan(value):
        return escape(shown)
    name = "/".join(cell)
    return Markup('<data value="{}" data-cell="{}">{}</data>').format(f"{value:.9g}", name, shown)


def value_of(shown: str) -> str:
    """A number for machines: "−.120" is -0.120, "1,234" is 1234."""
    plain = shown.replace("\N{MINUS SIGN}", "-").replace(",", "")
    return re.sub(r"^(-?)\.", r"\g<1>0.", plain)


def read_cells(page: str) -> list[Cell]:
    """The marked numbers in the order of the page."""
    return [Cell(name, shown, value) for value, name, shown in MARKED.findall(page)]


class Place:
    """Where in a page its text is, followed tag by tag."""

    def __init__(self) -> None:
        self.area, self.block, self.counts = "page", "text", Counter[str]()
        self.headings: list[str] = []
        self.table, self.row, self.column, self.span = "", "", 0, 1
        self.is_heading = self.is_named = False
        self.shown = 0

    def pass_tag(self, tag: str) -> None:
        """Go beyond one tag."""
        name, attributes = "".join(NAME.findall(tag[:20])[:1]), dict(ATTRIBUTE.findall(tag[:400]))
        if tag.startswith("</"):
            self._leave(name)
        elif name in AREAS:
            self.area, self.block, self.counts = attributes.get("id", name), "text", Counter()
            self.shown = 0
        elif name in BLOCKS and not self.table:
            self.counts[name] += 1
            self.block, self.shown = attributes.get("data-from", f"{self.area}/{name} {self.counts[name]}"), 0
        elif name in ("table", "thead", "tr", "th", "td"):
            self._enter_table(name, attributes)

    def pass_text(self, text: str) -> None:
        """Go beyond text, which may be that of a table's heading."""
        if self.table and self.is_named and text.strip():
            if self.is_heading:
                self.headings += [text.strip()] * self.span
            else:
                self.row = text.strip()
            self.is_named = False

    def name_next(self) -> str:
        """The name of the next number."""
        self.shown += 1
        if not self.table:
            return f"{self.block}/{self.shown}"
        column = self.headings[self.column] if self.column < len(self.headings) else str(self.column)
        name = f"{self.table}/{HEADING if self.is_heading else self.row}/{column}"
        return name if self.shown == 1 else f"{name}/{self.shown}"

    def _enter_table(self, name: str, attributes: dict[str, str]) -> None:
        if name == "table":
            self.counts["table"] += 1
            counted = f"table {self.counts['table']}"
            self.table = attributes.get("data-from", f"{self.area}/{counted}")
            self.headings, self.row, self.counts["row"] = [], "", 0
        elif name == "thead":
            self.is_heading = True
        elif name == "tr":
            self.counts["row"] += 1
            self.row, self.column, self.span = str(self.counts["row"]), 0, 0
            self.headings = [] if self.is_heading else self.headings
        else:
            self._enter_cell(name, int(attributes.get("colspan", 1)))

    def _enter_cell(self, name: str, span: int) -> None:
        self.column, self.span, self.shown = self.column + self.span, span, 0
        self.is_named = self.is_heading or (name == "th" and self.column == 0)

    def _leave(self, name: str) -> None:
        if name == "table":
            self.table = ""
        elif name == "thead":
            self.is_heading = False
        elif name in ("th", "td"):
            if self.is_heading and self.is_named:
                self.headings += [str(len(self.headings))] * self.span
            self.is_named = False
        elif name in AREAS:
            self.area, self.block, self.shown = "page", "text", 0
