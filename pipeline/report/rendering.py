"""Templates filled into one HTML file that opens offline."""

import math
import re
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from pipeline.datasets.files import aside
from pipeline.figures.comparison import spell
from pipeline.figures.style import css_name, theme_css
from pipeline.report.citation import shorten
from pipeline.report.marking import mark_value

ABSENT = "–"


def write_html(path: Path, page: str) -> None:
    """Write the page whole or not at all."""
    with aside(path) as part:
        part.write_text(page, encoding="utf-8")


def render(template: str, values: dict[str, Any]) -> str:
    """The template filled in."""
    environment = Environment(
        loader=PackageLoader("pipeline.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies[
        "json.dumps_kwargs"
    ] = {}  # else keys are sorted: parameters are told in the order that they have
    environment.filters |= {
        "score": spell_score,
        "p_value": spell_p,
        "duration": spell_duration,
        "cost": spell_cost,
        "number": spell_number,
        "short": shorten,
        "spell": spell,
        "bound": bind,
        "svg": Markup,
        "marked": mark_value,
        "css_name": css_name,
    }
    return environment.get_template(template).render(theme=Markup(theme_css()), **values)


def spell_number(value: float) -> str:
    """A number with at most four digits of a fraction's, whole ones whole, groups of three apart."""
    if value == round(value) and abs(value) < 1e12:
        return f"{int(value):,}".replace("-", "\N{MINUS SIGN}")
    text = f"{value:,.1f}" if 100 <= abs(value) < 1e6 else f"{value:.3g}"
    return text.replace("-", "\N{MINUS SIGN}")


def spell_cost(value: float) -> str:
    """Money with two decimals, or two digits where there is less than a tenth."""
    return f"{value:,.2f}" if value >= 0.1 or not value else f"{value:.2g}"


def spell_score(value: float | None, digits: int = 3) -> str:
    """A score with three decimals, no zero before the point and a true minus; a dash where there is none."""
    if value is None or math.isnan(value):
        return ABSENT
    text = f"{round(value, digits) + 0.0:.{digits}f}"  # + 0.0 makes -0.0 positive
    return (text.replace("0.", ".", 1) if abs(value) < 1 and "1." not in text else text).replace("-", "\N{MINUS SIGN}")


def bind(text: str) -> str:
    """Text with true minus signs, whose lines do not break inside "95 %" or "p = .003"."""
    text = re.sub(r"(?<![\w-])-(?=\.?\d)", "\N{MINUS SIGN}", text)
    for loose in (" %", " = ", " < "):
        text = text.replace(loose, loose.replace(" ", "\N{NO-BREAK SPACE}"))
    return text


def spell_p(value: float | None) -> str:
    """A p-value with three decimals."""
    if value is None or math.isnan(value):
        return ABSENT
    return "< .001" if value < 0.001 else spell_score(value)


def spell_duration(seconds: float | None) -> str:
    """Seconds in the unit that a reader would choose."""
    if seconds is None or math.isnan(seconds):
        return ABSENT
    if seconds < 90:
        return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
