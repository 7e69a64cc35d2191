"""One case from its assessment to its release, as the people who work on it see it."""

import fcntl
import io
import re
from dataclasses import replace
from datetime import timedelta

import pikepdf
import pytest
from a_casework import (
    ADA,
    BEDROOM,
    EVERYBODY,
    INES,
    JUNIPER,
    KITCHEN,
    MAYA,
    NOW,
    PRIYA,
    TOMAS,
    WARRANT,
    Desk,
    accepting,
    decided_through_the_pages,
)
from sqlalchemy import select, update

from legal_rules.facts import FACTS
from requests_portal.audit_log.entry import decode
from requests_portal.database.tables import audit_entries, recordings
from requests_portal.model.case import CaseState
from requests_portal.model.digest import digest_of
from requests_portal.model.production import ArchivedCopy, ProductionState
from requests_portal.web import display
from requests_portal.web.desk.facts_form import ELSEWHERE
from requests_portal.work.archive import record_archived
from requests_portal.work.draw import draw


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


# The case


def test_a_case_shows_what_is_demanded_proposed_and_held_back(desk):
    reference = desk.warrant()

    page = desk.as_(MAYA).open(f"/requests/{reference}")

    demanded, proposed = 28, int(re.search(r"Proposed (\d+) recordings?", page.main)[1])
    assert "Demanded 28 recordings" in page.main
    assert 3 <= proposed < demanded
    assert f"{demanded} are demanded, {proposed} proposed" in page.html
    assert "<del>1 January to 30 June 2026 (181 days)</del>" in page.html
    # House policy: fourteen days of twenty-four hours around the evening, across the change of the clocks.
    assert "<ins>28 February 2026, 20:00 to 28 March 2026, 23:30" in page.html


@pytest.mark.parametrize(
    ("known", "words"),
    [
        ("%", "Length 1:10"),
        ("i-%", "Length 0:30, and 4 more whose length is not in the catalogue"),
        ("none", "Length not in the catalogue"),
    ],
)
def test_before_a_decision_is_confirmed_it_says_how_long_what_leaves_is(desk, known, words):
    reference = desk.warrant()
    with desk.engine.begin() as connection:
        connection.execute(update(recordings).where(recordings.c.id.like(known)).values(seconds=10))

    page = desk.as_(MAYA).send(f"/requests/{reference}/decide", [*accepting(desk, reference), ("step", "see")])

    assert words in page.main


def test_a_case_without_an_incident_or_a_period_can_be_read(desk):
    reference = desk.warrant(incident_from=None, incident_to=None, range_from=None, range_to=None)

    page = desk.as_(MAYA).open(f"/requests/{reference}")

    assert page.status == 200
    assert "no dates given" in page.main.lower()


def test_a_request_that_names_no_kind_of_data_can_be_read(desk):
    reference = desk.warrant(seeks=None, accounts=None)

    page = desk.as_(MAYA).open(f"/requests/{reference}")

    assert page.status == 200
    assert "names no kind of data" in page.main


def test_a_finding_names_its_rule_its_law_and_what_would_mend_it(desk):
    reference = desk.warrant()
    finding = next(f for f in desk.case(reference).assessment.findings if f.outcome != "ask" and f.about == "data")

    page = desk.as_(MAYA).open(f"/requests/{reference}")

    for words in (finding.title, finding.rule, finding.cite[0], finding.remedy):
        assert words in page.main


def test_an_open_question_names_the_missing_fact_and_who_can_supply_it(desk):
    reference = desk.warrant(checked=False)

    page = desk.as_(INES).open(f"/requests/{reference}")

    assert f"Not established: {FACTS['requester_verified'].sentence} To be had from a call-back" in page.main
    assert f"/requests/{reference}/check" in page.html


def test_nothing_can_leave_before_we_know_who_asks_and_the_page_says_so(desk):
    reference = desk.warrant(checked=False)

    page = desk.as_(MAYA).open(f"/requests/{reference}")

    assert "We do not know yet who asks" in page.main


def test_only_clean_papers_are_linked_and_the_others_say_why(desk):
    reference = desk.warrant()

    page = desk.as_(MAYA).open(f"/requests/{reference}")

    assert re.findall(rf"/requests/{reference}/papers/[0-9a-f]{{64}}/1", page.html) != []
    assert page.html.count("/papers/") == 1
    assert "In quarantine" in page.main
    assert "It is encrypted; ask for a copy without a password." in page.main


@pytest.mark.parametrize(
    ("known", "words"),
    [
        (0, "how long they are is not in the catalogue."),
        (2, "2:05 to listen to, and {rest} more whose length is not in the catalogue."),
    ],
)
def test_before_gathering_a_case_says_how_much_will_be_read_and_how_long_it_is_to_hear(desk, known, words):
    reference = desk.warrant()
    with desk.ledger.reading() as work:
        proposed = work.cases.by_reference(reference, by=MAYA).assessment.lines[0].proposed
        found = list(work.catalogue.find(proposed))
    with desk.engine.begin() as connection:
        timed = [each.id for each in found[:known]]
        connection.execute(update(recordings).where(recordings.c.id.in_(timed)).values(seconds=62.5))

    page = desk.as_(MAYA).open(f"/requests/{reference}")

    read = f"To gather: {len(found)} recordings, {display.size(sum(each.size for each in found))}"
    assert len(found) > known
    assert read in page.main
    assert words.format(rest=len(found) - known) in page.main


def test_a_hold_says_how_many_it_keeps_and_how_many_the_store_confirmed(desk):
    reference = desk.warrant()

    page = desk.as_(MAYA).open(f"/requests/{reference}")

    assert "28 recordings kept from deletion" in page.main
    assert "0 of 28 confirmed by the store" in page.main


def test_staff_see_recordings_without_any_way_to_hear_or_read_them(desk):
    reference = desk.warrant()

    page = desk.as_(MAYA).open(f"/requests/{reference}")

    assert "<audio" not in page.html
    assert "set a timer" not in page.html
    assert "listening needs a grant that names the purpose" in page.main


def test_a_case_never_shows_another_customers_data(desk):
    reference = desk.warrant()

    page = desk.as_(MAYA).open(f"/requests/{reference}")

    for neighbour in ("A-51862-3", "Marlow Kettledrum", "HR1-22F0-8B61", "Playroom", "only the neighbour says"):
        assert neighbour not in page.html


def test_the_working_of_a_time_limit_can_be_read(desk):
    reference = desk.warrant(due="2026-11-25")

    page = desk.as_(MAYA).open(f"/requests/{reference}")

    assert "How it is counted" in page.main
    assert "in 2 days" in page.main


def test_the_history_names_who_did_what(desk):
    reference = desk.warrant()
    desk.approve(reference)

    page = desk.as_(ADA).open(f"/requests/{reference}")

    assert "Ines Brandt checked the requester: passed" in page.main
    assert "Maya Okafor decided it" in page.main
    assert "Tomás Rey approved the decision" in page.main


def test_the_history_of_a_customers_request_calls_the_customer_by_no_id(desk):
    reference = desk.access_request()

    page = desk.as_(MAYA).open(f"/requests/{reference}")

    assert "The customer received the request" in page.main
    assert "juniper" not in page.html


def test_an_auditor_reads_a_case_and_is_offered_no_act_on_it(desk):
    reference = desk.warrant()

    page = desk.as_(ADA).open(f"/requests/{reference}")

    assert page.status == 200
    # The only form left is the one that signs out.
    assert page.html.count("<form") == 1
    assert "/facts" not in page.html


# Who sees what

PATHS = {
    "": {"ines", "maya", "tomas", "priya", "ada"},
    "/facts": {"ines", "maya", "tomas"},
    "/checks": {"ines", "maya", "tomas", "priya", "ada"},
    "/wait": {"maya", "tomas"},
    "/decide": {"maya", "tomas"},
    "/approve": {"maya", "tomas"},
    "/letter": {"ines", "maya", "tomas", "priya", "ada"},
    "/letter.pdf": {"ines", "maya", "tomas", "priya", "ada"},
    "/letters/objection": {"ines", "maya", "tomas", "priya", "ada"},
    "/letters/objection.pdf": {"ines", "maya", "tomas", "priya", "ada"},
    "/letters/objection/edit": {"maya", "tomas"},
    "/productions/1": {"ines", "maya", "tomas", "priya", "ada"},
    "/productions/1/progress": {"ines", "maya", "tomas", "priya", "ada"},
    "/productions/1/certify": {"priya"},
    "/productions/1/release": {"maya", "tomas"},
}


def test_each_page_is_for_the_roles_whose_act_it_is(desk):
    reference = desk.warrant()
    desk.gather(reference)

    for path, allowed in PATHS.items():
        answers = {who.id: desk.as_(who).open(f"/requests/{reference}{path}").status for who in EVERYBODY}
        assert (path, {who for who, status in answers.items() if status == 200}) == (path, allowed)
        assert (path, {status for who, status in answers.items() if who not in allowed}) == (path, {403})


POSTS = {
    "/assign": {"priya", "ada", "juniper"},
    "/assess": {"priya", "ada", "juniper"},
    "/check": {"priya", "ada", "juniper"},
    "/check/details": {"priya", "ada", "juniper"},
    "/check/permission": {"priya", "ada", "juniper"},
    "/facts": {"priya", "ada", "juniper"},
    "/wait": {"ines", "priya", "ada", "juniper"},
    "/decide": {"ines", "priya", "ada", "juniper"},
    "/approve": {"ines", "priya", "ada", "juniper"},
    "/letters/objection/edit": {"ines", "priya", "ada", "juniper"},
    "/letters/objection/take-back": {"ines", "priya", "ada", "juniper"},
    "/letters/acknowledgement/finish": {"ines", "priya", "ada", "juniper"},
    "/productions/1/cancel": {"ines", "priya", "ada", "juniper"},
    "/productions/1/retry": {"ines", "priya", "ada", "juniper"},
    "/productions/1/try-now": {"ines", "priya", "ada", "juniper"},
    "/productions/1/certify": {"ines", "maya", "tomas", "ada", "juniper"},
    "/productions/1/release": {"ines", "priya", "ada", "juniper"},
}


def test_who_may_not_act_changes_nothing_by_sending_the_form_anyway(desk):
    reference = desk.warrant()
    desk.gather(reference)
    before = desk.case(reference), desk.production(reference)

    for path, refused in POSTS.items():
        for who in EVERYBODY:
            if who.id in refused and who is not JUNIPER:
                assert (path, who.id, desk.as_(who).send(f"/requests/{reference}{path}").status) == (path, who.id, 403)

    assert (desk.case(reference), desk.production(reference)) == before


def test_a_form_without_its_token_changes_nothing(desk):
    reference = desk.warrant()

    answer = desk.as_(MAYA).client.post(
        f"/requests/{reference}/assign", data={"to": "maya"}, base_url="https://desk.example"
    )

    assert answer.status_code == 400
    assert desk.case(reference).assigned_to is None


def test_a_reference_that_does_not_exist_reads_like_one_that_is_not_ours_to_see(desk):
    reference = desk.warrant()
    juniper = desk.as_(JUNIPER)

    exists, does_not = juniper.open(f"/requests/{reference}"), juniper.open("/requests/LE-2026-9999")
    unknown = desk.as_(MAYA).open("/requests/LE-2026-9999")

    assert (exists.status, exists.main) == (does_not.status, does_not.main)
    assert unknown.status == 404
    assert "There is no such case, or it is not yours to see" in unknown.main


def test_a_production_that_does_not_exist_is_not_found(desk):
    reference = desk.warrant()

    assert desk.as_(MAYA).open(f"/requests/{reference}/productions/7").status == 404


# Facts, checks, waiting


def test_a_check_of_the_requester_is_recorded_and_the_proposal_follows(desk):
    reference = desk.warrant(checked=False)

    answer = desk.as_(INES).send(f"/requests/{reference}/checks/channel", reference="Message P-77.", passed="yes")

    assert answer.status == 303
    assert desk.case(reference).facts["requester_verified"] is True
    assert "portal credentials: Message P-77. Ines Brandt" in desk.as_(INES).open(f"/requests/{reference}").main


def test_a_check_that_says_nothing_is_refused_beside_its_fields(desk):
    reference = desk.warrant(checked=False)

    page = desk.as_(INES).send(f"/requests/{reference}/checks/channel", reference="Message P-77.")

    assert page.status == 422
    assert page.title.startswith("Error:")
    assert page.html.count("Say whether the channel confirms who sent it.") == 2
    assert "Message P-77." in page.html
    assert desk.case(reference).checks == ()


def test_a_case_waits_for_what_was_said(desk):
    reference = desk.warrant()

    answer = desk.as_(MAYA).send(f"/requests/{reference}/wait", for_what="The dates the order means.")

    assert answer.status == 303
    assert desk.case(reference).state is CaseState.WAITING
    assert "We wait for: The dates the order means." in desk.as_(MAYA).open(f"/requests/{reference}").main


def facts_form(page):
    """Every field of the facts form as a browser would send it back."""
    fields = [(name, "1") for name in re.findall(r'name="([a-z_0-9]+-shown)"', page.html)]
    fields += re.findall(r'<input type="(?:radio|checkbox)" name="([^"]+)" value="([^"]*)"[^>]* checked', page.html)
    fields += re.findall(
        r'<input type="(?:text|date|datetime-local)" id="[^"]+" name="([^"]+)" value="([^"]*)"', page.html
    )
    for name, inside in re.findall(r'<select id="[^"]+" name="([^"]+)"[^>]*>(.*?)</select>', page.html, re.DOTALL):
        fields += [(name, value) for value in re.findall(r'value="([^"]*)" selected', inside)]
    fields += re.findall(r'<textarea id="f-(?!reason)[^"]+" name="([^"]+)"[^>]*>(.*?)</textarea>', page.html, re.DOTALL)
    return fields


def test_sending_the_facts_back_unchanged_changes_nothing(desk):
    reference = desk.warrant()
    before = desk.case(reference)
    page = desk.as_(INES).open(f"/requests/{reference}/facts")

    answer = desk.as_(INES).send(f"/requests/{reference}/facts", [*facts_form(page), ("reason", "None.")])

    assert answer.status == 422
    assert "Nothing is changed" in answer.main
    assert desk.case(reference) == before


def test_one_corrected_fact_leaves_the_others_and_assesses_again(desk):
    reference = desk.warrant()
    page = desk.as_(INES).open(f"/requests/{reference}/facts")
    fields = [(n, "2026-03-14T23:00" if n == "incident_to" else value) for n, value in facts_form(page)]
    before = desk.case(reference)

    answer = desk.as_(INES).send(f"/requests/{reference}/facts", [*fields, ("reason", "The affidavit says 23:00.")])

    after = desk.case(reference)
    assert answer.status == 303
    changed = {
        name for name in after.facts.keys() | before.facts.keys() if after.facts.get(name) != before.facts.get(name)
    }
    assert changed == {"incident_to"}
    assert after.facts["incident_to"].startswith("2026-03-14T23:00:00-07:00")
    assert after.assessment.at >= before.assessment.at


def test_a_fact_can_become_not_established_again(desk):
    reference = desk.warrant()
    page = desk.as_(INES).open(f"/requests/{reference}/facts")
    fields = [(n, value) for n, value in facts_form(page) if n != "nexus_stated"]

    desk.as_(INES).send(f"/requests/{reference}/facts", [*fields, ("reason", "Nobody has read that page.")])

    assert "nexus_stated" not in desk.case(reference).facts


def test_facts_change_only_with_a_reason(desk):
    reference = desk.warrant()
    page = desk.as_(INES).open(f"/requests/{reference}/facts")
    fields = [(n, "2026-03-14T23:00" if n == "incident_to" else value) for n, value in facts_form(page)]

    answer = desk.as_(INES).send(f"/requests/{reference}/facts", fields)

    assert answer.status == 422
    assert "Give the reason" in answer.main
    assert 'value="2026-03-14T23:00"' in answer.html
    assert "incident_to" not in answer.main
    assert desk.case(reference).facts["incident_to"] == WARRANT["incident_to"]


def test_facts_that_contradict_each_other_are_refused_in_words(desk):
    reference = desk.warrant()
    page = desk.as_(INES).open(f"/requests/{reference}/facts")
    fields = [(n, "2026-03-13T23:00" if n == "incident_to" else value) for n, value in facts_form(page)]

    answer = desk.as_(INES).send(f"/requests/{reference}/facts", [*fields, ("reason", "A slip.")])

    assert answer.status == 422
    assert "reversed" in answer.main


@pytest.mark.parametrize(
    ("name", "typed"), [("issued_on", "31 February"), ("issuer", "the moon"), ("offence_max_years", "-3")]
)
def test_a_value_that_a_fact_cannot_have_is_refused_beside_it(desk, name, typed):
    reference = desk.warrant()
    fields = [(f"{name}-shown", "1"), (name, typed), ("reason", "A slip.")]

    answer = desk.as_(INES).send(f"/requests/{reference}/facts", fields)

    assert answer.status == 422
    assert f'id="e-{name}"' in answer.html


def test_every_fact_of_the_vocabulary_can_be_corrected_on_one_of_the_two_tracks(desk):
    shown = set()
    for reference in (desk.warrant(), desk.access_request()):
        html = desk.as_(INES).open(f"/requests/{reference}/facts").html
        shown |= {name.removesuffix("-shown") for name in re.findall(r'name="([a-z_0-9]+-shown)"', html)}

    assert FACTS.keys() - shown == ELSEWHERE


def test_correcting_facts_voids_the_decision_that_rested_on_them(desk):
    reference = desk.warrant()
    desk.decide(reference)

    desk.as_(INES).send(
        f"/requests/{reference}/facts",
        [("incident_to-shown", "1"), ("incident_to", "2026-03-14T23:00"), ("reason", "The affidavit says 23:00.")],
    )

    assert desk.case(reference).decision is None


# Deciding


def test_what_will_leave_is_shown_before_anything_is_decided(desk):
    reference = desk.warrant()

    page = desk.as_(MAYA).send(f"/requests/{reference}/decide", [*accepting(desk, reference), ("step", "see")])

    assert page.status == 200
    assert "Exactly what will leave" in page.main
    assert re.search(r"Recordings \d+ ", page.main)
    assert "This follows the proposal." in page.main
    assert desk.case(reference).decision is None


@pytest.mark.parametrize(
    ("told", "says", "says_not"),
    [
        ({"right": "erasure"}, "the recordings are erased when the answer is released", "We do not know yet who asks"),
        ({"right": "erasure", "confirmed": False}, "Nothing can leave or be done before", "What accepting does"),
        ({"right": "opt_out", "seeks": []}, "The answer then says that what the person asked for is done", "erased"),
        # Who opts out in California proves nothing.
        ({"right": "opt_out", "seeks": [], "confirmed": False}, "is done. See to it", "We do not know yet who asks"),
        ({"right": "access"}, "Accept the proposal", "What accepting does"),
    ],
)
def test_a_lawyer_reads_what_accepting_does_for_a_person(desk, told, says, says_not):
    reference = desk.access_request(**told)

    page = desk.as_(MAYA).open(f"/requests/{reference}/decide")

    assert says in page.main
    assert says_not not in page.main


def test_a_decision_is_recorded_once_it_was_seen(desk):
    reference = desk.warrant()

    answer = decided_through_the_pages(desk, reference)

    case = desk.case(reference)
    assert answer.status == 303
    assert (case.state, case.decision.follows_proposal, case.decision.by) == (CaseState.DECIDED, True, "maya")


def test_a_decision_cannot_be_recorded_unseen(desk):
    reference = desk.warrant()
    fields = [*accepting(desk, reference), ("step", "decide")]

    unseen = desk.as_(MAYA).send(f"/requests/{reference}/decide", fields)
    wrongly_seen = desk.as_(MAYA).send(f"/requests/{reference}/decide", [*fields, ("seen", "0" * 64)])

    assert unseen.status == wrongly_seen.status == 200
    assert "What matches has changed since you looked" in wrongly_seen.main
    assert desk.case(reference).decision is None


def test_leaving_the_proposal_needs_a_reason_and_everything_typed_is_kept(desk):
    reference = desk.warrant()
    fields = accepting(desk, reference, **{"line-1": "refuse"})

    page = desk.as_(MAYA).send(f"/requests/{reference}/decide", [*fields, ("step", "see")])

    assert page.status == 422
    assert page.title.startswith("Error:")
    assert "You are leaving the proposal. Say why" in page.main
    assert re.search(r'name="line-1" value="refuse"[^>]* checked', page.html)


def test_a_line_is_narrowed_to_dates_and_devices_in_the_cases_own_zone(desk):
    reference = desk.warrant()
    changes = {
        "line-1": "narrow",
        "from-1": "2026-03-14T21:00",
        "to-1": "2026-03-14T22:00",
        "devices-1": KITCHEN,
        "reasons": "The affidavit speaks of one hour in the kitchen.",
    }

    answer = decided_through_the_pages(desk, reference, **changes)

    [line] = desk.case(reference).decision.lines
    assert answer.status == 303
    assert line.scope.devices == {KITCHEN}
    assert line.scope.interval.start.isoformat() == "2026-03-15T04:00:00+00:00"
    assert desk.case(reference).decision.selection.recordings == 2


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"from-1": "2025-12-01T00:00"}, "beyond what was demanded"),
        ({"from-1": "2026-03-15T00:00", "to-1": "2026-03-14T00:00"}, "The period of line 1 is empty"),
        ({"from-1": "yesterday"}, "Enter line 1 with a day and a time"),
        ({"devices-1": "HR1-22F0-8B61"}, "beyond what was demanded"),
        ({"devices-1": []}, "Choose at least one device"),
    ],
)
def test_a_line_cannot_be_narrowed_to_what_was_not_demanded(desk, changes, sentence):
    reference = desk.warrant(devices=[KITCHEN, BEDROOM])
    typed = {"line-1": "narrow", "to-1": "2026-03-15T00:00", "devices-1": [KITCHEN], "reasons": "Too wide."} | changes

    page = desk.as_(MAYA).send(f"/requests/{reference}/decide", [*accepting(desk, reference, **typed), ("step", "see")])

    assert page.status == 422
    assert sentence in page.main


def test_every_line_has_to_be_decided(desk):
    reference = desk.warrant(seeks=["audio", "transcript"])
    fields = [(n, v) for n, v in accepting(desk, reference) if n != "line-2"]

    page = desk.as_(MAYA).send(f"/requests/{reference}/decide", [*fields, ("step", "see")])

    assert page.status == 422
    assert "Decide line 2." in page.main


def test_a_ground_that_no_finding_gives_cannot_be_raised(desk):
    reference = desk.warrant()

    decided_through_the_pages(desk, reference, reasons="None.", grounds=["INVENTED_GROUND"])

    assert desk.case(reference).decision.grounds == ()


# Approving


def test_the_lawyer_who_decided_has_no_button_and_reads_why(desk):
    reference = desk.warrant()
    desk.decide(reference)

    page = desk.as_(MAYA).open(f"/requests/{reference}/approve")

    assert "You made this decision, so a different person has to approve it." in page.main
    assert "Approve this decision" not in page.main
    assert 'name="digest"' not in page.html


def test_the_lawyer_who_decided_cannot_approve_by_sending_the_form_anyway(desk):
    reference = desk.warrant()
    desk.decide(reference)
    digest = desk.case(reference).decision.digest

    answer = desk.as_(MAYA).send(f"/requests/{reference}/approve", digest=digest, answer="approve")

    assert answer.status == 403
    assert desk.case(reference).approvals == ()


def test_another_lawyer_approves_exactly_what_is_shown(desk):
    reference = desk.warrant()
    desk.decide(reference)
    page = desk.as_(TOMAS).open(f"/requests/{reference}/approve")
    recordings = desk.case(reference).decision.selection.recordings

    answer = desk.as_(TOMAS).send(f"/requests/{reference}/approve", digest=page.hidden("digest"), answer="approve")

    assert f"Recordings {recordings}" in page.main
    assert answer.status == 303
    assert desk.case(reference).approval.by == "tomas"
    assert desk.production(reference).state is ProductionState.RESERVED


def test_a_decision_that_changed_since_it_was_read_is_not_approved(desk):
    reference = desk.warrant()
    desk.decide(reference)

    answer = desk.as_(TOMAS).send(f"/requests/{reference}/approve", digest="0" * 64, answer="approve")

    assert answer.status == 409
    assert "The decision changed since you opened it" in answer.main
    assert desk.case(reference).approval is None


def test_a_decision_goes_back_only_with_a_reason(desk):
    reference = desk.warrant()
    desk.decide(reference)
    digest = desk.case(reference).decision.digest
    tomas = desk.as_(TOMAS)

    silent = tomas.send(f"/requests/{reference}/approve", digest=digest, answer="refuse")
    spoken = tomas.send(
        f"/requests/{reference}/approve", digest=digest, answer="refuse", reason="The bedroom is not named."
    )

    assert (silent.status, spoken.status) == (422, 303)
    assert desk.case(reference).state is CaseState.ASSESSED
    assert desk.case(reference).approvals[-1].reason == "The bedroom is not named."


# Producing, certifying, releasing


def test_progress_is_told_in_numbers_until_there_is_nothing_more_to_tell(desk):
    reference = desk.warrant()
    desk.begin(reference)
    made = desk.production(reference)
    total = len(made.items)
    desk.act(lambda work: work.productions.set_progress(made.id, "gather", done=2, total=total, seconds=1.0))
    path = f"/requests/{reference}/productions/1"

    page, part = desk.as_(MAYA).open(path), desk.as_(MAYA).open(f"{path}/progress")

    assert f"2 of {total} recordings read and verified" in part.text
    assert f'<progress id="gathering-1" max="{total}" value="2">' in part.html
    assert "<html" not in part.html
    assert "X-Done" not in part.response.headers
    assert f'data-poll="{path}/progress"' in page.html
    assert '<noscript><meta http-equiv="refresh"' in page.html


def test_progress_ends_when_a_person_has_to_act(desk):
    reference = desk.warrant()
    desk.gather(reference)

    part = desk.as_(MAYA).open(f"/requests/{reference}/productions/1/progress")

    assert part.response.headers["X-Done"] == "1"
    assert "Waits for the certificate" in part.text


def test_a_production_is_cancelled_before_it_is_signed_and_not_after(desk):
    early, late = desk.warrant(), desk.warrant()
    desk.begin(early)
    desk.offer(late)
    maya = desk.as_(MAYA)

    assert "Cancel this production" in maya.open(f"/requests/{early}/productions/1").main
    assert "Cancel this production" not in maya.open(f"/requests/{late}/productions/1").main
    assert maya.send(f"/requests/{early}/productions/1/cancel").status == 303
    assert maya.send(f"/requests/{late}/productions/1/cancel").status == 409
    assert desk.production(early).state is ProductionState.CANCELLED
    assert desk.production(late).state is ProductionState.OFFERED


def test_a_stopped_production_says_why_and_starts_again(desk):
    from requests_portal.work.produce import record_failure  # noqa: PLC0415

    reference = desk.warrant()
    desk.begin(reference)
    desk.act(lambda work: record_failure(work, desk.production(reference).id, "The store cannot be reached."))
    maya = desk.as_(MAYA)

    page = maya.open(f"/requests/{reference}/productions/1")
    answer = maya.send(f"/requests/{reference}/productions/1/retry")

    assert "Why it stopped: The store cannot be reached." in page.main
    assert answer.status == 303
    assert desk.production(reference).state is ProductionState.GATHERING


def test_a_production_that_waits_to_be_signed_says_why_and_is_tried_at_once(desk):
    from requests_portal.work.wait import record_waiting  # noqa: PLC0415

    reference = desk.warrant()
    desk.sealing(reference)
    made = desk.production(reference)
    desk.act(lambda work: record_waiting(work, made.id, "The timestamp authority does not answer."))
    maya = desk.as_(MAYA)

    page = maya.open(f"/requests/{reference}/productions/1")
    answer = maya.send(f"/requests/{reference}/productions/1/try-now")

    assert "Why it waits: The timestamp authority does not answer. It is tried again by itself" in page.main
    assert "Waits to be signed" in page.main
    assert "Try it now" in page.main
    assert answer.status == 303
    assert desk.production(reference).next_try_at == desk.now
    assert maya.send(f"/requests/{reference}/productions/1/retry").status == 409


def test_a_signed_document_says_whether_it_has_a_timestamp_and_an_archived_copy(desk):
    reference = desk.warrant()
    desk.offer(reference)
    made = desk.production(reference)
    with desk.ledger.reading() as work:
        document = work.productions.documents(made.id)[0]
    page = desk.as_(MAYA).open(f"/requests/{reference}/productions/1")
    assert "Missing; the archived copy gets one" in page.main
    copy = ArchivedCopy(
        production=made.id,
        volume=document.volume,
        kind=document.kind,
        sha256="c" * 64,
        size=document.size + 1,
        key="k",
        version_id="v",
        stamped_at=desk.now,
    )

    desk.act(lambda work: record_archived(work, made.id, (copy,)))
    desk.act(lambda work: record_archived(work, made.id, (copy,)))

    assert "Missing; added to the archived copy" in desk.as_(MAYA).open(f"/requests/{reference}/productions/1").main
    page = desk.as_(MAYA).open(f"/requests/{reference}")
    assert "added the missing timestamp" in page.main


def test_the_certificate_shows_its_words_its_items_and_what_is_not_as_catalogued(desk):
    reference = desk.warrant()
    desk.gather(reference, altered=1)
    made = desk.production(reference)

    page = desk.as_(PRIYA).open(f"/requests/{reference}/productions/1/certify")

    assert all(item.bates in page.main for item in made.items)
    assert page.main.count(made.discrepancies[0].sentence) == 2
    assert "Altered: not produced" in page.main
    assert "Priya Nair" in page.main


def test_the_custodian_signs_off_exactly_the_words_that_were_shown(desk):
    reference = desk.warrant()
    desk.gather(reference)
    path = f"/requests/{reference}/productions/1/certify"
    page = desk.as_(PRIYA).open(path)

    answer = desk.as_(PRIYA).send(path, digest=page.hidden("digest"), read="yes")

    signed = desk.production(reference).certificate
    assert answer.status == 303
    assert signed.custodian == "priya"
    assert all(" ".join(words.split()) in page.main for words in signed.paragraphs)


def test_the_sign_off_binds_the_pages_that_were_shown(desk):
    reference = desk.warrant()
    desk.gather(reference)
    path = f"/requests/{reference}/productions/1/certify"
    page = desk.as_(PRIYA).open(path)
    shown = draw(desk.outside, desk.production(reference).id, by=PRIYA)

    desk.as_(PRIYA).send(path, digest=page.hidden("digest"), read="yes")

    signed = desk.production(reference).certificate
    assert signed.pages == tuple(each.digest for each in shown.volumes)
    assert last_entry(desk, "certificate_signed_off").digests["pages_1"] == signed.pages[0]
    assert last_entry(desk, "certificate_signed_off").words == {"language_asked": "en", "language": "en"}


def last_entry(desk, act):
    with desk.engine.connect() as connection:
        log = [decode(row.entry) for row in connection.execute(select(audit_entries)).all()]
    return [each for each in log if each.act == act][-1]


def test_every_page_is_a_picture_and_there_is_no_page_beyond(desk):
    reference = desk.warrant()
    desk.gather(reference)
    path = f"/requests/{reference}/productions/1/certify"
    priya = desk.as_(PRIYA)

    page = priya.open(path)

    pictures = re.findall(r'src="([^"]+\.png)"', page.html)
    assert f"I have read all {len(pictures)} pages" in page.main
    assert {priya.open(each).response.data[:4] for each in pictures} == {b"\x89PNG"}
    assert priya.open(f"{path}/{len(pictures) + 1}.png").status == 404
    assert priya.open(f"{path}/0.png").status == 404


def test_the_pages_to_read_hold_no_file(desk):
    reference = desk.warrant()
    desk.gather(reference)

    answer = desk.as_(PRIYA).open(f"/requests/{reference}/productions/1/certify/1.pdf")

    with pikepdf.open(io.BytesIO(answer.response.data)) as pdf:
        assert "/Names" not in pdf.Root
        assert "/AF" not in pdf.Root
        assert b"noise" not in b"".join(each.read_bytes() for each in pdf.objects if isinstance(each, pikepdf.Stream))
    assert desk.as_(PRIYA).open(f"/requests/{reference}/productions/1/certify/2.pdf").status == 404


def test_what_changed_since_it_was_read_is_not_certified(desk):
    reference = desk.warrant()
    desk.gather(reference)
    path = f"/requests/{reference}/productions/1/certify"
    desk.as_(PRIYA).open(path)

    answer = desk.as_(PRIYA).send(path, digest="0" * 64, read="yes")

    assert answer.status == 409
    assert desk.production(reference).certificate is None


def test_pages_that_nobody_says_to_have_read_are_not_certified(desk):
    reference = desk.warrant()
    desk.gather(reference)
    path = f"/requests/{reference}/productions/1/certify"
    page = desk.as_(PRIYA).open(path)

    answer = desk.as_(PRIYA).send(path, digest=page.hidden("digest"))

    assert answer.status == 422
    assert "Tick that you have read the pages" in answer.main
    assert desk.production(reference).certificate is None


def test_certifying_asks_who_is_there_once_ten_minutes_have_passed(desk):
    reference = desk.warrant()
    desk.gather(reference)
    path = f"/requests/{reference}/productions/1/certify"
    priya = desk.as_(PRIYA)
    page = priya.open(path)
    desk.now += timedelta(minutes=10, seconds=1)

    answer = priya.send(path, digest=page.hidden("digest"), read="yes")

    assert answer.status == 401
    assert "your last sign-in was more than ten minutes ago" in answer.main
    assert "you will be asked to sign in again first" in priya.open(path).main
    assert desk.production(reference).certificate is None


def test_ten_minutes_after_signing_in_the_custodian_still_certifies(desk):
    reference = desk.warrant()
    desk.gather(reference)
    path = f"/requests/{reference}/productions/1/certify"
    priya = desk.as_(PRIYA)
    page = priya.open(path)
    desk.now += timedelta(minutes=10)

    answer = priya.send(path, digest=page.hidden("digest"), read="yes")

    assert answer.status == 303
    assert "you will be asked to sign in again" not in page.main


def test_pages_that_are_being_drawn_for_somebody_are_waited_for(desk):
    reference = desk.warrant()
    desk.gather(reference)
    made = desk.production(reference)
    lock = desk.outside.scratch / "to-sign-off" / made.id / f"{digest_of('priya')}.lock"
    lock.parent.mkdir(parents=True)

    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        page = desk.as_(PRIYA).open(f"/requests/{reference}/productions/1/certify")

    assert "The pages are being drawn." in page.main
    assert '<meta http-equiv="refresh"' in page.html


def test_pages_drawn_to_be_read_go_with_the_production_that_is_cancelled(desk):
    reference = desk.warrant()
    desk.gather(reference)
    made = desk.production(reference)
    desk.as_(PRIYA).open(f"/requests/{reference}/productions/1/certify")
    kept = desk.outside.scratch / "to-sign-off"
    before = [each.name for each in kept.iterdir()]

    desk.as_(MAYA).send(f"/requests/{reference}/productions/1/cancel")

    assert before == [made.id]
    assert list(kept.iterdir()) == []


def test_pages_of_a_production_that_no_longer_waits_go_when_others_are_drawn(desk):
    reference = desk.warrant()
    desk.gather(reference)
    made = desk.production(reference)
    kept = desk.outside.scratch / "to-sign-off"
    (kept / "019f0000-0000-7000-8000-000000000000" / "of-a-production-that-nobody-knows").mkdir(parents=True)

    desk.as_(PRIYA).open(f"/requests/{reference}/productions/1/certify")

    assert [each.name for each in kept.iterdir()] == [made.id]


def test_the_link_of_a_release_is_shown_once_and_kept_nowhere(desk):
    reference = desk.warrant()
    desk.offer(reference)
    path = f"/requests/{reference}/productions/1/release"
    maya = desk.as_(MAYA)

    page = maya.send(path, recipient="Deputy R. Pinecone")

    assert page.status == 200
    assert "the-secret-of-the-link" in page.html
    assert page.location == ""
    assert page.response.headers["Cache-Control"] == "no-store"
    assert "the-secret-of-the-link" not in str(page.response.headers)
    with maya.client.session_transaction(base_url="https://desk.example") as session:
        assert "the-secret-of-the-link" not in str(dict(session))
    for later in (path, f"/requests/{reference}/productions/1", f"/requests/{reference}"):
        assert "the-secret-of-the-link" not in maya.open(later).html


def test_a_double_click_releases_once(desk):
    reference = desk.warrant()
    desk.offer(reference)
    path = f"/requests/{reference}/productions/1/release"

    first, second = (desk.as_(MAYA).send(path, recipient="Deputy R. Pinecone") for _ in range(2))

    assert (first.status, second.status) == (200, 409)
    assert "the-secret-of-the-link" not in second.html


def test_a_release_names_its_recipient(desk):
    reference = desk.warrant()
    desk.offer(reference)

    page = desk.as_(MAYA).send(f"/requests/{reference}/productions/1/release", recipient="  ")

    assert page.status == 422
    assert page.html.count("Name the recipient.") == 2
    assert desk.production(reference).state is ProductionState.OFFERED


def test_a_customers_answer_is_opened_in_the_account_and_its_link_is_shown_to_nobody(desk):
    reference = desk.access_request()
    desk.offer(reference)

    page = desk.as_(MAYA).send(f"/requests/{reference}/productions/1/release", recipient="Juniper Marsh")

    assert page.status == 200
    assert "the-secret-of-the-link" not in page.html
    assert "in the customer's account" in page.main


def test_every_download_is_listed_on_the_production(desk):
    from requests_portal.model.production import Receipt  # noqa: PLC0415

    reference = desk.warrant()
    desk.release(reference)
    made = desk.production(reference)

    def downloaded(work):
        given = work.productions.releases(made.id)[0]
        receipt = Receipt(release=given.id, document="bundle", at=NOW, first_byte=0, last_byte=999)
        work.productions.add_receipt(receipt)

    desk.act(downloaded)

    page = desk.as_(MAYA).open(f"/requests/{reference}/productions/1")

    assert "Released to Deputy R. Pinecone" in page.main
    assert "Bundle 1.0 kB" in page.main


def test_assessing_again_stops_what_was_produced_under_the_old_decision(desk):
    reference = desk.warrant()
    desk.gather(reference)

    answer = desk.as_(MAYA).send(f"/requests/{reference}/assess")

    assert answer.status == 303
    assert desk.case(reference).decision is None
    assert desk.production(reference).state is ProductionState.CANCELLED


# The letter and the rules


def test_the_letter_says_each_objection_and_the_rule_it_comes_from(desk):
    reference = desk.warrant()
    desk.decide(reference)
    finding = next(f for f in desk.case(reference).assessment.findings if f.ground)

    page = desk.as_(MAYA).open(f"/requests/{reference}/letter")

    assert finding.title in page.main
    assert f'href="/rules#{finding.rule}"' in page.html
    assert "Draft" in page.main


def test_the_letter_as_a_pdf_is_a_draft(desk):
    reference = desk.warrant()
    desk.decide(reference)

    answer = desk.as_(MAYA).open(f"/requests/{reference}/letter.pdf").response

    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF-")
    assert f"{reference}-objection-draft.pdf" in answer.headers["Content-Disposition"]


def test_a_customers_copy_says_itself_what_it_leaves_out(desk):
    reference = desk.access_request()
    desk.decide(reference)
    assert desk.case(reference).decision.gives

    case, letter = (desk.as_(MAYA).open(f"/requests/{reference}{path}") for path in ("", "/letter"))

    assert "Read the objection letter" not in case.main
    assert letter.status == 409


def test_a_case_shows_how_far_its_production_has_come(desk):
    reference = desk.warrant()
    desk.begin(reference)
    made = desk.production(reference)
    desk.act(lambda work: work.productions.set_progress(made.id, "gather", done=1, total=4, seconds=1.0))

    assert "1 of 4 recordings read and verified" in desk.as_(MAYA).open(f"/requests/{reference}").main


def test_there_is_no_letter_before_a_decision(desk):
    reference = desk.warrant()

    answer = desk.as_(MAYA).open(f"/requests/{reference}/letter")

    assert answer.status == 409
    assert "no objection letter" in answer.main


def test_every_rule_of_the_book_can_be_read_with_its_law_and_its_cases(desk):
    book = desk.act(lambda work: work.book)

    page = desk.as_(ADA).open("/rules")

    assert f"{len(book.rules)} rules" in page.main
    assert book.digest[:16] in page.main
    for rule in book.rules:
        assert f'id="{rule.id}"' in page.html
        assert all(" ".join(cite.split()) in page.main for cite in rule.cite)


def test_a_time_limit_is_told_from_the_clock_that_is_passed_in(desk):
    reference = desk.warrant(due="2026-11-25")
    desk.now = NOW + timedelta(days=5)

    assert "late" in desk.as_(MAYA).open(f"/requests/{reference}").main


def test_the_second_person_sees_what_changed_since_the_decision_before(desk):
    reference = desk.warrant()
    desk.decide(reference)
    digest = desk.case(reference).decision.digest
    desk.as_(TOMAS).send(f"/requests/{reference}/approve", digest=digest, answer="refuse", reason="Too much.")
    form = [(name, "refuse" if name == "line-1" else value) for name, value in accepting(desk, reference)]
    seen = [*form, ("reasons", "Less of it.")]
    page = desk.as_(MAYA).send(f"/requests/{reference}/decide", [*seen, ("step", "see")])
    desk.as_(MAYA).send(f"/requests/{reference}/decide", [*seen, ("step", "decide"), ("seen", page.hidden("seen"))])

    shown = desk.as_(TOMAS).open(f"/requests/{reference}/approve")

    assert "What changed since the decision before" in shown.main
    assert "<ins>Less of it.</ins>" in shown.html
    assert "<ins>Nothing</ins>" in shown.html
    assert "Decided otherwise than proposed" in shown.main


def test_the_second_person_is_told_that_the_recipient_changed_and_has_no_button(desk):
    reference = desk.warrant()
    desk.decide(reference)

    def readdress(work):
        case = work.cases.by_reference(reference, by=MAYA)
        work.cases.put(replace(case, requester=replace(case.requester, email="sheriff@elsewhere.example")))

    desk.act(readdress)
    page = desk.as_(TOMAS).open(f"/requests/{reference}/approve")

    assert "Whom we write to changed since the decision" in page.main
    assert "Approve this decision" not in page.main
    assert "House policy asks for a second person: contents" in page.main
