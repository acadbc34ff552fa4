"""Coded corpora with their texts, for the tests of the report: sentences under true spans, any status."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from policy_nlp.analysis.coded_corpus import STATUSES, CodedCorpus
from policy_nlp.codebook import Codebook
from policy_nlp.exchange.result_manifest import CodeManifest, CodeRun, FileDigest
from policy_nlp.records import LabelCounts, SkippedInput
from tests.analysis.small_corpora import make_corpus


@dataclass(frozen=True)
class Said:
    """A sentence of a document, and what stands between it and the one before."""

    text: str
    codes: Mapping[str, float] = field(default_factory=dict)
    gap: str = ""
    status: str = ""  # empty: coded where it has codes
    is_heading: bool = False


@dataclass(frozen=True)
class Written:
    """A corpus and the texts of its documents."""

    corpus: CodedCorpus
    texts: tuple[str, ...]


def write_corpus(
    codebook: Codebook,
    documents: Mapping[str, Sequence[Said]],
    *,
    years: Sequence[int | None] = (),
    end: str = "\n",
) -> Written:
    corpus = make_corpus(
        codebook, {name: [(one.text, one.codes) for one in said] for name, said in documents.items()}
    )
    texts, starts, ends = [], [], []
    for said in documents.values():
        text = ""
        for one in said:
            text += one.gap
            starts.append(len(text))
            text += one.text
            ends.append(len(text))
        texts.append(text + end)
    flat = [one for said in documents.values() for one in said]
    status = [
        STATUSES.index(one.status) if one.status else was
        for one, was in zip(flat, corpus.status.tolist(), strict=True)
    ]
    years = years or [2024] * len(texts)
    return Written(
        replace(
            corpus,
            documents=tuple(
                replace(one, n_characters=len(text), metadata=replace(one.metadata, year=year))
                for one, text, year in zip(corpus.documents, texts, years, strict=True)
            ),
            starts=np.array(starts, dtype=np.int64),
            ends=np.array(ends, dtype=np.int64),
            is_heading=np.array([one.is_heading for one in flat], dtype=np.bool_),
            status=np.array(status, dtype=np.uint8),
        ),
        tuple(texts),
    )


def manifest_of(written: Written) -> CodeManifest:
    codebook = written.corpus.codebook
    run = CodeRun(
        (FileDigest("文件", "1" * 64),), "2" * 64, codebook.digest, None, "cpu", "fp32", 4096, "0.1.0"
    )
    return CodeManifest(
        run=run,
        model="tiny",
        signature="",
        codebook=codebook.name,
        seed=0,
        n_documents=len(written.corpus.documents),
        counts=LabelCounts(len(written.corpus), 0, 0, 0, 0, ()),
        skipped=(SkippedInput("图.png", "no text <b>"),),
        warnings=(),
        outputs=(FileDigest("sentences.parquet", "3" * 64), FileDigest("report.html", "4" * 64)),
        date="2026-11-23T00:00:00Z",
        versions={"torch": "2"},
    )
