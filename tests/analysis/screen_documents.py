"""Documents to screen, made of lines."""

from __future__ import annotations

from policy_nlp.analysis.topic_hits import ScreenDocument
from policy_nlp.sentences import sentences_in

FILLER = "全市粮食播种面积稳定在八百万亩以上，重点河流断面水质优良比例明显提高。"


def screen_document(
    *lines: str, title: str = "工作情况", document_id: str = "d1", coded: int | None = None
) -> ScreenDocument:
    """A document with these paragraphs; the first `coded` sentences have codes."""
    text = "\n".join(lines)
    sentences = tuple(sentences_in(text, document_id))
    is_coded = None if coded is None else tuple(place < coded for place in range(len(sentences)))
    return ScreenDocument(document_id, "in", f"{document_id}.txt", title, text, sentences, is_coded)
