"""What any file with codings holds, whatever its format: coders with what each decided."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from policy_nlp.codebook import Codebook
from policy_nlp.records import CodedDocument, CoderUnits, DocumentMetadata


@dataclass(frozen=True, slots=True)
class SourceText:
    """A document that units or codings lie in; `title` is what people call it."""

    document_id: str
    title: str
    text: str
    metadata: DocumentMetadata = field(default_factory=DocumentMetadata)


@dataclass(frozen=True, slots=True)
class CoderFile:
    """What one input of `agree` or `export` holds.

    Attributes:
        codebook: the one the codings are read with: the user's, else the one the input brings (a project's
            codes, a result folder's model), else the shipped one.
        coders: coded units (sentences) of each coder.
        documents: the same coders' codings on characters; empty where the input has no spans.
        texts: the documents' texts; empty where the input has none.
        notes: repairs and losses of reading, for people.
        character_notes: how the documents were made from units; of matter only to comparisons on characters.
    """

    path: Path
    sha256: str
    codebook: Codebook
    coders: tuple[CoderUnits, ...]
    documents: tuple[CodedDocument, ...] = ()
    texts: tuple[SourceText, ...] = ()
    notes: tuple[str, ...] = ()
    character_notes: tuple[str, ...] = ()
