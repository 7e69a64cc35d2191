"""A sealed request exists for those alone whom it names: for everybody else no page says that it is there."""

import re
from datetime import UTC, datetime

import pytest
from a_casework import ADA, INES, JUNIPER, MAYA, PRIYA, TOMAS, Desk

from requests_portal.database.views.auditing import SqlAuditViews
from requests_portal.database.views.operations import SqlOperations
from requests_portal.database.views.running import SqlRunning
from requests_portal.errors import NotFound, Unusable
from requests_portal.model.actor import SYSTEM, Actor, Role
from requests_portal.work.assign import assign
from requests_portal.work.name_people import name_people
from requests_portal.work.views.auditing import LogQuery

OLE = Actor(id="ole", name="Ole Bakke", roles=frozenset({Role.OPERATOR}))
TITLE = "Warrant of which nobody may know"
PAGES = ("", "/facts", "/papers", "/recordings", "/decide", "/sealed", "/assessments", "/check")
LISTS = ("/", "/?view=mine", f"/?find={TITLE[:9]}", "/?kind=legal_demand", "/queue.csv", "/holds", "/rules")


@pytest.fixture
def desk(tmp_path):
    made = Desk(tmp_path)
    yield made
    made.engine.dispose()


@pytest.fixture
def secret(desk):
    """A demand that names Maya and Tomás; its reference."""
    reference = desk.warrant(title=TITLE)
    seal(desk, reference)
    return reference


def seal(desk, reference, *people, by=MAYA):
    case = desk.case(reference)
    names = [each.id for each in people or (MAYA, TOMAS)]
    return desk.act(lambda work: name_people(work, case.id, names, by=by))


def test_those_whom_it_names_work_on_it_as_before(desk, secret):
    for who in (MAYA, TOMAS):
        page = desk.as_(who).open(f"/requests/{secret}")

        assert page.status == 200
        assert "Sealed" in page.main
        assert secret in desk.as_(who).open("/").html


@pytest.mark.parametrize("path", PAGES)
def test_for_others_its_address_is_one_where_nothing_is(desk, secret, path):
    ines = desk.as_(INES)
    nothing = secret[:-4] + "9999"

    guessed, empty = ines.open(f"/requests/{secret}{path}"), ines.open(f"/requests/{nothing}{path}")

    assert (guessed.status, guessed.main) == (empty.status, empty.main)
    assert guessed.status in {403, 404}
    assert desk.refused("ines") == [guessed.status] * 2


@pytest.mark.parametrize("path", LISTS)
def test_every_list_is_what_it_was_before_there_was_such_a_request(desk, path):
    desk.warrant(title="Another warrant")
    before = desk.as_(PRIYA).open(path)

    seal(desk, desk.warrant(title=TITLE))
    after = desk.as_(PRIYA).open(path)

    assert (after.status, as_shown(after)) == (before.status, as_shown(before))


def as_shown(page):
    """The page without the token of its forms."""
    return re.sub(r'name="csrf_token" value="[^"]+"', "", page.html)


def test_its_hold_is_nobody_s_but_theirs(desk, secret):
    found = re.findall(r'href="(/holds/[0-9a-f-]{36})"', desk.as_(MAYA).open("/holds").html)

    (theirs,) = found
    answers = [desk.as_(PRIYA).open(f"{theirs}{kind}").status for kind in ("", ".csv", ".json")]
    assert answers == [404, 404, 404]


def test_operations_and_numbers_leave_it_out(desk, secret):
    now = datetime(2027, 6, 1, tzinfo=UTC)
    seen = SqlOperations(desk.engine).operations(by=OLE, at=now)
    named = SqlOperations(desk.engine).operations(by=MAYA, at=now)

    assert (seen.overdue, seen.holds, seen.standing, seen.unclaimed) == ((), (), (), ())
    assert {each.reference for each in named.overdue} == {secret}
    running = SqlRunning(desk.engine, "1").running(now)
    assert (running.clocks_overdue, running.holds_unconfirmed) == (0, 0)


def test_the_number_of_holds_that_wait_is_that_of_requests_which_are_not_sealed(desk):
    now, reference = datetime(2027, 6, 1, tzinfo=UTC), desk.warrant()
    before = SqlRunning(desk.engine, "1").running(now).holds_unconfirmed

    seal(desk, reference)

    assert before > 0
    assert SqlRunning(desk.engine, "1").running(now).holds_unconfirmed == 0


def test_the_log_names_no_reference_to_an_auditor_who_is_not_named(desk, secret):
    views = SqlAuditViews(desk.engine, "")

    everything = views.log(LogQuery(), by=ADA)
    asked_for = views.log(LogQuery(case=secret), by=ADA)

    assert secret not in everything.references.values()
    assert asked_for.total == 0
    assert views.log(LogQuery(case=secret), by=MAYA_WHO_AUDITS).total > 0


MAYA_WHO_AUDITS = Actor(id="maya", name="Maya Okafor", roles=frozenset({Role.LAWYER, Role.AUDITOR}))


def test_a_customer_s_own_request_stays_theirs(desk):
    reference = desk.access_request()

    seal(desk, reference)

    with desk.ledger.reading() as work:
        assert work.cases.by_reference(reference, by=JUNIPER).reference == reference
        with pytest.raises(NotFound):
            work.cases.by_reference(reference, by=INES)


def test_the_desk_s_own_work_on_it_goes_on(desk, secret):
    with desk.ledger.reading() as work:
        assert work.cases.by_reference(secret, by=SYSTEM).reference == secret
        assert secret in {case.reference for case in work.cases.still_open(by=SYSTEM)}


def test_who_seals_is_named_and_not_alone(desk):
    reference = desk.warrant()

    with pytest.raises(Unusable, match="Name yourself too"):
        seal(desk, reference, TOMAS, PRIYA)
    with pytest.raises(Unusable, match="at least two people"):
        seal(desk, reference, MAYA)

    assert desk.case(reference).named == ()


def test_a_sealed_request_is_always_somebody_s_whom_it_names(desk, secret):
    case = desk.case(secret)

    assert case.assigned_to == "maya"
    for other in (None, "ines"):
        with pytest.raises(Unusable, match="Give it to somebody whom it names"):
            desk.act(lambda work, to=other: assign(work, case.id, to=to, by=MAYA))


def test_it_is_sealed_through_its_page_and_opened_again(desk):
    reference = desk.warrant()
    maya = desk.as_(MAYA)

    sealed = maya.send(f"/requests/{reference}/sealed", who="named", named=["maya", "tomas"])
    hidden = desk.as_(INES).open(f"/requests/{reference}").status
    opened = maya.send(f"/requests/{reference}/sealed", who="everybody")

    assert (sealed.status, hidden, opened.status) == (303, 404, 303)
    assert desk.as_(INES).open(f"/requests/{reference}").status == 200


def test_what_was_ticked_stays_ticked_where_it_cannot_be_saved(desk):
    reference = desk.warrant()

    page = desk.as_(MAYA).send(f"/requests/{reference}/sealed", who="named", named=["tomas"])

    assert page.status == 422
    assert "Name yourself too" in page.main
    assert re.search(r'value="tomas"[^>]* checked', page.html)


def test_who_is_on_no_list_is_not_named(desk):
    reference = desk.warrant()

    page = desk.as_(MAYA).send(f"/requests/{reference}/sealed", who="named", named=["maya", "mallory"])

    assert page.status == 422
    assert desk.case(reference).named == ()


def test_the_log_says_that_it_was_sealed_and_commits_to_the_names(desk, secret):
    with desk.engine.connect() as connection:
        entries = [bytes(each) for each in connection.exec_driver_sql("SELECT entry FROM audit_entries").scalars()]

    (entry,) = [each for each in entries if b'"act":"case_sealed"' in each]
    assert b'"people":2' in entry
    assert b"tomas" not in entry
