"""Matters decided or described in public: what this book proposes on their facts, adapted to a demand on us."""

from dataclasses import dataclass, field
from datetime import date

import pytest

from tests.rules.test_assessments import assess, grounds

TODAY = date(2026, 11, 3)
FORM = {
    "track": "legal_demand",
    "requester_kind": "authority",
    "issuer_named": True,
    "signed": True,
    "issued_on": "2026-10-26",
    "served_on": "2026-11-02",
    "requester_verified": True,
    "channel": "portal",
    "accounts": ["marsh"],
    "devices": [],
    "catch_all": False,
    "range_from": "2026-09-18",
    "range_to": "2026-09-22",
    "incident_from": "2026-09-20",
    "incident_to": "2026-09-20",
    "nondisclosure_requested": False,
    "circumstances": [],
    "third_parties_sought": False,
}
CERTIFICATE = FORM | {
    "issuer": "eu_state",
    "process": "epoc",
    "validated_by": "none",
    "channel": "judex",
    "certificate_flaws": [],
    "enforcing_authority_notified": False,
    "listed_offence": False,
}
LETTER = FORM | {"issuer": "foreign_state", "process": "foreign_request"}
BRITISH = FORM | {
    "issuer": "uk",
    "issuing_country": "GB",
    "process": "overseas_production_order",
    "agreement": "us_uk",
    "agreement_order_lacks": [],
    "account_flags": [],
}


@dataclass(frozen=True, kw_only=True)
class Matter:
    """A public matter: where it is found, what was adapted, the facts, and the answer we would sign."""

    cite: str
    adapted: str
    facts: dict
    disposition: str
    grounds: frozenset = frozenset()
    gives: frozenset = field(default=frozenset())
    on: date = TODAY


MATTERS = {
    "a prosecutor in Sofia wants traffic and location data without a judge": Matter(
        cite="CJEU, C-724/19, Spetsializirana prokuratura v HP, 16 December 2021 (EU:C:2021:1020)",
        adapted="four investigation orders to telephone companies are one production certificate to us",
        facts=CERTIFICATE
        | {"issuing_country": "BG", "issuer_role": "prosecutor", "seeks": ["connections", "location"]}
        | {"offence_max_years": 15},
        disposition="object",
        grounds=frozenset({"ISSUER_NOT_COMPETENT"}),
    ),
    "the same data when a court has reviewed the prosecutor's order": Matter(
        cite="CJEU, C-746/18, H.K. v Prokuratuur, 2 March 2021 (EU:C:2021:152)",
        adapted="the review that the Court asked for is the validation of Art. 4(2)(b)",
        facts=CERTIFICATE
        | {"issuing_country": "EE", "issuer_role": "prosecutor", "validated_by": "court"}
        | {"seeks": ["connections", "location"], "offence_max_years": 5},
        disposition="comply",
        gives=frozenset({"connections", "location"}),
    ),
    "a prosecutor in Vienna asks who holds an account": Matter(
        cite="CJEU, C-584/19, A. and Others (Staatsanwaltschaft Wien), 8 December 2020 (EU:C:2020:1002)",
        adapted="an investigation order to a bank is a production certificate for subscriber data to us",
        facts=CERTIFICATE
        | {"issuing_country": "AT", "issuer_role": "prosecutor", "seeks": ["subscriber"], "offence_max_years": 3},
        disposition="comply",
        gives=frozenset({"subscriber"}),
    ),
    "a tax office in Münster signs without anybody's validation": Matter(
        cite="CJEU, C-66/20, XK (Finanzamt für Steuerstrafsachen Münster), 2 September 2021 (EU:C:2021:670)",
        adapted="an investigation order to search premises is a production certificate for subscriber data",
        facts=CERTIFICATE
        | {"issuing_country": "DE", "issuer_role": "other_authority", "seeks": ["subscriber"], "offence_max_years": 10}
        | {"emergency_danger": False},
        disposition="object",
        grounds=frozenset({"ISSUER_NOT_COMPETENT"}),
    ),
    "a court in Münster has validated it": Matter(
        cite="CJEU, C-66/20, XK (Finanzamt für Steuerstrafsachen Münster), 2 September 2021 (EU:C:2021:670)",
        adapted="as before, with the validation that was missing",
        facts=CERTIFICATE
        | {"issuing_country": "DE", "issuer_role": "other_authority", "validated_by": "court"}
        | {"seeks": ["subscriber"], "offence_max_years": 10},
        disposition="comply",
        gives=frozenset({"subscriber"}),
    ),
    "who uses a stolen telephone, for an offence that is not serious": Matter(
        cite="CJEU, C-207/16, Ministerio Fiscal, 2 October 2018 (EU:C:2018:788)",
        adapted="the SIM cards activated with the telephone are the users of one account in twelve days",
        facts=CERTIFICATE
        | {"issuing_country": "ES", "issuer_role": "investigating_judge", "seeks": ["subscriber", "identification"]}
        | {"offence_max_years": 2},
        disposition="comply",
        gives=frozenset({"subscriber", "identification"}),
    ),
    "who called a stolen telephone, for aggravated theft": Matter(
        cite="CJEU, C-178/22, Procura della Repubblica presso il Tribunale di Bolzano, 30 April 2024 (EU:C:2024:371)",
        adapted="call records of two telephones are connection data of one account; six years is the maximum penalty",
        facts=CERTIFICATE
        | {"issuing_country": "IT", "issuer_role": "judge", "seeks": ["connections"], "offence_max_years": 6},
        disposition="comply",
        gives=frozenset({"connections"}),
    ),
    "who called it, had the penalty been two years": Matter(
        cite="CJEU, C-178/22, Procura di Bolzano, 30 April 2024; Reg. (EU) 2023/1543 Art. 5(4)(a)",
        adapted="the offence is a lesser one than in the case",
        facts=CERTIFICATE
        | {"issuing_country": "IT", "issuer_role": "judge", "seeks": ["connections"], "offence_max_years": 2},
        disposition="object",
        grounds=frozenset({"OFFENCE_THRESHOLD"}),
    ),
    "a Belgian prosecutor writes to a webmail company in California": Matter(
        cite="Cass. (Belgium), 1 December 2015, P.13.2082.N (Yahoo! Inc.)",
        adapted="the Belgian court fined the refusal; § 2702 still gives this answer from here before e-Evidence",
        facts=LETTER
        | {"issuer": "eu_state", "issuing_country": "BE", "issuer_role": "prosecutor", "seeks": ["identification"]},
        disposition="object",
        grounds=frozenset({"FOREIGN_NO_TREATY"}),
        on=date(2015, 12, 1),
    ),
    "the same prosecutor has a certificate for it today": Matter(
        cite="Cass. (Belgium), 1 December 2015, P.13.2082.N; Reg. (EU) 2023/1543 Art. 4(1)",
        adapted="the letter of 2007 is a certificate of 2026",
        facts=CERTIFICATE | {"issuing_country": "BE", "issuer_role": "prosecutor", "seeks": ["identification"]},
        disposition="comply",
        gives=frozenset({"identification"}),
    ),
    "an investigating judge in Mechelen wants a call service to listen in": Matter(
        cite="Cass. (Belgium), 19 February 2019, P.17.1229.N (Skype Communications SARL)",
        adapted="traffic data and interception are asked of us by one order of the judge's own law",
        facts=LETTER
        | {"issuer": "eu_state", "issuing_country": "BE", "issuer_role": "investigating_judge"}
        | {"seeks": ["connections", "future_data"]},
        disposition="object",
        grounds=frozenset({"FOREIGN_NO_TREATY"}),
        on=date(2019, 2, 19),
    ),
    "a prosecutor in Zurich asks the American company for connection data": Matter(
        cite="BGE 141 IV 108 (Swiss Federal Supreme Court, 14 January 2015, 1B_344/2014)",
        adapted="the history of addresses of one profile is the connections of one account",
        facts=LETTER | {"issuing_country": "CH", "issuer_role": "prosecutor", "seeks": ["connections"]},
        disposition="object",
        grounds=frozenset({"FOREIGN_NO_TREATY"}),
        on=date(2015, 1, 14),
    ),
    "a prosecutor in Lausanne asks the Swiss sales company, which holds nothing": Matter(
        cite="BGE 143 IV 21 (Swiss Federal Supreme Court, 16 November 2016, 1B_185/2016 and others)",
        adapted="the sales company is ours, and the data are another's",
        facts=LETTER
        | {"issuing_country": "CH", "issuer_role": "prosecutor", "seeks": ["subscriber"]}
        | {"circumstances": ["held_by_another_company"]},
        disposition="object",
        grounds=frozenset({"FOREIGN_NO_TREATY", "WRONG_ENTITY"}),
        on=date(2016, 11, 16),
    ),
    "a Brazilian court orders the contents of a mailbox kept in the United States": Matter(
        cite="STJ (Brazil), QO-Inq 784/DF, 17 April 2013 (Google Brasil)",
        adapted="messages are recordings, and the order reaches the American company itself",
        facts=LETTER | {"issuing_country": "BR", "issuer_role": "court", "seeks": ["audio", "transcript"]},
        disposition="object",
        grounds=frozenset({"FOREIGN_NO_TREATY"}),
        on=date(2013, 4, 17),
    ),
    "a British Columbian production order for an advertiser's subscriber data": Matter(
        cite="British Columbia (Attorney General) v. Brecknell, 2018 BCCA 5",
        adapted="the court had power over a company that is only virtually present; § 2702(c)(6) would not forbid it",
        facts=LETTER | {"issuing_country": "CA", "issuer_role": "court", "seeks": ["subscriber"]},
        disposition="object",
        grounds=frozenset({"FOREIGN_NO_TREATY"}),
        on=date(2018, 1, 9),
    ),
    "the Serious Fraud Office's notice to a company in the United States": Matter(
        cite="R (KBR, Inc) v Director of the Serious Fraud Office [2021] UKSC 2",
        adapted="documents of a group are an account's records",
        facts=LETTER
        | {"issuer": "uk", "issuing_country": "GB", "issuer_role": "other_authority", "seeks": ["audio", "subscriber"]},
        disposition="object",
        grounds=frozenset({"FOREIGN_NO_TREATY"}),
        on=date(2021, 2, 5),
    ),
    "a Crown Court's overseas production order for a robbery in London": Matter(
        cite="Crime (Overseas Production Orders) Act 2019 ss.1 to 6; US-UK Data Access Agreement Art. 4, 5",
        adapted="modelled on the Act; no reported order is followed",
        facts=BRITISH
        | {"issuer_role": "judge", "seeks": ["audio"], "offence_max_years": 14, "target_us_person": False},
        disposition="comply",
        gives=frozenset({"audio"}),
    ),
    "the same order served on the day its three months were over": Matter(
        cite="Crime (Overseas Production Orders) Act 2019 s.9(1)",
        adapted="modelled on the Act; no reported order is followed",
        facts=BRITISH
        | {"issuer_role": "judge", "seeks": ["audio"], "offence_max_years": 14, "target_us_person": False}
        | {"issued_on": "2026-08-02", "range_from": "2026-07-01", "range_to": "2026-07-05"}
        | {"incident_from": "2026-07-03", "incident_to": "2026-07-03"},
        disposition="object",
        grounds=frozenset({"EXPIRED"}),
    ),
    "French police ask for the gunmen's contents themselves": Matter(
        cite="The Paris attacks of January 2015: B. Smith (Microsoft), speech in Brussels, 20 January 2015",
        adapted="two mailboxes are one account; the request comes from Paris and not through the FBI",
        facts=LETTER
        | {"issuer": "eu_state", "issuing_country": "FR", "issuer_role": "police", "process": "emergency_request"}
        | {"seeks": ["audio"], "emergency_danger": True, "emergency_immediate": True},
        disposition="object",
        grounds=frozenset({"FOREIGN_NO_TREATY"}),
        on=date(2015, 1, 8),
    ),
    "an authority outside the Union writes to our company in the Union": Matter(
        cite="EDPB, Guidelines 02/2024 on Article 48 GDPR, version 2.1 (June 2025)",
        adapted="an official request with no international agreement behind it, for recordings stored in the Union",
        facts=LETTER
        | {"issuing_country": "IN", "issuer_role": "other_authority", "seeks": ["audio"], "data_location": "eu"},
        disposition="object",
        grounds=frozenset({"FOREIGN_NO_TREATY"}),
    ),
    "its ministry sends a treaty request to us instead of to the central authority": Matter(
        cite="EDPB, Guidelines 02/2024 on Article 48 GDPR, version 2.1; 18 U.S.C. § 3512",
        adapted="the company is to point to the treaty's own channel",
        facts=LETTER
        | {"issuing_country": "IN", "issuer_role": "other_authority", "process": "mlat", "seeks": ["audio"]},
        disposition="preserve_only",
        grounds=frozenset({"FOREIGN_NO_TREATY"}),
    ),
}


@pytest.mark.parametrize("matter", MATTERS.values(), ids=MATTERS.keys())
def test_the_answer_is_the_one_we_would_sign(matter):
    assessment = assess(matter.facts, on=matter.on)

    assert grounds(assessment) - {None} == matter.grounds, matter.cite
    assert assessment.disposition == matter.disposition
    assert {line.line.data_class for line in assessment.lines if line.proposed} == matter.gives


def test_through_the_fbi_the_same_emergency_may_be_helped():
    # The French request went through the FBI, and was answered in forty-five minutes (B. Smith, 20 January 2015).
    paris = MATTERS["French police ask for the gunmen's contents themselves"].facts

    days = {"issued_on": "2015-01-08", "served_on": "2015-01-08", "range_from": "2015-01-05", "range_to": "2015-01-08"}
    days |= {"incident_from": "2015-01-07", "incident_to": "2015-01-08"}

    through = assess(paris | days | {"issuer": "us_federal"}, on=date(2015, 1, 8))

    assert through.disposition == "comply_voluntarily"


def test_a_certificate_reaches_what_is_stored_and_not_what_skype_was_asked_to_intercept():
    skype = MATTERS["an investigating judge in Mechelen wants a call service to listen in"].facts
    certificate = skype | CERTIFICATE | {"issuer_role": "investigating_judge", "offence_max_years": 5}

    assessment = assess(certificate)

    assert grounds(assessment) == {"PROSPECTIVE"}
    assert {line.line.data_class for line in assessment.lines if line.proposed} == {"connections"}
