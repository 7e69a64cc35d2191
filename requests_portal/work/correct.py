"""Correct: a fact is put right, which assesses the case again and voids what rested on the old one."""

from collections.abc import Mapping
from dataclasses import replace

from legal_rules.facts import dump, parse
from legal_rules.scope import demand_lines
from requests_portal.errors import Unusable
from requests_portal.model.actor import Act, Actor
from requests_portal.model.case import Case, Track
from requests_portal.model.digest import digest_of
from requests_portal.work.assess import assessed
from requests_portal.work.hold import hold_what_is_demanded
from requests_portal.work.identify import BY_IDENTITY
from requests_portal.work.officer_checks import BY_CHECKS, by_channel_as_corrected, unattested
from requests_portal.work.ports import Work
from requests_portal.work.verify import FACT


def correct_facts(work: Work, case_id: str, corrections: Mapping[str, object], *, reason: str, by: Actor) -> Case:
    """Replace some of the case's facts (None: no longer established); decision and approvals no longer stand."""
    by = by.must(Act.CORRECT_FACTS)
    if not reason.strip():
        raise Unusable("Say why the facts change; the reason stays with the case.")
    if checked := sorted(corrections.keys() & {*FACT.values(), *BY_CHECKS, *BY_IDENTITY}):
        raise Unusable(f"{', '.join(checked)} is established by a check. Record the check instead.")
    case = work.cases.get(case_id, by=by)
    known = parse({name: value for name, value in {**case.facts, **corrections}.items() if value is not None})
    facts, lines = by_channel_as_corrected(dump(known), case.facts), demand_lines(known)
    if lines != case.lines or facts.get("process") != case.facts.get("process"):
        # A supervisor confirmed what was demanded then, so they are called again about what is demanded now.
        facts = unattested(facts)
    corrected = replace(case, facts=facts, lines=lines)
    work.audit.add(
        "facts_corrected",
        by=by,
        case=case.id,
        numbers={"facts": len(corrections)},
        private={"before": digest_of(case.facts), "after": digest_of(facts), "reason": reason},
    )
    if case.track is Track.LEGAL_DEMAND and corrected.lines != case.lines:
        hold_what_is_demanded(work, corrected, by=by)
    return assessed(work, corrected, by=by)
