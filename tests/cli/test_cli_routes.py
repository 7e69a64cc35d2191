"""`desk routes` names every address with its act; nothing answers that it does not name."""

import json

import pytest
from click.testing import CliRunner

from requests_portal.cli import main
from requests_portal.model.actor import ALLOWED, Act, Role
from requests_portal.web.acts import does
from requests_portal.web.application import add_pages


@pytest.fixture(scope="module")
def listed():
    return json.loads(CliRunner().invoke(main, ["routes", "--json"]).stdout)["routes"]


def the_one(listed, method, route):
    (found,) = [each for each in listed if (each["method"], each["route"]) == (method, route)]
    return found


def test_a_route_is_named_with_its_audience_its_act_and_who_has_it(listed):
    certify = the_one(listed, "POST", "/requests/<reference>/productions/<int:number>/certify")

    assert certify == {
        "method": "POST",
        "route": "/requests/<reference>/productions/<int:number>/certify",
        "audience": "staff",
        "act": "certify",
        "fresh": True,
        "roles": ["custodian"],
    }


def test_a_customer_s_rooms_are_for_customers_and_public_pages_for_anybody(listed):
    audiences = {each["route"]: each["audience"] for each in listed if each["method"] == "GET"}

    assert audiences["/my/recordings"] == "customer"
    assert audiences["/verify"] == "anybody"
    assert audiences["/audit"] == "staff"
    assert audiences["/me/sessions"] == "signed in"


def test_nothing_outside_the_customer_s_rooms_is_open_to_a_customer_but_what_anybody_may(listed):
    for each in listed:
        if "customer" in each["roles"] and each["audience"] != "anybody":
            # Their own sessions and passkeys everybody has.
            assert each["route"].startswith(("/my/", "/me/", "/sign-in/go-on/")), each


def test_people_read_each_route_in_a_line(listed):
    lines = CliRunner().invoke(main, ["routes"]).stdout.splitlines()

    assert len(lines) == len(listed)
    assert "GET   /audit  staff  read_log" in lines


def test_a_page_without_an_act_keeps_the_portal_from_starting():
    from flask import Flask  # noqa: PLC0415 — the module's own name is no application's

    app = Flask("bare", static_folder=None)
    app.add_url_rule("/secret", "secret", lambda: "everything")

    with pytest.raises(RuntimeError, match="declare no act: secret"):
        add_pages(app)


def test_every_act_is_some_role_s_and_no_role_but_the_system_has_them_all():
    assert set(ALLOWED) == set(Act)
    assert all(ALLOWED.values())
    for role in Role:
        assert any(role not in roles for roles in ALLOWED.values()), role


def test_who_listens_or_approves_is_not_so_by_being_a_lawyer():
    assert set(ALLOWED[Act.LISTEN]) == {Role.REVIEWER}
    assert set(ALLOWED[Act.APPROVE]) == {Role.APPROVER}


def test_an_administrator_sees_no_contents():
    contents = (Act.READ_CASE, Act.READ_QUEUE, Act.LISTEN, Act.READ_LOG, Act.READ_HOLDS, Act.READ_PSEUDONYMS)

    assert all(Role.ADMINISTRATOR not in ALLOWED[act] for act in contents)


def test_the_declaration_of_an_act_can_be_read_from_the_view():
    view = does(Act.READ_LOG, fresh=True)(lambda: "log")

    assert (view.act, view.fresh) == (Act.READ_LOG, True)
