"""A held recording cannot be deleted (I6); what was released is had by its link and its owner only."""

from dataclasses import replace
from datetime import timedelta

import pytest
from a_house import (
    ACCESS,
    INES,
    JUNIPER,
    KETTLE,
    LINK,
    MARLOW,
    MARSH,
    MAYA,
    NOW,
    PIN,
    SUBPOENA,
    marsh_recordings,
    ruling,
)
from moto.server import ThreadedMotoServer
from sqlalchemy import text

from requests_portal.errors import Conflict, NotFound, NotTheirs
from requests_portal.storage.buckets import make_buckets
from requests_portal.storage.client import s3_client
from requests_portal.storage.recordings import Recordings
from requests_portal.storage.refusals import NoSuchObject, StillHeld
from requests_portal.work.collect import LinkLocked, unlock
from requests_portal.work.correct import correct_facts
from requests_portal.work.decide import decide
from requests_portal.work.outside import Outside
from requests_portal.work.reissue import reissue
from requests_portal.work.release import (
    LinkExpired,
    LinkRevoked,
    document_called,
    in_account,
    record_download,
    through_link,
)
from requests_portal.work.revoke import revoke
from requests_portal.work.tell_store import tell_store

EVENING = {"i-03142104", "i-03142137", "i-03142150"}


@pytest.fixture(scope="module")
def store():
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    client = s3_client(
        endpoint=f"http://{host}:{port}", region="us-east-1", access_key="demonstration", secret_key="only-for-tests"
    )
    make_buckets(client, ["recordings"])
    yield Recordings(client, "recordings")
    server.stop()


@pytest.fixture
def stored(house, store):
    """The house with its recordings in a real bucket; returns a function that tells which of them are held."""
    versions = {}
    with house.engine.begin() as connection:
        for recording in marsh_recordings():
            version = store.put(recording.key, b"voice", media_type="audio/wav").version_id
            versions[recording.id] = (recording.key, version)
            update = text("UPDATE recordings SET version_id = :version WHERE id = :id")
            connection.execute(update, {"version": version, "id": recording.id})
    house.versions = versions
    house.outside = Outside(
        unit_of_work=house.ledger.unit_of_work,
        reading=house.ledger.reading,
        store=store,
        vault=None,
        spool=None,
        scratch=None,
        signer=None,
    )
    return lambda: {name for name, version in versions.items() if store.is_held(*version)}


def holds_of(house, case):
    with house.ledger.reading() as work:
        return work.holds.of_case(case.id)


def tell_of_all(house):
    """What the worker does for every hold that was enqueued."""
    for workflow, hold in house.queue.jobs:
        if workflow == "place_hold":
            tell_store(house.outside, hold)
    house.queue.jobs.clear()


def test_what_is_demanded_is_held_at_the_store_from_receipt(house, stored, store):
    house.file()
    tell_of_all(house)

    assert stored() == {recording.id for recording in marsh_recordings()}
    with pytest.raises(StillHeld):
        store.delete(*house.versions["i-03142104"])


def test_a_customer_s_own_request_holds_nothing(house, stored):
    house.ask()
    tell_of_all(house)

    assert stored() == set()


def offered_as_agreed(house):
    """The sheriff agreed to the evening by telephone, so that no objection letter promises to keep the rest."""
    case = house.check(house.file())
    agreed = replace(ruling(case, reasons="Agreed by telephone."), grounds=())
    house.approve(house.act(decide, case.id, agreed, by=MAYA))
    house.gather(case)
    house.certify(case)
    house.sign(case)
    return house.case(case.id)


def test_after_the_release_only_what_left_stays_held(house, stored, store):
    case = offered_as_agreed(house)
    tell_of_all(house)
    house.release(case)
    tell_of_all(house)

    assert stored() == EVENING
    store.delete(*house.versions["w-01051200"])


def test_what_two_cases_hold_is_let_go_only_with_the_last(house, stored):
    first, second = offered_as_agreed(house), offered_as_agreed(house)
    tell_of_all(house)

    house.release(first)
    tell_of_all(house)
    assert len(stored()) == 8

    house.release(second, token="another")
    tell_of_all(house)
    assert stored() == EVENING


def test_a_hold_that_begins_while_another_ends_wins(house, stored, store, monkeypatch):
    """In the moment in which the store is told to let go, another case begins to hold the same recordings."""
    case = offered_as_agreed(house)
    tell_of_all(house)
    house.release(case)
    real, later = store.release_hold, []

    def interrupted(key, version_id):
        if not later:
            later.append(house.file())
            of_the_second = [hold for name, hold in house.queue.jobs if name == "place_hold"][-1]
            tell_store(house.outside, of_the_second)
        real(key, version_id)

    monkeypatch.setattr(store, "release_hold", interrupted)
    tell_store(house.outside, holds_of(house, case)[0].id)

    assert stored() == {recording.id for recording in marsh_recordings()}


def test_a_recording_that_is_gone_keeps_no_other_from_being_held(house, stored, store, monkeypatch):
    """S3 answers 404 for a version that is gone; the test's server breaks instead, so its answer is given for it."""
    real = store.hold

    def hold(key, version_id):
        if key == house.versions["i-03142104"][0]:
            raise NoSuchObject("The store no longer has this version.")
        real(key, version_id)

    monkeypatch.setattr(store, "hold", hold)
    case = house.file()
    tell_of_all(house)

    with house.ledger.reading() as work:
        counts = work.holds.counts(holds_of(house, case)[0].id)
    assert (counts.kept, counts.confirmed, counts.gone, counts.waiting) == (8, 7, 1, 0)


def test_placing_a_hold_twice_is_placing_it_once(house, stored):
    case = house.file()
    (hold,) = holds_of(house, case)
    tell_store(house.outside, hold.id)
    tell_store(house.outside, hold.id)

    assert len(stored()) == 8


def test_a_correction_that_widens_the_demand_widens_the_hold(house, stored):
    case = house.file(range_to="2026-02-01T00:00:00-08:00", range_from="2026-01-01T00:00:00-08:00")
    tell_of_all(house)
    assert stored() == {"w-01051200"}

    house.act(correct_facts, case.id, {"range_to": "2026-07-01T00:00:00-07:00"}, reason="Misread.", by=INES)
    tell_of_all(house)

    assert len(stored()) == 8


def test_a_demand_that_names_nobody_holds_nobody_s_recordings(house, stored):
    house.file(accounts=[], area=True)
    tell_of_all(house)

    assert stored() == set()


# Links and accounts.


def test_the_link_opens_its_documents_until_it_expires(house):
    case = house.offered(house.file())
    house.release(case)
    with house.ledger.reading() as work:
        opened = through_link(work, LINK)
        assert opened.case.id == case.id
        assert {each.kind for each in opened.documents} == {"bundle", "objection_letter"}

    house.now = NOW + timedelta(days=14)
    with house.ledger.reading() as work, pytest.raises(LinkExpired) as refusal:
        through_link(work, LINK)

    assert refusal.value.status == 410


def test_an_unknown_link_and_a_link_of_another_house_read_alike(house):
    house.release(house.offered(house.file()))

    with house.ledger.reading() as work, pytest.raises(NotFound) as refusal:
        through_link(work, LINK + "x")

    assert refusal.value.status == 404


def test_the_link_s_secret_is_nowhere_in_the_database(house):
    house.release(house.offered(house.file()))

    assert LINK not in repr(house.dump())


def test_each_download_leaves_a_receipt_and_an_entry(house):
    case = house.offered(house.file())
    house.release(case)

    def download(work):
        opened = through_link(work, LINK)
        record_download(work, opened, document_called(opened.documents, "bundle"), first=0, last=99)

    house.act(download)
    house.act(download)

    with house.ledger.reading() as work:
        assert len(work.productions.receipts(house.production(case.id).id)) == 2
    assert house.acts()[-2:] == ["document_downloaded"] * 2


def test_a_customer_opens_only_what_was_released_of_their_own(house):
    own, demand = house.offered(house.ask()), house.offered(house.file())
    made = house.production(own.id)
    with house.ledger.reading() as work, pytest.raises(NotFound, match="not ready"):
        in_account(work, made.id, by=JUNIPER)
    house.release(own, recipient=MARSH.name, token="own")
    house.release(demand)

    with house.ledger.reading() as work:
        assert in_account(work, made.id, by=JUNIPER).production.id == made.id
        with pytest.raises(NotFound):
            in_account(work, made.id, by=MARLOW)
        with pytest.raises(NotFound):
            in_account(work, house.production(demand.id).id, by=JUNIPER)


def test_a_bundle_with_somebody_else_s_recording_is_not_released(house):
    """The recording's account was mended in the catalogue's source after it had been decided on."""
    case = house.offered(house.ask(ACCESS, seeks=["subscriber"]))
    made = house.production(case.id)
    foreign = replace(made.record_sets[0], account=KETTLE.account)
    house.act(lambda work: work.productions.put(replace(made, record_sets=(foreign,))))
    before = house.dump()

    with pytest.raises(NotTheirs, match="Nothing of it leaves"):
        house.release(case)

    assert house.dump() == before


def test_the_same_production_goes_to_the_same_recipient_once_only(house):
    case = house.offered(house.file(SUBPOENA))
    house.release(case)

    with pytest.raises(Conflict):
        house.release(case, token="another")

    with house.ledger.reading() as work:
        assert len(work.productions.releases(house.production(case.id).id)) == 1


def latest(house, case):
    with house.ledger.reading() as work:
        return work.productions.releases(house.production(case.id).id)[-1]


def test_a_new_link_for_the_same_recipient_ends_the_old_one_and_is_counted_apart(house):
    case = house.offered(house.file())
    house.release(case)
    house.act(lambda work: record_download(work, through_link(work, LINK), a_bundle(work, LINK), first=0, last=9))

    given = house.act(reissue, latest(house, case).id, token="another", pin="11112222", by=MAYA)

    with house.ledger.reading() as work:
        with pytest.raises(LinkRevoked) as refusal:
            through_link(work, LINK)
        assert through_link(work, "another").release == given
        (receipt,) = work.productions.receipts(house.production(case.id).id)
    assert refusal.value.status == 410
    assert (given.issue, given.recipient) == (2, "Deputy R. Pinecone")
    assert receipt.release != given.id


def a_bundle(work, token):
    return document_called(through_link(work, token).documents, "bundle")


def test_of_two_who_renew_the_same_link_the_second_is_refused(house):
    case = house.offered(house.file())
    first = house.release(case)
    house.act(reissue, first.id, token="another", pin="11112222", by=MAYA)

    with pytest.raises(Conflict, match="a later link"):
        house.act(reissue, first.id, token="a third", pin="11112222", by=MAYA)


def test_an_expired_link_is_renewed_for_its_whole_time(house):
    case = house.offered(house.file())
    first = house.release(case)
    house.now = NOW + timedelta(days=20)

    given = house.act(reissue, first.id, token="another", pin="11112222", by=MAYA)

    assert given.expires_at == house.now + timedelta(days=14)


def test_a_revoked_link_gives_nothing_and_says_so_also_in_the_account(house):
    case = house.offered(house.ask())
    given = house.release(case, recipient=MARSH.name)
    house.act(revoke, given.id, reason="The wrong Marsh.", by=MAYA)

    demand = house.offered(house.file())
    house.act(revoke, house.release(demand).id, reason="The wrong Marsh.", by=MAYA)

    with house.ledger.reading() as work:
        for opens in (lambda: through_link(work, LINK), lambda: in_account(work, given.production, by=JUNIPER)):
            with pytest.raises(LinkRevoked, match="was withdrawn"):
                opens()
    assert "wrong Marsh" not in repr(house.log())


def test_a_new_link_has_the_tries_that_a_locked_one_has_used_up(house):
    case = house.offered(house.file())
    given = house.release(case)
    tried = [house.act(unlock, LINK, f"0000000{n}") for n in range(5)]
    with pytest.raises(LinkLocked):
        house.act(unlock, LINK, PIN)

    house.act(reissue, given.id, token="another", pin="11112222", by=MAYA)

    assert tried == [False] * 5
    assert house.acts().count("wrong_pin_typed") == 5
    assert house.act(unlock, "another", "11112222") is True


def test_neither_pin_nor_what_was_typed_is_kept_anywhere(house):
    house.release(house.offered(house.file()))
    house.act(unlock, LINK, "55556666")

    kept = repr(house.dump())
    assert PIN not in kept
    assert "55556666" not in kept


def test_the_clock_of_the_answer_is_met_by_the_release(house):
    case = house.offered(house.file())
    house.release(case, by=MAYA)

    with house.ledger.reading() as work:
        met = {row.name: row.met_at for row in work.clocks.of_case(case.id)}
    assert met["answer"] == house.now
