from __future__ import annotations

from dataclasses import replace

import pytest

from policy_nlp.agreement.intervals import Bootstrap
from policy_nlp.reports.methods_text import methods_in_chinese, methods_in_english
from tests.reports.agreement_examples import result


@pytest.mark.parametrize(
    ("write", "wanted"),
    [
        (
            methods_in_chinese,
            [
                "2 位编码者（甲、乙）与 1 个模型（tiny）",
                "8 个单位",
                "6 个（75.0%）",
                "3 份文件",
                "抽取方式",
                "独立编码",
                "初始范畴 19 个",
                "重建",
                "Jaccard 与 MASI",
                "Cohen κ",
                "Gwet AC1",
                "“未分给该编码者”按缺失处理",
                "按文件整群重抽样的 95% 百分位 bootstrap 区间（100 次，种子 7）",
                "0.720 [0.620, 0.770]",
                "无法计算",
                "分歧矩阵",
                "分歧如何解决",
                "policy-nlp 0.1",
            ],
        ),
        (
            methods_in_english,
            [
                "2 human coders (甲, 乙) and 1 model (tiny)",
                "8 units",
                "6 (75.0%)",
                "3 documents",
                "sampled",
                "independently",
                "19 initial",
                "reconstruction",
                "Jaccard",
                "MASI",
                "Cohen's kappa",
                "Gwet's AC1",
                "not given to a coder are missing",
                "95% percentile bootstrap intervals over documents (100 draws, seed 7)",
                "0.720 [0.620, 0.770]",
                "undefined",
                "disagreement matrix",
                "how conflicts were resolved",
                "policy-nlp 0.1",
            ],
        ),
    ],
)
def test_the_paragraph_states_all_that_reviewers_ask_for(write, wanted: list[str]) -> None:
    text = write(result())
    assert [part for part in wanted if part not in text] == []
    assert "\n" not in text


def test_units_are_named_as_what_is_drawn_where_no_document_is_known() -> None:
    found = result()
    report = replace(found.report, resampled="units", n_documents=None)
    assert "按单位重抽样" in methods_in_chinese(replace(found, report=report))
    assert "over units" in methods_in_english(replace(found, report=report))


def test_people_are_reported_apart_from_the_model() -> None:
    assert "编码者之间 α 0.700 [0.600, 0.750]，加入模型后 0.600" in methods_in_chinese(result())
    assert "模型替换 甲 时 α 变化 -0.100 [-0.200, -0.050]" in methods_in_chinese(result())
    assert "alpha is 0.700 [0.600, 0.750] among people" in methods_in_english(result())
    assert "among people" not in methods_in_english(result(2))


def test_no_interval_is_claimed_without_draws() -> None:
    found = result()
    without = replace(found, report=replace(found.report, bootstrap=Bootstrap(0)))
    assert "未计算区间" in methods_in_chinese(without)
    assert "No intervals were computed." in methods_in_english(without)


def test_the_rule_of_missing_codes_is_that_of_the_numbers() -> None:
    # Units that one coder alone coded are in no coefficient, so in no expected agreement either.
    assert "α、AC1 与百分比一致（期望一致也是）用至少两人编码的单位" in methods_in_chinese(result())
    assert "AC1 (its expected agreement too) and percent agreement use units that two" in methods_in_english(
        result()
    )


def test_segmentation_before_coding_is_for_the_author_to_state() -> None:
    assert "【待作者填写：句子是否在编码前已切分" in methods_in_chinese(result())
    assert "[AUTHOR TO STATE: whether sentences were segmented before coding" in methods_in_english(result())
