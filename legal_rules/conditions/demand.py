"""Phrases about what is demanded: which kinds of data, whose and why."""

from legal_rules.conditions.condition import condition, is_, seeks
from legal_rules.facts import Facts
from legal_rules.terms import Terms
from legal_rules.vocabulary.groups import (
    CONTENT_CLASSES,
    DATED_CLASSES,
    RECORD_CLASSES,
    SUBSCRIBER_CLASSES,
    TRAFFIC_AND_CONTENT,
)

is_("demand also asks for what it does not list", "catch_all", True)
is_("demand is for a place", "area", True)
is_("demand takes in all customers", "all_users", True)
is_("demand says nothing of why", "nexus_stated", False)
seeks("demand seeks contents", *CONTENT_CLASSES)
seeks("demand seeks location", "location")
seeks("demand seeks a voiceprint", "voiceprint")
seeks("demand seeks traffic or content data", *TRAFFIC_AND_CONTENT)
seeks("demand seeks dated material", *DATED_CLASSES)
seeks("demand seeks what was never held", "data_never_held")


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


@condition("demand seeks more than the subscriber list", "seeks")
def _(facts: Facts, _: Terms) -> bool | None:
    return None if facts.seeks is None else not facts.seeks <= SUBSCRIBER_CLASSES
