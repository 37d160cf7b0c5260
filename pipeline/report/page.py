"""The page: sections filled into templates."""

import math
import re
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from pipeline.datasets.files import aside
from pipeline.figures.comparison import spell
from pipeline.figures.pictures import BOTH, PREDICTION, TARGET
from pipeline.figures.style import css_name, theme_css
from pipeline.report.citation import cite, cite_data, shorten
from pipeline.report.data import describe_data, describe_split
from pipeline.report.experiment import Experiment
from pipeline.report.fits import describe_fits, describe_search
from pipeline.report.origin import describe_origin
from pipeline.report.samples import describe_samples, describe_unlabelled
from pipeline.report.verdict import describe_verdict

ABSENT = "–"


def write_page(path: Path, experiment: Experiment) -> None:
    """Write the report as one HTML file, whole or not at all."""
    environment = Environment(
        loader=PackageLoader("pipeline.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "score": spell_score,
        "p_value": spell_p,
        "duration": spell_duration,
        "short": shorten,
        "spell": spell,
        "bound": bind,
        "svg": Markup,
        "css_name": css_name,
    }
    page = environment.get_template("page.html").render(describe(experiment))
    with aside(path) as part:
        part.write_text(page, encoding="utf-8")


def describe(experiment: Experiment) -> dict[str, Any]:
    """All that the templates show, a key a section."""
    return {
        "experiment": experiment,
        "params": experiment.params,
        "metrics": experiment.metrics,
        "registered": experiment.registered,
        "verdict": describe_verdict(experiment),
        "data": describe_data(experiment),
        "split": describe_split(experiment),
        "fits": describe_fits(experiment),
        "search": describe_search(experiment),
        "samples": describe_samples(experiment),
        "unlabelled": describe_unlabelled(experiment),
        "origin": describe_origin(experiment),
        "citation": cite(experiment),
        "data_citation": cite_data(experiment),
        "theme": Markup(theme_css()),
        "contours": {"truth": TARGET, "prediction": PREDICTION, "both": BOTH},
    }


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
