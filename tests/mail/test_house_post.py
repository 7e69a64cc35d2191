"""The settings of mail, webhooks and escalation are refused by name where they cannot be what was meant."""

from dataclasses import replace

import pytest

from requests_portal import house_post
from requests_portal.demo.settings import demonstration
from requests_portal.model.escalation import Patience
from requests_portal.settings import BadSettings


@pytest.fixture
def settings(tmp_path):
    return demonstration(tmp_path, endpoint="http://127.0.0.1:9", public_url="https://desk.example")


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"mail_host": "mail.example"}, "mail_from"),
        ({"mail_host": "mail.example", "mail_from": "a@b.test", "mail_user": "desk"}, "mail_password"),
        ({"webhook_secret": "short"}, "webhook_secret"),
        ({"escalate_percent": 0}, "escalate_percent"),
        ({"escalate_minutes": 61}, "escalate_minutes"),
        ({"mail_host": "mail.example", "mail_from": "Desk <a@b.test>"}, "mail_from"),
        ({"last_resort": "http://hooks.example/x"}, "last_resort"),
        ({"last_resort": "a@b.test\nBcc: c@d.test"}, "last_resort"),
    ],
)
def test_a_setting_that_cannot_be_meant_is_refused_by_its_name(settings, tmp_path, changed, named):
    with pytest.raises(BadSettings, match=named):
        put_together(replace(settings, **changed), tmp_path)


def put_together(settings, texts):
    house_post.patience(settings)
    house_post.post(settings, texts, now=lambda: None)


def test_without_a_mail_server_or_a_secret_for_webhooks_there_is_no_post(settings, tmp_path):
    assert house_post.post(settings, tmp_path, now=lambda: None) is None
    assert house_post.patience(settings) == Patience()


def test_the_post_carries_what_the_settings_name(settings, tmp_path):
    named = replace(settings, mail_host="mail.example", mail_from="desk@example.test", mail_user="u", mail_password="p")

    post = house_post.post(named, tmp_path, now=lambda: None)

    assert post.mail.domain == "desk.example"
    assert (post.carries("a@b.test"), post.carries("https://hooks.example/x")) == (True, False)
    assert "password='p'" not in repr(post)
