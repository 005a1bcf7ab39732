"""Settings: a table of rows, a file that may be broken, and a save that is whole or not at all."""

from __future__ import annotations

import json

import pytest

from mangapaint.errors import UserError
from mangapaint.settings import SETTINGS, Settings, config_path


def test_every_default_is_in_its_own_range():
    assert all(row.accepts(row.default) for row in SETTINGS)
    assert len({row.key for row in SETTINGS}) == len(SETTINGS)


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"7", b"null", b"\xff\xfe\x00", b"[" * 200_000, b'{"theme": 5, "image_limit": "much"}'],
    ids=["empty", "cut", "list", "number", "null", "binary", "deep", "types"],
)
def test_a_broken_file_means_defaults(tmp_path, content):
    path = tmp_path / "settings.json"
    path.write_bytes(content)
    settings = Settings.load(path)
    assert [settings[row.key] for row in SETTINGS] == [row.default for row in SETTINGS]


def test_no_file_and_a_folder_mean_defaults(tmp_path):
    assert Settings.load(tmp_path / "none.json")["theme"] == "system"
    assert Settings.load(tmp_path)["theme"] == "system"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("theme", "pink"),
        ("theme", True),
        ("image_limit", 0),
        ("image_limit", 4001),
        ("image_limit", float("nan")),
        ("image_limit", float("inf")),
        ("image_limit", True),
        ("image_limit", None),
        ("image_limit", [400]),
        ("palette_colors", 24),
        ("palette_colors", "25"),
    ],
)
def test_what_is_out_of_range_is_the_default_when_read_and_an_error_when_set(tmp_path, key, value):
    path = tmp_path / "settings.json"
    path.write_text(json.dumps({key: value, "brush_size": 31}))
    settings = Settings.load(path)
    default = next(row.default for row in SETTINGS if row.key == key)
    assert settings[key] == default
    assert settings["brush_size"] == 31
    with pytest.raises(ValueError, match=key):
        settings[key] = value
    assert settings[key] == default


def test_a_setting_keeps_its_type_whoever_wrote_it(tmp_path):
    path = tmp_path / "settings.json"
    path.write_text('{"palette_colors": "32", "brush_size": 31}')
    settings = Settings.load(path)
    assert repr((settings["palette_colors"], settings["brush_size"])) == "('32', 31.0)"


def test_an_unknown_name_is_a_mistake():
    with pytest.raises(KeyError):
        Settings()["colour_of_the_moon"]


def test_what_was_set_and_kept_comes_back(tmp_path):
    path = tmp_path / "config" / "settings.json"
    settings = Settings.load(path)
    settings["theme"], settings["brush_size"] = "dark", 7.5
    settings.keep("recent", ["/a/頁.png", "b"])
    assert not path.exists()
    settings.save()
    again = Settings.load(path)
    assert (again["theme"], again["brush_size"], again["device"]) == ("dark", 7.5, "auto")
    assert again.kept("recent") == ["/a/頁.png", "b"]
    assert again.kept("layout") is None
    assert [item.name for item in path.parent.iterdir()] == ["settings.json"]


def test_values_of_a_later_version_are_not_lost(tmp_path):
    path = tmp_path / "settings.json"
    path.write_text('{"from the future": 1, "theme": "light"}')
    settings = Settings.load(path)
    settings["theme"] = "dark"
    settings.save()
    assert json.loads(path.read_text()) == {"from the future": 1, "theme": "dark"}


def test_a_failed_save_says_so_and_keeps_the_earlier_file(tmp_path):
    path = tmp_path / "settings.json"
    path.write_text('{"theme": "light"}')
    settings = Settings.load(path)
    settings["theme"] = "dark"
    (tmp_path / "settings.json.new").mkdir()
    with pytest.raises(UserError, match=r"settings\.json") as refused:
        settings.save()
    assert refused.value.remedy
    assert Settings.load(path)["theme"] == "light"
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(UserError, match="not kept"):
        Settings.load(blocked / "below" / "settings.json").save()


def test_a_folder_of_its_own_can_be_named(tmp_path, monkeypatch):
    monkeypatch.setenv("MANGAPAINT_CONFIG_DIR", str(tmp_path / "here"))
    assert config_path() == tmp_path / "here" / "settings.json"
    Settings.load().save()
    assert config_path().is_file()


def test_settings_without_a_file_are_never_written(tmp_path, monkeypatch):
    monkeypatch.setenv("MANGAPAINT_CONFIG_DIR", str(tmp_path))
    Settings({"theme": "dark"}).save()
    assert list(tmp_path.iterdir()) == []
