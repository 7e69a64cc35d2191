"""The words of each invented paper, as paragraphs; who prints them decides how they look."""

from requests_portal.demonstration.filing import Scenario, in_words

INVENTED = "INVENTED FOR DEMONSTRATION"


def paper_text(scenario: Scenario) -> tuple[str, ...]:
    """Return the paper's paragraphs in reading order, the first of them saying that it is invented."""
    return (INVENTED, *_head(scenario), *scenario.body, *_foot(scenario))


def _head(scenario: Scenario) -> tuple[str, ...]:
    asker = scenario.asker
    sender = "\n".join(filter(None, (asker.organisation, asker.name, *asker.address, asker.email)))
    return sender, in_words(scenario.received_at.date()), scenario.title


def _foot(scenario: Scenario) -> tuple[str, ...]:
    # An order that lacks its signature must show that it does.
    if scenario.facts.get("signed") is False:
        return ()
    return (f"Signed: {scenario.asker.name}",)
