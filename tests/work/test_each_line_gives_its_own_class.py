"""A recording leaves as what a line that covers it asks for, and as nothing else (I2)."""

from datetime import datetime

from a_house import KITCHEN, MARSH, PACIFIC, PLAYROOM

from legal_rules.scope import ALWAYS, EVERY, Interval, Scope
from requests_portal.work.decide import Choice

EVENING = Interval(datetime(2026, 3, 14, 21, tzinfo=PACIFIC), datetime(2026, 3, 14, 23, 30, tzinfo=PACIFIC))
EVENINGS = {"i-03142104", "i-03142137", "i-03142150"}


def test_a_transcript_line_lets_no_sound_out_that_the_audio_line_was_narrowed_away_from(house):
    case = house.file(seeks=["audio", "transcript"], incident_from=None, incident_to=None, incident_stated=False)
    house.check(case)
    sound, words = house.case(case.id).lines
    assert (sound.data_class, words.data_class) == ("audio", "transcript")
    one_evening = Scope(frozenset({MARSH.account}), EVERY, frozenset({"audio"}), EVENING)

    house.decide(
        case,
        reasons="The affidavit speaks of one evening.",
        line_1=Choice(move="narrow", scope=one_evening),
        line_2=Choice(move="narrow", scope=words.scope),
    )
    house.approve(case)

    made = house.production(case.id)
    leaves = {item.recording: item.classes for item in made.items}
    assert len(leaves) == 8
    assert {name for name, classes in leaves.items() if "audio" in classes} == {
        "i-03142104",
        "i-03142137",
        "i-03142150",
    }
    assert all("transcript" in classes for classes in leaves.values())


def test_a_demand_for_one_device_gets_the_rows_of_that_device_only(house):
    rows = [("2026-03-01T10:00Z", "192.0.2.1", KITCHEN), ("2026-03-02T10:00Z", "192.0.2.2", PLAYROOM)]
    with house.ledger.unit_of_work() as work:
        work.record_sets.add_source("connections", "Gateway", ("from", "address", "device"), (0, 0), device=2)
        work.record_sets.add_rows("connections", MARSH.account, rows)
    kitchen = Scope(frozenset({MARSH.account}), frozenset({KITCHEN}), frozenset({"connections"}), ALWAYS)

    with house.ledger.reading() as work:
        _, _, found = work.record_sets.read("connections", MARSH.account, kitchen)

    assert found == (rows[0],)
