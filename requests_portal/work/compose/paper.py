"""The paper a document is laid out for: that of the country it goes to."""

from legal_rules.vocabulary.groups import US_GOVERNMENT
from requests_portal.bundle.contents import PaperSize
from requests_portal.model.case import Case

# Unicode CLDR, supplemental data, paperSize type="US-Letter".
LETTER_COUNTRIES = frozenset({"BZ", "CA", "CL", "CO", "CR", "GT", "MX", "NI", "PA", "PH", "PR", "SV", "US", "VE"})


def paper_of(country: str) -> PaperSize:
    """Return the paper of a country, or of a subdivision such as "US-CA"; A4 where nobody knows the country."""
    return "US Letter" if country.partition("-")[0] in LETTER_COUNTRIES else "A4"


def paper(case: Case) -> PaperSize:
    """Return the paper on which the requester of this case reads."""
    return paper_of(case.requester.country or _country_of_facts(case))


def _country_of_facts(case: Case) -> str:
    facts = case.facts
    if facts.get("issuer") in US_GOVERNMENT:
        return "US"
    return str(facts.get("data_subject_country") or facts.get("issuing_country") or "")
