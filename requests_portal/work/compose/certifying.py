"""Which statement a custodian makes: that which the law of whoever asked gives effect to."""

import re

from legal_rules.vocabulary.groups import US_GOVERNMENT
from requests_portal.model.case import Case, Track
from requests_portal.model.production import CertificateSignOff
from requests_portal.work.compose.phrases import Phrases
from requests_portal.work.ports import House

US, UK, UK_CIVIL = "certificate", "certificate_uk", "certificate_uk_civil"
EPOC, PLAIN, PERSON = "certificate_epoc", "certificate_declaration", "certificate_data_subject"
# What a standing policy certifies: that no person has read it.
BY_POLICY = "certificate_standing_policy"
PARTIES = frozenset({"civil_party", "defendant"})
# 28 U.S.C. § 1746 has one form for declarations made within the United States and one for those made elsewhere.
WITHIN, OUTSIDE = "declaration_within_us", "declaration_outside_us"
UNITED_STATES = re.compile(r"\bU\.?S\.?A\.?\b|\bUnited States\b")


def statement(case: Case) -> str:
    """The name of the text that is certified in this case."""
    if case.track is not Track.LEGAL_DEMAND:
        return PERSON
    issuer, country = case.facts.get("issuer"), case.requester.country.partition("-")[0]
    if issuer == "uk":
        return UK
    if issuer in PARTIES and country == "GB":
        return UK_CIVIL
    if case.facts.get("process") == "epoc":
        return EPOC
    return US if issuer in US_GOVERNMENT or (issuer in PARTIES and country in {"US", ""}) else PLAIN


def declaration(house: House) -> str:
    """The name of the declaration under 28 U.S.C. § 1746 for where the house signs."""
    return WITHIN if UNITED_STATES.search(" ".join((house.place, *house.address))) else OUTSIDE


def signed_off_by(sign_off: CertificateSignOff, say: Phrases) -> str:
    """Who made the statement, as the document names them: the custodian, or the policy."""
    policy = sign_off.policy
    return sign_off.custodian_name if policy is None else say["standing_policy"].format(policy.number)
