from __future__ import annotations

from dataclasses import replace

import pytest

from policy_nlp.codebook import CODE_LEVELS
from policy_nlp.reports.agreement_document import agreement_document, describe_reconstruction
from policy_nlp.reports.report_blocks import BulletList, Heading, Paragraph, ReportDocument, TableBlock
from tests.reports.agreement_examples import CODEBOOK, result


def texts_of(document: ReportDocument) -> str:
    found = []
    for block in document.blocks:
        match block:
            case Heading(text, _) | Paragraph(text, _):
                found.append(text)
            case BulletList(items):
                found.extend(items)
            case TableBlock():
                rows = (block.header, *block.rows)
                found += [block.caption, *block.notes, *(cell for row in rows for cell in row)]
            case _:
                found.append(block.caption)
    return "\n".join(found)


@pytest.mark.parametrize("n_coders", [2, 3])
def test_the_report_states_what_a_reviewer_asks_for(n_coders: int) -> None:
    text = texts_of(agreement_document(result(n_coders), n_listed=5))
    for wanted in (
        "其中 6 个（75.0%）由两位或更多编码者编码，来自 3 份文件",
        "抽样方式",
        "独立性无法从数据中看出",
        "分析单位：句子",
        "缺失规则",
        "分歧如何解决",
        "95% 百分位 bootstrap",
        "种子 7",
        "Krippendorff α（MASI 距离）",
        "n/a (a)",
        "没有区间：只有一份文件",
        "患病率悖论",
        ".667",
        "Landis",
        "分歧矩阵",
        "sha256",
        "待作者填写",
        "AUTHOR TO STATE",
        "one unit has two texts",
        "路径未比较",
        "Brennan–Prediger",
    ):
        assert wanted in text


def test_sections_are_numbered_without_gaps_whatever_the_data_has() -> None:
    numerals = "一二三四五六七八九十"
    for n_coders in (2, 3):
        blocks = agreement_document(result(n_coders), n_listed=5).blocks
        heads = [b.text.partition("、")[0] for b in blocks if isinstance(b, Heading) and b.level == 1]
        assert heads == list(numerals[: len(heads)])
        assert len(heads) == (8 if n_coders == 2 else 10)


def test_people_and_model_have_their_section_only_with_a_model() -> None:
    assert "替换检验" in texts_of(agreement_document(result(3), n_listed=0))
    assert "替换检验" not in texts_of(agreement_document(result(2), n_listed=0))


def test_the_shipped_codebook_is_called_a_reconstruction_and_another_is_not() -> None:
    assert "49 个为重建" in describe_reconstruction(CODEBOOK)
    codes = {
        level: tuple(replace(c, evidence_status="") for c in CODEBOOK.codes(level)) for level in CODE_LEVELS
    }
    assert describe_reconstruction(replace(CODEBOOK, **codes)) == ""


def test_a_coder_who_was_not_given_a_sentence_has_an_empty_cell_and_one_without_codes_says_none() -> None:
    found = result(3)
    (item,) = found.report.disagreements
    partly = replace(found.report, disagreements=(replace(item, codings=item.codings[:2]),))
    document = agreement_document(replace(found, report=partly), n_listed=5)
    table = next(b for b in document.blocks if isinstance(b, TableBlock) and b.header[0].startswith("单位"))
    assert table.rows[0][2:] == ("政府支持", "（无）", "")


def test_numbers_that_mix_people_with_a_model_say_so() -> None:
    assert "把模型也算作一位编码者" in texts_of(agreement_document(result(3), n_listed=0))
    assert "把模型也算作一位编码者" not in texts_of(agreement_document(result(2), n_listed=0))


def test_no_verdict_is_given() -> None:
    text = texts_of(agreement_document(result(), n_listed=5))
    for verdict in ("可靠性良好", "一致性良好", "达标", "通过"):
        assert verdict not in text


def test_a_report_without_levels_or_disagreements_is_still_written() -> None:
    found = result(2)
    bare = replace(found.report, levels=(), disagreements=())
    assert "没有编码不同的单位" in texts_of(agreement_document(replace(found, report=bare), n_listed=5))
