"""A customer deletes recordings from their own pages, which say plainly what that means, the same to all."""

from datetime import timedelta

import pytest
from a_casework import BASE, BEDROOM, JUNIPER, KITCHEN
from a_session import signed_in
from an_account import MARLOW, Account

KEPT = "We keep what a law obliges us to keep, use it for nothing else, and delete it when that ends."
ALL, MARCH_14 = 30, "first=2026-03-14&last=2026-03-14"
CHOICES = ("device", "first", "last", "recording", "before")


@pytest.fixture
def desk(tmp_path):
    return Account(tmp_path)


@pytest.fixture
def juniper(desk):
    return desk.visit(JUNIPER)


def confirm(browser, path):
    """See what would be deleted, and send the form as it stands there."""
    page = browser.open(path)
    return browser.send("/my/recordings/delete", page=path, **{name: page.hidden(name) for name in CHOICES})


def erased(desk) -> int:
    return desk.rows_in("erasures")


def test_the_page_says_what_is_deleted_before_anything_is(desk, juniper):
    page = juniper.open(f"/my/recordings/delete?{MARCH_14}")

    assert "Delete 3 recordings?" in page.text
    assert "Everything from all your devices, on 14 March 2026." in page.text
    assert "The sound." in page.text
    assert "Every copy, also the one in the store from which our speech recognition learns." in page.text
    assert KEPT in page.text
    assert erased(desk) == 0


@pytest.mark.parametrize(
    ("chosen", "many"),
    [
        ("", ALL),
        ("?recording=i-03142104", 1),
        (f"?{MARCH_14}", 3),
        (f"?{MARCH_14}&device={BEDROOM}", 1),
        (f"?device={KITCHEN}", 28),
    ],
)
def test_one_a_day_a_selection_or_everything_is_deleted(desk, juniper, chosen, many):
    sent = confirm(juniper, f"/my/recordings/delete{chosen}")

    assert (sent.status, sent.location) == (303, "/my/recordings")
    assert erased(desk) == many


def test_what_was_deleted_is_said_once_and_is_nowhere_any_more(juniper):
    confirm(juniper, "/my/recordings/delete?recording=i-03142104")

    assert "1 recording deleted" in juniper.open("/my/recordings").text
    assert "deleted" not in juniper.open("/my/recordings").main
    assert juniper.open("/my/recordings/i-03142104/sound").status == 404
    assert juniper.open("/my/recordings/delete?recording=i-03142104").status == 404


def test_what_arrives_after_the_page_was_opened_stays(desk, juniper):
    page = juniper.open("/my/recordings/delete")
    fields = {name: page.hidden(name) for name in CHOICES} | {"before": "2026-03-01T00:00:00+00:00"}
    juniper.send("/my/recordings/delete", page="/my/recordings/delete", **fields)

    assert 0 < erased(desk) < ALL


@pytest.mark.parametrize("before", ["", "soon", "2026-03-01T00:00:00"])
def test_a_form_that_is_not_whole_deletes_nothing(desk, juniper, before):
    sent = juniper.send("/my/recordings/delete", page="/my/recordings/delete", before=before)

    assert sent.status == 422
    assert erased(desk) == 0


def test_a_day_that_is_none_is_not_taken_for_all_days(desk, juniper):
    sent = juniper.send(
        "/my/recordings/delete", page="/my/recordings/delete", first="yesterday", before=desk.now.isoformat()
    )

    assert juniper.open("/my/recordings/delete?first=yesterday").status == 422
    assert sent.status == 422
    assert erased(desk) == 0


def test_who_signed_in_a_while_ago_signs_in_again_first(desk, juniper):
    page = juniper.open("/my/recordings/delete")
    signed_in(desk.app, juniper.client, JUNIPER, base=BASE, auth_at=desk.now - timedelta(minutes=11))
    fields = {name: page.hidden(name) for name in CHOICES}

    sent = juniper.send("/my/recordings/delete", page="/my/recordings/delete", **fields)

    assert sent.status == 401
    assert "Sign in again" in sent.text
    assert erased(desk) == 0


def test_another_customer_s_recordings_cannot_be_deleted(desk):
    marlow = desk.visit(MARLOW)

    assert marlow.open("/my/recordings/delete?recording=i-03142104").status == 404
    assert desk.refused("marlow") == [404]
    confirm(marlow, "/my/recordings/delete")

    assert erased(desk) == 1


def test_nothing_to_delete_is_said(juniper):
    assert "There is nothing to delete here." in juniper.open("/my/recordings/delete?device=none").text


def test_how_long_recordings_are_kept_is_the_customer_s_choice(desk, juniper):
    page = "/my/recordings/keeping"
    assert "28 recordings of yours are older and deleted at once." in juniper.open(page).text

    assert juniper.send(page, page=page, months="7").status == 422
    assert juniper.send(page, page=page, months="3").status == 303

    assert erased(desk) == 28
    assert 'value="3" checked' in juniper.open(page).html
    assert juniper.send(page, page=page, months="never").status == 303
    assert desk.rows_in("keeping_choices") == 0


def test_a_copy_that_was_given_and_holds_what_was_deleted_is_withdrawn(desk, juniper):
    reference = desk.access_request()
    desk.release(reference)
    assert juniper.open(f"/my/requests/{reference}/bundle.pdf").status == 200

    confirm(juniper, "/my/recordings/delete?recording=i-03142104")

    assert "We withdrew what you got" in juniper.open(f"/my/requests/{reference}").text
    assert juniper.open(f"/my/requests/{reference}/bundle.pdf").status != 200
    assert juniper.open(f"/my/requests/{reference}/everything.zip").status != 200
