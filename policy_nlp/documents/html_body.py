"""Which parts of a web page are its body, and which are navigation, tools and other furniture.

Written for pages of Chinese governments and newspapers; in doubt a part stays. trafilatura was tried on
such pages and runs all paragraphs of a layout table together into one line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from lxml import etree
from lxml.html import HtmlElement

from policy_nlp.documents.html_lines import NEVER_TEXT

_FURNITURE_TAGS = frozenset(("nav", "footer", "aside", "form", "menu", "dialog"))
_FURNITURE_NAME = re.compile(
    r"(?:^|[\s_-])(?:nav|navi|navbar|navigation|menu|breadcrumbs?|crumbs?|location|position|footer|foot|"
    r"copyright|sidebar|related|relate|relevant|recommend|share|sharebar|bdsharebuttonbox|bshare|social|"
    r"qr|qrcode|ewm|erweima|toolbar|tools|pagination|pager|print|banner|advert|ads?|search|login|comments?|"
    r"topbar|friendlinks?|links)(?:$|[\s_-])",
    re.IGNORECASE,
)
_BODY_NAME = re.compile(
    r"(?:^|\s)(?:UCAP-CONTENT|TRS_Editor|TRS_UEDITOR|Custom_UnionStyle|pages_content|b12c|zoom|artibody|arti_body|"
    r"article[-_]?(?:content|con|body|text)|(?:news|text|detail|main|xxgk|info)[-_]?content|content[-_]?text|"
    r"conlun2_box_text)(?:\s|$)",
    re.IGNORECASE,
)
_HIDDEN_STYLE = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_LINK_LISTS = frozenset(("div", "ul", "ol", "dl", "table", "tr", "td", "section", "p", "header"))
_STOP = re.compile("[。；！？]")
_FURNITURE_LINES = re.compile(
    r"(?:您|你)?(?:当前|现在|所在)?的?(?:所在)?位置[：:].{0,80}"
    r"|.{0,10}扫一扫.{0,20}"
    r"|(?:[\s|【】\[\]()（）：:]*(?:打印(?:本页|此页|页面)?|关闭(?:窗口|本页|页面)?|收藏(?:本页)?|返回(?:顶部|首页|列表)?|"
    r"字体|字号|大|中|小|默认|超大|分享到?|微信|微博|QQ空间|复制链接|无障碍|登录|注册|首页))+[\s|【】\[\]()（）：:]*"
    r"|(?:上|下)一[篇条页][：:].{0,80}"
    r"|(?:相关|推荐|延伸)(?:链接|报道|稿件|阅读|新闻|文章|解读|文档)[：:]?"
    r"|[^。]{0,60}(?:版权所有|ICP备|公网安备|网站标识码|网站地图)[^。]{0,80}"
    r"|[^。]{0,80}(?:(?:浏览|阅读|点击|访问)(?:次数|数|量)|字体|字号)[：:][^。]{0,40}"
    r"|(?:浏览|阅读|点击|访问)(?:次数|数|量)[：:]?\s*\d*\s*次?"
)
_LONGEST_FURNITURE_LINE = 150
_MOST_OF_PAGE = 0.5  # share of the page's characters from which a part is no furniture, whatever its name
_MOST_LINKS = 0.7  # share of linked characters from which a list is navigation
_BODY_SENTENCES = 0.95  # share of the page's sentences that an element named as the body has to hold
_BODY_CHARACTERS = 0.5


@dataclass(slots=True)
class _Mass:
    """What one element holds, all below it included."""

    n_characters: int = 0  # without blanks
    n_linked: int = 0
    n_links: int = 0
    n_stops: int = 0  # marks that end a sentence or a clause
    n_linked_stops: int = 0
    holds_heading: bool = False

    def add(self, other: _Mass) -> None:
        """Take what an element below holds."""
        self.n_characters += other.n_characters
        self.n_linked += other.n_linked
        self.n_links += other.n_links
        self.n_stops += other.n_stops
        self.n_linked_stops += other.n_linked_stops
        self.holds_heading |= other.holds_heading

    def add_text(self, text: str | None, *, is_linked: bool) -> None:
        """Take one piece of text, linked when it stands inside an `a` element."""
        if not text:
            return
        n_characters = len("".join(text.split()))
        n_stops = len(_STOP.findall(text))
        self.n_characters += n_characters
        self.n_stops += n_stops
        if is_linked:
            self.n_linked += n_characters
            self.n_linked_stops += n_stops


@dataclass(frozen=True, slots=True)
class PageParts:
    """The element that holds the body, and what in it is not to be read."""

    body: HtmlElement
    furniture: frozenset[HtmlElement]


def find_body(root: HtmlElement) -> PageParts:
    """The body of the page: the element its maker named so where that holds the page's sentences, else all.

    Left out: hidden elements; navigation, share bars, footers and the like by tag or name; lists of links.
    A part that holds most of the page, a main heading or sentences is never left out by its name.
    """
    masses = _weigh(root)
    furniture = frozenset(_iter_furniture(root, masses))
    kept = _Mass()
    kept.add(masses[root])
    for element in furniture:
        kept.n_stops -= masses[element].n_stops if element in masses else 0
        kept.n_characters -= masses[element].n_characters if element in masses else 0
    return PageParts(_named_body(root, masses, kept), furniture)


def without_furniture(lines: Iterable[str]) -> list[str]:
    """The lines that are not tools of the page (当前位置, 打印本页, 扫一扫, 版权所有)."""
    return [
        line
        for line in lines
        if len(line) > _LONGEST_FURNITURE_LINE or not _FURNITURE_LINES.fullmatch(line.strip())
    ]


def _weigh(root: HtmlElement) -> dict[HtmlElement, _Mass]:
    """The mass of every element that can hold text."""
    masses: dict[HtmlElement, _Mass] = {}
    open_masses: list[_Mass] = [_Mass()]
    n_open_links = 0
    walker = etree.iterwalk(root, events=("start", "end"))
    for event, element in walker:
        is_left_out = element.tag in NEVER_TEXT or _is_hidden(element)
        is_link = element.tag == "a"
        if event == "start":
            if is_left_out:
                walker.skip_subtree()
                continue
            n_open_links += is_link
            mass = _Mass(n_links=int(is_link), holds_heading=element.tag == "h1")
            mass.add_text(element.text, is_linked=n_open_links > 0)
            open_masses.append(mass)
            masses[element] = mass
            continue
        if not is_left_out:
            n_open_links -= is_link
            mass = open_masses.pop()
            open_masses[-1].add(mass)
        open_masses[-1].add_text(element.tail, is_linked=n_open_links > 0)
    return masses


def _iter_furniture(root: HtmlElement, masses: dict[HtmlElement, _Mass]) -> Iterable[HtmlElement]:
    page = masses[root]
    named_body: HtmlElement | None = None
    walker = etree.iterwalk(root, events=("start", "end"))
    for event, element in walker:
        if event == "end":
            named_body = None if element is named_body else named_body
            continue
        if element not in masses or _is_furniture(
            element, masses[element], page, inside=named_body is not None
        ):
            walker.skip_subtree()
            if element.tag not in NEVER_TEXT:
                yield element
        elif named_body is None and _BODY_NAME.search(_names(element)):
            named_body = element


def _is_furniture(element: HtmlElement, mass: _Mass, page: _Mass, *, inside: bool) -> bool:
    """Whether the element is furniture; `inside` the named body a list of links may be text."""
    if mass.n_characters >= _MOST_OF_PAGE * page.n_characters or mass.holds_heading:
        return False
    if mass.n_stops - mass.n_linked_stops > 1 and element.tag not in ("nav", "footer"):
        return False
    if element.tag in _FURNITURE_TAGS or _FURNITURE_NAME.search(_names(element)):
        return True
    return not inside and element.tag in _LINK_LISTS and _is_link_list(element, mass)


def _is_link_list(element: HtmlElement, mass: _Mass) -> bool:
    if mass.n_links < 2 or mass.n_linked < _MOST_LINKS * mass.n_characters:
        return False
    return "附件" not in "".join(element.itertext())


def _named_body(root: HtmlElement, masses: dict[HtmlElement, _Mass], kept: _Mass) -> HtmlElement:
    """The outermost element named as the body that holds nearly all sentences; `root` where none does."""
    for element, mass in masses.items():  # in document order: the outermost first
        if not _BODY_NAME.search(_names(element)):
            continue
        has_sentences = mass.n_stops > 0 and mass.n_stops >= _BODY_SENTENCES * kept.n_stops
        if has_sentences and mass.n_characters >= _BODY_CHARACTERS * kept.n_characters:
            return element
    return root


def _names(element: HtmlElement) -> str:
    return f"{element.get('id', '')} {element.get('class', '')} {element.get('role', '')}"


def _is_hidden(element: HtmlElement) -> bool:
    if "hidden" in element.attrib or element.get("aria-hidden") == "true":
        return True
    return bool(_HIDDEN_STYLE.search(element.get("style", "")))
