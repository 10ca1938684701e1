"""Files that are copies of a shared database: whatever changes are made where, all are alike in the end."""

import random
import sqlite3
import threading

import pytest

from bot.state.synced_commands import SyncedCommands
from salesbot.errors import ConfigError, Refused
from salesbot.storage.shared.database import Database, NotThere
from salesbot.storage.shared.mirrored_file import MirroredFile
from salesbot.storage.shared.sharing import Sharing
from salesbot.storage.small_database import SmallDatabase
from salesbot.storage.snapshot_files import file_digest
from tests.postgres import wait_until

TABLES = {"notes": {"key": str, "guild": int, "text": str}, "marks": {"id": int, "note": str}}
ALL = "select * from notes order by key"


class Copy:
    """A file of a process that has it open twice: to read, and to change it with the database."""

    def __init__(self, path, url):
        self._database = Database(url)
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        connection.executescript(
            "create table if not exists notes (key text primary key, guild integer, text text) strict;"
            "create table if not exists marks (id integer primary key, note text) strict;"
        )
        self.file = MirroredFile("notes", connection, ("notes", "marks"))
        self.connection = connection

    def change(self, *queries, fails=False):
        with self._database.change(self.file):
            for query, values in queries:
                self.file.execute(query, values)
            if fails:
                raise ZeroDivisionError

    def catch_up(self):
        newer = self._database.newer(self.file)
        with self.file.change():
            self.file.apply(newer)

    def rows(self):
        marks = self.connection.execute("select * from marks order by id").fetchall()
        return self.connection.execute(ALL).fetchall(), marks

    def close(self):
        self._database.close()
        self.connection.close()


@pytest.fixture
def url(postgres):
    return postgres.new()


@pytest.fixture
def copy(tmp_path, url):
    made = []

    def of(name):
        made.append(Copy(tmp_path / f"{name}.sqlite", url))
        return made[-1]

    yield of
    for one in made:
        one.close()


PUT = "insert or replace into notes values (?, ?, ?)"


def test_a_change_is_in_every_copy_and_one_that_fails_in_none(copy):
    one, two = copy("one"), copy("two")
    one.change((PUT, ("a", 1, "first")), (PUT, ("b", 2, None)))
    with pytest.raises(ZeroDivisionError):
        one.change((PUT, ("a", 1, "second")), fails=True)
    two.catch_up()
    assert one.rows() == two.rows() == ([("a", 1, "first"), ("b", 2, None)], [])
    two.change(("delete from notes where guild = ?", (1,)), ("update notes set text = ?", ("更新",)))
    one.catch_up()
    assert one.rows() == two.rows() == ([("b", 2, "更新")], [])


def test_a_change_is_made_on_what_others_have_written(copy):
    one, two = copy("one"), copy("two")
    one.change(("insert into marks (note) values (?)", ("one",)))
    two.change(("insert into marks (note) values (?)", ("two",)))  # without looking first
    one.change(("update marks set note = note || '!'", ()))
    two.catch_up()
    assert one.rows() == two.rows() == ([], [(1, "one!"), (2, "two!")])


def test_whatever_is_changed_where_all_copies_are_alike(copy):
    copies, chance = [copy(f"c{n}") for n in range(4)], random.Random(2026)

    def work(one, seed):
        own = random.Random(seed)
        for n in range(40):
            key = own.choice("abcdef")
            query = own.choice(
                [
                    (PUT, (key, own.randrange(3), f"{seed}-{n}")),
                    ("delete from notes where key = ?", (key,)),
                    ("delete from notes where guild = ?", (own.randrange(3),)),
                    ("update notes set text = text || '.' where guild = ?", (own.randrange(3),)),
                    ("insert into marks (note) values (?)", (key,)),
                    ("delete from marks where id = (select max(id) from marks)", ()),
                ]
            )
            one.change(query)

    threads = [threading.Thread(target=work, args=(one, chance.random())) for one in copies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    copies.append(copy("late"))
    for one in copies:
        one.catch_up()
    assert all(one.rows() == copies[0].rows() for one in copies)
    assert copies[0].rows() != ([], [])
    assert len({one.file.revision for one in copies}) == 1


def test_a_copy_older_than_the_deletions_that_are_remembered_starts_anew(copy, url):
    one, two = copy("one"), copy("two")
    one.change((PUT, ("a", 1, "x")), (PUT, ("b", 1, "x")))
    two.catch_up()
    one.change(("delete from notes where key = ?", ("a",)))
    forgetful = Database(url)
    forgetful.connection().execute("update salesbot.gone set at = now() - interval '31 days'")
    forgetful.connection().execute("create table if not exists salesbot.catalog_files (digest text)")
    forgetful.clean()
    two.catch_up()
    assert two.rows() == one.rows() == ([("b", 1, "x")], [])
    forgetful.close()


def test_a_database_that_is_older_than_a_copy_takes_nothing_from_it(copy, url, postgres, tmp_path):
    one = copy("one")
    one.change((PUT, ("a", 1, "x")))
    other = Copy(tmp_path / "one.sqlite", postgres.new())
    with pytest.raises(Refused) as refused:
        other.change((PUT, ("b", 1, "x")))
    assert refused.value.message.key == "database_behind"
    assert one.rows() == other.rows() == ([("a", 1, "x")], [])
    other.close()


def test_a_file_is_stored_once_and_fetched_whole(url, tmp_path):
    database = Database(url)
    path = tmp_path / "file"
    path.write_bytes(random.Random(1).randbytes((2 << 20) + 12_345))
    digest = file_digest(path)
    database.store(path, digest)
    database.store(path, digest)
    database.fetch(digest, tmp_path / "again")
    assert (tmp_path / "again").read_bytes() == path.read_bytes()
    ((pieces,),) = database.connection().execute("select count(*) from salesbot.pieces").fetchall()
    assert pieces == 3
    database.connection().execute("update salesbot.pieces set data = 'x' where number = 1")
    with pytest.raises(NotThere):
        database.fetch(digest, tmp_path / "torn")
    with pytest.raises(NotThere):
        database.fetch("0" * 64, tmp_path / "never")
    database.close()


@pytest.fixture
def small(tmp_path, url):
    sharings = []

    def of(name):
        sharing = Sharing(url)
        sharings.append(sharing)
        database = SmallDatabase(tmp_path / name / "small.sqlite", TABLES, sharing)
        sharing.start()
        return database, sharing

    yield of
    for sharing in sharings:
        sharing.close()


def test_a_small_file_is_shared_too(small):
    (one, _), (two, _) = small("one"), small("two")
    assert one.write(PUT, ["a", 1, "zero\0byte"]) == 1
    wait_until(lambda: two.rows(ALL) == [("a", 1, "zerobyte")])
    one.write_later(PUT, ["b", 2, "later"])
    wait_until(lambda: len(two.rows(ALL)) == 2)
    two.write("delete from notes where key = ?", ["a"])
    one.refresh()  # at once, without waiting for word of it
    assert one.rows(ALL) == [("b", 2, "later")]


def test_what_nobody_waits_for_is_written_once_the_database_is_back(small, postgres):
    (one, _), (two, _) = small("one"), small("two")
    postgres.stop("immediate")
    try:
        one.write_here(PUT, ["a", 1, "x"])
        one.write_later(PUT, ["a", 1, "x"])
        assert one.rows(ALL) == [("a", 1, "x")]
        with pytest.raises(Refused):
            one.write(PUT, ["b", 1, "x"])
    finally:
        postgres.start()
    wait_until(lambda: two.rows(ALL) == [("a", 1, "x")])


def test_an_address_that_is_none_is_said():
    with pytest.raises(ConfigError) as refused:
        Database("postgresql://[::1/name").connection()
    assert refused.value.message.key == "setting_wrong"


def test_a_user_who_may_not_make_tables_is_told(postgres):
    url = postgres.new()
    name = url.partition("?")[0].rpartition("/")[2]
    admin = Database(url)
    admin.connection().execute("create role reader login")
    admin.connection().execute(f"revoke create on database {name} from public")
    reader = Database(url.replace("bot@", "reader@"))
    with pytest.raises(ConfigError) as refused:
        reader.connection()
    assert refused.value.message.key == "database_refuses"
    reader.close()
    admin.connection().execute("drop role reader")
    admin.close()


def test_a_database_that_only_reads_refuses_changes(copy, url):
    one = copy("one")
    one.change((PUT, ("a", 1, "x")))
    admin = Database(url)
    name = url.partition("?")[0].rpartition("/")[2]
    admin.connection().execute(f"alter database {name} set default_transaction_read_only = on")
    two = copy("two")
    two.catch_up()
    with pytest.raises(Refused) as refused:
        two.change((PUT, ("b", 1, "x")))
    assert refused.value.message.key == "database_away" and two.rows() == one.rows()
    admin.close()


def test_a_release_with_a_new_column_and_one_without_share_a_table(tmp_path, url):
    def opened(name, columns):
        connection = sqlite3.connect(tmp_path / f"{name}.sqlite", isolation_level=None)
        connection.execute(f"create table notes (key text primary key, {columns}) strict")
        return MirroredFile("notes", connection, ("notes",)), connection

    (old, of_old), (new, of_new) = opened("old", "text text"), opened("new", "text text, mood text")
    before, after = Database(url), Database(url)
    with before.change(old):
        old.execute("insert into notes values ('a', 'first')")
    with after.change(new):
        new.execute("update notes set mood = 'glad'")
    with before.change(old):
        old.execute("update notes set text = 'second'")
    with after.change(new):
        pass
    assert of_new.execute("select * from notes").fetchall() == [("a", "second", "glad")]
    assert of_old.execute("select * from notes").fetchall() == [("a", "second")]
    for one in (before, after, of_old, of_new):
        one.close()


def test_what_one_process_does_for_all_is_done_once(tmp_path, url):
    sharings = [Sharing(url), Sharing(url)]
    of_all = [SyncedCommands(tmp_path / str(n), sharing) for n, sharing in enumerate(sharings)]
    assert [one.is_due("departures", 60) for one in (*of_all, *of_all)] == [True, False, False, False]
    assert of_all[1].is_due("departures", 0) and of_all[1].is_due("something else", 60)
    of_all[0].note("abc")
    for one in of_all:
        one._database.refresh()
    assert [one.digest() for one in of_all] == ["abc", "abc"]
    assert SyncedCommands(tmp_path).is_due("departures", 60)  # alone
    for sharing in sharings:
        sharing.close()


def test_a_process_that_ends_between_the_two_commits_catches_up(copy):
    """The database has the change, its own file has not."""
    one, two = copy("one"), copy("two")
    one.change((PUT, ("a", 1, "x")))
    connection = one.connection

    class Ending:
        def __getattr__(self, name):
            return getattr(connection, name)

        def execute(self, query, *values):
            if query == "commit":
                raise KeyboardInterrupt
            return connection.execute(query, *values)

    one.file._connection = Ending()
    with pytest.raises(KeyboardInterrupt):
        one.change((PUT, ("b", 1, "y")))
    one.file._connection = connection
    assert one.rows() == ([("a", 1, "x")], [])
    two.catch_up()
    one.change((PUT, ("c", 1, "z")))  # made on top of what it had lost
    two.catch_up()
    assert one.rows() == two.rows() == ([("a", 1, "x"), ("b", 1, "y"), ("c", 1, "z")], [])
