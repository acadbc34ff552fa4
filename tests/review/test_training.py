"""A correction made in a review changes what the model decides after training on the export."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from policy_nlp.engine.predictor import open_predictor
from policy_nlp.model.trained import load_model
from policy_nlp.operations.train import train_model
from policy_nlp.review.exporting import export_review
from policy_nlp.review.opening import open_review
from policy_nlp.review.records import Choice, CodeLists, Seat
from policy_nlp.review.store import ReviewStore
from policy_nlp.settings.engine import EngineSettings
from policy_nlp.settings.review import ReviewExportSettings
from policy_nlp.settings.training import read_train_settings
from tests.review.folders import write_review_folder

SUPPORT, RESEARCH = CodeLists(("government_support",)), CodeLists(("basic_research_original_innovation",))
FILLERS = ("今天", "会议", "大学", "平台", "实验室", "发展", "建设", "天气", "项目", "省")
GOLD = '[gold]\ntrain = ["gold.jsonl"]\ndevelopment_share = 0.25\n'
RECIPES = {
    "baseline": "[baseline]\n",
    "encoder": "[encoder]\nepochs = 6\nbatch_size = 16\nmax_tokens = 32\nbuckets = [16, 32]\n"
    "precision = 'fp32'\nhead_rate = 3e-2\nencoder_rate = 1e-3\n",
}


def made_up_texts() -> list[list[str]]:
    chooser = random.Random(1)
    return [
        [f"第{number}号文件", *(f"{''.join(chooser.sample(FILLERS, 3))}{key}第{i}号。" for i, key in
         enumerate(["政府支持", "基础研究", "天气"] * 4))]
        for number in range(6)
    ]  # fmt: skip


def code_all(store: ReviewStore, seat: Seat, *, support: CodeLists) -> None:
    for unit_id in store.columns.unit_ids:
        text, now = store.unit(unit_id, mode="blind").text, store.current(seat, unit_id)
        codes = support if "政府支持" in text else RESEARCH if "基础研究" in text else CodeLists()
        if now is None or now.codes != codes:
            store.decide(seat, Choice(unit_id, codes, seen=now.number if now else 0))


def decided_after_training(store: ReviewStore, text: str) -> set[str]:
    export_review(
        store, ReviewExportSettings(store.folder, Path("gold.jsonl"), decisions="gold", is_forced=True)
    )
    summary = train_model(read_train_settings(Path("toy.toml"), is_forced=True), lambda done, total: None)
    predictor = open_predictor(load_model(summary.folder), EngineSettings(n_threads=1))
    found = predictor.decide([text])
    return {code_id for code_id, applies in zip(found.code_ids, found.applies[0], strict=True) if applies}


@pytest.mark.parametrize("kind", ["baseline", pytest.param("encoder", marks=pytest.mark.slow)])
def test_a_correction_changes_the_model_that_is_trained_on_it(
    kind: str, tmp_path: Path, tiny_base_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    head = f'name = "toy"\nkind = "{kind}"\nbase = "{tiny_base_path.as_posix()}"\nseed = 3\n'
    Path("toy.toml").write_text(head + GOLD + RECIPES[kind], encoding="utf-8")
    with open_review(write_review_folder(tmp_path / "out", made_up_texts())) as store:
        seat = Seat(store.sign_in("甲"), "assisted")
        code_all(store, seat, support=CodeLists())
        before = decided_after_training(store, "政府支持建设平台。")
        code_all(store, seat, support=SUPPORT)
        after = decided_after_training(store, "政府支持建设平台。")
    assert "government_support" not in before
    assert "government_support" in after
