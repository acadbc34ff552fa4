"""Training configurations: every value is checked before a run, and paths start at the file."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from policy_nlp.errors import SettingsError
from policy_nlp.settings.environment import cache_folder, is_debug_set
from policy_nlp.settings.training import BaselineTraining, EncoderTraining, read_train_settings

CONFIGS = Path(__file__).resolve().parents[2] / "configs"
TRAINING_CONFIGS = sorted(set(CONFIGS.glob("*.toml")) - {CONFIGS / "ablation.toml"})


@pytest.mark.parametrize("path", TRAINING_CONFIGS, ids=lambda path: path.stem)
def test_every_shipped_configuration_is_valid(path: Path) -> None:
    settings = read_train_settings(path)
    own = path.stem == "own-codebook"  # makes one of its labels
    assert settings.codebook == (None if own else CONFIGS / "codebook.yaml")
    assert settings.out == Path("models") / settings.name


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("epochs", 0),
        ("accumulate", -1),
        ("encoder_rate", 0.0),
        ("head_rate", math.nan),
        ("dropout", 1.0),
        ("token_masking", -0.1),
        ("average_decay", 1.5),
        ("warmup_fraction", math.nan),
        ("max_tokens", 2),
        ("buckets", ()),
        ("buckets", (64, 32, 128)),
        ("buckets", (32, 64)),
        ("dropout_samples", 0),
        ("label_smoothing", 1.0),
        ("joined_sentences", -0.1),
        ("r_drop", math.inf),
        ("asymmetric_margin", math.nan),
        ("asymmetric_focus", 0.5),
    ],
)
def test_recipe_that_cannot_train_is_refused_by_its_key(key: str, value: object) -> None:
    with pytest.raises(SettingsError, match=key) as caught:
        EncoderTraining(**{key: value})
    assert caught.value.place["key"] == key


@pytest.mark.parametrize(("key", "value"), [("cost", 0.0), ("min_documents", 0)])
def test_baseline_that_cannot_train_is_refused_by_its_key(key: str, value: object) -> None:
    with pytest.raises(SettingsError, match=key):
        BaselineTraining(**{key: value})


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("development_share = 0.2", "development_share = 0", "development_share"),
        ("development_share = 0.2", "development_share = 1.0", "development_share"),
        ("seed = 1", "seed = -1", "seed"),
        ("threshold_prior = 100.0", "threshold_prior = nan", "threshold_prior"),
        ('name = "example"', 'name = "../example"', "name"),
        ('train = ["../data/examples.jsonl"]', "train = [1, 2]", "train"),
        ("epochs = 8", 'buckets = ["long"]', "buckets"),
        ("epochs = 8", "epochs = 0", "epochs"),
    ],
)
def test_value_that_cannot_be_is_refused_by_file_and_key(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    text = (CONFIGS / "example.toml").read_text(encoding="utf-8")
    assert old in text
    config = tmp_path / "own.toml"
    config.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(SettingsError, match=rf"own\.toml: .*{said}"):
        read_train_settings(config)


def test_flags_win_over_the_file(tmp_path: Path) -> None:
    settings = read_train_settings(CONFIGS / "example.toml", out=tmp_path, seed=7, is_forced=True)
    assert (settings.out, settings.seed, settings.is_forced) == (tmp_path, 7, True)


def test_cache_is_where_the_environment_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("POLICY_NLP_CACHE", str(tmp_path))
    assert cache_folder() == tmp_path


@pytest.mark.parametrize(("value", "is_set"), [("", False), ("0", False), ("1", True)])
def test_debug_is_on_when_it_is_set_and_not_zero(
    monkeypatch: pytest.MonkeyPatch, value: str, is_set: bool
) -> None:
    monkeypatch.setenv("POLICY_NLP_DEBUG", value)
    assert is_debug_set() is is_set


@pytest.mark.parametrize("recipe", [{"r_drop": 1.0}, {"dropout_samples": 4}])
def test_options_that_compare_draws_of_dropout_need_dropout(recipe: dict[str, float]) -> None:
    with pytest.raises(SettingsError, match=r"dropout = 0\.0") as caught:
        EncoderTraining(**recipe)
    assert caught.value.place["key"] == "dropout"
    EncoderTraining(**recipe, dropout=0.1)


def test_every_new_option_is_off_by_default() -> None:
    plain = EncoderTraining()
    assert (plain.head, plain.loss, plain.dropout_samples) == ("first_token", "cross_entropy", 1)
    assert plain.label_smoothing == plain.r_drop == plain.joined_sentences == 0
    assert not plain.definition_start
    assert not plain.compile


def _write_weights(folder: Path, weights: str, kind: str = "encoder") -> Path:
    config = folder / "w.toml"
    config.write_text(
        f'name = "w"\nkind = "{kind}"\n[gold]\ntrain = ["a/one.jsonl", "two.jsonl"]\nweights = {weights}\n',
        encoding="utf-8",
    )
    return config


def test_weight_of_a_gold_file_goes_by_its_name_and_is_one_where_none_is_given(tmp_path: Path) -> None:
    assert read_train_settings(_write_weights(tmp_path, '{"two.jsonl" = 0.5}')).weights == (1.0, 0.5)
    assert read_train_settings(_write_weights(tmp_path, "{}")).weights == ()


@pytest.mark.parametrize(
    "weights", ['{"three.jsonl" = 0.5}', '{"two.jsonl" = 0}', '{"two.jsonl" = nan}', '{"two.jsonl" = true}']
)
def test_weight_of_no_file_or_of_no_size_is_refused(tmp_path: Path, weights: str) -> None:
    with pytest.raises(SettingsError, match=r"weights.*one\.jsonl, two\.jsonl"):
        read_train_settings(_write_weights(tmp_path, weights))


def test_baseline_takes_no_weights(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="weights"):
        read_train_settings(_write_weights(tmp_path, '{"two.jsonl" = 0.5}', "baseline"))


@pytest.mark.parametrize(("line", "key"), [('head = "last"', "head"), ('loss = "hinge"', "loss")])
def test_unknown_head_and_loss_are_refused_with_the_known_ones(tmp_path: Path, line: str, key: str) -> None:
    config = tmp_path / "c.toml"
    config.write_text(f'name = "c"\n[gold]\ntrain = ["g.jsonl"]\n[encoder]\n{line}\n', encoding="utf-8")
    with pytest.raises(SettingsError, match=f"{key}.*expected one of"):
        read_train_settings(config)
