"""Bytes -> DecodedText: which encoding a Chinese text file is in, and how sure that is.

A byte order mark or strict UTF-8 settles it. Otherwise each candidate encoding reads a bounded sample,
and the reading that looks most like Chinese wins: every character is evidence for or against, as the
logarithm of how much likelier its kind is in a true reading than in a wrong one.
"""

from __future__ import annotations

import codecs
import math
import re
from dataclasses import dataclass

import charset_normalizer

from policy_nlp.errors import EncodingError
from policy_nlp.records import DecodedText

SAMPLE_BYTES = 65_536

# About the thousand commonest characters (source: word counts of jieba's dictionary) and words of policy;
# _TRADITIONAL holds those whose traditional form differs (source: OpenCC s2t).
_SIMPLIFIED = (
    "一是人了不在有大中国和为这上他个地年来我会以到时要出的生学说道民家子也成行下们于后就发自之对得主长可"
    "过天作分方用多你着部能市等业全里工公经本都而高政法面门动日进区事代那去心小同北定开产前其军还然起种所"
    "如现理机体表力好外与文当两实重新三么只山水关明从化平建又制南内西没此将员名手最东头者月间无安看见各城"
    "十相但已些正口通想度加第她合院物性战由位常点海意场武使次二向治因立数样身情入原问把路被并利石老教万知"
    "级量任江及应省资委务元美特期世湖回系比气汉总展电科金先声提品设或义王社很统处四首共马形己儿司太目基领"
    "队直计别女权话少流命至报米给打变果书清活几州华解议更称程今决张导术府才保交放管结师便走达族反再题色五"
    "京河接条规式县白它改风光运信受什组听布百济党指论强做取技黄神选记斯真却职号界件花类何眼兵传带空干农边"
    "据集联古广完质阳难增历史专官每住商即步认车台林必死游举线言皇土团收考求德叫近备研争非具李众连调感转笑"
    "革该持始英克士尔让拉思根格造较际亲单朝红型价校约器字段周亚深候则功属积快图火千准究往极育装许参半令吃"
    "观鱼精办像帝八复影告远群包整构料随划算象容示投势热值夫网望源息语股铁断派速怎需片爱律纪支早况病境证编"
    "越局推满且列觉服双未居除乐企引标确织初青志率项飞球节察龙响药站施均消客失轻存低甚般击曾防请离落显罗营"
    "足素视护副食创余照兴占巴虽洲村费易试星木黑左宝置跟央识维采六底宫房音环案批切斗富乡另倒若按查故突责严"
    "桥模仅胜杀围席态破承招杨负层须父供续状域似依银范修找九致密终血旅钱赛独细效玉冲获习医演毛尽脸弹楼艺航"
    "陆右协七攻镇检写苏宗章注阿抗弟坐验封紧劳户优财养适陈喜卫排射哥油刻留急降念云微伤例景拿绝阶座刘刚害印"
    "亿沙母酒助闻超审待压升送监策略限竟香配藏敌呢差仍兰温园树征善波哪词岛止预怕继皮执味份角草男普答益谁船"
    "惊核街夏宣掌田久著画辑奇尼剑吧谈背免孩礼材愿洋春架筑括晚乱乎讲尚良友临激刀夜室既敢邦挥昌板胡欧福港叶"
    "简苦担句岁荆贵娘守辖威宜衣帮块堂额错剧充欢够孙班呼阵销坚练脚退读测吴希宁换版异某顾曲楚典朱毒菜判救宋"
    "茶洪含顺啊鲜败货矿端兄归冷忙买险康评肉吗厂永哈沉散遗停笔假输牛洞松渐顶训录否述毕督控丰献姑忽爷互亮纳"
    "购融绩竞障税券贷补贴孵跨债咨询疗碳污拨款贡奖励智础链培促稳键聚贸绿探健享络扩沿索综慧软拓鼓措舶贫减撑"
    "汽署努筹遇脱扶绕覆订介牌库靠焦移赢赋绍予践固倡序械彻振针握申抓估盖浙贯仪伙伴钢荣储困售短牢挑码牵瞻延"
    "亩染"
)
_TRADITIONAL = (
    "國爲這個來會時學說們於後發對長過業裏經門動進區開產軍還種現機體與當兩實麼關從內沒將員東頭間無見戰點場"
    "數樣問並萬級應資務氣漢總電聲設義統處馬兒領隊計別權話報給變書幾華議稱決張導術結師達題條規縣風運組聽濟"
    "黨論強黃選記卻職號類傳帶幹農邊據聯廣質陽難歷專認車臺遊舉線團備爭衆連調轉該爾讓較際親單紅價約亞則屬積"
    "圖準極裝許參喫觀魚辦復遠羣構隨劃勢熱網語鐵斷愛紀況證編滿覺雙樂標確織項飛節龍響藥輕擊請離顯羅營視護創"
    "餘興佔雖費試寶識維採宮環鬥鄉責嚴橋僅勝殺圍態楊負層須續狀銀範終錢賽獨細衝獲習醫盡臉彈樓藝陸協鎮檢寫蘇"
    "驗緊勞戶優財養適陳衛雲傷絕階劉剛億聞審壓監敵蘭溫園樹徵詞島預繼執誰驚畫輯劍談禮願築亂講臨揮歐葉簡擔歲"
    "荊貴轄幫塊額錯劇歡夠孫陣銷堅練腳讀測吳寧換異顧順鮮敗貨礦歸買險評嗎廠遺筆輸漸頂訓錄畢豐獻爺納購績競稅"
    "貸補貼債諮詢療撥貢獎勵礎鏈穩鍵貿綠絡擴綜軟貧減撐籌脫繞訂庫贏賦紹踐徹針蓋貫儀夥鋼榮儲碼牽畝裡為隻製複"
    "係乾"
)
_PUNCTUATION = "，。、；：？！“”‘’（）《》〈〉【】「」『』〔〕—…·　％０１２３４５６７８９①②③④⑤⑥⑦⑧⑨⑩"

_FREQUENT = re.compile(f"[{_SIMPLIFIED}{_TRADITIONAL}{_PUNCTUATION}]")
_OTHER_HAN = re.compile("[\u4e00-\u9fff]")
_ODD = (
    re.compile(  # what a wrong reading is full of: rare Han, private use, half-width kana, controls, damage
        "[\u0080-\u009f\u0180-\u036f\u0500-\u1fff\u3040-\u312f\u3131-\u31ff\u3400-\u4dbf\ua000-\uf8ff"
        "\uff61-\uffdf\ufff0-\uffff\U00010000-\U0010ffff]"
    )
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")

# log(P(kind | true reading) / P(kind | wrong reading)), rounded: four fifths of the characters of Chinese
# text are frequent ones, against one in seven of a wrong reading's.
_WEIGHT_FREQUENT = 1.7
_WEIGHT_OTHER_HAN = -1.0
_WEIGHT_ODD = -3.0
_WEIGHT_CONTROL = -4.0

_BOMS = (  # the longer mark first: the UTF-32 one begins with the UTF-16 one
    (codecs.BOM_UTF8, "utf-8-sig", "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le", "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be", "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030", "gb18030"),
)
_BIG5_FAMILY = ("big5", "cp950", "big5hkscs")

_LEAST_CONFIDENCE = 0.8  # below it the user is told to look
_MOST_CONFIDENCE = 0.99  # of an encoding that nothing in the file states
_MOST_DAMAGE = 0.1  # share of unreadable characters from which a byte order mark is not believed
_MOST_CONTROL = 0.02  # share of control characters from which bytes are no text
_LEAST_MEAN_EVIDENCE = -1.0  # per character beyond ASCII; a true reading of Chinese stands near 1
_OTHER_ENCODINGS = ["cp1252", "cp932", "euc_jp", "cp949"]


@dataclass(frozen=True, slots=True)
class _Candidate:
    """One encoding's reading of the sample and the evidence for it."""

    codec: str
    evidence: float  # natural logarithm
    mean_evidence: float  # per character beyond ASCII; 0 when there is none
    control_share: float


def decode_text(content: bytes) -> DecodedText:
    """The text of `content` without its byte order mark; line breaks as they are.

    A few unreadable bytes in an otherwise clean file become U+FFFD, counted in `warnings`.

    Raises:
        EncodingError: the bytes are no text in any encoding tried.

    >>> decode_text("目录".encode("gb18030")).encoding
    'gb18030'
    """
    if not content:
        return DecodedText("", "utf-8", 1.0)
    marked = _decode_marked(content)
    if marked is not None:
        return marked
    content = content.removeprefix(codecs.BOM_UTF8)  # a false mark would shift every pair of bytes
    return _decode_strict_utf8(content) or _decode_detected(content)


def _decode_marked(content: bytes) -> DecodedText | None:
    """The text behind a byte order mark; None where there is none, or where what follows belies it."""
    for mark, name, codec in _BOMS:
        if not content.startswith(mark):
            continue
        text = content[len(mark) :].decode(codec, "replace")
        if text.count("\ufffd") + len(_CONTROL.findall(text)) <= _MOST_DAMAGE * len(text) + 1:
            return DecodedText(text, name, 1.0, _damage_warnings(text, name))
    return None


def _decode_strict_utf8(content: bytes) -> DecodedText | None:
    """The text where it is faultless UTF-8 and is not likelier to be UTF-16 or a short GB18030 text."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return None
    if text.count("\0") > _MOST_CONTROL * len(text) or _is_gb18030_by_chance_utf8(content, text):
        return None
    if len(_CONTROL.findall(text)) > _MOST_DAMAGE * len(text):
        return None
    return DecodedText(text, "utf-8", 1.0, _damage_warnings(text, "utf-8"))


def _is_gb18030_by_chance_utf8(content: bytes, text: str) -> bool:
    """Whether two-byte UTF-8 (Latin, Greek, Arabic) is rather frequent Han characters in GB18030 (目录)."""
    beyond_ascii = re.findall(r"[^\x00-\x7f]", text)
    if not beyond_ascii or max(beyond_ascii) > "\u07ff":
        return False
    reading = content[:SAMPLE_BYTES].decode("gb18030", "replace")
    return len(set(_FREQUENT.findall(reading))) > 1 and _weigh("gb18030", reading).mean_evidence > 1.0


def _decode_detected(content: bytes) -> DecodedText:
    candidates = sorted(_iter_candidates(content), key=lambda found: found.evidence, reverse=True)
    best, second = candidates[0], candidates[1]
    if best.control_share > _MOST_CONTROL:
        raise _no_text_error(content)
    if best.mean_evidence < _LEAST_MEAN_EVIDENCE:
        return _decode_other(content)
    codec = _big5_codec(content) if best.codec == "big5" else best.codec
    text = content.decode(codec, "replace")
    certainty = 1.0 / (1.0 + math.exp(max(second.evidence - best.evidence, -700.0)))
    damage = text.count("\ufffd") / max(len(text), 1)
    confidence = min(certainty, _MOST_CONFIDENCE) * (1.0 - damage)
    warnings = _doubt_warnings(codec, confidence) + _damage_warnings(text, codec)
    return DecodedText(text, codec, round(confidence, 4), warnings)


def _iter_candidates(content: bytes) -> list[_Candidate]:
    start = re.search(rb"[\x00\x80-\xff]", content)
    first = (start.start() if start else 0) & ~3  # a character boundary in every encoding tried
    sample = content[first : first + SAMPLE_BYTES]
    is_whole = first + len(sample) == len(content)
    return [
        _weigh(codec, _read_sample(sample, codec, is_whole=is_whole))
        for codec in ("utf-8", "gb18030", "big5", "utf-16-le", "utf-16-be")
    ]


def _read_sample(sample: bytes, codec: str, *, is_whole: bool) -> str:
    """The sample's text; a character cut by the sample's end is not counted as damage."""
    reader = codecs.getincrementaldecoder("big5hkscs" if codec == "big5" else codec)("replace")
    return reader.decode(sample, final=is_whole)


def _weigh(codec: str, text: str) -> _Candidate:
    """The evidence that `text` is a true reading: a sum over its characters beyond ASCII."""
    n_control = len(_CONTROL.findall(text))
    evidence = (
        _WEIGHT_FREQUENT * len(_FREQUENT.findall(text))
        + _WEIGHT_OTHER_HAN * len(_OTHER_HAN.findall(_FREQUENT.sub("", text)))
        + _WEIGHT_ODD * len(_ODD.findall(text))
        + _WEIGHT_CONTROL * n_control
    )
    n_beyond_ascii = sum(character > "\x7f" for character in text)
    return _Candidate(codec, evidence, evidence / max(n_beyond_ascii, 1), n_control / max(len(text), 1))


def _big5_codec(content: bytes) -> str:
    """The member of the Big5 family that reads most of `content`; the plainest where several do."""
    return min(_BIG5_FAMILY, key=lambda codec: content.decode(codec, "replace").count("\ufffd"))


def _decode_other(content: bytes) -> DecodedText:
    """Text that is not Chinese: what charset-normalizer takes it for, always with a warning."""
    found = charset_normalizer.from_bytes(content[:SAMPLE_BYTES], cp_isolation=_OTHER_ENCODINGS).best()
    if found is None:
        raise _no_text_error(content)
    text = content.decode(found.encoding, "replace")
    name = found.encoding.replace("_", "-")
    confidence = 0.5 * (1.0 - found.chaos)
    warnings = _doubt_warnings(name, confidence) + _damage_warnings(text, name)
    return DecodedText(text, name, confidence, warnings)


def _doubt_warnings(name: str, confidence: float) -> tuple[str, ...]:
    if confidence >= _LEAST_CONFIDENCE:
        return ()
    return (
        f"the encoding was taken for {name} with confidence {confidence:.2f}, below {_LEAST_CONFIDENCE}; "
        "look at the text, and save the file as UTF-8 if it is wrong",
    )


def _damage_warnings(text: str, name: str) -> tuple[str, ...]:
    n_damaged = text.count("\ufffd")
    if not n_damaged:
        return ()
    line = len(re.findall(r"\r\n|\r|\n", text[: text.index("\ufffd")])) + 1
    return (
        f"{n_damaged} characters of {len(text)} could not be read as {name} and are shown as U+FFFD, "
        f"the first in line {line}; the rest is kept",
    )


def _no_text_error(content: bytes) -> EncodingError:
    tried = "UTF-8, GB18030, Big5, UTF-16"
    return EncodingError(
        f"{len(content)} bytes beginning with {content[:8].hex(' ')} are no text in {tried}; "
        "expected a text file. Open it in the program that made it and save it as UTF-8 text.",
        size_bytes=len(content),
        tried=tried,
    )
