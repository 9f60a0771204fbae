"""Configuration: every default written once, every mistake named."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from toolace.assets import asset
from toolace.config import Config
from toolace.configfile import load_config, parse_setting
from toolace.errors import UserMistake
from toolace.template import commented


def test_no_file_means_the_defaults() -> None:
    """Without a file and options the configuration is the default one."""
    assert load_config(None) == Config()


def test_options_lie_over_the_file(tmp_path: Path) -> None:
    """The file's values hold where no option says otherwise."""
    path = tmp_path / "c.yaml"
    path.write_text("seed: 3\ngen_dialogs:\n  votes: 5\n")
    config = load_config(path, {"seed": 4})
    assert (config.seed, config.gen_dialogs.votes) == (4, 5)


def test_the_commented_configuration_states_exactly_the_defaults() -> None:
    """What `toolace init` writes loads to what holds without it."""
    assert Config.model_validate(yaml.safe_load(commented())) == Config()


@pytest.mark.parametrize("name", ["quickstart", "openai", "vllm", "ray"])
def test_shipped_configurations_load(name: str) -> None:
    """Each file under configs/ is valid."""
    load_config(asset("configs") / f"{name}.yaml")


MISTAKES = {
    "unknown section": ("gen_dialog: {}", "unknown key 'gen_dialog'; did you mean 'gen_dialogs'?"),
    "unknown key": ("verify: {expert: []}", "unknown key 'verify.expert'; did you mean 'experts'?"),
    "unknown key in a role": (
        "backend: {roles: {user: {temprature: 1}}}",
        "unknown key 'backend.roles.user.temprature'; did you mean 'temperature'?",
    ),
    "nothing near": ("zzzz: 1", "unknown key 'zzzz'; `toolace init` lists the keys"),
    "wrong type": ("seed: soon", "seed: Input should be a valid integer"),
    "out of range": ("gen_dialogs: {votes: 0}", "gen_dialogs.votes: Input should be greater than or equal to 1, got 0"),
    "not on the menu": (
        "backend: {kind: oracle}",
        "backend.kind: Input should be 'simulator' or 'openai', got 'oracle'",
    ),
    "unknown learner": ("complexity: {learner: big}", "complexity.learner: expected auto, none, smollm2"),
    "not a mapping": ("- 1", "holds list, not a mapping of sections"),
    "not YAML": ("a: [1", "is not YAML at line"),
    "a control character": ("a: \x00", "is not YAML"),
}


@pytest.mark.parametrize(("text", "message"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_named_with_what_to_do(tmp_path: Path, text: str, message: str) -> None:
    """One line that names the key, what is wrong, and the nearest valid one."""
    path = tmp_path / "c.yaml"
    path.write_text(text)
    with pytest.raises(UserMistake) as caught:
        load_config(path)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """The message says which file, and how to get one."""
    with pytest.raises(UserMistake, match="does not exist; `toolace init` writes"):
        load_config(tmp_path / "none.yaml")


def test_a_binary_file_is_one_line(tmp_path: Path) -> None:
    """Bytes that are no text are refused."""
    path = tmp_path / "c.yaml"
    path.write_bytes(b"\xff\xfe\x00\x80" * 9)
    with pytest.raises(UserMistake, match="cannot be read"):
        load_config(path)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("seed=3", ("seed", 3)),
        ("gen_dialogs.mix={none: 1}", ("gen_dialogs.mix", {"none": 1})),
        ("verify.experts=[]", ("verify.experts", [])),
        ("backend.base_url=http://x/v1?a=b", ("backend.base_url", "http://x/v1?a=b")),
    ],
)
def test_a_setting_is_read_as_yaml(text: str, expected: tuple[str, object]) -> None:
    """The key is dotted, the value is YAML and may hold an equals sign."""
    assert parse_setting(text) == expected


@pytest.mark.parametrize("text", ["seed", "=3", "a.b=[1"])
def test_a_setting_that_is_none_is_refused(text: str) -> None:
    """The message repeats what was given."""
    with pytest.raises(UserMistake, match="--set"):
        parse_setting(text)
