"""The operations page: faults and numbers without names or contents, and what can be done with what is stuck."""

from dataclasses import replace
from datetime import timedelta

import pytest
from a_casework import ADA, INES, MARSH, MAYA, NOW, PRIYA, TOMAS, Desk
from sqlalchemy import select

from requests_portal.database.tables import audit_entries, late_copies
from requests_portal.database.views.operations import SqlOperations
from requests_portal.database.views.running import SqlRunning
from requests_portal.model.actor import Actor, Role
from requests_portal.model.duty import Duty
from requests_portal.model.erasure import Erasing
from requests_portal.model.escalation import Patience
from requests_portal.model.production import ProductionState
from requests_portal.model.worker import Worker
from requests_portal.work import produce
from requests_portal.work.doctor import Seen, diagnose
from requests_portal.work.escalate import escalate_what_is_unclaimed

OLE = Actor(id="ole", name="Ole Bakke", roles=frozenset({Role.OPERATOR}))
IVAN = Duty(
    who="tomas",
    mail="t@example.test",
    webhook="",
    begins=NOW - timedelta(days=1),
    ends=NOW + timedelta(days=90),
    order=1,
)
ANN = Worker(name="ann", id="1", seat="s", machine="m", version="3", began_at=NOW, beat_at=NOW)


class NothingUnended:
    """Durable work of which nothing is left."""

    version = "3"

    def unended(self, _workflows):
        return iter(())

    def cancel(self, _pieces) -> None:
        pass


class Absent:
    """A store that answers, and says of every other bucket that it does not exist."""

    def of_bucket(self, _bucket):
        return self

    def answers(self):
        return True

    def is_absent(self):
        return True


class Operated(Desk):
    """A desk with an operator, whose doctor looks at its tables."""

    def __init__(self, folder) -> None:
        super().__init__(folder)
        portal = self.app.extensions["portal"]
        staff = portal.staff() | {OLE.id: OLE}
        self.app.extensions["portal"] = replace(
            portal,
            outside=replace(portal.outside, durable=NothingUnended(), store=Absent()),
            staff=lambda: staff,
            doctor=self.look,
        )
        self.act(lambda work: work.workers.take(ANN, over=None))
        self.act(lambda work: work.roster.replace([IVAN]))

    def look(self, by):
        found = SqlOperations(self.engine).operations(by=by, at=self.now)
        return diagnose(
            Seen(
                at=self.now,
                running=SqlRunning(self.engine, "3").running(self.now),
                found=found,
                stuck=(),
                answers={"database": True},
                certificates=(),
                disks=(),
                patience=Patience(),
                mail_named=True,
                webhooks_named=True,
                timestamps_named=True,
            )
        )

    def lost(self):
        """A copy that waits to be deleted in a bucket that does not exist."""
        self.act(lambda work: work.absent_buckets.said("training-2024", at=self.now))
        waiting = {"bucket": "training-2024", "key": "k", "version_id": "v", "state": Erasing.NO_BUCKET}
        with self.engine.begin() as connection:
            connection.execute(late_copies.insert().values(**waiting, next_try_at=""))

    def failed(self):
        """A request whose production has failed."""
        reference = self.warrant()
        self.give(reference, MAYA)
        self.begin(reference)
        made = self.production(reference)
        self.act(lambda work: produce.record_failure(work, made.id, "There is no room left on our disk."))
        return reference


@pytest.fixture
def desk(tmp_path):
    return Operated(tmp_path)


def test_a_desk_on_which_all_is_well_says_so(desk):
    page = desk.as_(OLE).open("/operations")

    assert page.status == 200
    assert "All is well" in page.main
    assert "Nothing. Everything that is looked at is as it should be." in page.main


def test_an_operator_sees_a_fault_by_reference_and_nothing_of_the_case(desk):
    reference = desk.failed()

    page = desk.as_(OLE).open("/operations")

    assert f"{reference} production 1 does not go on. There is no room left on our disk." in page.main
    assert f'href="/operations/{reference}/1"' in page.html
    for said in ("Search warrant", "Pinecone", "Alder County", MARSH.account, MARSH.name):
        assert said not in page.html
    assert f'href="/requests/{reference}"' not in page.html


def test_an_operator_opens_no_case(desk):
    reference = desk.failed()

    for path in (f"/requests/{reference}", f"/requests/{reference}/productions/1", "/queue.csv", "/audit"):
        assert desk.as_(OLE).open(path).status == 403, path


def test_a_lawyer_reads_it_and_is_led_to_the_case_and_changes_nothing(desk):
    reference = desk.failed()
    maya = desk.as_(MAYA)

    page = maya.open("/operations")

    assert f'href="/requests/{reference}"' in page.html
    assert "/operations/" not in page.html.replace("/operations/now", "")
    assert maya.open(f"/operations/{reference}/1").status == 403
    assert maya.send(f"/operations/{reference}/1/retry", reason="x").status == 403
    assert maya.send("/operations/renew").status == 403


@pytest.mark.parametrize("who", [INES, PRIYA, ADA])
def test_nobody_else_reads_it(desk, who):
    assert desk.as_(who).open("/operations").status == 403


def test_the_first_page_of_an_operator_is_this_one(desk):
    assert desk.as_(OLE).open("/").location == "/operations"


def test_the_page_follows_what_happens_with_and_without_a_script(desk):
    page = desk.as_(OLE).open("/operations")
    part = desk.as_(OLE).open("/operations/now")

    assert '<noscript><meta http-equiv="refresh" content="20"></noscript>' in page.html
    assert 'data-poll="/operations/now"' in page.html
    assert "<html" not in part.html
    assert "All is well" in part.text


def test_a_failed_production_is_tried_again_from_its_page(desk):
    reference = desk.failed()
    ole = send_token(desk)

    done = ole.send(f"/operations/{reference}/1/retry", reason="There is room again.")

    assert (done.status, done.location) == (303, "/operations")
    assert desk.production(reference).state is ProductionState.GATHERING
    assert "does not go on" not in desk.as_(OLE).open("/operations").main


def test_it_is_set_aside_with_a_reason_which_the_case_shows(desk):
    reference = desk.failed()
    ole = send_token(desk)

    done = ole.send(f"/operations/{reference}/1/set-aside", reason="The paper is decided anew.")

    assert (done.status, done.location) == (303, "/operations")
    assert desk.production(reference).state is ProductionState.CANCELLED
    assert "Set aside: The paper is decided anew." in desk.as_(MAYA).open(f"/requests/{reference}").main
    assert ole.open(f"/operations/{reference}/1").status == 200


def test_without_a_reason_nothing_happens_and_what_is_missing_is_said(desk):
    reference = desk.failed()

    refused = send_token(desk).send(f"/operations/{reference}/1/set-aside", reason=" ")

    assert refused.status == 422
    assert refused.title.startswith("Error:")
    assert "Give the reason" in refused.main
    assert desk.production(reference).state is ProductionState.FAILED


@pytest.mark.parametrize("path", ["/operations/LE-1999-0001/1", "/operations/x/1"])
def test_a_case_that_is_not_there_is_not_found(desk, path):
    assert desk.as_(OLE).open(path).status == 404


def test_an_unclaimed_case_is_taken_on_with_one_press_and_says_who_was_told(desk):
    reference = desk.warrant(
        process="emergency_request", emergency_danger=True, emergency_immediate=True, received=NOW - timedelta(hours=1)
    )
    escalate_what_is_unclaimed(desk.ledger)
    ines = desk.as_(INES)
    page = ines.open(f"/requests/{reference}")
    assert "Nobody has claimed it yet; told Tomás Rey, Today," in page.main

    assert ines.send(f"/requests/{reference}/assign", to=INES.id).status == 303

    desk.now += timedelta(hours=1)
    escalate_what_is_unclaimed(desk.ledger)
    assert desk.case(reference).assigned_to == INES.id
    assert "Take it on" not in desk.as_(INES).open(f"/requests/{reference}").main
    with desk.ledger.reading() as work:
        assert [each.who for each in work.escalations.of_case(desk.case(reference).id)] == [TOMAS.id]


def send_token(desk):
    """Ole's session; a form's token is read where he may read."""
    ole = desk.as_(OLE)
    opened = ole.open

    def open_where_he_may(path):
        return opened("/keyboard" if path == "/rules" else path)

    ole.open = open_where_he_may
    return ole


def test_an_operator_takes_a_bucket_that_does_not_exist_as_gone_with_a_reason(desk):
    desk.lost()
    ole = desk.as_(OLE)
    page = ole.open("/operations")
    assert "the bucket training-2024 does not exist: 1 recording" in page.main
    assert 'href="/operations/buckets/training-2024"' in page.html

    assert ole.send("/operations/buckets/training-2024/gone", reason=" ").status == 422
    assert ole.send("/operations/buckets/training-2024/gone", reason="The region was closed.").status == 303

    page = ole.open("/operations")
    assert "The bucket training-2024 is gone: 1 recording" in page.main
    assert "/operations/buckets/" not in page.html
    assert "Take it as gone" not in ole.open("/operations/buckets/training-2024").main
    with desk.engine.connect() as connection:
        newest = select(audit_entries.c.entry).order_by(audit_entries.c.index.desc()).limit(1)
        assert b'"act":"bucket_taken_as_gone"' in bytes(connection.execute(newest).scalar_one())


def test_nobody_else_takes_a_bucket_as_gone_and_none_that_is_not_named(desk):
    desk.lost()

    assert "/operations/buckets/" not in desk.as_(MAYA).open("/operations").html
    assert desk.as_(MAYA).open("/operations/buckets/training-2024").status == 403
    assert desk.as_(MAYA).send("/operations/buckets/training-2024/gone", reason="x").status == 403
    assert desk.as_(OLE).open("/operations/buckets/another").status == 404
    assert desk.as_(OLE).send("/operations/buckets/another/gone", reason="It is gone.").status == 404
