import sqlite3
import time
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from a_house import MARSH
from sqlalchemy import create_engine, text

from legal_rules.scope import ALWAYS, EVERY, Interval, Scope
from requests_portal.database import record_query
from requests_portal.database.record_query import Query
from requests_portal.database.record_sources import Asked, BadRecords, NamedSource
from requests_portal.demo.settings import demonstration
from requests_portal.errors import Away, NotFound, Unusable
from requests_portal.record_access import record_sources
from requests_portal.settings import BadSettings, RecordSource, read
from requests_portal.storage import record_file
from requests_portal.storage.record_file import RecordFile

MARCH = Interval(datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))
UTC_ZONE = ZoneInfo("UTC")
OF_MARSH = Asked(account="A-1", interval=MARCH, devices=None)
ROWS = (
    ("A-1", "K", "2026-02-28T23:59:59+00:00", "2026-02-28T23:59:59+00:00", "before"),
    ("A-1", "K", "2026-02-27T00:00:00+00:00", "2026-03-02T00:00:00+00:00", "into it"),
    ("A-1", "P", "2026-03-14T21:00:00-07:00", "2026-03-14T22:00:00-07:00", "within"),
    ("A-1", "K", "2026-03-31", "2026-03-31", "a day"),
    ("A-1", "K", "2026-04-01T00:00:00+00:00", "2026-04-01T00:00:00+00:00", "after"),
    ("A-2", "K", "2026-03-14T21:00:00+00:00", "2026-03-14T21:00:00+00:00", "another's"),
)
COLUMNS = ("account", "device", "first", "last", "what")
SQL = "SELECT account, device, first, last, what FROM records WHERE account = :account ORDER BY first"


def fill(url, rows=ROWS):
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE records (account text, device text, first text, last text, what text)"))
        for row in rows:
            connection.execute(
                text("INSERT INTO records VALUES (:account, :device, :first, :last, :what)"),
                dict(zip(COLUMNS, row, strict=True)),
            )
    engine.dispose()
    return url


@pytest.fixture
def source_url(database_url):
    """A database of somebody else's, of each kind."""
    return fill(database_url)


def source(read_rows, **changed):
    told = {"columns": (), "account_column": "", "from_column": "", "to_column": "", "device_column": ""} | changed
    return NamedSource(name="Ledger", digest="d", read=read_rows, **told)


def scope(interval=MARCH, devices=EVERY):
    return Scope(frozenset({"A-1"}), devices, frozenset({"connections"}), interval)


def whats(found):
    return [row[-1] for row in found[2]]


def test_a_query_gives_an_account_s_rows(source_url):
    columns, rows = Query("Ledger", source_url, SQL).read(OF_MARSH)

    assert columns == COLUMNS
    assert {row[-1] for row in rows} == {"before", "into it", "within", "a day", "after"}


def test_what_a_query_gives_is_narrowed_to_period_and_devices_here(source_url):
    named = source(
        Query("Ledger", source_url, SQL).read,
        columns=("first", "what"),
        account_column="account",
        from_column="first",
        to_column="last",
        device_column="device",
    )

    every = named.of("A-1", scope(), UTC_ZONE)
    kitchen = named.of("A-1", scope(devices=frozenset({"K"})), UTC_ZONE)

    assert every[:2] == ("Ledger", ("first", "what"))
    assert whats(every) == ["into it", "within", "a day"]
    assert whats(kitchen) == ["into it", "a day"]
    assert len(whats(named.of("A-1", scope(ALWAYS), UTC_ZONE))) == 5
    assert whats(named.of("A-9", scope(), UTC_ZONE)) == []


def test_period_and_device_are_bound_where_the_query_names_them(source_url):
    narrow = SQL.replace("ORDER", "AND first >= :from AND first < :to AND device = :device ORDER")

    _, rows = Query("Ledger", source_url, narrow).read(replace_asked(devices=frozenset({"K", "P"})))

    assert [row[-1] for row in rows] == ["a day", "within"]


def replace_asked(**changed):
    return Asked(**({"account": "A-1", "interval": MARCH, "devices": None} | changed))


@pytest.mark.parametrize("account", ["A-1' OR '1'='1", "A-1'; DROP TABLE records; --", ":from", "%s", "A-1\\"])
def test_an_account_is_bound_and_never_part_of_the_query(source_url, account):
    query = Query("Ledger", source_url, SQL)

    assert query.read(replace_asked(account=account))[1] == []
    assert len(query.read(OF_MARSH)[1]) == 5


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM records WHERE account = :account RETURNING account",
        "INSERT INTO records (account) VALUES (:account) RETURNING account",
        "UPDATE records SET what = :account",
        "SELECT nothing FROM records WHERE account = :account",
        "SELECT what FROM no_such_table WHERE account = :account",
        "SELECT what FROM records WHERE account = :account GROUP",
        "SELECT what, what FROM records WHERE account = :account",
    ],
)
def test_a_query_that_writes_or_is_wrong_is_refused_by_its_source_s_name(source_url, sql):
    named = source(Query("Ledger", source_url, sql).read)

    with pytest.raises(BadRecords, match="Ledger"):
        named.of("A-1", scope(), UTC_ZONE)

    assert len(Query("Ledger", source_url, SQL).read(OF_MARSH)[1]) == 5


@pytest.mark.parametrize("sql", ["SELECT 1", "SELECT :account, :everything", "SELECT :from"])
def test_a_query_that_does_not_name_the_account_is_refused_at_once(sql):
    with pytest.raises(Unusable, match="must name :account"):
        Query("Ledger", "sqlite:///x", sql)


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:////nowhere/at/all.db",
        "postgresql+psycopg://reader:hunter2@127.0.0.1:1/billing",
        "postgresql+psycopg://reader:hunter2@/billing?host=/nowhere",
    ],
)
def test_a_source_that_is_away_says_so_and_shows_no_password(url):
    with pytest.raises(Away, match="Ledger does not answer") as refused:
        Query("Ledger", url, SQL).read(OF_MARSH)

    assert "hunter2" not in refused.value.sentence


def test_a_file_that_is_no_database_is_not_a_source_without_records(tmp_path):
    (tmp_path / "broken.db").write_bytes(b"no database" * 1000)

    with pytest.raises(Away):
        Query("Ledger", f"sqlite:///{tmp_path}/broken.db", SQL).read(OF_MARSH)


def test_a_database_that_is_not_there_is_away_and_not_made(tmp_path):
    with pytest.raises(Away):
        Query("Ledger", f"sqlite:///{tmp_path}/gone.db", SQL).read(OF_MARSH)

    assert list(tmp_path.iterdir()) == []


def test_a_query_of_postgresql_cannot_even_count_up(new_postgres):
    engine = create_engine(fill(new_postgres))
    with engine.begin() as connection:
        connection.execute(text("CREATE SEQUENCE numbers"))

    with pytest.raises(BadRecords, match="refused by its database"):
        Query("Ledger", new_postgres, "SELECT nextval('numbers'), CAST(:account AS text)").read(OF_MARSH)

    with engine.begin() as connection:
        assert connection.execute(text("SELECT nextval('numbers')")).scalar() == 1
    engine.dispose()


def test_a_locked_database_is_away(tmp_path, monkeypatch):
    monkeypatch.setattr(record_query, "CONNECT_SECONDS", 0.05)
    url = fill(f"sqlite:///{tmp_path}/locked.db")
    holding = sqlite3.connect(tmp_path / "locked.db", isolation_level=None)
    holding.execute("BEGIN EXCLUSIVE")

    with pytest.raises(Away):
        Query("Ledger", url, SQL).read(OF_MARSH)

    holding.close()
    assert len(Query("Ledger", url, SQL).read(OF_MARSH)[1]) == 5


def test_a_query_that_takes_too_long_is_stopped(source_url):
    endless = {
        "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*), :account FROM n",
        "postgresql": "SELECT pg_sleep(60), CAST(:account AS text)",
    }[source_url.partition(":")[0].partition("+")[0]]
    begun = time.monotonic()

    with pytest.raises(Away, match="not in time"):
        Query("Ledger", source_url, endless, seconds=0.3).read(OF_MARSH)

    assert time.monotonic() - begun < 20


@pytest.mark.parametrize("limit", ["MOST_ROWS", "MOST_CHARACTERS"])
def test_more_rows_than_can_be_given_are_refused_and_not_cut_off(source_url, monkeypatch, limit):
    monkeypatch.setattr(record_query, limit, 4)

    with pytest.raises(BadRecords, match="more than"):
        Query("Ledger", source_url, SQL).read(OF_MARSH)


def test_a_row_of_another_account_stops_everything(source_url):
    careless = "SELECT account, what FROM records WHERE account <> 'x' || :account"
    named = source(Query("Ledger", source_url, careless).read, account_column="account")

    with pytest.raises(BadRecords, match="another account"):
        named.of("A-1", scope(), UTC_ZONE)


def test_a_moment_that_cannot_be_read_is_never_outside_the_period(source_url):
    odd = "SELECT what AS first, what AS last FROM records WHERE account = :account"
    named = source(Query("Ledger", source_url, odd).read, from_column="first", to_column="last")

    with pytest.raises(BadRecords, match="moment"):
        named.of("A-1", scope(), UTC_ZONE)


def test_a_row_that_has_not_ended_goes_on():
    rows = [("2026-01-01", "", "open"), ("2026-04-02", "", "later")]
    named = source(lambda _: (("f", "t", "what"), rows), from_column="f", to_column="t")

    assert whats(named.of("A-1", scope(), UTC_ZONE)) == ["open"]


@pytest.mark.parametrize("column", ["columns", "account_column", "from_column", "device_column"])
def test_a_column_that_the_source_has_not_is_named(column):
    value = ("nowhere",) if column == "columns" else "nowhere"
    named = source(lambda _: (("a", "b"), []), **{column: value})

    with pytest.raises(BadRecords, match="no column nowhere"):
        named.of("A-1", scope(), UTC_ZONE)


def test_cells_of_every_kind_become_text(database_url):
    sql = "SELECT CAST(:account AS text) AS a, 1, 1.5, NULL, 'é'"

    _, ((*cells,),) = Query("Ledger", fill(database_url), sql).read(OF_MARSH)

    assert cells == ["A-1", "1", "1.5", "", "é"]


def test_moments_and_truth_of_postgresql_become_text(new_postgres):
    sql = "SELECT date '2026-03-01', timestamptz '2026-03-01 00:00Z', true, :account WHERE :from < :to"

    with pytest.raises(BadRecords):
        Query("Ledger", new_postgres, "SELECT 'x'::bytea, :account").read(OF_MARSH)
    _, ((day, moment, truth, _),) = Query("Ledger", new_postgres, sql).read(OF_MARSH)

    assert (day, datetime.fromisoformat(moment), truth) == ("2026-03-01", datetime(2026, 3, 1, tzinfo=UTC), "true")


CSV = '\ufeffaccount,what\nA-1,first\nA-2,another\'s\nA-1,"two\nlines"\n'


def a_file(tmp_path, content=CSV):
    path = tmp_path / "orders.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return RecordFile("Orders", path, account_column="account")


def test_a_file_gives_an_account_s_rows(tmp_path):
    columns, rows = a_file(tmp_path).read(OF_MARSH)

    assert columns == ("account", "what")
    assert rows == [("A-1", "first"), ("A-1", "two\nlines")]
    assert a_file(tmp_path).read(replace_asked(account="A-9"))[1] == []


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("", "no column account"),
        ("number,what\nA-1,x\n", "no column account"),
        ("account,what\nA-1\n", "line 2: it has 1 cells"),
        ("account,what\nA-1,x,y\n", "line 2: it has 3 cells"),
        ("account,what\nA-1,x\n\nA-1,y\n", "line 3: it has 0 cells"),
        ('account,what\nA-1,"x\n', "not proper CSV"),
        ("account,what\nA-1," + "x" * 70_000, "line 2: it is longer"),
        (b"account,what\nA-1,\xff\n", "not UTF-8"),
    ],
)
def test_a_file_that_is_wrong_anywhere_gives_nothing_and_says_where(tmp_path, content, fault):
    with pytest.raises(BadRecords, match=fault):
        a_file(tmp_path, content).read(OF_MARSH)


def test_a_file_that_is_not_there_is_away(tmp_path):
    with pytest.raises(Away, match="Orders"):
        RecordFile("Orders", tmp_path / "gone.csv", account_column="account").read(OF_MARSH)


def test_a_file_that_is_written_to_meanwhile_is_away(tmp_path, monkeypatch):
    file = a_file(tmp_path)
    whole = RecordFile._read

    def while_written(self, lines, account):
        with (tmp_path / "orders.csv").open("a") as more:
            more.write("A-1,late\n")
        return whole(self, lines, account)

    monkeypatch.setattr(RecordFile, "_read", while_written)

    with pytest.raises(Away, match="written to"):
        file.read(OF_MARSH)


def test_more_rows_of_one_account_than_can_be_given_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(record_file, "MOST_ROWS", 1)

    with pytest.raises(BadRecords, match="line 5: more than 1"):
        a_file(tmp_path).read(OF_MARSH)


def settings_of(tmp_path, sources, *, raw=""):
    settings = replace(demonstration(tmp_path, endpoint="http://x", public_url="https://x"), record_sets=sources)
    path = tmp_path / "settings.toml"
    settings.write(path)
    if raw:
        path.write_text(path.read_text() + raw)
    return path


def test_settings_with_sources_are_read_back_as_written(tmp_path):
    sources = (
        RecordSource(data_class="subscriber", name='The "ledger" é', sql=SQL, url="sqlite:///x.db", columns=("a", "b")),
        RecordSource(data_class="purchases", name="Orders", csv="o.csv", account_column="account"),
    )

    assert read(settings_of(tmp_path, sources)).record_sets == sources


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        ('[record_sets.poems]\nname = "x"\ncsv = "x"\naccount_column = "a"', "record_sets.poems is no class"),
        ('[record_sets.audio]\nname = "x"\ncsv = "x"\naccount_column = "a"', "record_sets.audio is no class"),
        ('[record_sets.subscriber]\ncsv = "x"', "record_sets.subscriber: missing: name"),
        ('[record_sets.subscriber]\nname = "x"', "needs either sql and url, or csv"),
        ('[record_sets.subscriber]\nname = "x"\nsql = "x"', "needs either sql and url, or csv"),
        ('[record_sets.subscriber]\nname = "x"\nsql = "x"\nurl = "sqlite:///x"\ncsv = "x"', "needs either"),
        ('[record_sets.subscriber]\nname = "x"\ncsv = "x"\nurl = "sqlite:///x"\naccount_column = "a"', "needs either"),
        ('[record_sets.subscriber]\nname = "x"\nsql = "x"\nurl = "mysql://x"', "url begins with"),
        ('[record_sets.subscriber]\nname = "x"\ncsv = "x"', "account_column is missing"),
        ('[record_sets.subscriber]\nname = "x"\ncsv = "x"\naccount_column = "a"\nto_column = "t"', "go together"),
        ('[record_sets.subscriber]\nname = "x"\ncsv = "x"\ntable = "x"', "record_sets.subscriber: unknown: table"),
        ('[record_sets.subscriber]\nname = 7\ncsv = "x"', "name has the wrong type"),
        ('[record_sets.subscriber]\nname = "x"\ncolumns = "a"', "columns has the wrong type"),
        ('[record_sets]\nsubscriber = "x"', "record_sets.subscriber has the wrong type"),
        ('[[record_sets]]\nname = "x"', "record_sets has the wrong type"),
    ],
)
def test_a_source_that_is_named_wrong_is_refused_by_name(tmp_path, raw, fault):
    with pytest.raises(BadSettings, match=fault):
        read(settings_of(tmp_path, (), raw=raw))


def test_the_named_source_comes_before_the_desk_s_own_tables(any_house, tmp_path):
    url = fill(f"sqlite:///{tmp_path}/ledger.db", [(MARSH.account, "K", "", "", "from the ledger")])
    named = RecordSource(data_class="subscriber", name="Ledger", sql=SQL, url=url, columns=("what",))
    path = settings_of(tmp_path, (named,))
    any_house.ledger = replace(any_house.ledger, record_sources=record_sources(read(path)))

    with any_house.ledger.reading() as work:
        found = work.record_sets.read("subscriber", MARSH.account, scope(ALWAYS))
        origins = work.record_sets.origin("subscriber"), work.record_sets.origin("connections")
        with pytest.raises(NotFound):
            work.record_sets.read("connections", MARSH.account, scope())

    assert found == ("Ledger", ("what",), (("from the ledger",),))
    assert len(origins[0]) == 64
    assert origins[1] == ""
