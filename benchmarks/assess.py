"""Assessments a second with the full book, beside the least that keeping one costs: writing it as JSON."""

import argparse
import json
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date

from legal_rules import book
from legal_rules.facts import Facts, confirmed, parse

RECEIVED = date(2026, 11, 3)
WARRANT = {
    "track": "legal_demand",
    "issuer": "us_state",
    "issuer_state": "NH",
    "issuer_role": "judge",
    "issuer_named": True,
    "process": "search_warrant",
    "signed": True,
    "issued_on": "2026-11-02",
    "served_on": "2026-11-03",
    "requester_verified": True,
    "channel": "portal",
    "accounts": ["marsh"],
    "devices": [],
    "seeks": ["audio", "transcript", "subscriber"],
    "catch_all": True,
    "range_from": "2026-05-01",
    "range_to": "2026-10-31",
    "incident_from": "2026-10-20T20:00:00-04:00",
    "incident_to": "2026-10-20T23:00:00-04:00",
    "nondisclosure_requested": False,
    "account_flags": [],
    "circumstances": [],
    "care_attestation": True,
}
SUBPOENA = WARRANT | {"process": "grand_jury_subpoena", "range_from": "2026-10-01"}
EPOC = WARRANT | {
    "issuer": "eu_state",
    "issuing_country": "FR",
    "process": "epoc",
    "issuer_role": "investigating_judge",
    "offence_max_years": 10,
    "range_from": "2026-10-18",
    "range_to": "2026-10-22",
    "catch_all": False,
}
ACCESS = {
    "track": "data_subject",
    "requester_kind": "data_subject",
    "right": "access",
    "data_subject_country": "DE",
    "identity_verified": True,
    "accounts": ["marsh"],
    "seeks": ["audio", "transcript", "subscriber", "devices"],
    "other_voices": ["visitor"],
    "other_voices_consented": [],
}
# What a clerk knows after the first page of a paper; every rule that is still open is then a question.
HALF_READ = {name: WARRANT[name] for name in ("track", "issuer", "issuer_state", "process", "channel", "seeks")}
REQUESTS = [confirmed(parse(raw)) for raw in (WARRANT, SUBPOENA, EPOC, ACCESS, ACCESS | {"data_subject_country": "GB"})]
ROUNDS = 250


def seconds(act: Callable[[], object]) -> float:
    """Processor time of one act."""
    start = time.process_time()
    act()
    return time.process_time() - start


def measure() -> dict[str, float]:
    loads = [seconds(book.load) for _ in range(5)]
    edition = book.load()
    rules, half = _by_rules(edition)
    answers = [edition.assess(facts, on=RECEIVED) for facts in REQUESTS]
    assess = seconds(lambda: [edition.assess(facts, on=RECEIVED) for _ in range(ROUNDS) for facts in REQUESTS])
    floor = seconds(lambda: [json.dumps(answer.as_json()) for _ in range(ROUNDS) for answer in answers])
    count = ROUNDS * len(REQUESTS)
    return {
        "rules": len(edition.rules),
        "load_ms": round(statistics.median(loads) * 1000, 1),
        "assessments_per_s": round(count / assess),
        "floor_per_s": round(count / floor),
        "times_floor": round(assess / floor, 2),
        "half_read_us": _us(edition, [parse(HALF_READ)]),
        "unknown_us": _us(edition, [Facts()]),
        "us_per_assessment_with_half_the_rules": half,
        "us_per_assessment_with_all_rules": rules,
    }


def _by_rules(edition: book.Book) -> tuple[float, float]:
    """Microseconds an assessment takes with all rules, and with every second one: cost must not outgrow the book."""
    return _us(edition, REQUESTS), _us(replace(edition, rules=edition.rules[::2]), REQUESTS)


def _us(edition: book.Book, requests: list[Facts]) -> float:
    """Microseconds an assessment takes."""
    spent = seconds(lambda: [edition.assess(facts, on=RECEIVED) for _ in range(ROUNDS) for facts in requests])
    return round(spent / (ROUNDS * len(requests)) * 1e6)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    measured = measure()
    if parser.parse_args().json:
        print(json.dumps(measured))
        return
    print(f"book of {measured['rules']} rules read in {measured['load_ms']} ms (wanted: under 150)")
    print(f"assessments: {measured['assessments_per_s']}/s (wanted: 2,000; needed: 500)")
    print(f"floor, writing them as JSON: {measured['floor_per_s']}/s; an assessment takes")
    print(f"{measured['times_floor']} times as long")
    print(f"half-read: {measured['half_read_us']} µs; nothing known: {measured['unknown_us']} µs")
    print(
        f"cost: {measured['us_per_assessment_with_all_rules']} µs each; with every second rule "
        f"{measured['us_per_assessment_with_half_the_rules']} µs"
    )


if __name__ == "__main__":
    main()
