"""Page -> one self-contained HTML file: no network, prints on A4, and no script but that of a report."""

from __future__ import annotations

import base64
import functools
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from markupsafe import Markup

from policy_nlp.reports.charts.html import chart_css, render_chart
from policy_nlp.reports.pages.page import Page, PagePart
from policy_nlp.reports.render_html import escape_text, render_block
from policy_nlp.reports.report_blocks import BulletList, Paragraph, TableBlock

if TYPE_CHECKING:  # loaded when a page is written
    from jinja2 import Environment


@dataclass(frozen=True, slots=True)
class PageExtras:
    """What a page may have beside its records.

    Attributes:
        bodies: HTML that follows the parts of a section, by the section's anchor.
        style: CSS after that of every page.
        script: the only script that the browser is allowed to run.
    """

    bodies: Mapping[str, Markup] = field(default_factory=dict)
    style: str = ""
    script: str = ""


def render_page(page: Page, extras: PageExtras | None = None) -> str:
    """The whole page; every text of the records is escaped."""
    extras = extras or PageExtras()
    return (
        template_environment()
        .get_template("page.html")
        .render(
            page=page,
            sections=[
                (section, [_render_part(part) for part in section.parts], extras.bodies.get(section.anchor))
                for section in page.sections
            ],
            style=as_markup(_page_style() + extras.style),
            script=as_markup(extras.script),
            policy=_content_policy(extras.script),
        )
    )


@functools.cache
def template_environment() -> Environment:
    """Templates of pages: every value is escaped, an unknown name is an error."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("policy_nlp.reports.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["text"] = lambda text: as_markup(escape_text(text))
    return environment


def as_markup(html: str) -> Markup:
    """HTML that this package made, its texts escaped already: templates take it as it is."""
    return Markup(html)  # noqa: S704 the one place where this is said


def template_source(name: str) -> str:
    """The text of a template, style sheet or script, as it stands in its file."""
    loader = template_environment().loader
    if loader is None:
        raise LookupError(name)
    return loader.get_source(template_environment(), name)[0]


def _page_style() -> str:
    return template_source("page.css") + chart_css()


def _content_policy(script: str) -> str:
    """A content security policy under which nothing is loaded and only this script runs."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii")
    allowed = f"'sha256-{digest}'" if script else "'none'"
    return (
        f"default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src {allowed}; "
        "base-uri 'none'; form-action 'none'"
    )


def _render_part(part: PagePart) -> Markup:
    if isinstance(part, Paragraph | BulletList):
        return as_markup(render_block(part, ""))
    if isinstance(part, TableBlock):
        return as_markup(render_block(part, part.caption))
    return render_chart(part)
