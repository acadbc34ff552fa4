"""GUIDs that are the same for the same thing on every machine, so that a code is found again by its id.

All are version 5 UUIDs (RFC 9562) in one namespace of ours: of the kind of thing and what names it.
"""

from __future__ import annotations

import re
import uuid

GUID_FORM = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")  # lower case, without braces
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_DNS, "policy-nlp.refi-qda")


def code_guid(code_id: str) -> str:
    """The GUID of a code of a codebook; the code's names and the codebook's may change, its id may not.

    >>> code_guid("government_support")
    '6097d132-63bc-5348-803d-75ba01c07285'
    """
    return make_guid("code", code_id)


def coder_guid(coder_id: str) -> str:
    """The GUID of the user that stands for a coder."""
    return make_guid("coder", coder_id)


def source_guid(document_id: str) -> str:
    """The GUID of the source that holds a document."""
    return make_guid("source", document_id)


def make_guid(kind: str, *names: object) -> str:
    """The GUID of one thing: lower case, without braces.

    Args:
        kind: what sort of thing it is (`code`, `source`, `selection`).
        names: what tells it from others of its kind.
    """
    # The length of each part keeps ("a", "bc") and ("ab", "c") apart; a lone surrogate may stand in a name.
    parts = "".join(f"{len(text)}:{text}" for text in (kind, *map(str, names)))
    return str(uuid.uuid5(_NAMESPACE, parts.encode("unicode_escape").decode("ascii")))
