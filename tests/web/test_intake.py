"""Intake, driven as a browser drives it, over real SQLite."""

import hashlib
import logging

import pytest
from an_intake import ADA, BASE, INES, KITCHEN, MAYA, NOW, ORDER, PERSON, TARGETS, WHO, Desk

from legal_rules.facts import FACTS
from requests_portal.database.tables import audit_entries
from requests_portal.model.case import Requester, Track
from requests_portal.web.desk.intake_facts import AS_TYPED, OTHER_NAMES
from requests_portal.web.desk.intake_fields import zones
from requests_portal.web.desk.intake_schema import STEPS

MINUS = "\N{MINUS SIGN}"
A_DAY_AHEAD = "2026-12-24"


@pytest.fixture
def desk(tmp_path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture
def ines(desk):
    return desk.browser()


@pytest.fixture
def draft(ines) -> str:
    return ines.begin()


def fill(browser, draft: str, *, who=WHO, order=ORDER, targets=TARGETS) -> None:
    for name, typed in (("who", who), ("order", order), ("targets", targets)):
        assert browser.send(f"{draft}/{name}", **typed).status == 303


# ── The four steps ──────────────────────────────────────────────────────


def test_a_demand_typed_in_four_steps_becomes_a_case_with_its_facts(desk, ines, draft):
    fill(ines, draft)

    filed = ines.send(f"{draft}/check")

    assert (filed.status, filed.location) == (303, "/requests/LE-2026-0001")
    case = desk.case("LE-2026-0001")
    assert case.title == "Search warrant for recordings and transcripts"
    assert case.requester.name == "Detective R. Quill"
    assert case.requester.address == ("12 Court Square", "Alder Flats, CA 90000")
    assert case.received_at.isoformat() == "2026-11-18T11:30:00-08:00"
    assert case.zone == "America/Los_Angeles"
    assert case.quotes[0].place == "page 2, paragraph 3"
    assert case.facts["process"] == "search_warrant"
    assert case.facts["requester_kind"] == "authority"
    assert case.facts["accounts"] == ["A-88310-4"]
    assert case.facts["signed"] is True
    assert case.facts["nexus_stated"] is False
    assert "requester_verified" not in case.facts


@pytest.mark.parametrize(
    ("seeks", "title"),
    [
        (["subscriber"], "Search warrant for subscriber information"),
        (["audio", "devices", "location", "purchases"], "Search warrant for recordings, devices and 2 other kinds"),
    ],
)
def test_a_case_is_called_by_its_paper_and_what_it_asks_for(desk, ines, draft, seeks, title):
    fill(ines, draft, order=ORDER | {"seeks": seeks})

    ines.send(f"{draft}/check")

    assert desk.case("LE-2026-0001").title == title


def test_the_last_day_of_a_period_is_included_in_the_zone_of_the_order(desk, ines, draft):
    fill(ines, draft)
    ines.send(f"{draft}/check")

    facts = desk.case("LE-2026-0001").facts

    assert facts["range_from"] == "2026-01-01T00:00:00-08:00"
    assert facts["range_to"] == "2026-07-01T00:00:00-07:00"
    assert facts["incident_to"] == "2026-03-14T23:30:00-07:00"


def test_nobody_who_files_a_demand_can_say_that_the_requester_is_verified(desk, ines, draft):
    said = {"checked": "passed", "checked_how": "Called back", "verified_how": "call_back", "requester_verified": "yes"}
    fill(ines, draft, who=WHO | said)

    ines.send(f"{draft}/check")

    case = desk.case("LE-2026-0001")
    assert {"requester_verified", "verified_how"}.isdisjoint(case.facts)
    assert case.checks == ()


def test_an_organisation_that_names_nobody_is_the_requester(desk, ines, draft):
    fill(ines, draft, who=WHO | {"officer": ""})

    ines.send(f"{draft}/check")

    requester = desk.case("LE-2026-0001").requester
    assert (requester.name, requester.organisation) == ("Alder County Sheriff", "")


def test_a_federal_issuer_counts_as_issued_federally(desk, ines, draft):
    fill(ines, draft, who={**WHO, "issuer": "us_federal", "issuer_state": ""})

    ines.send(f"{draft}/check")

    assert desk.case("LE-2026-0001").facts["issuer_state"] == "US"


def test_a_request_by_post_is_filed_for_the_customer(desk, ines):
    draft = ines.begin("data_subject")
    assert ines.send(f"{draft}/person", **PERSON).location == f"{draft}/papers"

    filed = ines.send(f"{draft}/check")

    case = desk.case(filed.location.rpartition("/")[2])
    assert case.reference == "DS-2026-0001"
    assert (case.track, case.account, case.requester.name) == (Track.DATA_SUBJECT, "A-88310-4", "Juniper Marsh")
    assert case.title == "Copy of the account's data"
    assert case.facts["right"] == "access"
    assert "identity_verified" not in case.facts
    assert case.facts["seeks"] == ["audio", "subscriber", "transcript"]
    assert case.facts["data_subject_country"] == "US-CA"


AGENT = {
    "asker": "agent",
    "agent": "Robin Vale",
    "agent_organisation": "Butterknife Agents",
    "agent_email": "robin@butterknife.example",
    "agent_address": "2 Quay\nHarbour",
}


def test_whoever_asks_for_the_customer_is_reached_as_they_said_and_never_as_the_customer_is(desk, ines):
    draft = ines.begin("data_subject")
    ines.send(f"{draft}/person", **(PERSON | AGENT))

    filed = ines.send(f"{draft}/check")

    assert desk.case(filed.location.rpartition("/")[2]).requester == Requester(
        name="Robin Vale",
        organisation="Butterknife Agents",
        email="robin@butterknife.example",
        address=("2 Quay", "Harbour"),
    )


def test_an_agent_who_says_nothing_of_where_they_are_has_no_address_at_all(desk, ines):
    draft = ines.begin("data_subject")
    ines.send(f"{draft}/person", **(PERSON | {"asker": "agent", "agent": "Robin Vale"}))

    filed = ines.send(f"{draft}/check")

    assert desk.case(filed.location.rpartition("/")[2]).requester == Requester(name="Robin Vale")


HEARD = {
    "asker": "person_heard",
    "own": ["audio", "transcript"],
    "home": "FR",
    "heard_name": "Noor Vale",
    "heard_email": "noor.vale@example.org",
    "heard_as": "visitor",
    "heard_from": "2026-06-06",
    "heard_to": "2026-06-07",
}


def test_somebody_heard_on_another_s_device_has_a_request_that_is_not_the_account_s(desk, ines):
    draft = ines.begin("data_subject")
    ines.send(f"{draft}/person", **(PERSON | HEARD))

    filed = ines.send(f"{draft}/check")

    case = desk.case(filed.location.rpartition("/")[2])
    assert (case.account, case.requester.name, case.requester.country) == (None, "Noor Vale", "FR")
    assert (case.facts["requester_kind"], case.facts["heard_as"]) == ("person_heard", "visitor")
    assert case.facts["accounts"] == ["A-88310-4"]
    # By the clock of the place where the device stands.
    assert case.facts["range_from"] == "2026-06-06T00:00:00-07:00"
    assert case.facts["range_to"] == "2026-06-08T00:00:00-07:00"
    assert "A-88310-4" not in case.title


@pytest.mark.parametrize(
    ("changed", "beside"),
    [
        ({"heard_name": ""}, "heard_name"),
        ({"heard_as": ""}, "heard_as"),
        ({"heard_from": ""}, "heard_from"),
        ({"heard_to": "2026-06-05"}, "heard_to"),
        ({"own": ["audio", "subscriber"]}, "own"),
        ({"asker": "data_subject"}, "asker"),
        ({"agent": "Robin Vale"}, "asker"),
    ],
)
def test_what_somebody_heard_leaves_out_is_said_beside_the_field(ines, changed, beside):
    draft = ines.begin("data_subject")

    refused = ines.send(f"{draft}/person", **(PERSON | HEARD | changed))

    assert refused.status == 422
    assert refused.error_at(beside)


# ── Drafts ──────────────────────────────────────────────────────────────


def test_a_draft_survives_a_new_session(desk, ines, draft):
    ines.send(f"{draft}/who", save="yes", organisation="Alder County Sheriff")

    again = desk.browser()

    assert "Alder County Sheriff" in again.open("/new").text
    assert again.open(f"{draft}/who").value_of("organisation") == "Alder County Sheriff"


def test_save_and_finish_later_keeps_an_unfinished_form(ines, draft):
    saved = ines.send(f"{draft}/order", save="yes", issued_on="2026-11-16", quote_1="any and all")

    assert (saved.status, saved.location) == (303, "/new")
    page = ines.open(f"{draft}/order")
    assert page.value_of("issued_on") == "2026-11-16"
    assert page.value_of("quote_1") == "any and all"
    assert "Not finished" in ines.open(draft).text


def test_a_draft_is_its_owners_alone(desk, draft):
    maya = desk.browser(MAYA)

    assert maya.open(f"{draft}/who").status == 404
    assert desk.refused("maya") == [404]
    assert "Not named yet" not in maya.open("/new").text


def test_a_draft_can_be_thrown_away(desk, ines, draft):
    ines.send(f"{draft}/remove")

    assert desk.rows()["drafts"] == 0
    assert ines.open(draft).status == 404


def test_an_unfinished_draft_has_no_check_page(ines, draft):
    ines.send(f"{draft}/who", **WHO)

    assert ines.open(f"{draft}/check").location == draft
    assert "Cannot start yet" in ines.open(draft).text


def test_change_leads_back_to_check(ines, draft):
    fill(ines, draft)
    check = ines.open(f"{draft}/check")
    assert f'href="{draft}/order?return=check#f-process"' in check.html

    changed = ines.send(f"{draft}/order?return=check", **(ORDER | {"process": "civil_subpoena"}))

    assert changed.location == f"{draft}/check"
    assert "Civil subpoena" in ines.open(f"{draft}/check").text


def test_a_day_and_its_time_are_read_together_on_the_check_page(ines, draft):
    fill(ines, draft)

    assert "Received on Wednesday 18 November 2026, 11:30" in ines.open(f"{draft}/check").text


def test_filing_twice_files_once(desk, ines, draft):
    fill(ines, draft)

    first = ines.send(f"{draft}/check")
    second = ines.send(f"{draft}/check")

    assert first.status == 303
    assert second.status == 404
    assert "it has been filed" in second.text
    assert (desk.rows()["cases"], desk.rows()["drafts"]) == (1, 0)


def test_a_filing_that_fails_keeps_its_draft(desk, ines, draft, monkeypatch):
    fill(ines, draft)
    before = desk.rows()

    def broken(*_args, **_named):
        raise OSError("the disk is full")

    monkeypatch.setattr("requests_portal.database.drafts.SqlDrafts.remove", broken)
    ines.client.application.config["PROPAGATE_EXCEPTIONS"] = False

    assert ines.send(f"{draft}/check").status == 500
    assert desk.rows() == before


def test_an_unfinished_draft_cannot_be_filed(desk, ines, draft):
    ines.send(f"{draft}/who", **WHO)

    refused = ines.send(f"{draft}/check")

    assert refused.status == 422
    assert refused.error_at("process") == "Choose the kind of paper"
    assert desk.rows()["cases"] == 0


# ── The scope check ─────────────────────────────────────────────────────

OVERBROAD = ORDER | {"process": "administrative_subpoena"}


def test_the_live_check_and_the_page_after_continue_say_the_same(ines, draft):
    ines.send(f"{draft}/who", **WHO)
    fields = {"draft": draft.rpartition("/")[2], "step": "order"}

    live = ines.send("/new/check", **OVERBROAD, **fields)
    after = ines.open(ines.send(f"{draft}/order", **OVERBROAD).location)

    assert live.status == 200
    assert "us-sca-contents" in live.text
    assert after.findings == live.html.strip()


def test_the_live_check_writes_nothing(desk, ines, draft):
    ines.send(f"{draft}/who", **WHO)
    before, kept = desk.rows(), ines.open(f"{draft}/order").html.count("2026-11-16")

    ines.send("/new/check", **OVERBROAD, draft=draft.rpartition("/")[2], step="order")

    assert desk.rows() == before
    assert ines.open(f"{draft}/order").html.count("2026-11-16") == kept == 0


def test_the_live_check_logs_no_name(ines, draft, caplog):
    with caplog.at_level(logging.DEBUG):
        ines.send("/new/check", **WHO, draft=draft.rpartition("/")[2], step="who")

    assert "Alder" not in caplog.text


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("range_to", "2025-01-01"),
        ("process", "a nice letter"),
        ("issued_on", "yesterday"),
        ("seeks", ["audio", "everything"]),
        ("received_on", A_DAY_AHEAD),
    ],
)
def test_what_is_invalid_is_not_yet_established(ines, draft, field, typed):
    fields = {"draft": draft.rpartition("/")[2], "step": "order"}
    without = {name: value for name, value in OVERBROAD.items() if name != field}

    invalid = ines.send("/new/check", **(OVERBROAD | {field: typed}), **fields)

    assert invalid.status == 200
    assert invalid.html == ines.send("/new/check", **without, **fields).html
    assert field == "received_on" or invalid.html != ines.send("/new/check", **OVERBROAD, **fields).html


def test_the_live_check_of_somebody_elses_draft_says_nothing(desk, draft):
    live = desk.browser(MAYA).send("/new/check", **WHO, draft=draft.rpartition("/")[2], step="who")

    assert live.status == 404


def test_the_period_is_read_back_with_its_clock_change(ines, draft):
    ines.send(f"{draft}/order", **ORDER)

    text = ines.open(f"{draft}/targets").text

    assert "1 January to 30 June 2026 (181 days)" in text
    assert f"UTC{MINUS}08:00, from 8 March UTC{MINUS}07:00" in text


def test_the_check_page_reads_the_paper_as_confirmed(ines, draft):
    fill(ines, draft, order=OVERBROAD | {"says": []})

    assert "any-unsigned" not in ines.open(f"{draft}/targets").text
    assert "any-unsigned" in ines.open(f"{draft}/check").text


# ── What is refused, and how ────────────────────────────────────────────

BAD_ORDERS = [
    ("range_to", "2025-12-31", "This ends before it begins. Check both dates."),
    ("incident_to_time", "20:00", None),
    ("issued_on", A_DAY_AHEAD, "This day is still to come. Check the year and the month."),
    ("issued_on", "16.11.2026", "Enter a day such as 2026-05-31."),
    ("issued_on", "0016-11-16", "Enter a year from 1970 to 2100."),
    ("served_on", "2026-11-01", "It was served before it was issued. Check both days."),
    ("court_return_on", "2026-11-01", "The answer is due before it was issued. Check both days."),
    ("received_on", "2026-11-24", "This is still to come. Check the day and the time."),
    ("received_on", "", "Enter the day it reached us"),
    ("received_on_time", "25:00", "Enter a time such as 09:30."),
    ("received_on_time", "11:30+02:00", "Enter the time alone, such as 09:30; the zone has a field of its own."),
    ("zone", "", "Choose the time zone that the order's dates are read in"),
    ("zone", "Mars/Olympus", "Choose one of the answers in the list."),
    ("process", "", "Choose the kind of paper"),
    ("process", "polite_request", "Choose one of the answers in the list."),
    ("seeks", [], "Choose at least one kind of data"),
    ("seeks", ["audio", "everything"], "Choose from the answers in the list."),
    ("quote_1", "x" * 2001, "This is too long: 2,000 characters fit here."),
    ("quote_1", "any\x00thing", "This holds a character that cannot be printed. Delete it and type the words again."),
    ("place_2", "page 3", None),
    ("offence_max_years", "three", "Enter whole years from 0 to 100."),
]


@pytest.mark.parametrize(("field", "typed", "sentence"), BAD_ORDERS)
def test_a_bad_order_is_refused_beside_the_field_and_nothing_is_lost(desk, ines, draft, field, typed, sentence):
    before = desk.rows()
    sent = ORDER | {field: typed}

    refused = ines.send(f"{draft}/order", **sent)

    beside = {"incident_to_time": "incident_to", "place_2": "quote_2"}.get(field, field)
    assert refused.status == 422
    assert refused.title.startswith("Error: ")
    assert refused.error_at(beside)
    assert sentence in {None, refused.error_at(beside)}
    assert f'href="#f-{beside}"' in refused.html
    assert refused.value_of("issued_on") == sent["issued_on"]
    assert refused.value_of("quote_1") == sent["quote_1"]
    assert refused.chosen("says") == ["signed", "issuer_named"]
    assert desk.rows() == before
    assert ines.open(f"{draft}/order").value_of("issued_on") == ""


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("accounts", "A-00000-0", "We know no account A-00000-0. Check the number against the paper."),
        ("accounts", "A-88310-4; drop table", "“drop table” is not an account number such as A-88310-4"),
        ("devices", "HR2-0000-0000", "These accounts have no device HR2-0000-0000."),
        ("devices", "the kitchen speaker", "“the kitchen speaker” is not a serial number such as HR2-41B0-7F2C"),
        ("accounts", "\n".join(f"A-{n}" for n in range(51)), "At most 50 fit here; this has 51."),
        ("keywords", "knife\x07", "This holds a character that cannot be printed."),
        ("nondisclosure_ends_on", "2027-01-01", None),
    ],
)
def test_bad_targets_are_refused_beside_the_field(desk, ines, draft, field, typed, sentence):
    before = desk.rows()

    refused = ines.send(f"{draft}/targets", **(TARGETS | {field: typed}))

    beside = {"nondisclosure_ends_on": "silence"}.get(field, field)
    assert refused.status == 422
    assert refused.error_at(beside).startswith(sentence or "Tick that a court order forbids it")
    assert desk.rows() == before


def test_an_order_of_silence_cannot_end_before_it_was_made(ines, draft):
    days = {"nondisclosure_issued_on": "2026-11-16", "nondisclosure_ends_on": "2026-11-01"}

    refused = ines.send(f"{draft}/targets", **TARGETS, **days, silence=["nondisclosure_order"])

    assert refused.error_at("nondisclosure_ends_on") == "The order ends before it was made. Check both days."


@pytest.mark.parametrize(
    ("changed", "beside"),
    [
        ({"organisation": ""}, "organisation"),
        ({"organisation": "x" * 201}, "organisation"),
        ({"officer": "Quill\u202egnp.exe"}, "officer"),
        ({"email": "not an address"}, "email"),
        ({"address": "\n".join("abcdefghi")}, "address"),
        ({"country": "Atlantis"}, "country"),
        ({"issuer": "us_federal", "issuer_state": "CA"}, "issuer_state"),
    ],
)
def test_a_bad_requester_is_refused_beside_the_field(ines, draft, changed, beside):
    refused = ines.send(f"{draft}/who", **(WHO | changed))

    assert refused.status == 422
    assert refused.error_at(beside)
    assert refused.value_of("organisation") == (WHO | changed)["organisation"]


@pytest.mark.parametrize(
    ("changed", "beside"),
    [
        ({"account": "A-00000-0"}, "account"),
        ({"right": ""}, "right"),
        ({"own": []}, "own"),
        ({"asker": "agent"}, "agent"),
        ({"agent": "Robin Vale"}, "asker"),
        ({"agent_email": "robin@butterknife.example"}, "asker"),
        ({"received_on": "2026-11-24"}, "received_on"),
    ],
)
def test_a_bad_request_of_a_person_is_refused_beside_the_field(ines, changed, beside):
    draft = ines.begin("data_subject")

    refused = ines.send(f"{draft}/person", **(PERSON | changed))

    assert refused.status == 422
    assert refused.error_at(beside)


def test_over_long_text_is_not_saved_for_later_either(desk, ines, draft):
    refused = ines.send(f"{draft}/who", save="yes", officer="x" * 201)

    assert refused.status == 422
    assert refused.value_of("officer") == "x" * 201
    assert ines.open(f"{draft}/who").value_of("officer") == ""


def test_what_was_typed_comes_back_escaped(ines, draft):
    ines.send(f"{draft}/who", **(WHO | {"organisation": '"><script>alert(1)</script>'}))

    page = ines.open(f"{draft}/who")

    assert page.value_of("organisation") == '"><script>alert(1)</script>'
    assert "<script>alert" not in page.html


def test_a_kind_of_request_must_be_chosen(desk, ines):
    refused = ines.send("/new")

    assert refused.status == 422
    assert refused.error_at("track") == "Choose what kind of request it is"
    assert desk.rows()["drafts"] == 0


@pytest.mark.parametrize(
    "path", ["/new", "/new/check", "{draft}/who", "{draft}/check", "{draft}/papers", "{draft}/remove"]
)
def test_a_form_without_its_token_is_refused(desk, ines, draft, path):
    before = desk.rows()

    answer = ines.client.post(path.format(draft=draft), data=WHO, base_url=BASE)

    assert answer.status_code == 400
    assert desk.rows() == before


def test_an_auditor_files_nothing(desk):
    assert desk.browser(ADA).open("/new").status == 403


def test_a_step_of_the_other_track_is_not_there(ines, draft):
    assert ines.open(f"{draft}/person").status == 404


# ── Facts and words ─────────────────────────────────────────────────────


def choices_of_fields():
    for steps in STEPS.values():
        for step in steps:
            for name, field in step.schema().fields.items():
                if "choices" in field.metadata:
                    yield name, [value for value, _ in field.metadata["choices"]]


def test_every_choice_of_a_field_is_a_value_its_fact_takes():
    wrong = []
    for name, values in choices_of_fields():
        fact = FACTS.get(OTHER_NAMES.get(name, name))
        if fact is not None and fact.allowed:
            wrong += [(name, value) for value in values if value not in fact.allowed]

    assert wrong == []


def test_every_value_of_a_fact_of_the_paper_can_be_chosen():
    offered: dict[str, set[str]] = {}
    for name, values in choices_of_fields():
        offered.setdefault(OTHER_NAMES.get(name, name), set()).update(values)

    lacking = {
        name: set(FACTS[name].allowed) - offered[name] for name in AS_TYPED if FACTS[name].allowed and name in offered
    }

    assert {name: values for name, values in lacking.items() if values} == {}


def test_every_box_to_tick_is_a_flag():
    groups = ("says", "also", "reach", "silence", "emergency", "abroad")
    boxes = [value for name, values in choices_of_fields() if name in groups for value in values]

    assert {FACTS[box].type for box in boxes} == {"flag"}


def test_the_zones_offered_are_places_people_name():
    names = dict(zones())

    assert names["America/Los_Angeles"] == "America/Los Angeles"
    assert "UTC" in names
    assert not {"EST", "US/Pacific", "Etc/GMT+8"} & names.keys()


def test_filing_is_logged_without_a_name(desk, ines, draft):
    fill(ines, draft)
    ines.send(f"{draft}/check")

    with desk.engine.connect() as connection:
        log = b"".join(
            entry for (entry,) in connection.execute(audit_entries.select().with_only_columns(audit_entries.c.entry))
        )

    assert b"case_received" in log
    assert INES.id.encode() in log
    assert b"Quill" not in log
    assert b"Alder" not in log


def test_a_paper_travels_with_its_filing(desk, ines, draft):
    fill(ines, draft)
    ines.upload(f"{draft}/papers", ("warrant.pdf", b"%PDF-1.7 a warrant"))

    ines.send(f"{draft}/check")

    (paper,) = desk.case("LE-2026-0001").papers
    assert paper.sha256 == hashlib.sha256(b"%PDF-1.7 a warrant").hexdigest()
    assert paper.received_at == NOW
    assert KITCHEN not in paper.filename
