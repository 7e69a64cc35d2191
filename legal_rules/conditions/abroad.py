"""Phrases about orders from other countries."""

from legal_rules.conditions.condition import condition, has, is_
from legal_rules.facts import Facts
from legal_rules.terms import Terms
from legal_rules.vocabulary.groups import AGREEMENT_ORDERS, BOUND_BY_2023_1543, CONTENT_CLASSES, TREATY_PAPERS
from legal_rules.vocabulary.words import PROCESSES

is_("process is a European production order", "process", "epoc")
is_("process is a European preservation order", "process", "epoc_pr")
is_("process is a European order", "process", "epoc", "epoc_pr")
is_("process is an agreement order", "process", *AGREEMENT_ORDERS)
is_("process is an overseas production order", "process", "overseas_production_order")
is_("process is a communications data notice", "process", "communications_data_notice")
is_("process is a treaty request", "process", "mlat")
# A customer's consent, like a treaty, is no law of the issuer's own.
_NOT_ITS_OWN = (*TREATY_PAPERS, "mlat", "consent", "communications_data_notice")
is_("paper rests on the issuer's own law", "process", *(set(PROCESSES) - {*_NOT_ITS_OWN}))
is_("target is a US person", "target_us_person", True)
is_("offence is listed", "listed_offence", True)
is_("issuer is the United Kingdom", "issuer", "uk")

is_("agreement is one under § 2523", "agreement", "us_uk", "us_au")
is_("order invokes the Second Protocol", "agreement", "second_protocol")
has("order lacks its certificate or its reasons", "agreement_order_lacks", "certificate", "articulable_facts")
has("no independent body reviewed the order", "agreement_order_lacks", "independent_review")

has(
    "certificate lacks what it must say",
    "certificate_flaws",
    *("no_offence_provisions", "no_data_category", "no_emergency_reasons", "not_our_language", "manifest_error"),
)
has("certificate touches an immunity or a privilege", "certificate_flaws", "immunity_or_privilege")
has("certificate touches the press", "certificate_flaws", "press_or_media")
has("certificate is addressed to another of our companies", "certificate_flaws", "other_addressee")
has("certificate concerns a service that is not covered", "certificate_flaws", "service_not_covered")
has(
    "sentence to be executed is too light, or imposed in absence",
    "certificate_flaws",
    *("sentence_under_four_months", "sentence_in_absentia"),
)
is_("an enforcing authority was notified", "enforcing_authority_notified", True)
is_("the enforcing authority's time runs", "enforcing_authority_clear", False)
has("the enforcing authority refused", "circumstances", "enforcing_authority_refused")
has("account may hold excepted data", "account_flags", "law_office", "health_care", "clergy")


@condition("Regulation does not bind the issuing State", "certificate_flaws", "issuing_country")
def _(facts: Facts, _: Terms) -> bool | None:
    flaws, country = facts.certificate_flaws, facts.issuing_country
    if "state_not_bound" in (flaws or ()) or (country is not None and country not in BOUND_BY_2023_1543):
        return True
    return None if flaws is None or country is None else False


@condition("no agreement in force covers it", "agreement")
def _(facts: Facts, terms: Terms) -> bool | None:
    if facts.agreement is None:
        return None
    return facts.agreement == "none" or not terms.in_force("treaty." + facts.agreement)


# Whose orders each agreement under 18 U.S.C. § 2523 covers.
_PARTNERS = {"us_uk": "uk", "us_au": "foreign_state"}


@condition("agreement is another country's", "issuer", "issuing_country", "agreement")
def _(facts: Facts, _: Terms) -> bool | None:
    if facts.agreement not in _PARTNERS:
        return None if facts.agreement is None else False
    if facts.issuer != _PARTNERS[facts.agreement]:
        return None if facts.issuer is None else True
    if facts.agreement == "us_uk":
        return False
    return None if facts.issuing_country is None else facts.issuing_country != "AU"


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


@condition("demand seeks records alone", "seeks")
def _(facts: Facts, _: Terms) -> bool | None:
    return None if facts.seeks is None else bool(facts.seeks) and not facts.seeks & CONTENT_CLASSES


@condition("served after the months for an overseas production order", "issued_on", "served_on")
def _(facts: Facts, terms: Terms) -> bool | None:
    if facts.issued_on is None or facts.served_on is None:
        return None
    made, served = facts.issued_on, facts.served_on
    months = (served.year - made.year) * 12 + served.month - made.month
    # Months that begin with the day of making end the day before the same date, or with the shorter month.
    return (months, served.day) >= (terms.days["uk.copoa.serve_by"], made.day)
