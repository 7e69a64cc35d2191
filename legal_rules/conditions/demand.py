"""Phrases about what is demanded: which kinds of data, whose and why."""

from legal_rules.conditions.condition import condition, has, is_, seeks
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
is_("demand expressly takes in people with no part in the matter", "third_parties_sought", True)
has("we answered it before", "circumstances", "answered_before")
has("another company holds the data", "circumstances", "held_by_another_company")
has("part of it is deleted", "circumstances", "partly_deleted")
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


@condition("nobody is described in words only", "named_people", "place_described")
def _(facts: Facts, _: Terms) -> bool | None:
    if facts.named_people or facts.place_described:
        return False
    return None if facts.named_people is None or facts.place_described is None else True


@condition("more accounts or devices than the house answers at once", "accounts", "devices")
def _(facts: Facts, terms: Terms) -> bool | None:
    # Speakers count where no account is named: each belongs to one.
    named = facts.accounts if facts.accounts is None else facts.accounts or facts.devices
    return None if named is None else len(named) > terms.policy.most_accounts


# A list that names fewer of our kinds of data may be long and still be particular.
_MANY_KINDS = 7


@condition("demand seeks seven kinds of data or more", "seeks")
def _(facts: Facts, _: Terms) -> bool | None:
    return None if facts.seeks is None else len(facts.seeks) >= _MANY_KINDS


@condition("paper lists more kinds of data than the house takes for a list", "categories_listed")
def _(facts: Facts, terms: Terms) -> bool | None:
    listed = facts.categories_listed
    return None if listed is None else listed > terms.policy.most_categories


@condition("demand seeks more than the subscriber list", "seeks")
def _(facts: Facts, _: Terms) -> bool | None:
    return None if facts.seeks is None else not facts.seeks <= SUBSCRIBER_CLASSES
