"""ReportDocument -> Markdown (GitHub's form); the figure is a file beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from policy_nlp.reports.report_blocks import (
    Block,
    BulletList,
    Figure,
    Heading,
    Paragraph,
    ReportDocument,
    TableBlock,
    number_captions,
    printable,
)

# Always of meaning somewhere; underscores inside words are not, and code ids stay readable.
_MARKS = re.compile(r"[\\`*~$<>|]|(?<!\w)_|_(?!\w)|!(?=\[)|\](?=[(:\[])")
# What makes a line a heading, an item of a list, a rule or a link's address.
_LINE_START = re.compile(r"^(?P<number>\d+)?(?P<mark>(?(number)[.)](?=\s|$)|[-+=#\[]))")


def render_markdown(document: ReportDocument, *, figure_name: str = "") -> str:
    """Markdown of the report; `figure_name` is the figure's file, relative to the Markdown's."""
    parts = [f"# {escape_markdown(document.title)}"]
    for block, caption in number_captions(document.blocks):
        parts.extend(_render_block(block, caption, figure_name))
    return "\n\n".join(parts) + "\n"


def escape_markdown(text: str) -> str:
    r"""Text that Markdown shows as it is, wherever it stands.

    >>> escape_markdown("a|b *c* path_1")
    'a\\|b \\*c\\* path_1'
    """
    lines = (line.lstrip(" ") for line in _escape_inline(text).split("\n"))
    return "\n".join(_LINE_START.sub(_escape_start, line) for line in lines)


def _escape_inline(text: str) -> str:
    """Text that stands inside a line, as that of a cell."""
    escaped = _MARKS.sub(lambda match: "\\" + match.group(), printable(text))
    return re.sub(r"&(?=#?\w+;)", "&amp;", escaped)


def _escape_start(match: re.Match[str]) -> str:
    number, mark = match.group("number") or "", match.group("mark")
    return f"{number}\\{mark}"


def _render_block(block: Block, caption: str, figure_name: str) -> Iterator[str]:
    match block:
        case Heading(text, level):
            yield f"{'#' * (level + 1)} {escape_markdown(text)}"
        case Paragraph(text, style):
            shown = escape_markdown(text).replace("\n", "  \n")
            yield f"*{shown}*" if style == "note" and "\n" not in shown else shown
        case BulletList(items):
            yield "\n".join(f"- {_on_one_line(item)}" for item in items)
        case TableBlock():
            yield f"**{escape_markdown(caption)}**"
            yield _render_table(block)
            if block.notes:
                yield "\n".join(f"- {_on_one_line(note)}" for note in block.notes)
        case Figure(_, _, alt):
            yield f"![{_on_one_line(alt)}](<{figure_name}>)"
            yield f"**{escape_markdown(caption)}**"


def _render_table(table: TableBlock) -> str:
    rule = ("---" if i < table.n_text_columns else "---:" for i in range(len(table.header)))
    rows = [table.header, *table.rows]
    lines = ([_escape_inline(cell).replace("\n", " ") for cell in row] for row in rows)
    header, *body = (f"| {' | '.join(line)} |" for line in lines)
    return "\n".join([header, "| " + " | ".join(rule) + " |", *body])


def _on_one_line(text: str) -> str:
    return escape_markdown(" ".join(text.split("\n")))
