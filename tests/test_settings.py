"""Settings come from the environment, else from ``.env``; what is wrong is named by its variable."""

import pytest

from salesbot.errors import ConfigError
from salesbot.settings import Settings, seed_pack, settings
from tests.small_packs import text_of_error


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in Settings.__struct_fields__:
        monkeypatch.delenv(f"SALESBOT_{name.upper()}", raising=False)
    return tmp_path


def test_without_any_the_seed_pack_and_a_folder_of_the_users_are_taken():
    assert settings().pack_dir == seed_pack()
    assert "salesbot" in str(settings().data_dir)
    assert settings().discord_token is None


def test_the_environment_comes_before_the_file_and_blank_is_unset(folder, monkeypatch):
    (folder / ".env").write_text(
        "SALESBOT_HOME_GUILD=7\nSALESBOT_PACK_DIR=packs  # a comment\nSALESBOT_DATA_DIR=\nOTHER=1\n"
    )
    monkeypatch.setenv("SALESBOT_HOME_GUILD", "9")
    monkeypatch.setenv("SALESBOT_PACK_DIR", "")
    found = settings()
    assert (found.home_guild, str(found.pack_dir)) == (9, "packs")
    assert "salesbot" in str(found.data_dir)


def test_a_token_is_not_shown_by_accident(folder):
    (folder / ".env").write_text("SALESBOT_DISCORD_TOKEN=secret\n")
    assert "secret" not in repr(settings())


def test_what_is_wrong_is_named_by_its_variable(monkeypatch):
    monkeypatch.setenv("SALESBOT_HOME_GUILD", "here")
    with pytest.raises(ConfigError) as wrong:
        settings()
    assert "SALESBOT_HOME_GUILD is wrong" in text_of_error(wrong.value)
