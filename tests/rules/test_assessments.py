"""Whole requests and their nearest neighbours: what a careful lawyer would answer, and nothing else."""

import json
from datetime import UTC, date, datetime, timedelta
from itertools import combinations

import pytest

from legal_rules.facts import dump, parse
from legal_rules.narrowing import Recorded
from legal_rules.scope import EVERYTHING, DemandLine, Interval
from tests.rules.strategies import forget
from tests.rules.test_cases import BOOK
from tests.rules.test_rule_book import ASKING

RECEIVED = date(2026, 11, 3)
WARRANT = {
    "track": "legal_demand",
    "requester_kind": "authority",
    "issuer": "us_state",
    "issuer_state": "NH",
    "issuer_role": "judge",
    "issuer_named": True,
    "process": "search_warrant",
    "signed": True,
    "issued_on": "2026-11-02",
    "served_on": "2026-11-03",
    "received_at": "2026-11-03T10:12:00-05:00",
    "requester_verified": True,
    "channel": "portal",
    "accounts": ["marsh"],
    "devices": [],
    "seeks": ["audio", "subscriber"],
    "catch_all": False,
    "range_from": "2026-10-18",
    "range_to": "2026-10-22",
    "incident_from": "2026-10-20T20:00:00-04:00",
    "incident_to": "2026-10-20T23:00:00-04:00",
    "nexus_stated": True,
    "nondisclosure_requested": False,
    "account_flags": [],
    "circumstances": [],
    "care_attestation": True,
    "third_parties_sought": False,
}
SUBPOENA = WARRANT | {"process": "grand_jury_subpoena"}
CIVIL = WARRANT | {"issuer": "civil_party", "process": "civil_subpoena", "issuer_state": "CA", "domesticated": False}
EPOC = WARRANT | {
    "issuer": "eu_state",
    "issuing_country": "FR",
    "process": "epoc",
    "issuer_role": "investigating_judge",
    "validated_by": "none",
    "offence_max_years": 10,
    "listed_offence": False,
    "emergency_danger": False,
    "certificate_flaws": [],
    "enforcing_authority_notified": False,
}
LONDON = WARRANT | {
    "issuer": "uk",
    "process": "agreement_order",
    "agreement": "us_uk",
    "target_us_person": False,
    "offence_max_years": 14,
    "agreement_order_lacks": [],
}
EMERGENCY = WARRANT | {"process": "emergency_request", "emergency_danger": True, "emergency_immediate": True}
EMERGENCY |= {"emergency_attested": True, "seeks": ["connections", "subscriber"]}
ACCESS = {
    "track": "data_subject",
    "requester_kind": "data_subject",
    "right": "access",
    "data_subject_country": "DE",
    "identity_verified": True,
    "accounts": ["marsh"],
    "seeks": ["audio", "transcript", "subscriber", "devices", "human_review_log"],
    "other_voices": [],
    "request_features": [],
    "planned_answer": [],
}
VALID = {
    "a particular warrant": WARRANT,
    "a grand jury subpoena for the subscriber": SUBPOENA | {"seeks": ["subscriber", "connections"]},
    "an order for the device register": WARRANT | {"process": "d_order", "seeks": ["devices"]},
    "a civil subpoena for the subscriber": CIVIL | {"seeks": ["subscriber"]},
    "an investigating judge's production order": EPOC,
    "a prosecutor's production order for the subscriber": EPOC | {"issuer_role": "prosecutor", "seeks": ["subscriber"]},
    "a British order under the agreement": LONDON,
    "a warrant that leaves the event undated": {
        **{name: value for name, value in WARRANT.items() if not name.startswith("incident_")},
        "incident_stated": False,
    },
    "a customer's access request": ACCESS,
    "a British customer's access request": ACCESS | {"data_subject_country": "GB"},
    "a Californian's access request": ACCESS | {"data_subject_country": "US-CA"},
}


def assess(raw, on=RECEIVED, **more):
    return BOOK.assess(parse(raw), on=on, **more)


def grounds(assessment):
    return {finding.ground for finding in assessment.findings if finding.outcome != "ask"}


@pytest.mark.parametrize("raw", VALID.values(), ids=VALID.keys())
def test_what_is_in_order_is_complied_with_and_nothing_is_found(raw):
    assessment = assess(raw)

    assert assessment.findings == ()
    assert assessment.disposition == "comply"
    assert all(line.disposition == "comply" and line.proposed == line.line.scope for line in assessment.lines)


# ruff: noqa: E501 — a table of neighbours reads in rows
# A request that deserves the objection: what differs from its neighbour in order, the ground, and the answer.
OBJECTIONABLE = [
    ("a subpoena for recordings too", SUBPOENA, {}, "CATEGORY_NOT_REACHABLE", "narrow"),
    ("a subpoena for recordings alone", SUBPOENA, {"seeks": ["audio"]}, "CATEGORY_NOT_REACHABLE", "object"),
    ("a subpoena for location", SUBPOENA, {"seeks": ["location"]}, "CATEGORY_NOT_REACHABLE", "object"),
    ("a subpoena for a voiceprint", SUBPOENA, {"seeks": ["voiceprint"]}, "BIOMETRIC_TEMPLATE", "object"),
    ("a civil subpoena for recordings", CIVIL, {"seeks": ["audio"]}, "CIVIL_CONTENT_BARRED", "object"),
    ("a Californian defendant's subpoena", CIVIL, {"issuer": "defendant", "process": "defense_subpoena"}, "CIVIL_CONTENT_BARRED", "escalate"),
    ("a civil subpoena from New Hampshire", CIVIL, {"issuer_state": "NH", "seeks": ["subscriber"]}, "NOT_DOMESTICATED", "object"),
    ("six months for one evening", WARRANT, {"range_from": "2026-05-01"}, "EXCESSIVE_DATE_RANGE", "narrow"),
    ("any and all data", WARRANT, {"catch_all": True}, "CATCH_ALL", "narrow"),
    ("no signature", WARRANT, {"signed": False}, "UNSIGNED", "object"),
    ("no issuer", WARRANT, {"issuer_named": False}, "MISSING_ISSUER", "object"),
    ("no account", WARRANT, {"accounts": [], "area": False, "all_users": False, "keywords": []}, "NO_ACCOUNT", "clarify"),
    ("everyone in a place", WARRANT, {"accounts": [], "area": True, "all_users": False, "keywords": [], "named_people": [], "place_described": False}, "AREA_DUMP", "escalate"),
    ("whoever said a word", WARRANT, {"accounts": [], "area": False, "all_users": False, "keywords": ["x"]}, "REVERSE_KEYWORD", "escalate"),
    ("nothing asked for", WARRANT, {"seeks": []}, "INCOMPLETE", "clarify"),
    ("no reason given", CIVIL, {"seeks": ["subscriber"], "nexus_stated": False}, "NO_NEXUS", "clarify"),
    ("the future", WARRANT, {"range_to": "2026-11-10", "incident_from": "2026-11-01"} | {"incident_to": "2026-11-02"}, "PROSPECTIVE", "narrow"),
    ("what was never held", WARRANT, {"seeks": ["audio", "data_never_held"]}, "CONTENT_NOT_HELD", "narrow"),
    ("a stale federal warrant", WARRANT, {"issuer": "us_federal", "issued_on": "2026-10-19", "range_to": "2026-10-19"}, "EXPIRED", "object"),
    ("a forged sheriff", WARRANT, {"requester_verified": False}, "AUTHENTICITY", "verify_requester"),
    ("a fax", WARRANT, {"requester_verified": False, "channel": "fax"}, "IMPROPER_SERVICE", "verify_requester"),
    ("a court abroad", WARRANT, {"issuer": "foreign_state", "process": "foreign_request"}, "FOREIGN_NO_TREATY", "object"),
    ("a prosecutor's order for recordings", EPOC, {"issuer_role": "prosecutor"}, "ISSUER_NOT_COMPETENT", "narrow"),
    ("a production order for an insult", EPOC, {"offence_max_years": 1}, "OFFENCE_THRESHOLD", "narrow"),
    ("a British order for an American", LONDON, {"target_us_person": True}, "TREATY_TARGETING_LIMIT", "object"),
    ("a British order for a petty offence", LONDON, {"offence_max_years": 1}, "OFFENCE_THRESHOLD", "object"),
    ("an emergency only in name", EMERGENCY, {"emergency_danger": False}, "EMERGENCY_NOT_SHOWN", "object"),
    ("a visitor is heard", ACCESS, {"other_voices": ["visitor"], "other_voices_consented": []}, "RIGHTS_OF_OTHERS", "narrow"),
    ("a stranger asks", ACCESS, {"identity_verified": False}, "IDENTITY_UNVERIFIED", "verify_identity"),
    ("a visitor without an account", ACCESS, {"accounts": [], "devices": []}, "CLARIFY", "clarify"),
    ("a kidnapper's voiceprint", EMERGENCY, {"seeks": ["connections", "voiceprint"]}, "BIOMETRIC_TEMPLATE", "escalate"),
    ("a stranger's agent asks", ACCESS, {"requester_kind": "agent", "agent_authority": False}, "AGENT_AUTHORITY", "verify_identity"),
    ("a Californian asks for the template", ACCESS, {"data_subject_country": "US-CA", "seeks": ["audio", "voiceprint"]}, "PROHIBITED_FIELD", "narrow"),
    ("whether the police asked", ACCESS, {"seeks": ["audio", "legal_demand_log"], "secrecy_orders": True}, "LEGAL_SECRECY", "escalate"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("base", "change", "ground", "disposition"),
    [row[1:] for row in OBJECTIONABLE],
    ids=[row[0] for row in OBJECTIONABLE],
)
def test_what_deserves_an_objection_gets_that_one(base, change, ground, disposition):
    assessment = assess(base | change)

    assert assessment.disposition == disposition
    assert ground in grounds(assessment)
    expected = {"AUTHENTICITY", "IMPROPER_SERVICE"} if ground == "IMPROPER_SERVICE" else {ground}
    assert grounds(assessment) - {None} == expected


def test_a_subpoena_gives_the_subscriber_and_withholds_the_recordings():
    audio, subscriber = assess(SUBPOENA).lines

    assert (audio.disposition, audio.proposed, audio.permitted) == ("object", None, None)
    assert audio.grounds == ("CATEGORY_NOT_REACHABLE",)
    assert (subscriber.disposition, subscriber.proposed) == ("comply", subscriber.line.scope)


def test_six_months_become_the_days_around_the_evening_and_a_lawyer_may_still_give_all():
    assessment = assess(WARRANT | {"range_from": "2026-05-01"})
    audio, subscriber = assessment.lines

    assert audio.disposition == "narrow"
    assert audio.proposed.interval == Interval(datetime(2026, 10, 7, tzinfo=UTC), datetime(2026, 10, 23, tzinfo=UTC))
    # A preference of the house forbids nothing.
    assert audio.permitted == audio.line.scope
    assert subscriber.disposition == "comply"
    assert assessment.scope.interval == audio.proposed.interval


def test_a_warrant_without_a_period_is_answered_for_the_days_around_the_event():
    undated = {name: value for name, value in WARRANT.items() if not name.startswith("range_")}

    assessment = assess(undated | {"range_stated": False, "seeks": ["audio"]})

    assert grounds(assessment) == {"NO_DATE_RANGE"}
    assert assessment.disposition == "narrow"
    assert assessment.scope.interval.end == datetime(2026, 11, 4, 3, tzinfo=UTC)


def test_an_unlisted_line_is_struck_and_the_listed_ones_stand():
    lines = {line.line.data_class: line for line in assess(WARRANT | {"catch_all": True}).lines}

    assert lines["unlisted"].proposed is None
    assert lines["unlisted"].disposition == "object"
    assert lines["audio"].disposition == "comply"


def test_a_shown_emergency_permits_and_does_not_compel():
    assessment = assess(EMERGENCY)

    assert assessment.disposition == "comply_voluntarily"
    assert {line.disposition for line in assessment.lines} == {"comply_voluntarily"}
    assert grounds(assessment) == {None}


def test_an_emergency_opens_no_recording_by_default_and_a_lawyer_may_still_give_one():
    assessment = assess(EMERGENCY | {"seeks": ["audio", "connections"]})
    audio, connections = assessment.lines

    assert (audio.proposed, audio.permitted, audio.grounds) == (None, audio.line.scope, ("LESS_SUFFICES",))
    assert connections.proposed == connections.line.scope
    assert assessment.disposition == "narrow"


def test_a_paper_nobody_has_checked_here_is_never_complied_with():
    assert assess(WARRANT | {"process": "mlat"}).disposition == "escalate"


@pytest.mark.parametrize(("process", "issuer"), [("preservation_letter", "us_state"), ("epoc_pr", "eu_state")])
def test_a_preservation_request_discloses_nothing(process, issuer):
    assessment = assess(EPOC | {"process": process, "issuer": issuer})

    assert assessment.disposition == "preserve_only"
    assert assessment.scope.is_empty
    assert {clock.id for clock in assessment.clocks} >= {"hold_expiry"}


@pytest.mark.parametrize("change", [{"data_subject_country": "JP"}, {"right": "erasure"}])
def test_what_nobody_has_checked_for_a_person_goes_to_counsel(change):
    assert assess(ACCESS | change).disposition == "escalate"


def test_other_people_s_recordings_stay_out_one_by_one():
    assessment = assess(ACCESS | {"other_voices": ["visitor", "family"], "other_voices_consented": ["family"]})

    def ground(*speakers):
        return assessment.withholds(
            Recorded(
                account="marsh",
                device="DD-7731",
                data_class="audio",
                recorded_at=datetime(2026, 3, 3, tzinfo=UTC),
                speakers=frozenset(speakers),
            )
        )

    assert ground("account_holder") is None
    assert ground("account_holder", "family") is None
    assert ground("account_holder", "visitor") == "RIGHTS_OF_OTHERS"
    assert {line.line.data_class for line in assessment.lines if line.disposition == "narrow"} == {
        "audio",
        "transcript",
    }


def test_other_voices_do_not_silence_a_valid_warrant():
    assessment = assess(WARRANT | {"other_voices": ["visitor"], "other_voices_consented": []})

    assert assessment.disposition == "comply"
    assert assessment.withheld == ()


def test_a_copy_passes_a_gate_before_it_leaves():
    assert assess(ACCESS).release_gates == ("SUBJECT_MISMATCH",)
    assert assess(ACCESS | {"release_matches_requester": True}).release_gates == ()
    assert assess(WARRANT).release_gates == ()


def test_a_failed_gate_is_a_finding_that_blocks():
    failed = assess(ACCESS | {"release_matches_requester": False})

    assert [(f.ground, f.outcome) for f in failed.findings] == [("SUBJECT_MISMATCH", "block_release")]
    assert failed.disposition == "block_release"
    assert failed.release_gates == ("SUBJECT_MISMATCH",)


SILENCE = {"nondisclosure_requested": True, "nondisclosure_order": True, "nondisclosure_issued_on": "2026-11-02"}


@pytest.mark.parametrize(
    ("change", "disposition", "expected"),
    [
        ({}, None, ()),
        ({"nondisclosure_requested": True, "nondisclosure_order": False}, "object", ("NONDISCLOSURE_NO_BASIS",)),
        (SILENCE | {"nondisclosure_end_stated": False}, "object", ("NONDISCLOSURE_NO_END",)),
        (SILENCE | {"nondisclosure_ends_on": "2027-11-02"}, "comply", ()),
        (
            SILENCE | {"nondisclosure_ends_on": "2027-11-02", "nondisclosure_issued_on": "2026-01-05"},
            "object",
            ("NONDISCLOSURE_NO_INDIVIDUAL_FINDING",),
        ),
        ({"nondisclosure_requested": True}, "clarify", ()),
    ],
)
def test_silence_is_answered_apart_from_the_data(change, disposition, expected):
    assessment = assess(WARRANT | change)

    assert (assessment.nondisclosure.disposition, assessment.nondisclosure.grounds) == (disposition, expected)
    assert assessment.disposition == "comply"


def test_an_order_is_a_request_for_silence_whatever_else_the_paper_says():
    unsaid = {name: value for name, value in WARRANT.items() if name != "nondisclosure_requested"}
    ordered = unsaid | SILENCE | {"nondisclosure_ends_on": "2027-11-02"}
    del ordered["nondisclosure_requested"]

    assert assess(ordered).nondisclosure.disposition == "comply"


def test_what_is_unknown_about_silence_is_named():
    unsaid = {name: value for name, value in EPOC.items() if name != "nondisclosure_requested"}

    assert assess(unsaid).nondisclosure.disposition == "clarify"
    assert "nondisclosure_requested" in assess(unsaid).missing


def test_a_person_s_own_request_is_not_about_silence():
    assert assess(ACCESS).nondisclosure.disposition is None


def test_whether_silence_is_asked_may_not_have_been_read_yet():
    unread = {name: value for name, value in WARRANT.items() if name != "nondisclosure_requested"}

    assert assess(unread).nondisclosure.disposition == "clarify"


@pytest.mark.parametrize(
    ("unknown", "disposition"),
    [
        ("signed", "clarify"),
        ("process", "clarify"),
        ("accounts", "clarify"),
        ("requester_verified", "verify_requester"),
        ("catch_all", "clarify"),
        ("seeks", "clarify"),
    ],
)
def test_an_unknown_fact_is_asked_of_whoever_can_supply_it(unknown, disposition):
    assessment = assess({name: value for name, value in WARRANT.items() if name != unknown})

    assert assessment.disposition == disposition
    assert unknown in assessment.missing


def test_an_unknown_identity_is_verified_and_an_unknown_target_goes_to_counsel():
    assert assess({k: v for k, v in ACCESS.items() if k != "identity_verified"}).disposition == "verify_identity"
    assert assess({k: v for k, v in LONDON.items() if k != "target_us_person"}).disposition == "escalate"


def test_an_open_question_that_changes_nothing_is_listed_and_does_not_hold_up_the_answer():
    unsigned_or_not = {k: v for k, v in (SUBPOENA | {"seeks": ["audio"]}).items() if k != "signed"}

    assessment = assess(unsigned_or_not)

    assert assessment.disposition == "object"
    assert assessment.missing == ("signed",)


SCENARIOS = {**VALID, **{row[0]: row[1] | row[2] for row in OBJECTIONABLE}}


@pytest.mark.parametrize("raw", SCENARIOS.values(), ids=SCENARIOS.keys())
def test_forgetting_any_two_facts_of_a_real_request_never_flips_its_answer(raw):
    full_facts = parse(raw)
    full = BOOK.assess(full_facts, on=RECEIVED)
    for pair in combinations(dump(full_facts), 2):
        partial = BOOK.assess(forget(full_facts, pair), on=RECEIVED)
        assert partial.disposition in {*ASKING, full.disposition}, pair
        settled = {f.rule for f in partial.findings if f.outcome != "ask"}
        assert settled <= {f.rule for f in full.findings}, pair


@pytest.mark.parametrize("raw", SCENARIOS.values(), ids=SCENARIOS.keys())
def test_a_smaller_line_never_gets_a_larger_proposal(raw):
    facts = parse(raw)
    for line in BOOK.assess(facts, on=RECEIVED).lines:
        whole = line.line
        later = Interval(max(whole.interval.start, datetime(2026, 10, 19, tzinfo=UTC)), whole.interval.end)
        smaller = DemandLine(
            id=whole.id, account="marsh", devices=frozenset({"DD-7731"}), data_class=whole.data_class, interval=later
        )
        (less,) = BOOK.assess(facts, on=RECEIVED, lines=[smaller]).lines
        assert less.proposed is None or less.proposed <= (line.proposed or EVERYTHING)
        assert less.proposed is None or line.proposed is not None


def test_lines_that_a_lawyer_drew_are_answered_one_by_one():
    lines = [
        DemandLine(
            id=number,
            account="marsh",
            devices=frozenset({"DD-7731"}),
            data_class="audio",
            interval=Interval(start, start + timedelta(days=1)),
        )
        for number, start in (("a", datetime(2026, 10, 20, tzinfo=UTC)), ("b", datetime(2026, 6, 1, tzinfo=UTC)))
    ]

    near, far = assess(WARRANT | {"range_from": "2026-05-01"}, lines=lines).lines

    assert (near.line.id, near.disposition) == ("a", "comply")
    assert (far.line.id, far.disposition, far.proposed) == ("b", "object", None)


def test_the_json_has_the_promised_keys():
    told = json.loads(json.dumps(assess(SUBPOENA | {"catch_all": True}).as_json()))

    assert told.keys() >= {
        "disposition", "lines", "findings", "scope", "withheld", "nondisclosure", "release_gates", "clocks", "book",
    }  # fmt: skip
    assert told["findings"][0].keys() >= {"rule", "ground", "outcome", "title", "cite", "basis", "remedy", "missing"}
    assert told["clocks"][0].keys() >= {"id", "due", "working"}
    assert told["nondisclosure"].keys() == {"disposition", "grounds"}
    assert told["scope"] == {
        "accounts": ["marsh"],
        "devices": "every",
        "classes": ["subscriber"],
        "interval": {"from": "2026-10-18T00:00:00+00:00", "to": "2026-10-23T00:00:00+00:00"},
    }
    assert len(told["book"]) == 64


def test_nothing_proposed_is_written_as_nothing():
    told = assess(SUBPOENA | {"seeks": ["audio"]}).as_json()

    assert told["scope"] == {"accounts": [], "devices": [], "classes": [], "interval": "never"}


def test_a_withheld_entry_names_its_rule_and_recordings():
    told = assess(ACCESS | {"other_voices": ["child"], "other_voices_consented": []}).as_json()

    assert told["withheld"] == [
        {
            "rule": "eu-gdpr-other-voices",
            "ground": "RIGHTS_OF_OTHERS",
            "recordings": "other people are heard who have not agreed",
            "classes": ["audio", "transcript"],
        }
    ]
