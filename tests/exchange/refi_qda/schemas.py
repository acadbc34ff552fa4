"""Schemas of QDA-XML 1.0: our own always, the official ones too where they lie beside the checkout."""

from __future__ import annotations

import functools
import os
from pathlib import Path

from lxml import etree

_HERE = Path(__file__).parent
_BESIDE_CHECKOUT = _HERE.parents[3] / "shared" / "refi"
_OFFICIAL = {"project": "Project-1.0.xsd", "codebook": "Codebook-1.0.xsd"}


def official_folder() -> Path | None:
    """The folder of the official schemas; None where it is not here."""
    named = os.environ.get("POLICY_NLP_REFI_SCHEMAS")
    folder = Path(named) if named else _BESIDE_CHECKOUT
    return folder if (folder / _OFFICIAL["project"]).is_file() else None


@functools.cache
def own_schema(kind: str) -> etree.RelaxNG:
    return etree.RelaxNG(etree.parse(_HERE / f"{kind}.rng"))


@functools.cache
def official_schema(kind: str) -> etree.XMLSchema | None:
    folder = official_folder()
    return None if folder is None else etree.XMLSchema(etree.parse(folder / _OFFICIAL[kind]))


def validate_project(content: bytes) -> None:
    """Raises an error unless the bytes of a project.qde are valid."""
    _validate(content, "project")


def validate_codebook(content: bytes) -> None:
    """Raises an error unless the bytes of a .qdc file are valid."""
    _validate(content, "codebook")


def _validate(content: bytes, kind: str) -> None:
    tree = etree.fromstring(content, etree.XMLParser(resolve_entities=False, huge_tree=True))
    own_schema(kind).assertValid(tree)
    official = official_schema(kind)
    if official is not None:
        official.assertValid(tree)
