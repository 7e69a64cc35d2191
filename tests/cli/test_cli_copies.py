"""`desk catalogue copies`: copies made after their recording was entered go where it is or was erased."""

from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from moto.server import ThreadedMotoServer

from requests_portal.app import open_desk
from requests_portal.demo.settings import demonstration
from requests_portal.model.erasure import Because, Chosen
from requests_portal.model.recording import Recording
from requests_portal.settings import read
from requests_portal.stock import make_store
from requests_portal.storage.buckets import make_buckets
from requests_portal.work.delete_erased import delete_erased

AT = datetime(2026, 11, 23, tzinfo=UTC)
HEADER = "of_bucket,of_key,of_version,bucket,key,version_id,kind\n"


@pytest.fixture(scope="module")
def endpoint():
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def opened(tmp_path, endpoint):
    demonstration(tmp_path, endpoint=endpoint, public_url="https://desk.example").write(tmp_path / "settings.toml")
    with closing(open_desk(read(tmp_path / "settings.toml"))) as made:
        make_store(made)
        make_buckets(made.outside.store.client, ["training"])
        yield made


@pytest.fixture
def stored(opened):
    """A recording, and a copy of it that nobody has told the desk of."""
    store = opened.outside.store
    own, copy = (store.of_bucket(each).put("voice/1", b"voice", media_type="audio/wav") for each in ("", "training"))
    made = Recording(
        id="r1",
        account="A-1",
        device="HR2",
        recorded_at=AT,
        zone="UTC",
        key="voice/1",
        version_id=own.version_id,
        size=own.size,
        sha256=own.sha256,
        media_type="audio/wav",
    )
    with opened.outside.unit_of_work() as work:
        work.catalogue.add([made])
    return own.version_id, copy.version_id


def told(desk, folder, text):
    path = folder / "copies.csv"
    path.write_text(text)
    return desk("catalogue", "copies", path, "--settings", folder / "settings.toml")


def erase(opened):
    with opened.outside.unit_of_work() as work:
        work.erasures.ask(Chosen(account="A-1", recording="r1", before=AT + timedelta(days=1)), Because.CUSTOMER, at=AT)
    delete_erased(opened.outside)


def left(opened):
    return opened.outside.store.of_bucket("training").every_version("voice/1")


@pytest.mark.parametrize("known", ["before it is erased", "afterwards"])
def test_a_copy_that_is_made_known_goes_with_its_recording(desk, opened, stored, tmp_path, known):
    line = f"recordings,voice/1,{stored[0]},training,voice/1,{stored[1]},training\n"
    if known == "afterwards":
        erase(opened)
        assert stored[1] in left(opened)

    answer = told(desk, tmp_path, HEADER + line)
    again = told(desk, tmp_path, HEADER + line)
    if known == "afterwards":
        delete_erased(opened.outside)
    else:
        erase(opened)

    assert [answer.output, again.output] == ["1 copies are known.\n"] * 2
    assert stored[1] not in left(opened)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (",voice/2,{own},training,voice/1,{copy},training", "column of_key: the catalogue has and had no such"),
        (",voice/1,{own},,voice/1,{own},training", "column key: it is the recording itself"),
        (",voice/1,null,training,voice/1,{copy},training", "column of_version: it is no version"),
        (",voice/1,{own},No Bucket,voice/1,{copy},training", "column bucket: it is no bucket's name"),
        (",voice/1,{own},training,,{copy},training", "column key: it is no object's key"),
        (",voice/1,{own},training,voice/1,{copy},Training 1", "column kind: it is no small word"),
        (",voice/1,{own},training", "it has not 7 columns"),
    ],
)
def test_one_wrong_line_is_named_and_nothing_is_entered(desk, opened, stored, tmp_path, line, says):
    names = {"own": stored[0], "copy": stored[1]}
    good = f",voice/1,{stored[0]},training,voice/1,{stored[1]},training\n"

    answer = told(desk, tmp_path, HEADER + good + line.format(**names) + "\n")

    assert answer.exit_code == 2
    assert "Line 3" in answer.stderr
    assert says in answer.stderr
    erase(opened)
    assert stored[1] in left(opened)


def test_a_file_with_other_columns_is_refused(desk, opened, tmp_path):
    answer = told(desk, tmp_path, "key,version_id\n")

    assert (answer.exit_code, answer.stderr.startswith("Line 1: it is not of_bucket")) == (2, True)
