"""ReportDocument -> LaTeX for `xelatex`, class ctexart; the figure is a file beside it."""

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
    column_shares,
    number_captions,
    printable,
)

_PREAMBLE = r"""% !TEX program = xelatex
\documentclass[UTF8,a4paper,zihao=5]{ctexart}
\usepackage[margin=22mm]{geometry}
\usepackage{array,booktabs,longtable,graphicx}
\setlength{\tabcolsep}{3pt}
\setlength{\emergencystretch}{3em}
\setcounter{secnumdepth}{0}
% Greek, arrows, signs and numbers in circles are in the Chinese font, not in the Latin one.
\xeCJKDeclareCharClass{CJK}{"0370 -> "03FF, "2190 -> "22FF, "2460 -> "24FF}
\newcolumntype{L}[1]{>{\raggedright\arraybackslash\hspace{0pt}}p{#1}}
\newcolumntype{R}[1]{>{\raggedleft\arraybackslash\hspace{0pt}}p{#1}}
"""
_SECTIONS = {1: "section", 2: "subsection"}
_MARKS = {
    "\u200b": r"\allowbreak{}",
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_\allowbreak{}",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "'": r"\textquotesingle{}",
    "`": r"\textasciigrave{}",
    "-": "-{}",  # no ligature of two of them
    "[": "{[}",  # after a line break it would open an argument
    "]": "{]}",
}
_MARK = re.compile("[" + re.escape("".join(_MARKS)) + "]")
_BREAK = "\u200b"
_LONG_WORD = re.compile(r"[0-9A-Za-z]{16}(?=[0-9A-Za-z]{8})")  # a checksum: no language has such words


def render_latex(document: ReportDocument, *, figure_name: str = "") -> str:
    """LaTeX of the report; `figure_name` is the figure's file, relative to the LaTeX file."""
    blocks = [
        part for block, _ in number_captions(document.blocks) for part in _iter_parts(block, figure_name)
    ]
    return "\n".join(
        [
            f"{_PREAMBLE}\\title{{{escape_latex(document.title)}}}",
            f"\\author{{}}\n\\date{{}}\n% {printable(document.signature)}",
            "\\begin{document}\n\\maketitle\n",
            *blocks,
            "\\end{document}\n",
        ]
    )


def escape_latex(text: str) -> str:
    r"""Text that LaTeX prints as it is; a line feed becomes `\newline`.

    >>> escape_latex("50% of a_b")
    '50\\% of a\\_\\allowbreak{}b'
    """
    breakable = _LONG_WORD.sub(lambda match: match.group() + _BREAK, printable(text))
    escaped = _MARK.sub(lambda match: _MARKS[match.group()], breakable)
    return re.sub(r"\n+", r"\\newline{}", escaped.strip("\n"))


def _iter_parts(block: Block, figure_name: str) -> Iterator[str]:
    match block:
        case Heading(text, level):
            yield f"\\{_SECTIONS[level]}{{{escape_latex(text)}}}\n"
        case Paragraph(text, "note"):
            yield f"{{\\small {escape_latex(text)}\\par}}\n"
        case Paragraph(text, "to_fill_in"):
            yield f"{{\\bfseries {escape_latex(text)}\\par}}\n"
        case Paragraph(text):
            yield f"{escape_latex(text)}\\par\n"
        case BulletList(items):
            yield _render_list(items)
        case Figure(_, caption, _):
            yield (
                "\\begin{figure}[htbp]\n\\centering\n"
                f"\\includegraphics[width=\\linewidth,height=0.8\\textheight,keepaspectratio]"
                f"{{\\detokenize{{{figure_name}}}}}\n"
                f"\\caption{{{escape_latex(caption)}}}\n\\end{{figure}}\n"
            )
        case TableBlock():
            yield _render_table(block)


def _render_list(items: tuple[str, ...]) -> str:
    lines = "\n".join(f"\\item {escape_latex(item)}" for item in items)
    return f"\\begin{{itemize}}\n{lines}\n\\end{{itemize}}\n"


def _render_table(table: TableBlock) -> str:
    shares = column_shares(table)
    # Between two columns lies twice \tabcolsep; the outer ones are taken away by @{}.
    gaps = f"{2 * (len(shares) - 1)}\\tabcolsep"
    kinds = ("L" if i < table.n_text_columns else "R" for i in range(len(shares)))
    columns = "".join(
        f"{kind}{{\\dimexpr{share:.4f}\\linewidth-{share:.4f}\\dimexpr{gaps}\\relax\\relax}}"
        for kind, share in zip(kinds, shares, strict=True)
    )
    header = _render_row(table.header)
    lines = [
        f"{{\\scriptsize\n\\begin{{longtable}}{{@{{}}{columns}@{{}}}}",
        f"\\caption{{{escape_latex(table.caption)}}}\\\\",
        f"\\toprule\n{header}\n\\midrule\n\\endfirsthead",
        f"\\toprule\n{header}\n\\midrule\n\\endhead\n\\bottomrule\n\\endfoot",
        *(_render_row(row) for row in table.rows),
        "\\end{longtable}",
        *(f"\\noindent {escape_latex(note)}\\par" for note in table.notes),
        "}\n",
    ]
    return "\n".join(lines)


def _render_row(cells: tuple[str, ...]) -> str:
    # Not `\\newline`, which would fill up the line of a column that is flush right.
    texts = (escape_latex(cell).replace(r"\newline{}", r"\linebreak{}") for cell in cells)
    return " & ".join(texts) + " \\\\"
