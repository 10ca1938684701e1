"""The command line: the contract's JSON and exit codes, as other programs meet them."""

import json
import logging
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.running import Redacted
from salesbot.cli import main
from salesbot.settings import seed_pack


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setenv("SALESBOT_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str):
        result = CliRunner().invoke(main, list(arguments))
        return result.exit_code, result.stdout

    return call


@pytest.fixture
def ask(run):
    def call(line: str):
        code, out = run(line, "--json")
        return code, json.loads(out)

    return call


def test_the_total_as_json(ask):
    code, found = ask("/orders total launch:小米SU7 within:3d")
    assert code == 0
    assert found["asked_as"] == "/orders total launch:su7 within:72h"
    figures = {figure["id"]: figure for figure in found["figures"]}
    orders, locked = figures["computed-orders"], figures["computed-locked-orders"]
    assert (orders["low"], orders["high"], orders["unit"], orders["basis"]) == (
        "106200",
        "118000",
        "orders",
        "computed",
    )
    assert orders["working"] == "1,800–2,000 per store × 59 stores = 106,200–118,000 orders"
    assert (locked["low"], locked["high"]) == ("37170", "47200")
    assert orders["sources"]
    assert locked["operands"] == ["computed-orders", "su7-lock-in-rate-72h"]
    assert found["verdict"] == "partly"
    assert any("su7-sales-stores-2024-03-12" in caveat and "2024-03-12" in caveat for caveat in found["caveats"])
    assert set(found) >= {"asked_as", "headline", "verdict", "figures", "missing", "caveats", "sources", "facts"}
    assert found["facts"]["loaded"].endswith("Z")


def test_every_number_is_a_decimal_string_or_null(ask):
    for line in (
        "/orders total launch:su7 within:72h",
        "/prices changes since:2024-03-28 until:2024-04-07",
        "/prices show model:M7",
    ):
        for figure in ask(line)[1]["figures"]:
            for key in ("low", "high", "previous", "current", "change", "percent"):
                assert figure.get(key) is None or isinstance(figure[key], str)


def test_changes_as_json(ask):
    _, found = ask("/prices changes since:2024-03-28 until:2024-04-07")
    figures = {figure["id"]: figure for figure in found["figures"]}
    percents = {
        id: figures[id]["percent"] for id in figures if id.startswith("model-y-") and figures[id]["kind"] == "rise"
    }
    assert percents == {
        "model-y-rwd-2024-04-01": "1.93",
        "model-y-lr-2024-04-01": "1.67",
        "model-y-performance-2024-04-01": "1.37",
    }
    m7 = figures["m7-plus-rwd-2024-04-01"]
    assert (m7["change"], m7["previous"], m7["current"], m7["valid_to"], m7["kind"]) == (
        "-20000",
        "249800",
        "229800",
        "2024-05-01",
        "cut",
    )
    offer = figures["nio-trade-in-2024-04-01"]
    assert (offer["low"], offer["high"], offer["change"], offer["percent"]) == ("-10000", "0", None, None)


def test_the_timeline_as_json(ask):
    _, found = ask("/timeline check first:musk-post second:su7-launch")
    assert (found["relation"], found["gap_least"], found["gap_most"], found["response"]) == (
        "before",
        "73800",
        "99000",
        "cannot be",
    )
    _, found = ask('/timeline check first:"2024-03-28 10:00 CST" second:su7-launch')
    assert (found["relation"], found["gap_least"], found["verdict"]) == ("cannot tell", None, "cannot tell")
    assert [(r["zone"], r["relation"], r["gap_least"]) for r in found["readings"]] == [
        ("CST, China", "before", "32400"),
        ("CST, US Central", "after", "18000"),
        ("CST, Cuba", "after", "14400"),
    ]


@pytest.mark.parametrize(
    ("line", "code", "kind"),
    [
        ("/orders total launch:su8", 2, "question"),
        ("/ordres total launch:su7", 2, "question"),
        ('/prices show model:"Model Y" trim:RWD on:2010-01-01', 3, "not in facts"),
        ("/orders total launch:model-3 within:24h", 3, "not in facts"),
    ],
)
def test_an_error_is_one_object_with_its_exit_code(ask, line, code, kind):
    found_code, found = ask(line)
    assert (found_code, found["error"]["kind"]) == (code, kind)
    assert set(found["error"]) == {"kind", "message", "hint", "candidates"}
    assert found["error"]["hint"]


def test_a_line_reads_well_as_text(run):
    code, out = run("/orders total launch:su7 within:72h")
    assert code == 0
    assert out.startswith("SU7, 72 h after orders opened: 106,200–118,000 orders, 37,170–47,200 locked")
    assert "1,800–2,000 per store × 59 stores" in out


def test_check_names_every_problem(run, tmp_path):
    assert run("check", str(seed_pack()))[0] == 0
    broken = tmp_path / "broken"
    shutil.copytree(seed_pack(), broken)
    (broken / "stores.csv").write_text("id\nx\n", "utf-8")
    code, out = run("check", str(broken), "--json")
    found = json.loads(out)["error"]
    assert code == 4
    assert all(problem["table"] == "stores" and problem["expected"] for problem in found["problems"])
    assert run("check", str(tmp_path / "nowhere"))[0] == 4
    code, out = run("check", str(broken))
    assert out.count("stores row 1") == len(found["problems"])


@pytest.mark.parametrize("name", ["SALESBOT_PACK_DIR", "SALESBOT_HOME_GUILD"])
def test_a_wrong_setting_is_named(ask, monkeypatch, name):
    monkeypatch.setenv(name, "/nowhere")
    code, found = ask("/orders total launch:su7")
    assert (code, found["error"]["kind"]) == (4, "configuration")


@pytest.mark.parametrize("token", [None, "", "nonsense", "a.b.c"])
def test_the_bot_says_what_to_do_about_a_bad_token_before_it_connects(tmp_path, token):
    environment = {"PATH": "", "SALESBOT_DATA_DIR": str(tmp_path), "HOME": str(tmp_path)}
    if token is not None:
        environment["SALESBOT_DISCORD_TOKEN"] = token
    root = Path(__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-m", "bot"], cwd=root, env=environment, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 4
    assert "SALESBOT_DISCORD_TOKEN" in done.stderr
    assert "developer portal" in done.stderr
    assert not token or token not in done.stderr


@pytest.mark.parametrize("is_traceback", [False, True])
def test_a_log_line_never_carries_a_token(is_traceback):
    token = "aW50ZXJhY3Rpb246" * 8
    try:
        raise ValueError(f"no answer to {token}")
    except ValueError:
        raised = sys.exc_info() if is_traceback else None
    record = logging.LogRecord("x", logging.INFO, "", 0, "PATCH /webhooks/1/%s gave\x1b 502", (token,), raised)
    line = Redacted(logging.Formatter("%(levelname)s %(message)s")).format(record)
    assert line.startswith("INFO PATCH /webhooks/1/[redacted] gave? 502")
    assert line.endswith("ValueError: no answer to [redacted]" if is_traceback else "502")
    assert token not in line


def test_free_text_is_answered_offered_or_declined(run):
    def ask_text(text):
        code, out = run("ask", text, "--json")
        return code, json.loads(out)

    code, found = ask_text("SU7 24小时大定多少台？")
    assert (code, found["asked_as"]) == (0, "/orders total launch:su7 within:24h metric:orders")
    code, found = ask_text("how many orders in 24 hours")
    assert (code, found["error"]["kind"], len(found["error"]["candidates"])) == (2, "offered", 2)
    code, found = ask_text("SU7 range on one charge?")
    assert (code, found["error"]["kind"], found["error"]["words"]) == (2, "declined", ["range", "one", "charge"])
    code, out = run("ask", "/orders total launch:su7 within:24h metric:orders")
    assert code == 0 and "88,898" in out
