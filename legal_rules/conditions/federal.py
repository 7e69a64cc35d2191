"""Phrases about the law of the United States: what an order reaches and for how long, emergencies, silence."""

from datetime import UTC, date, datetime, time, timedelta

from legal_rules.conditions.condition import CONDITIONS, condition, has, is_, seeks
from legal_rules.facts import Facts
from legal_rules.scope import Interval, between, end_asked_for, end_of_issue
from legal_rules.terms import Terms
from legal_rules.vocabulary.groups import CONTENT_CLASSES, DATED_CLASSES, FOR_THE_FUTURE, SUBPOENAS

is_("issuer acts under the law of the United States", "issuer", "us_federal", "us_state", "civil_party", "defendant")
is_("process is a court order", "process", "court_order")
is_("process is a wiretap order", "process", "wiretap_order")
is_("process is a pen register order", "process", "pen_register_order")
is_("process is an order for the future", "process", *FOR_THE_FUTURE)
is_("process is consent", "process", "consent")
is_("process is a warrant or an emergency request", "process", "search_warrant", "emergency_request")
is_("process reaches contents by a judge's order", "process", "search_warrant", "wiretap_order")
is_("process may be quashed as a burden", "process", "d_order", "court_order", *SUBPOENAS)
is_("process is one of § 2703 for contents", "process", "search_warrant", "d_order", "court_order")
is_("court found probable cause", "probable_cause_found", True)

# 18 U.S.C. §§ 2709(c), 2511(2)(a)(ii) and 3123(d)(2): here silence is the statute's, not an order's under § 2705(b).
is_("silence is the statute's own", "process", "nsl", "wiretap_order", "pen_register_order")
is_("no order forbids notice", "nondisclosure_order", False)
is_("the letter certifies no harm", "nondisclosure_certified", False)

is_("consent is the account holder's", "consent_by", "account_holder", "personal_representative")
is_("consent is somebody else's", "consent_by", "household_member", "somebody_else")

seeks("demand seeks what was read, heard or searched for", "purchases", "search_terms")
is_("no heightened need is shown", "expressive_need_shown", False)
seeks("demand seeks what no danger needs by itself", "purchases", "human_review_log", "employee_names", "recipients")
seeks("demand seeks connections", "connections")

has("an account is flagged as privileged", "account_flags", "law_office", "journalist", "health_care", "clergy")
has("an account is a journalist's", "account_flags", "journalist")
has("an account has a child's profile", "account_flags", "child_profile")

is_("contents are stored abroad", "data_location", "eu", "uk", "elsewhere")
has("a foreign law forbids it", "circumstances", "foreign_law_forbids")


# --- the wider demands

_FIFTH_CIRCUIT = frozenset({"LA", "MS", "TX"})


@condition("an order forbids notice", "nondisclosure_order", "nondisclosure_requested", asks=("nondisclosure_order",))
def _(facts: Facts, _: Terms) -> bool | None:
    # No order can be where nothing forbids or asks for silence.
    return False if facts.nondisclosure_requested is False else facts.nondisclosure_order


@condition(
    "silence is requested",
    *("nondisclosure_requested", "nondisclosure_order", "nondisclosure_certified"),
    asks=("nondisclosure_requested",),
)
def _(facts: Facts, _: Terms) -> bool | None:
    # Facts that contradict each other are refused before, so an order settles what the paper's words leave open.
    if facts.nondisclosure_order or facts.nondisclosure_certified:
        return True
    return facts.nondisclosure_requested


@condition("issuing court sits in the Fifth Circuit", "issuer_state", "court_seat")
def _(facts: Facts, _: Terms) -> bool | None:
    seat = facts.court_seat if facts.issuer_state == "US" else facts.issuer_state
    return None if seat is None else seat in _FIFTH_CIRCUIT


@condition("demand is for a place or for words", "area", "keywords")
def _(facts: Facts, _: Terms) -> bool | None:
    if facts.area or facts.keywords:
        return True
    return None if facts.area is None or facts.keywords is None else False


is_("an officer alone decides the later steps", "later_steps", "officer")

# Nobody need count what one account holds of a season.
_SEASON = timedelta(days=90)


@condition(
    "demand reaches over more than a season", "range_stated", "range_from", "range_to", "range_to_open", "issued_on"
)
def _(facts: Facts, _: Terms) -> bool | None:
    if facts.range_stated is False:
        return True
    end = end_asked_for(facts)
    return None if facts.range_from is None or end is None else end - facts.range_from > _SEASON


@condition("more recordings match than the house gives without talking", "volume")
def _(facts: Facts, terms: Terms) -> bool | None:
    return None if facts.volume is None else facts.volume > terms.policy.most_recordings


# --- contents before Warshak


def old_contents(facts: Facts, terms: Terms) -> Interval | None:
    """What is older on the day of issue than 18 U.S.C. § 2703(a)'s days; None while that day is not established."""
    end = end_of_issue(facts)
    return None if end is None else between(None, end - timedelta(days=terms.days["us.sca.content_age_line"]))


@condition(
    "contents are sought that are younger than the statute's line",
    *("seeks", "range_stated", "range_to", "range_to_open", "issued_on"),
)
def _(facts: Facts, terms: Terms) -> bool | None:
    if facts.seeks is not None and not facts.seeks & CONTENT_CLASSES:
        return False
    old = old_contents(facts, terms)
    young: bool | None = None
    if facts.range_stated is False or facts.range_to_open:
        young = True
    elif facts.range_to is not None and old is not None:
        young = facts.range_to > old.end
    return young if facts.seeks is not None or young is False else None


is_("customer has no notice", "customer_notice", False)


# --- orders for the future


def since_issue(facts: Facts) -> Interval | None:
    """From the start of the day of issue wherever on earth it was issued (UTC+14); None while it is not established."""
    if facts.issued_on is None:
        return None
    return between(datetime.combine(facts.issued_on, time(), UTC) - timedelta(hours=14), None)


@condition("demand reaches back before the day of issue", "seeks", "range_stated", "range_from", "issued_on")
def _(facts: Facts, _: Terms) -> bool | None:
    if facts.range_stated is False or (facts.seeks is not None and not facts.seeks & DATED_CLASSES):
        return False
    future = since_issue(facts)
    if facts.range_from is None or future is None:
        return None
    early = facts.range_from < future.start
    return None if early and facts.seeks is None else early


# 18 U.S.C. § 2518(5): thirty days from the first interception, which may wait ten; § 3123(c)(1): sixty from the order.
_DAYS_OF = {"wiretap_order": ("us.wiretap.max", "us.wiretap.begin"), "pen_register_order": ("us.pen.max",)}


def days_of_the_order(facts: Facts, terms: Terms) -> Interval | None:
    """Until the last day that the statute lets an order for the future run; None while process or day is unknown."""
    end = end_of_issue(facts)
    if end is None or facts.process not in _DAYS_OF:
        return None
    return between(None, end + timedelta(days=sum(terms.days[period] for period in _DAYS_OF[facts.process])))


@condition("order runs past its statute's days", "process", "range_stated", "range_to", "range_to_open", "issued_on")
def _(facts: Facts, terms: Terms) -> bool | None:
    if facts.range_stated is False or facts.range_to_open:
        return False
    if facts.process is not None and facts.process not in _DAYS_OF:
        return False
    allowed = days_of_the_order(facts, terms)
    return None if allowed is None or facts.range_to is None else facts.range_to > allowed.end


@condition("process does not reach all that is sought", "process", "seeks")
def _(facts: Facts, terms: Terms) -> bool | None:
    if facts.process is None or facts.seeks is None:
        return None
    held = facts.seeks - {"data_never_held"}
    return facts.process in terms.matrix and not terms.reaches(facts.process, held)


# --- emergencies


def emergency_start(facts: Facts, terms: Terms) -> datetime | None:
    """The house's padding before the danger began, or before the request where the paper does not date it."""
    began = facts.received_at if facts.incident_stated is False else facts.incident_from
    return None if began is None else began - timedelta(days=terms.policy.incident_padding_days)


def emergency_window(facts: Facts, terms: Terms) -> Interval | None:
    """From then until the request reached us; None while either is not established."""
    start = emergency_start(facts, terms)
    return None if start is None or facts.received_at is None else between(start, facts.received_at)


@condition(
    "demand reaches back past the emergency",
    *("range_stated", "range_from", "range_to", "range_to_open", "incident_stated", "incident_from", "received_at"),
)
def _(facts: Facts, terms: Terms) -> bool | None:
    back = CONDITIONS["no period is stated"].test(facts, terms)
    if back is False:
        start = emergency_start(facts, terms)
        back = None if start is None or facts.range_from is None else facts.range_from < start
    return _once_received(facts, beyond=back)


@condition(
    "demand reaches past the day it reached us",
    *("seeks", "range_stated", "range_to", "range_to_open", "issued_on", "received_at"),
)
def _(facts: Facts, terms: Terms) -> bool | None:
    if facts.seeks is None or "future_data" in facts.seeks:
        return _once_received(facts, beyond=None if facts.seeks is None else True)
    # “To the present” is the paper's day; what states no period at all is cut by another rule.
    present = facts.range_to_open and facts.issued_on is not None
    if not facts.seeks & DATED_CLASSES or facts.range_stated is False or present:
        return False
    # The law is asked for as of the day of receipt, which ends last at UTC-12.
    end = datetime.combine(terms.on, time(), UTC) + timedelta(days=1, hours=12)
    return _once_received(facts, beyond=None if facts.range_to is None else facts.range_to > end)


def _once_received(facts: Facts, *, beyond: bool | None) -> bool | None:
    """What goes beyond the emergency is cut to the moment of receipt, so that has to be known first."""
    return None if beyond and facts.received_at is None else beyond


# 5 U.S.C. § 6103(a), by month and day; and by month, weekday and which of the month's it is.
_HOLIDAYS = frozenset({(1, 1), (6, 19), (7, 4), (11, 11), (12, 25)})
_MOVING_HOLIDAYS = frozenset({(1, "Mon", 3), (2, "Mon", 3), (9, "Mon", 1), (10, "Mon", 2), (11, "Thu", 4)})
_WEEK = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
# The first day that can be May's last Monday.
_LAST_WEEK_OF_MAY = 25


def _is_holiday(day: date) -> bool:
    weekday = _WEEK[day.weekday()]
    if (day.month, weekday) == (5, "Mon") and day.day >= _LAST_WEEK_OF_MAY:
        return True
    return (day.month, day.day) in _HOLIDAYS or (day.month, weekday, (day.day + 6) // 7) in _MOVING_HOLIDAYS


def _courts_may_be_closed(day: date) -> bool:
    """Fed. R. Crim. P. 45(a)(1)(C), (6): weekends, legal holidays, and Mondays or Fridays kept beside them."""
    weekday = _WEEK[day.weekday()]
    if weekday in {"Sat", "Sun"} or _is_holiday(day):
        return True
    yesterday, tomorrow = (_is_holiday(day + timedelta(days=step)) for step in (-1, 1))
    return (weekday == "Mon" and yesterday) or (weekday == "Fri" and (yesterday or tomorrow))


@condition("served after Rule 41's days", "issued_on", "served_on")
def _(facts: Facts, terms: Terms) -> bool | None:
    if facts.issued_on is None or facts.served_on is None:
        return None
    days = terms.days["us.rule41.execute"]
    if (facts.served_on - facts.issued_on).days <= days:
        return False
    last = facts.issued_on + timedelta(days=days)
    while last < facts.served_on and _courts_may_be_closed(last):
        last += timedelta(days=1)
    return last < facts.served_on


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


# --- silence


@condition("nondisclosure order sets no end", "nondisclosure_end_stated", "nondisclosure_ends_on")
def _(facts: Facts, _: Terms) -> bool | None:
    if facts.nondisclosure_ends_on is not None:
        return False
    return None if facts.nondisclosure_end_stated is None else not facts.nondisclosure_end_stated


@condition("nondisclosure order had ended", "nondisclosure_end_stated", "nondisclosure_ends_on")
def _(facts: Facts, terms: Terms) -> bool | None:
    if facts.nondisclosure_end_stated is False:
        return False
    # The law is asked for as of the day of receipt.
    return None if facts.nondisclosure_ends_on is None else facts.nondisclosure_ends_on < terms.on


@condition("nondisclosure order is older than the process", "nondisclosure_issued_on", "issued_on")
def _(facts: Facts, _: Terms) -> bool | None:
    if facts.nondisclosure_issued_on is None or facts.issued_on is None:
        return None
    return facts.nondisclosure_issued_on < facts.issued_on


@condition(
    "nondisclosure order runs longer than the Department's policy",
    *("nondisclosure_end_stated", "nondisclosure_issued_on", "nondisclosure_ends_on"),
)
def _(facts: Facts, terms: Terms) -> bool | None:
    if facts.nondisclosure_end_stated is False:
        return False
    start, end = facts.nondisclosure_issued_on, facts.nondisclosure_ends_on
    if start is None or end is None:
        return None
    years = terms.days["us.doj.gag_policy_max"]
    return (end.year - start.year, end.month, end.day) > (years, start.month, start.day)


# --- other countries

# The governments that 18 U.S.C. § 2703(h)(1)(A) calls qualifying, by the country whose law they make.
_QUALIFYING = {"GB": "treaty.us_uk", "AU": "treaty.us_au"}


@condition("customer lives under a qualifying government", "customer_lives_in")
def _(facts: Facts, terms: Terms) -> bool | None:
    if facts.customer_lives_in is None:
        return None
    agreement = _QUALIFYING.get(facts.customer_lives_in)
    return agreement is not None and terms.in_force(agreement)
