"""The agency directory: nothing changes it but two people and a waiting time, and the log has every step."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from a_house import ADA, INES, MAYA, NOW, TOMAS, ActingHouse
from sqlalchemy import text

from requests_portal.agencies_file import BadAgencies, read_agencies
from requests_portal.database.engine import connect
from requests_portal.errors import Conflict, Forbidden, Unusable
from requests_portal.model.actor import at_the_machine
from requests_portal.model.agency import WAITING, Domain, a_domain, a_phone, an_agency
from requests_portal.work.agencies import confirm_agencies, decline_agencies, import_agencies, propose_agencies

HEAD = "name,country,state,domains,phones,phones_from,phones_found_on"
ALDER = "Alder County Sheriff,US,CA,*.alder.example.gov,+1 510 555 0142,state list,2026-11-20"


def agency(name="Alder County Sheriff", *, domain="alder.example.gov", number="+1 510 555 0142"):
    phone = a_phone(number, "state list", date(2026, 11, 20), today=NOW.date())
    return an_agency(name=name, country="US", state="CA", domains=(a_domain(domain),), phones=(phone,))


def propose(house, *entries, by=INES, **more):
    return house.act(propose_agencies, entries or (agency(),), reason="Found in the state's list.", by=by, **more)


def confirm(house, change, *, by=MAYA, seen=None):
    return house.act(confirm_agencies, change.id, seen=seen or change.digest, by=by)


def entered(house, *entries):
    change = propose(house, *entries)
    house.now += WAITING
    confirm(house, change)
    return known(house)


def known(house, find=""):
    with house.ledger.reading() as work:
        return list(work.agencies.search(find, after="", most=100))


def test_an_entry_is_in_the_directory_when_another_person_confirmed_it_after_the_waiting_time(any_house):
    change = propose(any_house)
    before = known(any_house)

    any_house.now += WAITING
    confirm(any_house, change)

    assert before == []
    assert [(each.name, each.domains) for each in known(any_house)] == [
        ("Alder County Sheriff", (Domain(name="alder.example.gov", below=False),))
    ]
    assert any_house.acts()[-2:] == ["agencies_proposed", "agencies_changed"]


@pytest.mark.parametrize(
    ("by", "hours", "refusal", "match"),
    [
        (MAYA, 23, Conflict, "waiting time"),
        (TOMAS, 25, Forbidden, "different person"),
        (INES, 25, Forbidden, "role"),
        (ADA, 25, Forbidden, "role"),
    ],
)
def test_neither_the_same_person_nor_haste_nor_another_role_changes_the_directory(any_house, by, hours, refusal, match):
    change = propose(any_house, by=TOMAS)
    any_house.now += timedelta(hours=hours)

    with pytest.raises(refusal, match=match):
        confirm(any_house, change, by=by)

    assert known(any_house) == []


def test_whoever_imports_at_the_machine_cannot_confirm_it_on_the_page(house):
    change = house.act(import_agencies, (agency(),), reason="A file.", by=at_the_machine(MAYA))
    house.now += WAITING

    with pytest.raises(Forbidden, match="different person"):
        confirm(house, change, by=MAYA)


def test_a_confirmation_binds_to_exactly_what_was_seen(house):
    change = propose(house)
    house.now += WAITING

    with pytest.raises(Conflict, match="changed since"):
        confirm(house, change, seen="0" * 64)

    assert known(house) == []


def test_a_change_of_an_entry_that_changed_meanwhile_is_not_confirmed(house):
    entered(house)
    first = propose(house, agency(number="+1 510 555 0199"))
    second = propose(house, agency(number="+1 510 555 0188"))
    house.now += WAITING
    confirm(house, first)

    with pytest.raises(Conflict, match="changed since"):
        confirm(house, second)

    assert known(house)[0].phones[0].number == "+1 510 555 0199"


def test_of_two_changes_that_enter_the_same_new_agency_only_the_first_is_confirmed(any_house):
    first, second = propose(any_house), propose(any_house, agency("ALDER County  Sheriff", number="+1 510 555 0188"))
    any_house.now += WAITING
    confirm(any_house, first)

    with pytest.raises(Conflict, match="changed since"):
        confirm(any_house, second)

    assert [each.id for each in known(any_house)] == [first.puts[0].id]


@pytest.mark.parametrize("is_new", [True, False])
def test_of_two_who_confirm_changes_of_one_agency_at_the_same_time_the_second_is_refused(new_postgres, is_new):
    engine = connect(new_postgres)
    house = ActingHouse(engine)
    if not is_new:
        entered(house)
    first, second = (propose(house, agency(number=f"+1 510 555 01{n}")) for n in (88, 99))
    house.now += WAITING

    with ThreadPoolExecutor() as other:
        with house.ledger.unit_of_work() as work:
            confirm_agencies(work, first.id, seen=first.digest, by=MAYA)
            confirming = other.submit(confirm, house, second)
            somebody_waits(engine, confirming)
        with pytest.raises(Conflict, match="changed since"):
            confirming.result(timeout=30)

    assert [each.phones[0].number for each in known(house)] == ["+1 510 555 0188"]
    engine.dispose()


def somebody_waits(engine, confirming):
    end = time.monotonic() + 30
    while not confirming.done() and time.monotonic() < end:
        with engine.connect() as connection:
            if connection.execute(text("SELECT count(*) FROM pg_locks WHERE NOT granted")).scalar_one():
                return
    raise AssertionError(confirming)


def test_a_name_that_is_longer_when_it_is_looked_up_is_refused_when_it_is_put_forward():
    with pytest.raises(Unusable, match="at most 300 characters"):
        agency("\ufdfa" * 40)

    assert agency("\ufdfa" * 30).name == "\ufdfa" * 30


def test_an_agency_that_is_taken_out_is_found_no_more_and_comes_back_under_its_id(any_house):
    (old,) = entered(any_house)
    change = any_house.act(propose_agencies, [], removes=[old.id], reason="Closed.", by=INES)
    any_house.now += WAITING
    confirm(any_house, change)
    gone = known(any_house), any_house.act(lambda work: work.agencies.of_domains(["alder.example.gov"]))

    (back,) = entered(any_house)

    assert gone == ([], [])
    assert back.id == old.id


def test_a_declined_change_keeps_its_reason_and_cannot_be_confirmed(house):
    change = propose(house)
    house.act(decline_agencies, change.id, reason="That number is a mobile phone's.", by=MAYA)
    house.now += WAITING

    with pytest.raises(Conflict, match="answered already"):
        confirm(house, change, by=TOMAS)

    assert "mobile" not in str(house.log()[-1])


def test_two_names_are_one_agency_only_in_one_place_and_whatever_their_case(house):
    entered(house)

    with pytest.raises(Unusable, match="nothing to change"):
        propose(house, agency())
    with pytest.raises(Unusable, match="named twice"):
        propose(house, agency("Tern Police"), agency("TERN  police"))


def test_agencies_are_found_by_words_without_marks_and_by_domain_page_by_page(any_house):
    names = ["Gendarmerie d'Île-Verte", "Tern Police", "Tern Sheriff"]
    entered(any_house, *[agency(name, domain=f"d{n}.example.gov") for n, name in enumerate(names)])

    with any_house.ledger.reading() as work:
        first = work.agencies.search("tern", after="", most=1)
        second = work.agencies.search("tern", after=first[0].id, most=5)
    assert [each.name for each in (*first, *second)] == ["Tern Police", "Tern Sheriff"]
    assert [each.name for each in known(any_house, "ile-verte GENDARMERIE")] == [names[0]]
    assert [each.name for each in known(any_house, "D2.example")] == [names[2]]
    assert known(any_house, "100%_") == []


def read(tmp_path, *lines, head=HEAD):
    path = tmp_path / "agencies.csv"
    path.write_text("\n".join([head, *lines, ""]), encoding="utf-8")
    return read_agencies(path, today=NOW.date()).agencies


def test_lines_of_one_agency_are_joined_with_their_numbers_and_sources(tmp_path):
    (found,) = read(tmp_path, ALDER, "ALDER county sheriff,US,CA,alder.example.org,510 555 0199,phone book,2026-11-01")

    assert [str(each) for each in found.domains] == ["*.alder.example.gov", "alder.example.org"]
    assert [(each.number, each.source) for each in found.phones] == [
        ("+1 510 555 0142", "state list"),
        ("510 555 0199", "phone book"),
    ]


def test_a_domain_in_another_script_is_kept_as_the_name_system_has_it(tmp_path):
    (found,) = read(tmp_path, "Polizei Köln,DE,,polizei-köln.example;*.POLIZEI.example,,,")

    assert [str(each) for each in found.domains] == ["xn--polizei-kln-zfb.example", "*.polizei.example"]


@pytest.mark.parametrize(
    ("cell", "bad"),
    [
        ("*.alder.example.gov", "*.gov"),
        ("*.alder.example.gov", "alder_example.gov"),
        ("*.alder.example.gov", "127.0.0.1"),
        ("*.alder.example.gov", "-a.gov"),
        ("*.alder.example.gov", "a..gov"),
        ("*.alder.example.gov", "x@alder.example.gov"),
        ("+1 510 555 0142", "911"),
        ("+1 510 555 0142", "+1 510 555 0142 ext. call me"),
        ("+1 510 555 0142", "1" * 16),
        ("state list", ""),
        ("2026-11-20", "20.11.2026"),
        ("2026-11-20", "2026-11-24"),
        ("2026-11-20", ""),
        ("2026-11-20", "2026-11-20,more"),
        (",US,", ",us,"),
        (",US,CA,", ",USA,CA,"),
        (",CA,", ",California,"),
        ("Alder County Sheriff", ""),
        ("Alder County Sheriff", "A" * 301),
        ("Alder County Sheriff", "Alder\x1b[2J"),
    ],
)
def test_a_wrong_cell_puts_nothing_forward_and_names_its_line(tmp_path, cell, bad):
    with pytest.raises(BadAgencies) as refusal:
        read(tmp_path, "Tern Police,US,CA,tern.example.gov,,,", ALDER.replace(cell, bad, 1))

    assert list(refusal.value.faults) == [3]
    assert "\x1b" not in refusal.value.sentence


@pytest.mark.parametrize("text", ["", HEAD, f"{HEAD}\n\n", "name\nx", '"', HEAD + "\n" + '"unended'])
def test_a_file_that_is_no_such_csv_is_refused(tmp_path, text):
    (tmp_path / "a.csv").write_text(text)

    with pytest.raises(Unusable):
        read_agencies(tmp_path / "a.csv", today=NOW.date())
