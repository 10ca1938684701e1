"""The process: one a data folder, no token in its log, its handles known."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading

import discord
import pytest

from bot import running
from bot.running import Redacted, raise_handle_limit, redacted, set_up_logging
from salesbot.errors import ConfigError
from salesbot.storage.data_folder import lock_data_folder
from tests.small_packs import text_of_error

TOKEN = "aW50ZXJhY3Rpb246MTIz." + "b-_X" * 20


@pytest.fixture
def formatter() -> Redacted:
    return Redacted(logging.Formatter("%(levelname)s %(message)s"))


def record(message: str, *arguments: object, **more: object) -> logging.LogRecord:
    made = logging.LogRecord("bot", logging.ERROR, __file__, 1, message, arguments, None)
    for name, value in more.items():
        setattr(made, name, value)
    return made


def raised():
    try:
        try:
            raise ValueError(f"https://discord.com/api/v10/interactions/1/{TOKEN}/callback")
        except ValueError as cause:
            raise RuntimeError(f"moved to {TOKEN}") from cause
    except RuntimeError:
        return sys.exc_info()


def test_no_token_passes_in_a_message_its_arguments_or_a_traceback(formatter):
    for made in (
        record(f"a message {TOKEN}"),
        record("an argument %s", TOKEN),
        record("a traceback", exc_info=raised()),
        record("a stack", stack_info=f"Stack\n  {TOKEN}"),
        record("a traceback that was written before", exc_info=raised(), exc_text=f"Traceback {TOKEN}"),
    ):
        text = formatter.format(made)
        assert TOKEN not in text and "b-_Xb-_X" not in text
    assert "[redacted]" in formatter.format(record("%s", TOKEN))
    assert "RuntimeError" in formatter.format(record("a traceback", exc_info=raised()))


def test_what_a_log_line_holds_cannot_forge_another_or_move_the_cursor(formatter):
    assert redacted("a\x1b[2Jb\x07\r\u202ec") == "a?[2Jb???c"
    assert formatter.format(record("kept %s", "小米 é")) == "ERROR kept 小米 é"


@pytest.fixture
def logged(monkeypatch):
    """The lines that the bot's own set-up writes; what it sets up is taken back."""
    root, lines = logging.getLogger(), []

    class Lines(logging.Handler):
        def emit(self, record):
            lines.append(self.format(record))

    def setup(level):
        handler = Lines()
        handler.setFormatter(logging.Formatter("%(message)s"))
        root.addHandler(handler)

    before, hooks = list(root.handlers), (sys.excepthook, threading.excepthook)
    formatters = [handler.formatter for handler in before]
    monkeypatch.setattr(discord.utils, "setup_logging", setup)
    set_up_logging()
    yield lines
    sys.excepthook, threading.excepthook = hooks
    root.handlers[:] = before
    for handler, formatter in zip(before, formatters, strict=True):
        handler.setFormatter(formatter)


def test_the_last_traceback_of_a_process_or_thread_passes_the_filter_as_well(logged):
    sys.excepthook(*raised())
    thread = threading.Thread(target=lambda: (_ for _ in ()).throw(ValueError(TOKEN)))
    thread.start()
    thread.join()
    assert [("RuntimeError" in line, "ValueError" in line) for line in logged] == [(True, True), (False, True)]
    assert TOKEN not in "\n".join(logged)


HOLDER = """
import sys
from pathlib import Path
from salesbot.storage.data_folder import lock_data_folder
lock = lock_data_folder(Path(sys.argv[1]))
print("locked", flush=True)
sys.stdin.readline()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs flock")
def test_a_data_folder_is_of_one_process(tmp_path):
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout.readline() == "locked\n"
        with pytest.raises(ConfigError) as told:
            lock_data_folder(tmp_path)
        assert told.value.message.key == "data_dir_in_use" and str(tmp_path) in text_of_error(told.value)
        holder.kill()
    lock_data_folder(tmp_path).close()  # also after a kill


def test_a_data_folder_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "lock").mkdir()
    with pytest.raises(ConfigError) as told:
        lock_data_folder(tmp_path)
    assert told.value.message.key == "data_dir_unwritable"


@pytest.mark.skipif(sys.platform == "win32", reason="needs rlimits")
@pytest.mark.parametrize(
    ("limits", "asked", "is_warned"),
    [((256, 4096), [(1024, 4096)], False), ((256, 512), [(512, 512)], True), ((2048, 4096), [], False)],
)
def test_the_limit_of_handles_is_raised_or_said_at_start(monkeypatch, caplog, limits, asked, is_warned):
    import resource

    seen = []
    monkeypatch.setattr(resource, "getrlimit", lambda _: limits)
    monkeypatch.setattr(resource, "setrlimit", lambda _, wanted: seen.append(wanted))
    raise_handle_limit()
    assert seen == asked
    assert ("may be open at once" in caplog.text) is is_warned
    assert running.HANDLES == 1024


NOT_AT_START = (
    "salesbot.asking",
    "salesbot.editing.foreign",
    "dotenv",
    "importlib.metadata",
    "pydantic",
    "rapidfuzz",
    "babel",
    "openpyxl",
    "python_calamine",
    "sqlite_utils",
    "psycopg",
    "rich",
)


def test_the_event_loop_is_uvloops_where_it_is_installed(monkeypatch):
    uvloop = pytest.importorskip("uvloop")
    assert running.loop_factory() is uvloop.new_event_loop
    monkeypatch.setattr(running, "find_spec", lambda name: None)
    assert running.loop_factory() is None


def test_a_restart_imports_only_what_it_needs(tmp_path):
    """Each of these takes milliseconds of every start, or megabytes for as long as the bot runs."""
    program = f"""
import sys
from pathlib import Path
import bot.running
from salesbot.serving.served_packs import ServedPacks
from salesbot.settings import seed_pack, settings
settings()
ServedPacks(seed_pack(), Path({str(tmp_path / "data")!r}))
print([name for name in {NOT_AT_START!r} if name in sys.modules])
"""
    for expected in (None, "[]"):  # the first start reads the pack
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=tmp_path, check=True)
        assert expected in (None, done.stdout.strip())
