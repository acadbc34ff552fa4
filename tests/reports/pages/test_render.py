"""The shell of a page: escaped, without network, one script at most."""

from __future__ import annotations

import base64
import hashlib
import re
from html import unescape

import lxml.html

from policy_nlp.reports.charts.chart import Bar, BarChart, Estimate
from policy_nlp.reports.pages.page import Page, PageSection
from policy_nlp.reports.pages.render import PageExtras, as_markup, render_page
from policy_nlp.reports.report_blocks import BulletList, Paragraph, TableBlock

ATTACK = '<script>alert("x")</script>'
PAGE = Page(
    title=f"题{ATTACK}",
    lead=f"导语{ATTACK}",
    sections=(
        PageSection(
            "first",
            f"一{ATTACK}",
            (
                Paragraph(f"段{ATTACK}"),
                BulletList((f"点{ATTACK}",)),
                TableBlock(f"表{ATTACK}", (f"列{ATTACK}", "数"), ((f"格{ATTACK}", "1"),), notes=(ATTACK,)),
                BarChart("bars", f"图{ATTACK}", (Bar(f"条{ATTACK}", Estimate(3.0), detail=ATTACK),)),
            ),
        ),
        PageSection("second", "二", ()),
    ),
    codebook_note=f"重建{ATTACK}",
    signature=(f"policy-nlp{ATTACK}",),
)


def policy_of(html: str) -> str:
    found = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', html)
    assert found
    return unescape(found[1])


def test_no_text_of_the_records_becomes_markup() -> None:
    tree = lxml.html.document_fromstring(render_page(PAGE))
    assert not list(tree.iter("script"))
    text = tree.text_content()
    assert all(
        f"{word}{ATTACK}" in text
        for word in ("题", "导语", "一", "段", "点", "表", "列", "格", "图", "条", "重建")
    )


def test_the_contents_lead_to_every_section() -> None:
    tree = lxml.html.document_fromstring(render_page(PAGE))
    targets = [link.get("href") for link in tree.xpath("//nav//a")]
    assert targets == ["#first", "#second"]
    assert all(tree.get_element_by_id(target[1:]).tag == "section" for target in targets)


def test_a_page_without_script_allows_none() -> None:
    policy = policy_of(render_page(PAGE))
    assert "default-src 'none'" in policy
    assert "script-src 'none'" in policy


def test_the_only_script_that_may_run_is_the_one_in_the_page() -> None:
    html = render_page(PAGE, PageExtras(script="document.title = 'a < b';"))
    (script,) = re.findall(r"<script>(.*?)</script>", html, flags=re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in policy_of(html)


def test_nothing_of_a_page_is_fetched() -> None:
    html = render_page(PAGE)
    assert not re.search(r"""(?:src|href)=["']?(?!#|data:)[^"'> ]|@import|url\(""", html)


def test_bodies_stand_in_their_section() -> None:
    html = render_page(PAGE, PageExtras(bodies={"second": as_markup("<b id=own>x</b>")}))
    assert lxml.html.document_fromstring(html).get_element_by_id("own").getparent().get("id") == "second"
