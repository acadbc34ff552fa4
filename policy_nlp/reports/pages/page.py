"""A page of pictures, tables and words as frozen records: what `render_page` writes as one HTML file."""

from __future__ import annotations

from dataclasses import dataclass

from policy_nlp.reports.charts.chart import Chart
from policy_nlp.reports.report_blocks import BulletList, Paragraph, TableBlock

PagePart = Paragraph | BulletList | TableBlock | Chart


@dataclass(frozen=True, slots=True)
class PageSection:
    """A section of a page; `anchor` is its place in links: letters, digits and `-`."""

    anchor: str
    title: str
    parts: tuple[PagePart, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A whole page.

    Attributes:
        lead: below the title: what was compared, from what.
        sections: in order, listed in a table of contents.
        codebook_note: where the names of the codes come from; shown wherever codes are.
        signature: program, version, hashes and date: the last lines of the page.
    """

    title: str
    lead: str
    sections: tuple[PageSection, ...]
    codebook_note: str
    signature: tuple[str, ...]

    @property
    def charts(self) -> tuple[Chart, ...]:
        """All pictures, in order."""
        words = (Paragraph, BulletList, TableBlock)
        return tuple(
            part for section in self.sections for part in section.parts if not isinstance(part, words)
        )
