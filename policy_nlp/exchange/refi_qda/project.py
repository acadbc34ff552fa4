"""A QDA project as frozen records: users, codes, sources with their text, codings.

GUIDs are in one form: lower case, without braces. Positions are half-open, in code points of the source's
`text`, which has LF line ends and no byte order mark.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from policy_nlp.records import Span

MODEL_USER_ID = "policy-nlp-model"  # the `id` attribute by which we know a model among the users
SEEN_PREFIX = "seen by "  # a set of this name and a user's name lists the sources that the user was given
DOCUMENT_ID_VARIABLE = "policy_nlp_document_id"  # the variable of a source that holds our document id

_DIGEST = re.compile(r"(?<= )[0-9a-f]{64}$")

VariableKind = Literal["Text", "Boolean", "Integer", "Float", "Date", "DateTime"]


@dataclass(frozen=True, slots=True)
class QdaUser:
    """A coder of the project; `user_id` is the free id attribute of the format."""

    guid: str
    name: str
    user_id: str = ""

    @property
    def is_model(self) -> bool:
        """Whether policy-nlp wrote this user for a model."""
        return self.user_id.startswith(MODEL_USER_ID)

    @property
    def model_sha256(self) -> str:
        """The digest of the model's weights that policy-nlp wrote; empty where there is none."""
        match = _DIGEST.search(self.user_id) if self.is_model else None
        return match.group() if match else ""


@dataclass(frozen=True, slots=True)
class QdaCode:
    """A code; the tree is in `parent_guid` (None at the top), the order that of the file, parents first."""

    guid: str
    name: str
    parent_guid: str | None = None
    description: str = ""
    color: str | None = None  # #rrggbb
    is_codable: bool = True


@dataclass(frozen=True, slots=True)
class QdaSource:
    """A text of the project; `variables` are name -> value as text."""

    guid: str
    name: str
    text: str
    variables: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class QdaVariable:
    """What the values of one variable of the sources are; names are unique."""

    name: str
    kind: VariableKind = "Text"
    description: str = ""
    guid: str = field(default="", compare=False)  # empty: one that follows from the name


@dataclass(frozen=True, slots=True)
class QdaCoding:
    """One user applied one code to one span of a source."""

    source_guid: str
    span: Span
    code_guid: str
    user_guid: str | None  # None: the file names no user
    description: str = ""  # of the selection: score, evidence
    created: str | None = None  # xsd:dateTime


@dataclass(frozen=True, slots=True)
class QdaSet:
    """A named set of codes and sources.

    Ours, called `seen by NAME`, list the sources a coder was given, and where the coder did not code every
    level, the codes of the levels that were coded (no codes listed: all of them).
    """

    guid: str
    name: str
    code_guids: tuple[str, ...] = ()
    source_guids: tuple[str, ...] = ()
    description: str = ""  # kept in codebook files


@dataclass(frozen=True, slots=True)
class QdaProject:
    """A project; `origin` is the program that wrote it.

    Attributes:
        variables: of the sources; one that a source has and that is not here holds text.
        description: of the whole project.
    """

    name: str
    users: tuple[QdaUser, ...]
    codes: tuple[QdaCode, ...]
    sources: tuple[QdaSource, ...]
    codings: tuple[QdaCoding, ...]
    sets: tuple[QdaSet, ...] = ()
    origin: str = ""
    variables: tuple[QdaVariable, ...] = ()
    description: str = ""


@dataclass(frozen=True, slots=True)
class ReadProject:
    """A project that was read, and what of its file is not in it or had to be mended.

    Attributes:
        repairs: what the file had otherwise than the standard and how it was read ("source X: CRLF line
            ends counted as two; 12 of 12 selections match their names").
        losses: what the file holds and the project does not (picture selections, links, notes), each with
            how many.
    """

    project: QdaProject
    repairs: tuple[str, ...] = ()
    losses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class QdaCodebook:
    """What a .qdc file holds, and what of it could not be kept."""

    name: str
    codes: tuple[QdaCode, ...]
    sets: tuple[QdaSet, ...] = ()
    origin: str = ""
    losses: tuple[str, ...] = ()
