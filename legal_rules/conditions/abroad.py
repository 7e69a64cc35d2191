"""Phrases about orders from other countries."""

from legal_rules.conditions.condition import condition, is_
from legal_rules.facts import Facts
from legal_rules.terms import Terms
from legal_rules.vocabulary.groups import TREATY_PAPERS
from legal_rules.vocabulary.words import PROCESSES

is_("process is a European production order", "process", "epoc")
is_("process is a European preservation order", "process", "epoc_pr")
is_("process is an agreement order", "process", "agreement_order")
is_("paper rests on the issuer's own law", "process", *(set(PROCESSES) - {*TREATY_PAPERS, "mlat"}))
is_("target is a US person", "target_us_person", True)
is_("offence is listed", "listed_offence", True)

is_("issuer is the United Kingdom", "issuer", "uk")


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
