"""Result folders with scores, as `code` writes them, for the tests of what is made of them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from policy_nlp.codebook import Codebook
from policy_nlp.exchange.folder_models import CodedFolder
from policy_nlp.exchange.result_folder import (
    DOCUMENTS,
    SENTENCES,
    CountedDocument,
    sentence_batch,
    write_documents,
)
from policy_nlp.records import PREDICTED_LEVELS, Document, DocumentMetadata
from policy_nlp.sentences import sentences_in

SCORE = 0.8734
TEXTS = {
    "d1": "关于支持𠮷林路校区的意见\n政府设立专项资金。鼓励企业牵头攻关。\n支持高校参加。",
    "d2": "附则\n本意见自发布之日起施行。",
}
METADATA = DocumentMetadata("某市人民政府", "某政发〔2024〕3号", "2024-03-05", "浙江", 2024)


def make_scored_folder(
    path: Path,
    codebook: Codebook,
    codes: Mapping[str, tuple[str, ...]],
    *,
    texts: Mapping[str, str] = TEXTS,
    model: str = "policy-zh",
) -> CodedFolder:
    """A folder in which the sentence of each text in `codes` has these codes, each with the score SCORE."""
    path.mkdir(parents=True)
    sentences = {document_id: sentences_in(text, document_id) for document_id, text in texts.items()}
    documents = (
        Document(document_id, f"{document_id}.txt", "意见", "txt", "utf-8", 1.0, "0" * 64, text, METADATA)
        for document_id, text in texts.items()
    )
    counted = (CountedDocument(document, len(sentences[document.document_id])) for document in documents)
    write_documents(path / DOCUMENTS, counted)
    flat = [sentence for own in sentences.values() for sentence in own]
    table = pa.Table.from_batches([sentence_batch(flat)])
    found = [codes.get(sentence.text, ()) for sentence in flat]
    for level in PREDICTED_LEVELS:
        lists = [[code_id for code_id in own if code_id in codebook.ids(level)] for own in found]
        table = table.append_column(level, pa.array(lists, pa.list_(pa.string())))
    scores = [{code_id: SCORE if code_id in own else 0.1 for code_id in codebook.code_ids} for own in found]
    kind = pa.struct([pa.field(code_id, pa.float32()) for code_id in codebook.code_ids])
    pq.write_table(table.append_column("scores", pa.array(scores, kind)), path / SENTENCES)
    return CodedFolder(path, model, "0.1.0", "ab" * 32)
