"""Documents and topics -> a decision for each: keep, borderline or drop, with the rule and its evidence.

The rules, in this order; the first that holds decides:

1. duplicate: the text is that of an earlier document -> drop.
2. missing_topic (only with `need = "all"`): a topic is named neither in the title nor in the text -> drop.
3. title: a topic is named in the title and in the text -> keep; title_only: in the title alone -> borderline.
4. comention: two topics in one sentence, `keep_comentions` times -> keep.
5. heading: `keep_headings` headings name a topic, and there are `keep_hits` hits -> keep.
6. dense: `keep_hits` hits, and `keep_density` a thousand characters -> keep.
7. passing: one hit, in no heading, less than `passing_density` a thousand characters -> drop.
8. mentioned: any other hit -> borderline.
9. listed: named only in lists of names -> drop; footer: only in links and signatures -> drop.
10. related: only related words, `related_hits` of them or one in the title -> borderline.
11. coded: no word of a topic, but the model coded `coded_share` of the sentences -> borderline.
12. absent: no word of a topic -> drop.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

from policy_nlp.analysis.document_duplicates import Duplicate, find_duplicates
from policy_nlp.analysis.topic_hits import COUNTED_PLACES, HitPlace, ScreenDocument, TopicHit, find_hits
from policy_nlp.records import Span
from policy_nlp.settings.screen import ScreenRules, Topic

Decision = Literal["keep", "borderline", "drop"]
Rule = Literal[
    "duplicate", "missing_topic", "title", "title_only", "comention", "heading", "dense", "passing",
    "mentioned", "listed", "footer", "related", "coded", "absent",
]  # fmt: skip
DECISIONS: tuple[Decision, ...] = get_args(Decision)
RULES: tuple[Rule, ...] = get_args(Rule)
DECISION_OF: Mapping[Rule, Decision] = {
    "duplicate": "drop",
    "missing_topic": "drop",
    "title": "keep",
    "title_only": "borderline",
    "comention": "keep",
    "heading": "keep",
    "dense": "keep",
    "passing": "drop",
    "mentioned": "borderline",
    "listed": "drop",
    "footer": "drop",
    "related": "borderline",
    "coded": "borderline",
    "absent": "drop",
}


@dataclass(frozen=True, slots=True)
class TopicCounts:
    """Hits of one topic in one document by place; `n_related` are its related words, wherever they stand."""

    topic: str
    n_title: int
    n_heading: int
    n_first_third: int
    n_body: int
    n_list: int
    n_footer: int
    n_related: int

    @property
    def n_counted(self) -> int:
        """Hits in headings and running text."""
        return self.n_heading + self.n_first_third + self.n_body


@dataclass(frozen=True, slots=True)
class EvidenceSentence:
    """A sentence that names a topic."""

    sentence_id: str
    span: Span
    text: str
    place: HitPlace
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ScreenedDocument:
    """What was found in one document and what follows from it.

    Attributes:
        n_comention_sentences: sentences in which two topics are named.
        n_comention_paragraphs: paragraphs.
        n_coded: sentences to which some code applies; None where no model coded the document.
        duplicate_of: the id of the earlier document with the same text.
        duplicate_share: shingles that both texts have, among those of either; NaN without a duplicate.
        evidence: what counts first, in the order of the text; then lists, footers, related words.
    """

    document_id: str
    source: str
    path: str
    title: str
    n_characters: int
    n_sentences: int
    topics: tuple[TopicCounts, ...]
    n_comention_sentences: int
    n_comention_paragraphs: int
    n_coded: int | None
    duplicate_of: str | None
    duplicate_share: float
    evidence: tuple[EvidenceSentence, ...]
    rule: Rule
    person_decision: Decision | None = None
    person_note: str = ""

    @property
    def n_counted(self) -> int:
        """Hits of all topics in headings and running text."""
        return sum(topic.n_counted for topic in self.topics)

    @property
    def density(self) -> float:
        """Hits that count, a thousand characters; NaN for an empty text."""
        return 1000 * self.n_counted / self.n_characters if self.n_characters else math.nan

    @property
    def share_coded(self) -> float:
        """Share of coded sentences; NaN where no model coded the document."""
        if self.n_coded is None or not self.n_sentences:
            return math.nan
        return self.n_coded / self.n_sentences

    @property
    def decision(self) -> Decision:
        """What the rules say."""
        return DECISION_OF[self.rule]

    @property
    def final(self) -> Decision:
        """What a person decided, else what the rules say."""
        return self.person_decision or self.decision


def screen_documents(
    documents: Sequence[ScreenDocument], topics: Sequence[Topic], *, rules: ScreenRules
) -> tuple[ScreenedDocument, ...]:
    """A decision for each document, in their order."""
    duplicates = find_duplicates([document.text for document in documents], share=rules.duplicate_share)
    return tuple(
        _screen(document, topics, rules=rules, duplicate=duplicate, documents=documents)
        for document, duplicate in zip(documents, duplicates, strict=True)
    )


def _screen(
    document: ScreenDocument,
    topics: Sequence[Topic],
    *,
    rules: ScreenRules,
    duplicate: Duplicate | None,
    documents: Sequence[ScreenDocument],
) -> ScreenedDocument:
    hits = find_hits(document, topics)
    found = ScreenedDocument(
        document_id=document.document_id,
        source=document.source,
        path=document.path,
        title=document.title,
        n_characters=len(document.text),
        n_sentences=len(document.sentences),
        topics=tuple(_count(hits, place, topic.name) for place, topic in enumerate(topics)),
        n_comention_sentences=_n_comentions((hit.sentence, hit.topic) for hit in hits if hit.is_counted),
        n_comention_paragraphs=_n_comentions(
            (document.text.count("\n", 0, hit.span.start), hit.topic)
            for hit in hits
            if hit.is_counted and hit.span is not None
        ),
        n_coded=None if document.is_coded is None else sum(document.is_coded),
        duplicate_of=None if duplicate is None else documents[duplicate.original].document_id,
        duplicate_share=math.nan if duplicate is None else duplicate.share,
        evidence=_evidence(document, hits),
        rule="absent",
    )
    return replace(found, rule=decide(found, rules))


def decide(found: ScreenedDocument, rules: ScreenRules) -> Rule:
    """The first rule that holds for a document."""
    if found.duplicate_of is not None:
        return "duplicate"
    if rules.need == "all" and not all(topic.n_counted or topic.n_title for topic in found.topics):
        return "missing_topic"
    if any(topic.n_title for topic in found.topics):
        return "title" if found.n_counted else "title_only"
    if found.n_counted:
        return _decide_by_hits(found, rules)
    return _decide_without_hits(found, rules)


def _decide_by_hits(found: ScreenedDocument, rules: ScreenRules) -> Rule:
    n_headings = sum(topic.n_heading for topic in found.topics)
    if found.n_comention_sentences >= rules.keep_comentions:
        return "comention"
    if n_headings >= rules.keep_headings and found.n_counted >= rules.keep_hits:
        return "heading"
    if found.n_counted >= rules.keep_hits and found.density >= rules.keep_density:
        return "dense"
    if found.n_counted == 1 and not n_headings and found.density < rules.passing_density:
        return "passing"
    return "mentioned"


def _decide_without_hits(found: ScreenedDocument, rules: ScreenRules) -> Rule:
    if any(topic.n_list for topic in found.topics):
        return "listed"
    if any(topic.n_footer for topic in found.topics):
        return "footer"
    in_title = any(one.place == "title" for one in found.evidence)
    if in_title or sum(topic.n_related for topic in found.topics) >= rules.related_hits:
        return "related"
    if found.n_sentences >= rules.coded_sentences and found.share_coded >= rules.coded_share:
        return "coded"
    return "absent"


def _count(hits: Sequence[TopicHit], place: int, topic: str) -> TopicCounts:
    own = [hit for hit in hits if hit.topic == place]
    by_place = Counter(hit.place for hit in own if not hit.is_related)
    return TopicCounts(
        topic=topic,
        n_title=by_place["title"],
        n_heading=by_place["heading"],
        n_first_third=by_place["first_third"],
        n_body=by_place["body"],
        n_list=by_place["list"],
        n_footer=by_place["footer"],
        n_related=sum(hit.is_related for hit in own),
    )


def _n_comentions(places: Iterable[tuple[int | None, int]]) -> int:
    """Places (sentences, paragraphs) with two topics or more."""
    topics_of = Counter(place for place, _ in set(places))
    return sum(n_topics > 1 for n_topics in topics_of.values())


def _evidence(document: ScreenDocument, hits: Sequence[TopicHit]) -> tuple[EvidenceSentence, ...]:
    by_sentence: dict[int, list[TopicHit]] = {}
    for hit in hits:
        by_sentence.setdefault(-1 if hit.sentence is None else hit.sentence, []).append(hit)
    order = sorted(by_sentence, key=lambda index: (_rank(by_sentence[index]), index))
    return tuple(_evidence_sentence(document, index, by_sentence[index]) for index in order)


def _rank(hits: Sequence[TopicHit]) -> int:
    """0 for the title and what counts, 1 for lists and footers, 2 for related words alone."""
    if any(not hit.is_related and (hit.place == "title" or hit.is_counted) for hit in hits):
        return 0
    return 2 if all(hit.is_related for hit in hits) else 1


def _evidence_sentence(document: ScreenDocument, index: int, hits: Sequence[TopicHit]) -> EvidenceSentence:
    words = tuple(dict.fromkeys(hit.word for hit in hits))
    if index < 0:
        return EvidenceSentence("", Span(0, 0), document.title, "title", words)
    sentence = document.sentences[index]
    place = next((hit.place for hit in hits if hit.place in COUNTED_PLACES), hits[0].place)
    return EvidenceSentence(sentence.sentence_id, sentence.span, sentence.text, place, words)
