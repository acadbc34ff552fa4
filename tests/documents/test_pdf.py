"""Pdf files: paragraphs made whole, heads and page numbers gone, reading order kept."""

import contextlib
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from policy_nlp.documents.pdf import read_pdf
from policy_nlp.documents.pdf_glyphs import Glyph, join_glyphs, join_texts
from policy_nlp.documents.pdf_layout import join_pages
from policy_nlp.documents.pdf_lines import PdfLine, PdfPage
from policy_nlp.errors import DocumentError, NoTextError
from policy_nlp.records import ExtractedText, InputFile

FONT = "STSong-Light"
WIDTH, HEIGHT = A4
LEFT, SIZE, PITCH = 90, 16, 28
PER_LINE = 25  # characters of 16 points between the margins
SENTENCE = (
    "各地要把科技创新摆在发展全局的核心位置，完善财政投入机制，"
    "引导企业加大研发投入，支持高校院所开放大型仪器设备。"
)

pdfmetrics.registerFont(UnicodeCIDFont(FONT))


class Printer:
    """Sets paragraphs as a word processor does: first line set in by two characters, lines full."""

    def __init__(
        self, path: Path, *, head: str = "", foot: Callable[[int], str] | None = None, **options: object
    ) -> None:
        self.canvas = Canvas(str(path), pagesize=A4, **options)  # type: ignore[arg-type]
        self.head, self.foot, self.page, self.y = head, foot, 0, 0.0
        self.new_page()

    def new_page(self) -> None:
        if self.page:
            self.canvas.showPage()
        self.page += 1
        self.y = HEIGHT - 110
        self.put(self.head, LEFT, HEIGHT - 50, size=10)
        self.put(self.foot(self.page) if self.foot else "", WIDTH / 2 - 20, 40, size=10)

    def put(self, text: str, x: float, y: float, *, size: float = SIZE) -> None:
        if text:
            self.canvas.setFont(FONT, size)
            self.canvas.drawString(x, y, text)

    def paragraph(self, text: str, *, indent: int = 2) -> None:
        lines = [text[: PER_LINE - indent]]
        rest = text[PER_LINE - indent :]
        lines += [rest[start : start + PER_LINE] for start in range(0, len(rest), PER_LINE)]
        for index, line in enumerate(lines):
            if self.y < 80:
                self.new_page()
            self.put(line, LEFT + (indent * SIZE if index == 0 else 0), self.y)
            self.y -= PITCH

    def save(self) -> None:
        self.canvas.save()


def read(path: Path) -> ExtractedText:
    (extracted,) = read_pdf(InputFile(path, path.name))
    return extracted


def test_lines_of_a_paragraph_are_joined_and_paragraphs_kept_apart(tmp_path: Path) -> None:
    printer = Printer(tmp_path / "a.pdf")
    paragraphs = ["一、总体要求", SENTENCE * 2, "（一）加强统筹。" + SENTENCE, SENTENCE]
    for text in paragraphs:
        printer.paragraph(text)
    printer.save()
    assert read(tmp_path / "a.pdf").text.split("\n") == paragraphs


def test_a_paragraph_over_a_page_end_is_whole_and_heads_and_numbers_go(tmp_path: Path) -> None:
    printer = Printer(tmp_path / "a.pdf", head="某省人民政府公报", foot=lambda page: f"— {page} —")
    paragraphs = [f"第{index}段。" + SENTENCE * 3 for index in range(1, 13)]
    for text in paragraphs:
        printer.paragraph(text)
    printer.save()
    assert printer.page >= 3
    assert read(tmp_path / "a.pdf").text.split("\n") == paragraphs


def test_address_and_date_of_a_browser_print_go(tmp_path: Path) -> None:
    printer = Printer(
        tmp_path / "a.pdf",
        head="2024/3/5 09:12 关于印发办法的通知",
        foot=lambda page: f"https://www.example.gov.cn/zwgk/2024/content.html {page}/3",
    )
    for _ in range(9):
        printer.paragraph(SENTENCE * 3)
    printer.save()
    text = read(tmp_path / "a.pdf").text
    assert "example" not in text
    assert "09:12" not in text
    assert text.count("各地要把") == 27


def test_the_foot_of_a_print_of_one_page_goes(tmp_path: Path) -> None:
    printer = Printer(tmp_path / "a.pdf", foot=lambda _: "https://www.example.gov.cn/a.html 1/1")
    printer.paragraph(SENTENCE)
    printer.save()
    assert read(tmp_path / "a.pdf").text == SENTENCE


def test_a_year_at_the_foot_of_a_cover_is_no_page_number(tmp_path: Path) -> None:
    printer = Printer(tmp_path / "a.pdf", foot=lambda _: "2025")
    printer.paragraph(SENTENCE)
    printer.save()
    assert "2025" in read(tmp_path / "a.pdf").text


def test_a_title_of_two_large_lines_is_one_line_of_text(tmp_path: Path) -> None:
    printer = Printer(tmp_path / "a.pdf")
    for line in ("某省人民政府关于加快建设", "科技创新强省的若干意见"):
        printer.put(line, WIDTH / 2 - 11 * 12, printer.y, size=24)
        printer.y -= 36
    printer.y -= 20
    for _ in range(4):
        printer.paragraph(SENTENCE)
    printer.save()
    assert read(tmp_path / "a.pdf").text.split("\n")[0] == "某省人民政府关于加快建设科技创新强省的若干意见"


def test_two_columns_are_read_one_after_the_other(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=A4)
    canvas.setFont(FONT, 20)
    canvas.drawString(200, 780, "双栏文章的通栏标题")
    canvas.setFont(FONT, 10)
    left = [f"左{index:02d}" + "创新驱动发展战略深入实施取得成效" + "好" for index in range(12)]
    right = [f"右{index:02d}" + "产业链供应链韧性持续增强水平提高" + "高" for index in range(12)]
    for index in range(12):
        canvas.drawString(70, 740 - 16 * index, left[index])
        canvas.drawString(310, 740 - 16 * index, right[index])
    canvas.save()
    text = read(tmp_path / "a.pdf").text
    assert text.split("\n")[0] == "双栏文章的通栏标题"
    assert text.replace("\n", "").endswith("".join(left + right))


def test_a_ruled_table_gives_a_line_for_each_row(tmp_path: Path) -> None:
    printer = Printer(tmp_path / "a.pdf")
    printer.paragraph(SENTENCE)
    top = printer.y
    rows = [
        ("序号", "重点任务", "责任单位"),
        ("1", "建设中试平台", "科技厅"),
        ("2", "落实税收优惠", "税务局"),
    ]
    xs = (LEFT, LEFT + 60, LEFT + 240, LEFT + 380)
    printer.canvas.grid(xs, [top - 30 * index for index in range(4)])
    for index, row in enumerate(rows):
        for x, cell in zip(xs, row, strict=False):
            printer.put(cell, x + 8, top - 30 * index - 21)
    printer.y = top - 130
    printer.paragraph(SENTENCE)
    printer.save()
    assert read(tmp_path / "a.pdf").text.split("\n") == [
        SENTENCE,
        "序号 | 重点任务 | 责任单位",
        "1 | 建设中试平台 | 科技厅",
        "2 | 落实税收优惠 | 税务局",
        SENTENCE,
    ]


def test_a_frame_around_the_text_is_no_table(tmp_path: Path) -> None:
    printer = Printer(tmp_path / "a.pdf")
    printer.canvas.grid((60, 540), (100, 500, 790))
    for _ in range(6):
        printer.paragraph(SENTENCE)
    printer.save()
    assert read(tmp_path / "a.pdf").text.split("\n") == [SENTENCE] * 6


def test_lines_of_a_table_of_contents_are_left_out_and_counted(tmp_path: Path) -> None:
    printer = Printer(tmp_path / "a.pdf")
    for index in range(3):
        printer.paragraph(f"第{index}章 总则" + "." * 12 + f" {index + 1}", indent=0)
    printer.paragraph(SENTENCE)
    printer.save()
    extracted = read(tmp_path / "a.pdf")
    assert extracted.text == SENTENCE
    assert extracted.warnings == ("left out: lines of the table of contents (3)",)


def test_bold_type_printed_twice_is_read_once(tmp_path: Path) -> None:
    printer = Printer(tmp_path / "a.pdf")
    printer.put(SENTENCE[:20], LEFT, 700)
    printer.put(SENTENCE[:20], LEFT + 0.4, 700)
    printer.save()
    assert read(tmp_path / "a.pdf").text == SENTENCE[:20]


def test_a_slanted_watermark_is_not_read(tmp_path: Path) -> None:
    printer = Printer(tmp_path / "a.pdf")
    printer.canvas.saveState()
    printer.canvas.translate(200, 300)
    printer.canvas.rotate(45)
    printer.put("内部资料", 0, 0, size=60)
    printer.canvas.restoreState()
    printer.paragraph(SENTENCE)
    printer.save()
    assert read(tmp_path / "a.pdf").text == SENTENCE


@pytest.mark.parametrize("angle", [90, -90])
def test_a_page_printed_sideways_is_read(tmp_path: Path, angle: int) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=A4)
    canvas.setFont(FONT, SIZE)
    canvas.translate(*((500, 100) if angle == 90 else (100, 700)))
    canvas.rotate(angle)
    canvas.drawString(0, 300, SENTENCE[:25])
    canvas.drawString(0, 300 - PITCH, SENTENCE[25:])
    canvas.save()
    assert read(tmp_path / "a.pdf").text == SENTENCE


def test_a_scan_says_that_ocr_is_needed(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=A4)
    canvas.drawImage(ImageReader(Image.new("L", (200, 280), 200)), 0, 0, WIDTH, HEIGHT)
    canvas.showPage()
    canvas.save()
    with pytest.raises(NoTextError, match=r"a\.pdf: its 1 pages hold no text layer.*OCR"):
        read(tmp_path / "a.pdf")


def test_scanned_pages_among_others_are_named(tmp_path: Path) -> None:
    printer = Printer(tmp_path / "a.pdf")
    printer.paragraph(SENTENCE)
    printer.new_page()
    printer.canvas.drawImage(ImageReader(Image.new("L", (200, 280), 200)), 0, 0, WIDTH, HEIGHT)
    printer.save()
    assert any("not read: 2" in warning for warning in read(tmp_path / "a.pdf").warnings)


def test_a_pdf_with_a_password_says_so(tmp_path: Path) -> None:
    from reportlab.lib.pdfencrypt import StandardEncryption

    printer = Printer(tmp_path / "a.pdf", encrypt=StandardEncryption("user", "owner", strength=128))
    printer.paragraph(SENTENCE)
    printer.save()
    with pytest.raises(DocumentError, match="encrypted and needs a password"):
        read(tmp_path / "a.pdf")


@pytest.mark.parametrize(
    "content", [b"%PDF-1.4\n", b"%PDF-1.4\n1 0 obj <</Type /Catalog", b"%PDF-1.7\n\x00\xff" * 50]
)
def test_a_damaged_pdf_gives_a_reason(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.pdf").write_bytes(content)
    with pytest.raises(DocumentError, match=r"a\.pdf"):
        read(tmp_path / "a.pdf")


def test_a_cut_off_pdf_never_fails_otherwise(tmp_path: Path) -> None:
    printer = Printer(tmp_path / "a.pdf")
    printer.paragraph(SENTENCE)
    printer.save()
    whole = (tmp_path / "a.pdf").read_bytes()
    for share in (0.2, 0.5, 0.8, 0.95):
        (tmp_path / "b.pdf").write_bytes(whole[: int(share * len(whole))])
        with contextlib.suppress(DocumentError):
            assert read(tmp_path / "b.pdf").text


def line(text: str, y: float, *, x0: float = 90, x1: float = 490, page: int = 1, size: float = 16) -> PdfLine:
    return PdfLine(text, x0, x1, y, y + size, size, page)


def page_of(*lines: PdfLine, number: int = 1) -> PdfPage:
    return PdfPage(number, 595, 842, lines, sum(len(line.text) for line in lines), 0, has_picture=False)


def test_a_hanging_list_entry_is_one_paragraph() -> None:
    page = page_of(
        line("① 完成一份报告，写明所用工具与来源并且说明", 100),
        line("样本清洗过程，实验分析可以有较大的伸缩空间", 128, x0=122),
        line("与余地。", 156, x0=122, x1=180),
        line("② 第二项。", 184, x1=200),
    )
    assert len(join_pages([page]).paragraphs) == 2


def test_a_number_in_the_middle_of_a_sentence_starts_no_paragraph() -> None:
    page = page_of(line("违反本办法第二条、", 100), line("第三条规定的，由主管部门责令改正。", 128, x1=400))
    assert join_pages([page]).paragraphs == ("违反本办法第二条、第三条规定的，由主管部门责令改正。",)


def test_latin_words_are_parted_and_hyphenated_ones_whole() -> None:
    assert join_texts(["the inno-", "vation system", "of 2024"]) == "the innovation system of 2024"
    assert join_texts(["科技成果转", "化，支持 AI", "应用"]) == "科技成果转化，支持 AI应用"


def test_a_gap_between_latin_glyphs_is_a_blank() -> None:
    glyphs = [Glyph("a", 0, 5, 0, 10, 10), Glyph("b", 5.3, 10, 0, 10, 10), Glyph("c", 13, 18, 0, 10, 10)]
    assert join_glyphs(glyphs) == "ab c"
