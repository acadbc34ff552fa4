"""Small coded corpora, for the tests of what is counted from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from policy_nlp.analysis.coded_corpus import STATUSES, CodedCorpus, CorpusDocument, CorpusModel
from policy_nlp.codebook import Codebook
from policy_nlp.records import DocumentMetadata

CodedText = tuple[str, Mapping[str, float]]  # a sentence, and the score of each code that applies


def make_corpus(
    codebook: Codebook, documents: Mapping[str, Sequence[CodedText]], *, folder: str = "out"
) -> CodedCorpus:
    """A corpus with these sentences; codes that do not apply have the score 0.1."""
    flat = [one for sentences in documents.values() for one in sentences]
    places = {code_id: place for place, code_id in enumerate(codebook.code_ids)}
    applies = np.zeros((len(flat), len(places)), dtype=np.bool_)
    scores = np.full(applies.shape, 0.1, dtype=np.float32)
    for row, (_, codes) in enumerate(flat):
        for code_id, score in codes.items():
            applies[row, places[code_id]], scores[row, places[code_id]] = True, score
    status = [STATUSES.index("coded" if codes else "uncoded") for _, codes in flat]
    texts = tuple(text for text, _ in flat)
    return CodedCorpus(
        codebook=codebook,
        models=(CorpusModel(folder, "tiny", "0.1.0", "ab" * 32),),
        documents=tuple(
            CorpusDocument(
                document_id=name, folder=folder, path=f"{name}.txt", title=f"文件{name}",
                format="txt", encoding=None,
                sha256="", n_characters=0, metadata=DocumentMetadata(region="浙江", year=2024),
            )
            for name in documents
        ),
        first_rows=np.cumsum([0, *map(len, documents.values())]).astype(np.int64),
        sentence_ids=tuple(f"s{row}" for row in range(len(flat))),
        texts=texts,
        starts=np.zeros(len(flat), dtype=np.int64),
        ends=np.array([len(text) for text in texts], dtype=np.int64),
        is_heading=np.zeros(len(flat), dtype=np.bool_),
        status=np.array(status, dtype=np.uint8),
        applies=applies,
        scores=scores,
    )  # fmt: skip
