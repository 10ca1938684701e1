"""What deploys the bot names settings that there are, and says what the measured trials used."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from salesbot.settings import PREFIX, Settings
from tools.http_restarts import CONFIGURATION

DEPLOY = Path(__file__).parents[1] / "deploy"
SETTINGS = {f"{PREFIX}{name.upper()}" for name in Settings.__struct_fields__}
OF_COMPOSE = {"SALESBOT_DATABASE_PASSWORD"}


@pytest.mark.parametrize("path", sorted(DEPLOY.iterdir()), ids=lambda path: path.name)
def test_every_setting_that_is_named_exists(path):
    named = set(re.findall(rf"\b{PREFIX}[A-Z_]+", path.read_text()))
    assert named <= SETTINGS | OF_COMPOSE


def test_compose_starts_a_database_bots_and_a_proxy():
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    assert services.keys() == {"database", "bot", "proxy"}
    bot = services["bot"]
    assert (DEPLOY / bot["build"]["context"] / bot["build"]["dockerfile"]).resolve() == DEPLOY / "Dockerfile"
    assert bot["read_only"] and bot["deploy"]["replicas"] > 1
    assert (DEPLOY / services["proxy"]["volumes"][0].partition(":")[0]).exists()


def test_the_proxy_is_set_up_as_it_was_measured():
    def lines(text: str) -> set[str]:
        return {line.strip() for line in text.splitlines()}

    measured = {line for line in lines(CONFIGURATION) if re.match(r"timeout|retr|option|default-server|balance", line)}
    assert len(measured) > 8 and measured <= lines((DEPLOY / "haproxy.cfg").read_text())


@pytest.mark.skipif(shutil.which("haproxy") is None, reason="HAProxy is not installed: apt-get install haproxy")
def test_the_proxy_reads_its_configuration():
    done = subprocess.run(["haproxy", "-c", "-f", str(DEPLOY / "haproxy.cfg")], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
