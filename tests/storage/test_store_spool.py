"""The spool keeps verified bytes under their digest, or nothing."""

import hashlib

import pytest

from requests_portal.errors import NotFound, Unusable
from requests_portal.storage.refusals import WrongBytes

BELL = b"the doorbell rang twice"
DIGEST = hashlib.sha256(BELL).hexdigest()


def files(spool):
    return [path for path in spool.folder.rglob("*") if path.is_file()]


def test_bytes_are_kept_under_their_digest(spool):
    got = spool.write([BELL[:5], BELL[5:]], sha256=None, size=None)

    assert got == DIGEST
    assert files(spool) == [spool.folder / DIGEST[:2] / DIGEST]
    assert b"".join(spool.open(DIGEST)) == BELL


@pytest.mark.parametrize(
    ("sha256", "size"), [("0" * 64, len(BELL)), (DIGEST, len(BELL) - 1), (DIGEST, len(BELL) + 1), (DIGEST, 0)]
)
def test_other_bytes_than_announced_leave_nothing(spool, sha256, size):
    with pytest.raises(WrongBytes):
        spool.write([BELL], sha256=sha256, size=size)

    assert files(spool) == []


def test_a_source_that_breaks_off_leaves_nothing(spool):
    def breaking():
        yield BELL
        raise ConnectionError

    with pytest.raises(ConnectionError):
        spool.write(breaking(), sha256=DIGEST, size=len(BELL))

    assert files(spool) == []


def test_bytes_that_changed_in_the_spool_are_refused_before_the_last_chunk(spool):
    spool.write([BELL], sha256=DIGEST, size=len(BELL))
    spool.path(DIGEST).write_bytes(BELL.replace(b"twice", b"thrice"))

    heard = []
    with pytest.raises(WrongBytes):
        heard.extend(spool.open(DIGEST))

    assert heard == [] or b"".join(heard) == b""


def test_bytes_that_changed_in_the_spool_are_forgotten_and_can_be_written_again(spool):
    spool.write([BELL], sha256=DIGEST, size=len(BELL))
    spool.path(DIGEST).write_bytes(BELL[::-1])
    with pytest.raises(WrongBytes):
        list(spool.open(DIGEST))

    assert not spool.holds(DIGEST, size=len(BELL))
    spool.write([BELL], sha256=DIGEST, size=len(BELL))
    assert b"".join(spool.open(DIGEST)) == BELL


@pytest.mark.parametrize("cut", [0, 5])
def test_a_file_cut_short_by_a_crash_is_not_taken_for_the_whole(spool, cut):
    spool.write([BELL], sha256=DIGEST, size=len(BELL))
    spool.path(DIGEST).write_bytes(BELL[:cut])

    assert not spool.holds(DIGEST, size=len(BELL))


def test_what_is_not_there_is_not_found(spool):
    assert not spool.has(DIGEST)
    with pytest.raises(NotFound):
        spool.open(DIGEST)
    spool.remove(DIGEST)


def test_removed_bytes_are_gone(spool):
    spool.write([BELL], sha256=DIGEST, size=len(BELL))

    spool.remove(DIGEST)

    assert not spool.has(DIGEST)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", DIGEST.upper(), DIGEST + "\n", DIGEST[:-1]])
def test_a_name_that_is_no_digest_reaches_no_file(spool, name):
    with pytest.raises(Unusable):
        spool.path(name)


def test_an_empty_file_has_the_digest_of_nothing(spool):
    got = spool.write([], sha256=None, size=0)

    assert got == hashlib.sha256(b"").hexdigest()
    assert b"".join(spool.open(got)) == b""
