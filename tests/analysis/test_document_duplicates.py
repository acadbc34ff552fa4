"""The same text twice."""

from __future__ import annotations

from policy_nlp.analysis.document_duplicates import find_duplicates

LINES = [
    f"第{place}项任务由第{place}工作专班牵头，按照进度表在{place * 7}日内完成并报送结果。"
    for place in range(40)
]
TEXT = "\n".join(LINES)


def test_a_text_in_other_marks_is_the_same_text() -> None:
    (first, second) = find_duplicates([TEXT, TEXT.replace("，", " , ")], share=0.9)
    assert first is None
    assert second is not None
    assert (second.original, second.share) == (0, 1.0)


def test_a_text_with_a_line_more_is_nearly_the_same() -> None:
    _, second = find_duplicates([TEXT, f"{TEXT}\n责任编辑：某某"], share=0.9)
    assert second is not None
    assert second.original == 0
    assert second.share < 1


def test_a_part_of_a_text_is_no_duplicate_of_it() -> None:
    assert find_duplicates([TEXT, "\n".join(LINES[:20])], share=0.9) == (None, None)


def test_short_texts_are_duplicates_only_to_the_letter() -> None:
    same, near = "今天天气好，适合出门。", "今天天气好，适合出门吗。"
    found = find_duplicates([same, near, same], share=0.5)
    assert [one is None for one in found] == [True, True, False]


def test_a_chain_of_duplicates_names_the_first_of_them() -> None:
    found = find_duplicates([TEXT, f"{TEXT}\n甲", f"{TEXT}\n甲"], share=0.9)
    assert [one.original if one else None for one in found] == [None, 0, 0]
