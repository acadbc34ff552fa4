"""Terms of a corpus that jieba does not know: runs of its words that stand together and stand free.

Two measures decide, both over runs of two to four words of jieba, so that no word it knows is ever cut:

* cohesion: the pointwise mutual information (bits) of the weakest place where the run can be parted;
* freedom: the smaller of the entropies (bits) of the characters before and behind it. The edge of a sentence
  counts as a new character each time.

The thresholds were chosen here, by reading what they let through on policy texts and newspapers.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from policy_nlp.analysis.stop_words import STOP_WORDS

Run = tuple[str, ...]

_HAN = re.compile(r"[\u4e00-\u9fd5]+")
_NUMERAL = re.compile(r"[零〇一二三四五六七八九十百千万亿两第\d]+")
# Parts of speech that no word of two or more characters within a term has: it would be a phrase.
_GRAMMAR_TAGS = frozenset(
    {"p", "c", "u", "ul", "uj", "uv", "ud", "r", "m", "q", "d", "vd", "ad", "y", "e", "o"}
)
# Stop words that terms may begin with (新动能) or end with (高质量发展).
_MAY_BEGIN = frozenset({"新"})
_MAY_END = frozenset("发展 建设 体系 机制 制度 能力 平台 工程 模式 领域".split())  # noqa: SIM905
# Names of people are no terms. Surnames that are common nouns too (高 林 金 文 康) are left out.
_SURNAMES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱何郭罗梁宋郑谢韩唐冯董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛阎余潘杜戴汪姜姚谭廖邹熊"
)
_FOREIGN = frozenset(
    "阿巴贝比波伯布查达德迪蒂杜恩尔法费弗福戈格哈赫基卡科克库拉莱兰勒雷莉利卢鲁罗洛马迈曼梅蒙米姆莫穆纳娜尼涅诺努帕佩奇恰"
    "萨塞桑沙斯索塔泰图托瓦维翁乌希亚伊扎兹佐泽赞"
)


@dataclass(frozen=True, slots=True)
class NewWordRules:
    """Thresholds that a run of words must reach to be a term."""

    min_count: int = 5
    min_documents: int = 2  # where there are two or more
    min_cohesion: float = 5.0  # bits
    min_freedom: float = 1.5  # bits
    min_share: float = 0.5  # of the count of a term inside it, else it is that term with a neighbour
    longest_run: int = 4  # words of jieba
    longest_word: int = 10  # characters


@dataclass(frozen=True, slots=True)
class NewWord:
    """A term found in the corpus, with what made it one."""

    text: str
    parts: Run
    count: int
    n_documents: int
    cohesion: float
    freedom: float


def find_new_words(
    sentences: Sequence[Run], documents: Sequence[int], *, tags: Mapping[str, str], rules: NewWordRules
) -> tuple[NewWord, ...]:
    """Terms that jieba cut apart, commonest first.

    Args:
        sentences: each as jieba's words and marks, in order.
        documents: which document each sentence is of.
        tags: parts of speech of jieba's words; a word without one is taken as a noun.
        rules: the thresholds.
    """
    counts = _count_runs(sentences, tags, rules)
    free = _count_neighbours(sentences, documents, counts=counts)
    least_documents = min(rules.min_documents, len(set(documents)))
    n_words = sum(counts[run] for run in counts if len(run) == 1)
    found = [
        NewWord("".join(run), run, counts[run], len(around.documents), cohesion, freedom)
        for run, around in free.items()
        if not _is_name(run)
        and not _MAY_BEGIN.intersection(run[1:])
        and not _MAY_END.intersection(run[:-1])
        and (cohesion := _cohesion(run, counts, n_words)) >= rules.min_cohesion
        and (freedom := around.freedom()) >= rules.min_freedom
        and len(around.documents) >= least_documents
    ]
    found.sort(key=lambda word: (-word.count, word.text))
    return tuple(_without_extended(found, rules))


class _Neighbours:
    """What stands before and behind the occurrences of one run."""

    __slots__ = ("after", "before", "documents")

    def __init__(self) -> None:
        self.before: Counter[str] = Counter()
        self.after: Counter[str] = Counter()
        self.documents: set[int] = set()

    def freedom(self) -> float:
        """The smaller entropy of the two sides, in bits."""
        return min(_entropy(self.before), _entropy(self.after))


def _count_runs(sentences: Sequence[Run], tags: Mapping[str, str], rules: NewWordRules) -> dict[Run, int]:
    """How often each run stands, runs of one word too; longer ones only where they are common and clean."""
    counts: Counter[Run] = Counter()
    is_part = {word: _can_be_part(word, tags) for sentence in sentences for word in sentence}
    for sentence in sentences:
        counts.update((word,) for word in sentence)
        counts.update(sentence[start:end] for start, end in _iter_runs(sentence, is_part, rules))
    return {run: n for run, n in counts.items() if len(run) == 1 or n >= rules.min_count}


def _iter_runs(sentence: Run, is_part: Mapping[str, bool], rules: NewWordRules) -> Iterator[tuple[int, int]]:
    for start, word in enumerate(sentence):
        if not is_part[word]:
            continue
        length = len(word)
        for end in range(start + 1, min(start + rules.longest_run, len(sentence))):
            length += len(sentence[end])
            if not is_part[sentence[end]] or length > rules.longest_word:
                break
            yield start, end + 1


def _can_be_part(word: str, tags: Mapping[str, str]) -> bool:
    if not _HAN.fullmatch(word) or _NUMERAL.fullmatch(word):
        return False
    if word in STOP_WORDS:
        return word in _MAY_BEGIN or word in _MAY_END
    return len(word) == 1 or tags.get(word, "") not in _GRAMMAR_TAGS


def _is_name(run: Run) -> bool:
    """Whether a run looks like a name: single characters behind a surname, or foreign sounds."""
    is_single = all(len(word) == 1 for word in run)
    return (is_single and run[0] in _SURNAMES) or all(mark in _FOREIGN for word in run for mark in word)


def _count_neighbours(
    sentences: Sequence[Run], documents: Sequence[int], *, counts: Mapping[Run, int]
) -> dict[Run, _Neighbours]:
    runs = {run: _Neighbours() for run in counts if len(run) > 1}
    longest = max((len(run) for run in runs), default=0)
    for row, (sentence, document) in enumerate(zip(sentences, documents, strict=True)):
        for start, end in _iter_places(len(sentence), longest):
            around = runs.get(sentence[start:end])
            if around is not None:
                around.before[sentence[start - 1][-1] if start else f"edge {row}"] += 1
                around.after[sentence[end][0] if end < len(sentence) else f"edge {row}"] += 1
                around.documents.add(document)
    return runs


def _iter_places(n_words: int, longest: int) -> Iterator[tuple[int, int]]:
    """Start and end of every run of two words or more in a sentence."""
    for start in range(n_words):
        for end in range(start + 2, min(start + longest, n_words) + 1):
            yield start, end


def _cohesion(run: Run, counts: Mapping[Run, int], n_words: int) -> float:
    """Bits by which the run is commoner than chance, where it is weakest."""
    return min(
        math.log2(
            counts[run] * n_words / (counts.get(run[:cut], counts[run]) * counts.get(run[cut:], counts[run]))
        )
        for cut in range(1, len(run))
    )


def _entropy(counts: Counter[str]) -> float:
    n = counts.total()
    return -sum(count / n * math.log2(count / n) for count in counts.values())


def _without_extended(found: Sequence[NewWord], rules: NewWordRules) -> Iterator[NewWord]:
    """The terms without those that are mostly a commoner term with a neighbour: 经济高质量发展."""
    count_of = {word.parts: word.count for word in found}
    for word in found:
        inner = (
            word.parts[start:end]
            for start in range(len(word.parts))
            for end in range(start + 2, len(word.parts) + 1)
            if end - start < len(word.parts)
        )
        if word.count >= rules.min_share * max((count_of.get(part, 0) for part in inner), default=0):
            yield word
