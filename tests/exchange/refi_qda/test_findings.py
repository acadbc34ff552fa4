"""What was found is told once, counted, and in a number of lines that a person can read."""

from policy_nlp.exchange.refi_qda.findings import MOST_LINES, Findings


def test_the_same_loss_is_counted_up_and_nothing_lost_is_no_line() -> None:
    findings = Findings()
    findings.lose("links", 2)
    findings.lose("notes", 0)
    findings.lose("links")
    findings.mend("once")
    findings.mend("once")
    assert (findings.repairs, findings.losses) == (("once",), ("3 links",))


def test_a_project_of_many_sources_gives_a_bounded_number_of_lines() -> None:
    findings = Findings()
    for number in range(MOST_LINES + 7):
        findings.mend(f"source {number}", is_of_source=True)
        findings.lose(f"source {number}", is_of_source=True)
    findings.mend("sets")
    findings.lose("sets")
    assert len(findings.repairs) == len(findings.losses) == MOST_LINES + 2
    assert findings.repairs[-2:] == ("sets", "7 further lines on sources")
    assert findings.losses[-2:] == ("1 sets", "7 further losses of sources")


def test_a_repair_of_many_sources_is_one_line() -> None:
    findings = Findings()
    for name in "甲乙丙":
        findings.mend_alike(repr(name), "a byte order mark")
    findings.mend_alike("'丁'", "CR LF line ends")
    assert findings.repairs == (
        "3 sources (the first is '甲'): a byte order mark",
        "source '丁': CR LF line ends",
    )
