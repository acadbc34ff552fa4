"""A trained model and its measures -> README.md (English) and README.zh.md (Chinese) of its folder.

Both are rendered from one record by the same functions, so that they cannot drift apart.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace

from policy_nlp import __version__
from policy_nlp.codebook import CODE_LEVELS, RECONSTRUCTED, Code
from policy_nlp.evaluation.ablation import AblationRow
from policy_nlp.evaluation.learning_curve import CONFIDENCE, LearningCurve
from policy_nlp.evaluation.method_choice import MethodChoice
from policy_nlp.evaluation.report import EvaluationReport
from policy_nlp.model.trained import TrainedModel
from policy_nlp.reports.evaluation_table import TextTable, calibration_table, markdown_table
from policy_nlp.reports.learning_curve_table import curve_tables
from policy_nlp.reports.method_choice import CHOICE_WORDS, iter_choice_parts
from policy_nlp.reports.model_card_tables import (
    ablation_table,
    breakdown_table,
    codes_table,
    confusion_table,
    errors_tables,
    levels_table,
)
from policy_nlp.reports.model_card_words import CHINESE, ENGLISH, CardWords
from policy_nlp.settings.card import ErrorReading
from policy_nlp.settings.training import TrainSettings

CARDS = {"README.md": ENGLISH, "README.zh.md": CHINESE}
DIAGRAM = "reliability.png"
CURVE_PICTURE = "learning_curve.png"
LOADING = """```python
import json, torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer
{register}
folder = "{folder}"
tokenizer = AutoTokenizer.from_pretrained(folder)
model = AutoModelForSequenceClassification.from_pretrained(folder, dtype=torch.float32).eval()
maps = json.load(open(f"{{folder}}/calibration.json", encoding="utf-8"))["codes"]
thresholds = json.load(open(f"{{folder}}/thresholds.json", encoding="utf-8"))["codes"]
text = "支持龙头企业牵头组建创新联合体。"
inputs = tokenizer(text, return_tensors="pt", truncation=True, max_length={max_tokens})
logits = model(**inputs).logits[0]
for index, code_id in model.config.id2label.items():
    score = torch.sigmoid(maps[code_id]["slope"] * logits[index] + maps[code_id]["intercept"]).item()
    if score >= thresholds[code_id]:
        print(code_id, round(score, 3))
```"""


@dataclass(frozen=True, slots=True)
class CardFacts:
    """Everything that a card tells, in whatever language.

    Attributes:
        settings: what the model was trained with.
        report: on gold that was never trained on, decided out of fold.
        gold_name, gold_sha256: the file the report is of.
        config_name: the TOML file that trains the model.
        errors, ablation, curve: where somebody made them.
        choice: of the method, where several were compared or folds took the place of development gold.
    """

    model: TrainedModel
    settings: TrainSettings
    report: EvaluationReport
    n_train: int
    n_development: int
    gold_name: str
    gold_sha256: str
    config_name: str
    errors: ErrorReading | None = None
    ablation: tuple[AblationRow, ...] = ()
    curve: LearningCurve | None = None
    choice: MethodChoice | None = None

    @property
    def is_out_of_fold(self) -> bool:
        """Whether the report is of sentences trained on, each scored by a model trained without its fold."""
        is_own = self.gold_sha256 in self.model.gold_sha256
        return is_own and self.choice is not None and self.choice.is_out_of_fold


def render_model_card(facts: CardFacts, words: CardWords) -> str:
    """Markdown of the card; the English one has the head that the Hugging Face hub reads."""
    head = [_head(facts)] if words.code == "en" else []
    parts = [
        *head,
        f"# {facts.model.name}",
        words.other_card,
        _purpose(facts, words),
        *_iter_parts(facts, words),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _iter_parts(facts: CardFacts, words: CardWords) -> Iterator[str]:
    yield f"## {words.use}"
    yield _bullets(words.uses)
    yield f"## {words.misuse}"
    yield _bullets(line.format(name=facts.model.name) for line in words.misuses)
    yield f"## {words.training_data}"
    settings = facts.settings
    both = (settings.description, settings.description_zh)
    own, other = both if words.code == "en" else reversed(both)
    yield own.strip() or other.strip() or words.not_described
    is_shared = facts.choice is not None and facts.choice.is_out_of_fold
    counts = CHOICE_WORDS[words.code].counts if is_shared else words.counts
    yield counts.format(n_train=facts.n_train, n_development=facts.n_development)
    if facts.choice is not None:
        yield from iter_choice_parts(facts.choice, words.code)
    yield f"## {words.evaluation}"
    yield from _evaluation(facts, words)
    yield from _iter_calibration(facts, words)
    yield from _iter_breakdowns(facts, words)
    yield from _iter_curve(facts, words)
    if facts.ablation:
        yield f"## {words.ablation}"
        yield words.ablation_note
        yield _plain(ablation_table(facts.ablation, words))
    yield f"## {words.errors}"
    yield from _iter_errors(facts, words)
    yield f"## {words.codes}"
    yield _codes(facts.model, words)
    yield f"## {words.limits}"
    yield _limits(facts.model, words)
    yield f"## {words.loading}"
    yield _loading(facts.model, settings, words)
    yield f"## {words.reproduce}"
    yield _reproduce(facts, words)
    yield "```json\n" + json.dumps(_recipe(settings), indent=1) + "\n```"


def _head(facts: CardFacts) -> str:
    base = "base_model: intfloat/multilingual-e5-small\n" if facts.settings.base == "e5-small-zh" else ""
    library = "transformers" if facts.model.kind == "encoder" else "scikit-learn"
    return (
        f"---\nlanguage: zh\nlicense: mit\nlibrary_name: {library}\npipeline_tag: text-classification\n{base}"
        "tags: [policy, qualitative-coding, multi-label, chinese]\n---"
    )


def _purpose(facts: CardFacts, words: CardWords) -> str:
    book = facts.model.codebook
    return words.purpose.format(
        n_initial=len(book.initial),
        n_dimensions=len(book.dimensions),
        n_paths=len(book.paths),
        n_main=len(book.main),
    )


def _evaluation(facts: CardFacts, words: CardWords) -> Iterator[str]:
    report, book = facts.report, facts.model.codebook
    draws = report.bootstrap
    measured = CHOICE_WORDS[words.code].measured if facts.is_out_of_fold else words.measured
    yield measured.format(
        n_units=report.n_units,
        n_documents=report.n_documents,
        gold=f"`{facts.gold_name}`",
        confidence=draws.confidence,
        resampled=words.groups.get(report.resampled, report.resampled),
        n_draws=draws.n_draws,
        seed=draws.seed,
    )
    yield _section(levels_table(report, words))
    for level in report.levels:
        yield _section(codes_table(level, book, words=words))
    if report.confusion:
        yield _section(confusion_table(report.confusion, book, words=words))


def _iter_calibration(facts: CardFacts, words: CardWords) -> Iterator[str]:
    levels = [level for level in facts.report.levels if level.calibration is not None]
    if not levels:
        return
    yield f"## {words.calibration}"
    yield words.calibrated
    yield _plain(replace(calibration_table(levels), notes=()))
    yield f"![{words.diagram}]({DIAGRAM})"
    yield f"{words.diagram}{'。' if words.code == 'zh' else '.'}"


def _iter_breakdowns(facts: CardFacts, words: CardWords) -> Iterator[str]:
    yield f"## {words.breakdowns}"
    yield words.broken_down
    for breakdown in facts.report.breakdowns:
        yield _section(breakdown_table(breakdown, words))


def _iter_curve(facts: CardFacts, words: CardWords) -> Iterator[str]:
    if facts.curve is None:
        return
    yield f"## {words.curve}"
    yield words.curve_note.format(confidence=CONFIDENCE, recipe=facts.curve.recipe)
    scores, laws = curve_tables(facts.curve)
    yield _plain(replace(scores, notes=()))
    yield f"![{words.curve}]({CURVE_PICTURE})"
    if laws.rows:
        yield _plain(laws)


def _iter_errors(facts: CardFacts, words: CardWords) -> Iterator[str]:
    reading = facts.errors
    judged = [error for error in reading.errors if error.judgement] if reading else []
    if reading is None or not judged:
        yield words.no_errors
        return
    by = f" ({', '.join(filter(None, (reading.read_by, reading.date)))})" if reading.read_by else ""
    sample = (reading.sample_zh if words.code == "zh" else reading.sample) or reading.sample
    yield words.errors_note.format(n=len(judged), by=by, sample=sample)
    for table in errors_tables(reading, facts.model.codebook, words=words):
        yield _plain(table)
    if n_unread := len(reading.errors) - len(judged):
        yield words.unread_errors.format(n=n_unread)


def _codes(model: TrainedModel, words: CardWords) -> str:
    book = model.codebook
    rows = [
        f"| `{code.code_id}` | {code.name_zh} | {code.name_en} | {code.parent_id or ''} "
        f"| {code.evidence_status} |"
        for level in CODE_LEVELS
        if level != "concepts"
        for code in book.codes(level)
    ]
    codes: list[Code] = [code for level in CODE_LEVELS for code in book.codes(level)]
    ours = [code for code in codes if code.evidence_status == RECONSTRUCTED]
    note = words.reconstructed.format(
        n=len(ours), n_initial=sum(code.level == "initial" for code in ours), n_all_initial=len(book.initial)
    )
    table = "| id | 名称 | name | main category 主范畴 | origin 来源 |\n|---|---|---|---|---|\n" + "\n".join(
        rows
    )
    return f"{table}\n\n{note}" if ours else table


def _limits(model: TrainedModel, words: CardWords) -> str:
    lines = list(words.limit_list)
    if model.codebook.concepts:
        lines.append(words.concepts)
    if model.max_tokens:
        lines.append(words.truncation.format(max_tokens=model.max_tokens))
    return _bullets(lines)


def _loading(model: TrainedModel, settings: TrainSettings, words: CardWords) -> str:
    command = f"`policy-nlp label sentences.csv --out coded.xlsx --model {model.name}`"
    if model.kind == "baseline":
        return f"{command}\n\n{words.load_baseline}"
    is_plain = settings.kind == "encoder" and settings.encoder.head == "first_token"
    plain = LOADING.format(
        folder=f"models/{model.name}",
        max_tokens=model.max_tokens,
        register=""
        if is_plain
        else "import policy_nlp.model.heads  # makes this head known to transformers\n",
    )
    way = words.load_plain if is_plain else words.load_with_package
    return f"{command}\n\n{way}\n\n{plain}"


def _reproduce(facts: CardFacts, words: CardWords) -> str:
    settings = facts.settings
    reproduced = CHOICE_WORDS[words.code].reproduced if facts.is_out_of_fold else words.reproduced
    return reproduced.format(
        folder=f"models/{facts.model.name}",
        gold=facts.gold_name,
        sha256=f"`{facts.gold_sha256[:16]}`",
        config=facts.config_name,
        seed=settings.seed,
        base=settings.base if facts.model.kind == "encoder" else "none",
        version=__version__,
        digest=f"`{facts.model.digest[:16]}`",
    )


def _recipe(settings: TrainSettings) -> dict[str, object]:
    return asdict(settings.recipe)


def _section(table: TextTable) -> str:
    """A table below a heading of its own; its notes alone where it has no row."""
    if not table.rows:
        return "\n\n".join([f"### {table.title}", *table.notes])
    return "#" + markdown_table(table)


def _plain(table: TextTable) -> str:
    """A table without heading."""
    return markdown_table(table).partition("\n\n")[2]


def _bullets(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)
