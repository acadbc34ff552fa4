"""A trained model and its measures -> the README.md of its folder (model card)."""

from __future__ import annotations

import json
from dataclasses import asdict

from policy_nlp import __version__
from policy_nlp.codebook import CODE_LEVELS, RECONSTRUCTED, Code
from policy_nlp.evaluation.report import EvaluationReport
from policy_nlp.model.trained import TrainedModel
from policy_nlp.reports.evaluation_table import markdown_table, tables_of
from policy_nlp.settings.training import TrainSettings

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


def render_model_card(
    model: TrainedModel,
    settings: TrainSettings,
    *,
    report: EvaluationReport,
    n_train: int,
    n_development: int,
) -> str:
    """Markdown of the card, with the head that the Hugging Face hub reads."""
    parts = [
        _head(model, settings),
        f"# {model.name}",
        _purpose(model),
        "## 训练数据 Training data",
        settings.description.strip() or "Not described in the training configuration.",
        f"Trained on {n_train:,} coded sentences. Calibration and thresholds were fitted on "
        f"{n_development:,} other sentences, which were never trained on.",
        "## 效果 Evaluation",
        _measured(report, n_development),
        *("#" + markdown_table(table) for table in tables_of(report)),
        "## 编码 Codes",
        _codes(model),
        "## 局限 Limits",
        _limits(model),
        "## 使用 Loading",
        _loading(model, settings),
        "## 训练设置 Recipe",
        f"Base: `{settings.base if settings.kind == 'encoder' else 'none'}`, seed {settings.seed}, "
        f"policy-nlp {__version__}. The whole configuration is in `training.toml`, "
        "the losses in `training_log.jsonl`, hashes and versions in `manifest.json`.",
        "```json\n" + json.dumps(_recipe(settings), indent=1) + "\n```",
    ]
    return "\n\n".join(parts) + "\n"


def _head(model: TrainedModel, settings: TrainSettings) -> str:
    base = "base_model: intfloat/multilingual-e5-small\n" if settings.base == "e5-small-zh" else ""
    library = "transformers" if model.kind == "encoder" else "scikit-learn"
    return (
        f"---\nlanguage: zh\nlicense: mit\nlibrary_name: {library}\npipeline_tag: text-classification\n{base}"
        "tags: [policy, qualitative-coding, multi-label, chinese]\n---"
    )


def _purpose(model: TrainedModel) -> str:
    book = model.codebook
    return (
        "Reads one sentence of a Chinese policy text or newspaper article and says which of "
        f"{len(book.initial)} initial categories (初始范畴), {len(book.dimensions)} dimensions (维度) and "
        f"{len(book.paths)} paths (路径) apply: several, one or none. Main categories (主范畴, "
        f"{len(book.main)}) follow from the initial ones. Scores are calibrated probabilities; a code "
        "applies when its score reaches its threshold."
    )


def _measured(report: EvaluationReport, n_development: int) -> str:
    draws = report.bootstrap
    return (
        f"{n_development:,} development sentences of {report.n_documents:,} documents, decided with the "
        "weights as saved; calibration and thresholds for each half of the documents were fitted on the "
        "other half, so no sentence is judged by what was fitted on it. "
        f"In brackets: {draws.confidence:.0%} percentile bootstrap intervals over "
        f"{report.resampled}s, {draws.n_draws:,} draws, seed {draws.seed}."
    )


def _codes(model: TrainedModel) -> str:
    rows = [
        f"| `{code.code_id}` | {code.name_zh} | {code.name_en} | {code.parent_id or ''} "
        f"| {code.evidence_status} |"
        for level in CODE_LEVELS
        if level != "concepts"
        for code in model.codebook.codes(level)
    ]
    codes: list[Code] = [code for level in CODE_LEVELS for code in model.codebook.codes(level)]
    n_ours = sum(code.evidence_status == RECONSTRUCTED for code in codes)
    note = ""
    if n_ours:
        note = (
            f"\n\n**{n_ours} of these codes and concepts are reconstructed.** The tables of the 2024 study "
            "are lost; the codebook is this project's reconstruction and "
            "must not be cited as the authors' table."
        )
    return "| id | 名称 | name | main category | origin |\n|---|---|---|---|---|\n" + "\n".join(rows) + note


def _limits(model: TrainedModel) -> str:
    lines = [
        "- Each sentence is read alone: what stands before it is not known to the model.",
        "- Rare codes rest on few examples; see their intervals, and read them by hand before publishing.",
        "- Concepts, the level below initial categories, are not predicted.",
        "- Scores are calibrated on the development sentences; other texts may need a new calibration.",
    ]
    if model.max_tokens:
        lines.append(
            f"- Sentences over {model.max_tokens} tokens are cut; policy-nlp counts and reports them."
        )
    return "\n".join(lines)


def _loading(model: TrainedModel, settings: TrainSettings) -> str:
    command = f"`policy-nlp label sentences.csv --out coded.xlsx --model {model.name}`"
    if model.kind == "baseline":
        return f"{command}. The files are plain arrays (`baseline.npz`) and `vocabulary.json`; no pickle."
    is_plain = settings.encoder.head == "first_token"
    plain = LOADING.format(
        folder=f"models/{model.name}",
        max_tokens=model.max_tokens,
        register=""
        if is_plain
        else "import policy_nlp.model.heads  # makes this head known to transformers\n",
    )
    way = "without policy-nlp" if is_plain else "in transformers, with policy-nlp installed"
    return f"{command}, or {way} (fp16 weights, no remote code):\n\n{plain}"


def _recipe(settings: TrainSettings) -> dict[str, object]:
    return asdict(settings.encoder if settings.kind == "encoder" else settings.baseline)
