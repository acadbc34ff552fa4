"""[few_shot] and the columns of labels: values are checked before a run."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from policy_nlp.errors import SettingsError
from policy_nlp.settings.few_shot import METHODS, FewShotTraining, label_columns_of
from policy_nlp.settings.training import read_train_settings


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("methods", ("frozen", "guess")),
        ("methods", ()),
        ("folds", 1),
        ("minutes", 0.0),
        ("cost", math.nan),
        ("setfit_epochs", 0),
        ("setfit_batch", 1),
        ("setfit_rate", math.inf),
        ("max_tokens", 2),
    ],
)
def test_recipe_that_cannot_train_is_refused_by_its_key(key: str, value: object) -> None:
    with pytest.raises(SettingsError, match=key) as caught:
        FewShotTraining(**{key: value})
    assert caught.value.place["key"] == key


def test_methods_are_ordered_from_the_cheapest_on() -> None:
    assert METHODS == ("baseline", "frozen", "setfit", "encoder")


def test_configuration_names_columns_and_methods(tmp_path: Path) -> None:
    config = tmp_path / "own.toml"
    config.write_text(
        'name = "own"\nkind = "auto"\n[gold]\ntrain = ["a.csv"]\ntext_column = "句子"\n'
        'label_columns = ["一级", "二级"]\nlabel_separators = "/"\n[few_shot]\n'
        'methods = ["frozen"]\nfolds = 3\n',
        encoding="utf-8",
    )
    settings = read_train_settings(config)
    assert settings.kind == "auto"
    assert settings.codebook is None
    assert settings.columns == label_columns_of(
        {"text_column": "句子", "label_columns": ("一级", "二级"), "label_separators": "/"}
    )
    assert settings.recipe == FewShotTraining(methods=("frozen",), folds=3)


def test_wrong_method_is_refused_with_the_file_named(tmp_path: Path) -> None:
    config = tmp_path / "own.toml"
    config.write_text('name = "own"\n[gold]\ntrain = ["a.csv"]\n[few_shot]\nfolds = 1\n', encoding="utf-8")
    with pytest.raises(SettingsError, match=r"own\.toml.*folds = 1"):
        read_train_settings(config)
