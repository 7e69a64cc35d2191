"""Phrases about who asks, by what paper, and how it reached us."""

from legal_rules.conditions.condition import condition, is_
from legal_rules.facts import Facts
from legal_rules.terms import Terms
from legal_rules.vocabulary.groups import (
    AGREEMENT_ORDERS,
    CHECKED_OR_ELSEWHERE,
    CIVIL,
    COMPULSORY,
    FOR_THE_FUTURE,
    FOREIGN,
    OF_PARTIES,
    SUBPOENAS,
    TREATY_PAPERS,
    US_GOVERNMENT,
    WARRANT_GRADE,
)
from legal_rules.vocabulary.words import PROCESSES

is_("a legal demand", "track", "legal_demand")
is_("a data subject's request", "track", "data_subject")

is_("issuer is US government", "issuer", *US_GOVERNMENT)
is_("issuer is federal", "issuer", "us_federal")
is_("issuer is a foreign authority", "issuer", *FOREIGN)
is_("issuer is a state of the United States", "issuer", "us_state")
is_("requester is verified", "requester_verified", True)
is_("who asks was confirmed only by the paper itself", "verified_how", "contact_in_the_paper")
is_("issuer is not named", "issuer_named", False)
is_("paper is not signed", "signed", False)

is_("process is a search warrant", "process", "search_warrant")
is_("process is a government subpoena or order", "process", *(set(SUBPOENAS) - set(CIVIL)), "d_order", "court_order")
is_("process is below an order", "process", *(set(SUBPOENAS) - set(CIVIL)))
is_("process is not a warrant", "process", *(set(COMPULSORY) - set(WARRANT_GRADE)))
is_("process must be issued and signed", "process", *COMPULSORY, *FOR_THE_FUTURE)
# 18 U.S.C. §§ 2703(a), (d), 2518(1), 3123(a): what only a court gives.
is_("process is a court's to issue", "process", "search_warrant", "d_order", "court_order", *FOR_THE_FUTURE)
is_("process is a defence subpoena", "process", "defense_subpoena")
is_("process is compulsory", "process", *COMPULSORY)
is_("process is compulsory under American law", "process", *(set(COMPULSORY) - set(TREATY_PAPERS)))
is_("process rests on an agreement or the Regulation", "process", "epoc", *AGREEMENT_ORDERS)
# A grand jury inquires into crimes alone.
is_("process is an agency's or a trial's subpoena", "process", "administrative_subpoena", "trial_subpoena")
# An agency need not show its reasons on the face of its subpoena: Morton Salt, 338 U.S. 632 (1950).
is_("process must say why", "process", "trial_subpoena", *CIVIL)
is_("process is a national security letter", "process", "nsl")
is_("process is an emergency request", "process", "emergency_request")
is_("emergency is not attested", "emergency_attested", False)
is_("process is a preservation letter", "process", "preservation_letter")
is_("process compels nothing", "process", "informal_letter", "warrant_application")
is_("nobody has checked this process here", "process", *(set(PROCESSES) - set(CHECKED_OR_ELSEWHERE)))

is_("process is compulsory or voluntary", "process", *(set(PROCESSES) - {"preservation_letter", "epoc_pr"}))


is_("nobody has confirmed the requester", "requester_verified", False)


@condition("requester is not verified", "requester_verified", "verified_how", asks=("requester_verified",))
def _(facts: Facts, _: Terms) -> bool | None:
    # Whoever forged the paper answers the number that it gives: what is called a check was none.
    if facts.verified_how == "contact_in_the_paper":
        return True
    return None if facts.requester_verified is None else not facts.requester_verified


@condition("channel is not one the house accepts", "channel")
def _(facts: Facts, terms: Terms) -> bool | None:
    return None if facts.channel is None else facts.channel not in terms.policy.approved_channels


@condition("it comes from another state", "issuer_state")
def _(facts: Facts, terms: Terms) -> bool | None:
    # The process of federal courts runs nationwide.
    return None if facts.issuer_state is None else facts.issuer_state not in {"US", terms.policy.home_state}


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


is_("subpoena is not domesticated", "domesticated", False)
