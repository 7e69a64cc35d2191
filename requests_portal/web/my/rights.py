"""Where a customer lives decides which law gives the right, and who hears a complaint."""

from dataclasses import dataclass

from requests_portal.model.case import Case
from requests_portal.work.compose.phrases_en import ENGLISH
from requests_portal.work.compose.wording import complaint
from requests_portal.work.views.desk import law_of

_GDPR_ARTICLES = {
    "access": "15",
    "rectification": "16",
    "erasure": "17",
    "restriction": "18",
    "portability": "20",
    "objection": "21",
}
_CCPA_SECTIONS = {
    "access": "1798.110",
    "portability": "1798.130",
    "erasure": "1798.105",
    "rectification": "1798.106",
    "objection": "1798.121",
}


@dataclass(frozen=True, kw_only=True)
class Rights:
    """The law that gives the right, as one names it, or None; who hears a complaint; where else one can go."""

    law: str | None
    complain_to: str
    besides: str


def rights_of(case: Case) -> Rights:
    """The rights of the customer whose request this is, by where they live and what they ask for."""
    country, right = str(case.facts.get("data_subject_country") or ""), str(case.facts.get("right") or "")
    body = law_of(case)
    return Rights(law=_law(body, country, right), complain_to=complaint(ENGLISH, country), besides=_besides(body))


def _law(body: str, country: str, right: str) -> str | None:
    if body in {"gdpr", "uk_gdpr"}:
        name = "GDPR" if body == "gdpr" else "UK GDPR"
        return f"Article {_GDPR_ARTICLES[right]} {name}" if right in _GDPR_ARTICLES else name
    if country == "US-CA":
        section = _CCPA_SECTIONS.get(right)
        return f"the California Consumer Privacy Act{f' (Cal. Civ. Code § {section})' if section else ''}"
    return {"BR": "Article 18 of the LGPD", "CA": "PIPEDA"}.get(country)


def _besides(body: str) -> str:
    return "You can also go to court." if body in {"gdpr", "uk_gdpr"} else ""
