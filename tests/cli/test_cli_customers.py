"""`desk customers import`: who has an account."""

from contextlib import closing
from datetime import date

import pytest
from click.testing import CliRunner

from requests_portal.app import open_desk
from requests_portal.cli import main
from requests_portal.demo.settings import demonstration
from requests_portal.settings import read

HEAD = "account,name,mail,phone,since,country,language,zone,address"
JUNIPER = (
    "A-88310-4,Juniper Marsh,Juniper.Marsh@example.org,+1 510 555 0142,2022-10-25,US-CA,en,America/Los_Angeles,"
    '"14 Saltbox Lane; Alder Flats, CA 90000"'
)
KAETHE = "A-37095-1,Käthe Türklinke,kaethe@example.org,,,DE,de,Europe/Berlin,"


@pytest.fixture
def settings(tmp_path):
    path = tmp_path / "settings.toml"
    demonstration(tmp_path, endpoint="http://127.0.0.1:1", public_url="https://desk.example").write(path)
    return path


@pytest.fixture
def imports(tmp_path, settings):
    def run(*lines, head=HEAD):
        path = tmp_path / "customers.csv"
        path.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
        return CliRunner().invoke(main, ["customers", "import", str(path), "--settings", str(settings)])

    return run


def known(settings, mail):
    with closing(open_desk(read(settings))) as desk, desk.outside.reading() as work:
        return list(work.customers.by_mail(mail))


def test_customers_are_entered_and_found_by_their_address_however_it_is_written(imports, settings):
    answer = imports(JUNIPER, KAETHE)

    (juniper,) = known(settings, "juniper.marsh@EXAMPLE.org")
    assert answer.stdout == "2 customers were entered and 0 changed; 2 are in the file.\n"
    assert (juniper.name, juniper.phone, juniper.since) == ("Juniper Marsh", "+1 510 555 0142", date(2022, 10, 25))
    assert juniper.address == ("14 Saltbox Lane", "Alder Flats, CA 90000")


def test_who_has_changed_is_changed_and_who_is_not_named_stays(imports, settings):
    imports(JUNIPER, KAETHE)

    answer = imports(JUNIPER.replace("Juniper.Marsh@", "new@"))

    assert "0 customers were entered and 1 changed" in answer.stdout
    assert known(settings, "juniper.marsh@example.org") == []
    assert [each.account for each in known(settings, "new@example.org")] == ["A-88310-4"]
    assert len(known(settings, "kaethe@example.org")) == 1
    assert "0 customers were entered and 0 changed" in imports(KAETHE).stdout


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (JUNIPER.replace("A-88310-4", "../etc"), "account is up to 64"),
        (JUNIPER + ",more", "account is up to 64"),
        (JUNIPER.replace("Juniper Marsh", ""), "name is missing"),
        (JUNIPER.replace("Juniper.Marsh@example.org", "juniper"), "mail is no plain mail address"),
        (JUNIPER.replace("+1 510 555 0142", "=cmd()"), "phone is no number"),
        (JUNIPER.replace("2022-10-25", "25.10.2022"), "since is a day"),
        (JUNIPER.replace("US-CA", "California"), "country is a code"),
        (JUNIPER.replace(",en,", ",English,"), "language is a code"),
        (JUNIPER.replace("America/Los_Angeles", "PST8"), "zone is no time zone"),
        (JUNIPER.replace("Juniper Marsh", "Juniper\x1b[31m"), "not one line"),
        (KAETHE, "this account stands above already"),
    ],
)
def test_a_wrong_line_is_named_and_nothing_is_imported(imports, settings, line, says):
    answer = imports(KAETHE, line)

    assert answer.exit_code == 2
    assert "Line 3:" in answer.stderr
    assert says in answer.stderr
    assert known(settings, "kaethe@example.org") == []


@pytest.mark.parametrize(("head", "lines"), [("account,name", [JUNIPER]), (HEAD, []), ('"', [])])
def test_a_file_that_is_no_list_of_customers_is_refused(imports, head, lines):
    assert imports(*lines, head=head).exit_code == 2
