"""ReportDocument -> one self-contained HTML page: no script, no network, prints on A4."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from html import escape

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

_STYLE = """
:root { color-scheme: light; }
body { font: 16px/1.7 "Noto Serif CJK SC", "Source Han Serif SC", "Songti SC", SimSun, Georgia, serif;
  color: #1c1c1c; background: #fff; max-width: 62rem; margin: 2rem auto; padding: 0 1.2rem; }
h1, h2, h3, caption, figcaption { font-family: "Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC",
  "Microsoft YaHei", SimHei, Arial, sans-serif; }
h1 { font-size: 1.7rem; border-bottom: 2px solid #1c1c1c; padding-bottom: .4rem; }
h2 { font-size: 1.25rem; margin-top: 2.4rem; }
h3 { font-size: 1.05rem; margin-top: 1.6rem; }
.table { overflow-x: auto; margin: 1.2rem 0 .3rem; }
table { border-collapse: collapse; border-top: 2px solid #1c1c1c; border-bottom: 2px solid #1c1c1c;
  font-size: .82rem; line-height: 1.4; min-width: 50%; }
caption { text-align: left; font-weight: bold; padding-bottom: .4rem; font-size: .9rem; }
thead th { border-bottom: 1px solid #1c1c1c; vertical-align: bottom; }
th, td { padding: .28rem .6rem; text-align: right; white-space: nowrap; vertical-align: top; }
th.text, td.text { text-align: left; white-space: normal; min-width: 5rem; }
td.text, li, p { overflow-wrap: anywhere; }
tbody tr:nth-child(even) { background: #f6f6f4; }
.notes { font-size: .78rem; color: #444; margin: .2rem 0 1rem; padding-left: 1.2rem; }
.note { font-size: .85rem; color: #444; }
.to_fill_in { border-left: 4px solid #b5651d; background: #fdf4ea; padding: .4rem .8rem; }
figure { margin: 1.4rem 0; } figure img { max-width: 100%; height: auto; }
figcaption { font-weight: bold; font-size: .9rem; }
@page { size: A4; margin: 18mm; }
@media print {
  body { font-size: 10pt; max-width: none; margin: 0; padding: 0; }
  .table { overflow: visible; } table { font-size: 7.5pt; } th, td { padding: .15rem .35rem; }
  thead { display: table-header-group; } tr, figure { break-inside: avoid; }
  h2, h3, caption { break-after: avoid; }
}
"""


def render_html(document: ReportDocument) -> str:
    """The page; every text is escaped and the figure is inside it."""
    title = escape_text(document.title)
    blocks = "\n".join(render_block(block, caption) for block, caption in number_captions(document.blocks))
    return (
        f'<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="generator" content="{escape_text(document.signature)}">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n{blocks}\n"
        f"</body>\n</html>\n"
    )


def render_block(block: Block, caption: str) -> str:
    """The HTML of one block; `caption` is that of a table or figure, with its number where it has one."""
    match block:
        case Heading(text, level):
            return f"<h{level + 1}>{escape_text(text)}</h{level + 1}>"
        case Paragraph(text, style):
            return f'<p class="{style}">{escape_text(text)}</p>'
        case BulletList(items):
            return _render_list(items, "points")
        case Figure(png, _, alt):
            data = base64.b64encode(png).decode("ascii")
            return (
                f'<figure>\n<img src="data:image/png;base64,{data}" alt="{escape_text(alt)}">\n'
                f"<figcaption>{escape_text(caption)}</figcaption>\n</figure>"
            )
        case TableBlock():
            return "\n".join(_iter_table_lines(block, caption))


def _iter_table_lines(table: TableBlock, caption: str) -> Iterator[str]:
    yield f'<div class="table">\n<table>\n<caption>{escape_text(caption)}</caption>'
    yield f"<thead>{_render_row(table, table.header, 'th')}</thead>\n<tbody>"
    yield from (_render_row(table, row, "td") for row in table.rows)
    yield "</tbody>\n</table>\n</div>"
    if table.notes:
        yield _render_list(table.notes, "notes")


def _render_row(table: TableBlock, row: tuple[str, ...], tag: str) -> str:
    cells = (
        f'<{tag} class="text">{escape_text(cell)}</{tag}>'
        if column < table.n_text_columns
        else f"<{tag}>{escape_text(cell)}</{tag}>"
        for column, cell in enumerate(row)
    )
    return f"<tr>{''.join(cells)}</tr>"


def _render_list(items: tuple[str, ...], name: str) -> str:
    return f'<ul class="{name}">\n' + "\n".join(f"<li>{escape_text(item)}</li>" for item in items) + "\n</ul>"


def escape_text(text: str) -> str:
    """A text as HTML: no mark-up of its own, line feeds as line breaks."""
    return escape(printable(text)).replace("\n", "<br>")
