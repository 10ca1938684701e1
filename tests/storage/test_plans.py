"""No query that a question runs reads a whole table that can be large."""

import pytest

import bot.client  # noqa: F401 - so that every query is declared
import salesbot.asking.messages.checking  # noqa: F401 - which a start leaves out
from salesbot.packs.reading import read_pack
from salesbot.settings import seed_pack
from salesbot.storage import snapshot_writer
from salesbot.storage.snapshot import DECLARED, sql


def test_no_query_scans_a_table_without_saying_so(tmp_path, monkeypatch):
    monkeypatch.setattr(snapshot_writer, "LARGE", 0)  # as if each table were large
    facts = read_pack(seed_pack())
    assert len(DECLARED) > 60
    snapshot_writer.write_snapshot(facts, tmp_path)
    query = sql("select id from events where name = 'a scan'")
    try:
        with pytest.raises(RuntimeError, match="scans events"):
            snapshot_writer.write_snapshot(facts, tmp_path)
    finally:
        del DECLARED[query]
