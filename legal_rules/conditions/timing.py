"""Phrases about which time limits run."""

from legal_rules.conditions.condition import condition, is_
from legal_rules.facts import Facts
from legal_rules.terms import Terms
from legal_rules.vocabulary.groups import SUBPOENAS, WARRANT_GRADE

is_("a federal court issued it", "issuer_state", "US")
# On their face these name a day of return, or leave it open; other papers' days are set by their law.
_RETURNABLE = frozenset({*WARRANT_GRADE, "d_order", "court_order", *SUBPOENAS})


@condition(
    "paper sets a day for its answer",
    *("process", "return_date_stated", "court_return_on"),
    asks=("return_date_stated",),
)
def _(facts: Facts, _: Terms) -> bool | None:
    if facts.court_return_on is not None:
        return True
    if facts.process is None or facts.process in _RETURNABLE:
        return facts.return_date_stated
    return False


is_("target is not a US person", "target_us_person", False)


@condition("the customer may be foreign", "target_us_person", "customer_lives_in", "circumstances")
def _(facts: Facts, _: Terms) -> bool | None:
    # 18 U.S.C. § 2703(h)(2)(A) lets us move only for a foreigner abroad: of a plain demand nobody asks.
    lives_abroad = (facts.customer_lives_in or "US").partition("-")[0] != "US"
    law_abroad = "foreign_law_forbids" in (facts.circumstances or ())
    return facts.target_us_person is False or lives_abroad or law_abroad


def _lives_in(phrase: str, country: str, *, besides: str = "") -> None:
    """Define a phrase that holds of a country with all its provinces, besides one whose law is its own."""

    def test(facts: Facts, _: Terms) -> bool | None:
        code = facts.data_subject_country
        return None if code is None else code.partition("-")[0] == country and code != besides

    condition(phrase, "data_subject_country")(test)


_lives_in("data subject lives in Brazil", "BR")
_lives_in("data subject lives in Canada", "CA", besides="CA-QC")
_lives_in("data subject lives in Switzerland", "CH")
_lives_in("data subject lives in Korea", "KR")
_lives_in("data subject lives in Australia", "AU")
