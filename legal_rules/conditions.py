"""Every phrase a rule may use, and what it means: True, False, or None for not established."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from legal_rules.errors import UnreadableBook
from legal_rules.facts import CONTENTS, OTHER_RECORDS, PROCESSES, Facts
from legal_rules.scope import UNLISTED, Interval, between
from legal_rules.terms import Terms

Test = Callable[[Facts, Terms], bool | None]


@dataclass(frozen=True)
class Condition:
    """A phrase, the facts it reads, and its three-valued meaning; learning a fact never flips an answer."""

    phrase: str
    reads: tuple[str, ...]
    test: Test

    def missing(self, facts: Facts) -> tuple[str, ...]:
        """The facts it reads that nobody has established."""
        return tuple(name for name in self.reads if getattr(facts, name) is None)


CONDITIONS: dict[str, Condition] = {}


def condition(phrase: str, *reads: str) -> Callable[[Test], Test]:
    """Define a phrase once."""

    def register(test: Test) -> Test:
        if phrase in CONDITIONS:
            raise UnreadableBook(f"Two conditions read “{phrase}”.")
        CONDITIONS[phrase] = Condition(phrase, reads, test)
        return test

    return register


def _is(phrase: str, fact: str, *values: object) -> None:
    """Define a phrase that holds when one fact has one of these values."""
    wanted = frozenset(values)

    def test(facts: Facts, _: Terms) -> bool | None:
        value = getattr(facts, fact)
        return None if value is None else value in wanted

    condition(phrase, fact)(test)


def _seeks(phrase: str, *classes: str) -> None:
    """Define a phrase that holds when any of these classes is asked for."""
    wanted = frozenset(classes)

    def test(facts: Facts, _: Terms) -> bool | None:
        return None if facts.seeks is None else not wanted.isdisjoint(facts.seeks)

    condition(phrase, "seeks")(test)


# --- which classes of data are meant by a word of a phrase
CONTENT_CLASSES = frozenset(CONTENTS)
RECORD_CLASSES = frozenset(OTHER_RECORDS)
SUBSCRIBER_CLASSES = frozenset({"subscriber", "identification", "connections"})
TRAFFIC_AND_CONTENT = CONTENT_CLASSES | RECORD_CLASSES | {"connections", "location", "voiceprint"}
# What has a date, so that a demand for it without a period takes everything since the account began.
DATED_CLASSES = CONTENT_CLASSES | {"connections", "location", "human_review_log", "purchases", UNLISTED}

# --- which papers are meant by a word of a phrase
WARRANT_GRADE = ("search_warrant", "wiretap_order")
CIVIL = ("civil_subpoena", "defense_subpoena")
SUBPOENAS = ("grand_jury_subpoena", "administrative_subpoena", "trial_subpoena", *CIVIL)
COMPULSORY = ("search_warrant", "d_order", "court_order", *SUBPOENAS, "nsl", "epoc", "agreement_order")
TREATY_PAPERS = ("epoc", "epoc_pr", "agreement_order")
CHECKED = (*COMPULSORY, "epoc_pr", "preservation_letter", "emergency_request", "informal_letter")
CHECKED_OR_ELSEWHERE = (*CHECKED, "warrant_application", "foreign_request")
# What a private party can have a court issue; everything else is a government's.
OF_PARTIES = (*CIVIL, "trial_subpoena", "court_order")
US_GOVERNMENT = ("us_federal", "us_state")
FOREIGN = ("eu_state", "uk", "foreign_state")
# Where GDPR applies: the Union and, by the EEA Agreement, Iceland, Liechtenstein and Norway.
EEA = frozenset(
    "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE IS LI NO".split()  # noqa: SIM905 — thirty codes read better in a line
)
CHECKED_COUNTRIES = EEA | {"GB", "US-CA"}

_is("a legal demand", "track", "legal_demand")
_is("a data subject's request", "track", "data_subject")

_is("issuer is US government", "issuer", *US_GOVERNMENT)
_is("issuer is federal", "issuer", "us_federal")
_is("issuer is a foreign authority", "issuer", *FOREIGN)
_is("issuer is a state of the United States", "issuer", "us_state")
_is("issuing state is California", "issuer_state", "CA")
_is("requester is not verified", "requester_verified", False)
_is("issuer is not named", "issuer_named", False)
_is("paper is not signed", "signed", False)

_is("process is a search warrant", "process", "search_warrant")
_is("process is a government subpoena or order", "process", *(set(SUBPOENAS) - set(CIVIL)), "d_order", "court_order")
_is("process is below an order", "process", *(set(SUBPOENAS) - set(CIVIL)))
_is("process is not a warrant", "process", *(set(COMPULSORY) - set(WARRANT_GRADE)))
_is("process is a defence subpoena", "process", "defense_subpoena")
_is("process is compulsory", "process", *COMPULSORY)
# An agency need not show its reasons on the face of its subpoena: Morton Salt, 338 U.S. 632 (1950).
_is("process must say why", "process", "trial_subpoena", *CIVIL)
_is("process is a national security letter", "process", "nsl")
_is("process is an emergency request", "process", "emergency_request")
_is("process is a preservation letter", "process", "preservation_letter")
_is("process compels nothing", "process", "informal_letter", "warrant_application")
_is("process is a European production order", "process", "epoc")
_is("process is a European preservation order", "process", "epoc_pr")
_is("process is an agreement order", "process", "agreement_order")
_is("paper rests on the issuer's own law", "process", *(set(PROCESSES) - {*TREATY_PAPERS, "mlat"}))
_is("nobody has checked this process here", "process", *(set(PROCESSES) - set(CHECKED_OR_ELSEWHERE)))

_is("demand also asks for what it does not list", "catch_all", True)
_is("demand is for a place", "area", True)
_is("demand takes in all customers", "all_users", True)
_is("demand says nothing of why", "nexus_stated", False)
_is("subpoena is not domesticated", "domesticated", False)
_is("target is a US person", "target_us_person", True)
_is("offence is listed", "listed_offence", True)

_seeks("demand seeks contents", *CONTENT_CLASSES)
_seeks("demand seeks location", "location")
_seeks("demand seeks a voiceprint", "voiceprint")
_seeks("demand seeks traffic or content data", *TRAFFIC_AND_CONTENT)
_seeks("demand seeks dated material", *DATED_CLASSES)
_seeks("demand seeks what was never held", "data_never_held")
_seeks("request seeks who asked about them", "legal_demand_log")
_seeks("request seeks a copy of recordings", "audio", "transcript")

_is("silence is requested", "nondisclosure_requested", True)
_is("no order forbids notice", "nondisclosure_order", False)
_is("an order forbids notice", "nondisclosure_order", True)

_is("right is a copy", "right", "access", "portability")
_is("right is not a copy", "right", "erasure", "rectification", "restriction", "objection")
_is("identity is not verified", "identity_verified", False)
_is("an agent asks", "requester_kind", "agent")
_is("agent has shown no permission", "agent_authority", False)
_is("what leaves is not the requester's own", "release_matches_requester", False)
_is("GDPR applies", "data_subject_country", *EEA)
_is("UK GDPR applies", "data_subject_country", "GB")
_is("CCPA applies", "data_subject_country", "US-CA")

_is("issuer is the United Kingdom", "issuer", "uk")
_is("a federal court issued it", "issuer_state", "US")
_is("target is not a US person", "target_us_person", False)
_is("data subject lives in Brazil", "data_subject_country", "BR")
_is("data subject lives in Canada", "data_subject_country", "CA")
_is("data subject lives in Switzerland", "data_subject_country", "CH")
_is("data subject lives in Korea", "data_subject_country", "KR")
_is(
    "data subject lives in a state with a 45-day law",
    "data_subject_country",
    *("US-VA", "US-CO", "US-CT", "US-TX", "US-OR", "US-WA"),
)
_is("process is compulsory or voluntary", "process", *(set(PROCESSES) - {"preservation_letter", "epoc_pr"}))


@condition("a return date is stated", "court_return_on")
def _(facts: Facts, _: Terms) -> bool | None:
    # Papers that order no date say nothing; the clock then runs on the next period that applies.
    return facts.court_return_on is not None


@condition("nobody has checked this country here", "data_subject_country")
def _(facts: Facts, _: Terms) -> bool | None:
    return None if facts.data_subject_country is None else facts.data_subject_country not in CHECKED_COUNTRIES


@condition("nothing is asked for", "seeks")
def _(facts: Facts, _: Terms) -> bool | None:
    return None if facts.seeks is None else not facts.seeks


def _unreached(phrase: str, classes: frozenset[str]) -> None:
    """Define a phrase that holds when the matrix says that the process does not reach what is sought of these."""

    def test(facts: Facts, terms: Terms) -> bool | None:
        if facts.process is None or facts.seeks is None:
            return None
        return facts.process in terms.matrix and not terms.reaches(facts.process, facts.seeks & classes)

    condition(phrase, "process", "seeks")(test)


_unreached("process does not reach the contents sought", CONTENT_CLASSES)
_unreached("process does not reach the records sought", RECORD_CLASSES)
_unreached("process does not reach the location sought", frozenset({"location"}))
_unreached("process does not reach the voiceprint sought", frozenset({"voiceprint"}))


@condition("no account or device is named", "accounts", "devices")
def _(facts: Facts, _: Terms) -> bool | None:
    if facts.accounts or facts.devices:
        return False
    return None if facts.accounts is None or facts.devices is None else True


@condition("words are to be searched for", "keywords")
def _(facts: Facts, _: Terms) -> bool | None:
    return None if facts.keywords is None else bool(facts.keywords)


@condition("more accounts than the house answers at once", "accounts")
def _(facts: Facts, terms: Terms) -> bool | None:
    return None if facts.accounts is None else len(facts.accounts) > terms.policy.most_accounts


@condition("no period is stated", "range_stated", "range_from", "range_to")
def _(facts: Facts, _: Terms) -> bool | None:
    if facts.range_from is not None or facts.range_to is not None or facts.range_stated:
        return False
    return None if facts.range_stated is None else True


@condition("incident is known", "incident_stated", "incident_from")
def _(facts: Facts, _: Terms) -> bool | None:
    return True if facts.incident_from is not None else facts.incident_stated


@condition("incident is not known", "incident_stated", "incident_from")
def _(facts: Facts, _: Terms) -> bool | None:
    known = CONDITIONS["incident is known"].test(facts, _)
    return None if known is None else not known


def incident_window(facts: Facts, terms: Terms) -> Interval | None:
    """The incident with the house's padding on each side; None while its first moment is not established."""
    if facts.incident_from is None:
        return None
    padding = timedelta(days=terms.policy.incident_padding_days)
    return Interval(facts.incident_from - padding, (facts.incident_to or facts.incident_from) + padding)


@condition(
    "period runs past the incident by more than the house allows",
    *("range_stated", "range_from", "range_to", "incident_stated", "incident_from", "incident_to"),
)
def _(facts: Facts, terms: Terms) -> bool | None:
    if facts.range_stated is False or facts.incident_stated is False:
        return False
    if None in (facts.range_from, facts.range_to, facts.incident_from, facts.incident_to):
        return None
    window = incident_window(facts, terms)
    return window is not None and not between(facts.range_from, facts.range_to) <= window


def emergency_window(facts: Facts, terms: Terms) -> Interval | None:
    """From the house's padding before the danger began on, or before the request where the paper does not date it."""
    began = facts.received_at if facts.incident_stated is False else facts.incident_from
    return None if began is None else between(began - timedelta(days=terms.policy.incident_padding_days), None)


@condition(
    "demand reaches back past the emergency",
    *("range_stated", "range_from", "range_to", "incident_stated", "incident_from", "received_at"),
)
def _(facts: Facts, terms: Terms) -> bool | None:
    no_period = CONDITIONS["no period is stated"].test(facts, terms)
    if no_period is not False:
        return no_period
    window = emergency_window(facts, terms)
    if window is None or facts.range_from is None:
        return None
    return facts.range_from < window.start


def end_of_issue(facts: Facts) -> datetime | None:
    """The end of the day of issue wherever on earth it was issued (UTC-12); None when that day is not established."""
    if facts.issued_on is None:
        return None
    return datetime.combine(facts.issued_on, time(), UTC) + timedelta(days=1, hours=12)


@condition("demand reaches past the day of issue", "seeks", "range_stated", "range_to", "issued_on")
def _(facts: Facts, _: Terms) -> bool | None:
    if facts.seeks is not None and "future_data" in facts.seeks:
        return True
    end = end_of_issue(facts)
    if facts.range_stated is False:
        late: bool | None = False
    else:
        late = None if facts.range_to is None or end is None else facts.range_to > end
    return late or (None if facts.seeks is None else late)


def _served_late(phrase: str, period: str) -> None:
    """Define a phrase that holds when a warrant was served more days after issue than this dated limit."""

    def test(facts: Facts, terms: Terms) -> bool | None:
        if facts.issued_on is None or facts.served_on is None:
            return None
        return (facts.served_on - facts.issued_on).days > terms.days[period]

    condition(phrase, "issued_on", "served_on")(test)


_served_late("served after Rule 41's days", "us.rule41.execute")
_served_late("served after California's days", "us.ca.warrant_void_after")


@condition("channel is not one the house accepts", "channel")
def _(facts: Facts, terms: Terms) -> bool | None:
    return None if facts.channel is None else facts.channel not in terms.policy.approved_channels


@condition("subpoena comes from another state", "issuer_state")
def _(facts: Facts, terms: Terms) -> bool | None:
    # Rule 45 subpoenas of federal courts run nationwide; only state courts need domestication.
    return None if facts.issuer_state is None else facts.issuer_state not in {"US", terms.policy.home_state}


@condition("emergency is shown", "emergency_danger", "emergency_immediate")
def _(facts: Facts, _: Terms) -> bool | None:
    shown = (facts.emergency_danger, facts.emergency_immediate)
    if False in shown:
        return False
    return None if None in shown else True


@condition("emergency is not shown", "emergency_danger", "emergency_immediate")
def _(facts: Facts, _: Terms) -> bool | None:
    shown = CONDITIONS["emergency is shown"].test(facts, _)
    return None if shown is None else not shown


@condition("a private party demands it", "issuer", "process")
def _(facts: Facts, _: Terms) -> bool | None:
    if facts.issuer in {"civil_party", "defendant"} or facts.process in CIVIL:
        return True
    return None if facts.issuer is None or facts.process is None else False


@condition("paper does not fit its issuer", "issuer", "process")
def _(facts: Facts, _: Terms) -> bool | None:
    if facts.issuer is None or facts.process is None:
        return None
    if facts.issuer in {"civil_party", "defendant"}:
        return facts.process not in OF_PARTIES
    if facts.issuer in US_GOVERNMENT:
        # 18 U.S.C. § 2709(b): a national security letter is the FBI's alone.
        of_a_state = {"nsl"} if facts.issuer == "us_state" else set()
        return facts.process in {*TREATY_PAPERS, "foreign_request", *of_a_state}
    return facts.issuer != "eu_state" and facts.process in {"epoc", "epoc_pr"}


@condition("demand seeks more than the subscriber list", "seeks")
def _(facts: Facts, _: Terms) -> bool | None:
    return None if facts.seeks is None else not facts.seeks <= SUBSCRIBER_CLASSES


@condition("Pina is decided")
def _(_facts: Facts, terms: Terms) -> bool | None:
    return terms.in_force("us.ca.pina")


@condition("no agreement in force covers it", "agreement")
def _(facts: Facts, terms: Terms) -> bool | None:
    if facts.agreement is None:
        return None
    return facts.agreement == "none" or not terms.in_force("treaty." + facts.agreement)


# Whose orders each agreement under 18 U.S.C. § 2523 covers.
_PARTNERS = {"us_uk": "uk", "us_au": "foreign_state"}


@condition("agreement is another country's", "issuer", "agreement")
def _(facts: Facts, _: Terms) -> bool | None:
    if facts.agreement == "none":
        return False
    if facts.issuer is None or facts.agreement is None:
        return None
    return facts.issuer != _PARTNERS[facts.agreement]


# Reg. 2023/1543 Art. 4(1) and (2): a prosecutor may order subscriber and identification data, not traffic or content.
_JUDICIAL = frozenset({"court", "judge", "investigating_judge"})
_JUDICIAL_OR_PROSECUTOR = _JUDICIAL | {"prosecutor"}


def _not_competent(phrase: str, competent: frozenset[str]) -> None:
    """Define a phrase that holds when neither issuer nor validator is among the competent."""

    def test(facts: Facts, _: Terms) -> bool | None:
        if competent.intersection((facts.issuer_role, facts.validated_by)):
            return False
        return None if facts.issuer_role is None or facts.validated_by is None else True

    condition(phrase, "issuer_role", "validated_by")(test)


_not_competent("no judge or court issued or validated it", _JUDICIAL)
_not_competent("no judicial authority issued or validated it", _JUDICIAL_OR_PROSECUTOR)


@condition("offence is below three years", "offence_max_years")
def _(facts: Facts, terms: Terms) -> bool | None:
    if facts.offence_max_years is None:
        return None
    # Both instruments set three years of maximum penalty (US-UK and US-AU Art. 1; Reg. 2023/1543 Art. 5(4)(a)).
    return facts.offence_max_years < terms.days["offence.floor_years"]


@condition("nondisclosure order sets no end", "nondisclosure_end_stated", "nondisclosure_ends_on")
def _(facts: Facts, _: Terms) -> bool | None:
    if facts.nondisclosure_ends_on is not None:
        return False
    return None if facts.nondisclosure_end_stated is None else not facts.nondisclosure_end_stated


@condition("nondisclosure order is older than the process", "nondisclosure_issued_on", "issued_on")
def _(facts: Facts, _: Terms) -> bool | None:
    if facts.nondisclosure_issued_on is None or facts.issued_on is None:
        return None
    return facts.nondisclosure_issued_on < facts.issued_on


@condition("other people are heard who have not agreed", "other_voices", "other_voices_consented")
def _(facts: Facts, _: Terms) -> bool | None:
    if facts.other_voices == frozenset():
        return False
    if facts.other_voices is None or facts.other_voices_consented is None:
        return None
    return not facts.other_voices <= facts.other_voices_consented
