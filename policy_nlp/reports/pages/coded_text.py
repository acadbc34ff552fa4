"""Documents with their coded sentences -> HTML: the text as it is, each sentence an element with its id.

The lines of a document are paragraphs; joined with line feeds they are its text. A coded sentence is a `mark`
with the look and the letters of its main categories; codes and scores stand in `data-c`, the highest scores
that were no codes in `data-n`, both as `place:hundredths` by the places of `codebook.code_ids`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

import numpy as np
from markupsafe import Markup

from policy_nlp.analysis.coded_corpus import STATUSES, CodedCorpus, CorpusDocument
from policy_nlp.reports.charts.colours import codebook_groups, group_colours
from policy_nlp.reports.pages.render import as_markup
from policy_nlp.reports.report_blocks import printable

NEAR_SCORE = 0.2  # from here on scores of codes that do not apply are shown
MOST_CHARACTERS = 4_000_000  # of text on one page: browsers stay quick (some 200 reports of 20,000)
NO_MAIN = "＊"  # the letter of a coded sentence without main category
_MOST_NEAR = 2

Extent = Literal["whole", "coded", "none"]
"""What is shown of a document: its text, its coded and abstained sentences, or only that it exists."""


@dataclass(frozen=True, slots=True)
class ShownDocument:
    """A document as the page shows it."""

    document: CorpusDocument
    n_sentences: int
    n_coded: int
    n_abstained: int
    extent: Extent
    body: Markup

    @property
    def anchor(self) -> str:
        """The document's place in links: its id."""
        return self.document.document_id


def show_documents(
    corpus: CodedCorpus, texts: Iterable[str], *, most_characters: int = MOST_CHARACTERS
) -> Iterator[ShownDocument]:
    """Every document of the corpus with its text as HTML, as far as there is room.

    Args:
        corpus: of one folder.
        texts: of its documents, in order.
        most_characters: where all texts together have more, only coded and abstained sentences are shown;
            documents whose sentences no longer fit are shown without any.
    """
    looks = SentenceLooks(corpus)
    is_all_shown = sum(document.n_characters for document in corpus.documents) <= most_characters
    coded, abstained = (np.equal(corpus.status, STATUSES.index(name)) for name in ("coded", "abstained"))
    left = most_characters
    for place, (document, text) in enumerate(zip(corpus.documents, texts, strict=True)):
        rows = corpus.rows_of(place)
        shown = np.arange(rows.start, rows.stop)
        extent: Extent = "whole"
        if not is_all_shown:
            shown = shown[(coded | abstained)[rows]]
            n_characters = int((corpus.ends - corpus.starts)[shown].sum())
            extent = "coded" if n_characters <= left else "none"
            left -= n_characters
        yield ShownDocument(
            document,
            n_sentences=rows.stop - rows.start,
            n_coded=int(coded[rows].sum()),
            n_abstained=int(abstained[rows].sum()),
            extent=extent,
            body=_render_body(text, shown.tolist(), looks=looks, extent=extent),
        )


class SentenceLooks:
    """How every sentence of a corpus is written as an element, worked out once for all of them."""

    def __init__(self, corpus: CodedCorpus) -> None:
        self.corpus = corpus
        colours = group_colours(codebook_groups(corpus.codebook))
        self._letters = [colours[code.code_id].mark for code in corpus.codebook.main]
        self._main = corpus.applies_at("main")
        scores = np.where(self._main, np.nan_to_num(corpus.scores_at("main"), nan=0.0), -1.0)
        self._best_main = scores.argmax(axis=1) if scores.size else np.zeros(len(corpus), dtype=np.int64)
        self._is_scored = ~np.isnan(corpus.scores)
        self._hundredths = np.rint(np.nan_to_num(corpus.scores, nan=0.0) * 100).astype(np.int64)
        self._is_near = ~corpus.applies & (self._hundredths >= round(NEAR_SCORE * 100))

    def render(self, row: int, text: str) -> str:
        """The sentence of this row as an element: its id, look, codes and scores."""
        status = STATUSES[int(self.corpus.status[row])]
        near = self._near_scores(row)
        name, looks, codes = "span", [], ""
        if status == "coded":
            mains = np.flatnonzero(self._main[row]).tolist()
            letters = "".join(self._letters[place] for place in mains) or NO_MAIN
            name, looks = "mark", [f"m{int(self._best_main[row])}" if mains else "m"]
            scores = self._scores(row, np.flatnonzero(self.corpus.applies[row]).tolist())
            codes = f' data-m="{letters}" data-c="{scores}"'
        elif status != "uncoded":
            looks = [status]
        if self.corpus.is_heading[row]:
            looks.append("h")
        look = f' class="{" ".join(looks)}"' if looks else ""
        sentence_id = escape(self.corpus.sentence_ids[row])
        return f'<{name} id="{sentence_id}"{look}{codes}{near}>{_escape(text)}</{name}>'

    def _near_scores(self, row: int) -> str:
        places = np.flatnonzero(self._is_near[row])
        if not len(places):
            return ""
        order = np.argsort(-self._hundredths[row, places], kind="stable")[:_MOST_NEAR]
        return f' data-n="{self._scores(row, places[order].tolist())}"'

    def _scores(self, row: int, places: Sequence[int]) -> str:
        return " ".join(
            f"{place}:{self._hundredths[row, place] if self._is_scored[row, place] else ''}"
            for place in places
        )


def _render_body(text: str, rows: Sequence[int], *, looks: SentenceLooks, extent: Extent) -> Markup:
    if extent == "none":
        return Markup("")
    pieces: list[str] = []
    at = 0
    for row in rows:
        start, end = int(looks.corpus.starts[row]), int(looks.corpus.ends[row])
        gap = text[at:start] if extent == "whole" else "\n"
        # A line feed between two sentences ends a paragraph; one inside a sentence stays what it is.
        pieces += [_escape(gap).replace("\n", "\n<p>"), looks.render(row, text[start:end])]
        at = end
    if extent == "whole":
        pieces.append(_escape(text[at:]).replace("\n", "\n<p>"))
    return as_markup("<p>" + "".join(pieces))


def _escape(text: str) -> str:
    return escape(printable(text), quote=False)
