"""XML of office files parsed without entities or outside access, and looked up without namespaces.

Transitional and strict OOXML differ only in their namespaces, so names are compared without them.
"""

from __future__ import annotations

from lxml import etree
from lxml.etree import _Element

from policy_nlp.errors import DocumentError


def parse_xml(content: bytes, shown_path: str) -> _Element:
    """The root element.

    Raises:
        DocumentError: the XML is damaged.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as err:
        raise DocumentError(
            f"{shown_path}: found damaged XML ({err}), expected a whole document. Open it in Word or WPS and "
            "save it again.",
            path=shown_path,
        ) from err


def local_name(element: _Element) -> str:
    """Tag without its namespace; empty for comments and entities."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def attribute(element: _Element, name: str) -> str | None:
    """Value of the attribute called `name`, or None."""
    for key, value in element.attrib.items():
        if key.rpartition("}")[2] == name:
            return str(value)
    return None


def child(element: _Element, *names: str) -> _Element | None:
    """The descendant reached by one child name after another, or None."""
    found: _Element | None = element
    for name in names:
        if found is None:
            return None
        found = next((node for node in found if local_name(node) == name), None)
    return found


def child_value(element: _Element, *names: str) -> str | None:
    """The `val` of the descendant reached by `names`, or None."""
    found = child(element, *names)
    return None if found is None else attribute(found, "val")


def is_on(element: _Element, *names: str) -> bool:
    """True where the switch reached by `names` is there and not set to false."""
    found = child(element, *names)
    return found is not None and attribute(found, "val") not in ("0", "false", "off", "none")
