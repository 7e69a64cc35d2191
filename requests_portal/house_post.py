"""The house's post as the settings name it: its mail server, its webhooks, and the texts of its messages."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from requests_portal.mail.addresses import is_mail_address, is_webhook_address
from requests_portal.mail.post import HousePost
from requests_portal.mail.smtp import MailServer
from requests_portal.mail.texts import FolderTexts
from requests_portal.mail.webhook import Webhooks
from requests_portal.model.escalation import Patience
from requests_portal.settings import BadSettings, Settings


def post(settings: Settings, texts: Path, *, now: Callable[[], datetime]) -> HousePost | None:
    """What carries messages, or None where the settings name neither a mail server nor a secret for webhooks."""
    if settings.mail_from and not is_mail_address(settings.mail_from):
        raise BadSettings("mail_from is no plain mail address, such as desk@example.com.")
    if not (settings.mail_host or settings.webhook_secret):
        return None
    return HousePost(
        texts=FolderTexts(texts),
        mail=_mail(settings) if settings.mail_host else None,
        webhooks=Webhooks(secret=settings.webhook_secret) if settings.webhook_secret else None,
        now=now,
    )


def patience(settings: Settings) -> Patience:
    """What the house has decided of requests that nobody claims."""
    last = settings.last_resort
    if last and not (is_mail_address(last) or is_webhook_address(last)):
        raise BadSettings("last_resort is neither a mail address nor the https address of a webhook.")
    return Patience(
        share=settings.escalate_percent / 100, pause=timedelta(minutes=settings.escalate_minutes), last_resort=last
    )


def _mail(settings: Settings) -> MailServer:
    return MailServer(
        host=settings.mail_host,
        port=settings.mail_port,
        sender=settings.mail_from,
        user=settings.mail_user,
        password=settings.mail_password,
        domain=urlsplit(settings.public_url).hostname or "localhost",
    )
