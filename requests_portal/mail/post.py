"""The post: each message goes by mail or to a webhook, as its address says."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from requests_portal.errors import Away
from requests_portal.mail.smtp import MailServer
from requests_portal.mail.texts import FolderTexts
from requests_portal.mail.webhook import Webhooks
from requests_portal.model.message import Outgoing, is_webhook


class NotNamed(Away):
    """The settings name nothing that could carry the message."""

    code = "not_named"


@dataclass(frozen=True, kw_only=True)
class HousePost:
    """Fulfils the Post port with whatever the settings name."""

    texts: FolderTexts
    mail: MailServer | None
    webhooks: Webhooks | None
    now: Callable[[], datetime]

    def send(self, outgoing: Outgoing, *, to: str) -> None:
        """Send the message to this address; raises Away where that cannot be done for now."""
        by = self.webhooks if is_webhook(to) else self.mail
        if by is None:
            named = "webhook_secret" if is_webhook(to) else "mail_host"
            raise NotNamed(f"The settings do not name {named}, so this message cannot be sent.")
        written = self.texts.write(outgoing.message.template, outgoing.message.words)
        by.send(written, to=to, id=outgoing.id, at=self.now())

    def carries(self, to: str) -> bool:
        """Whether the settings name what it takes to reach this address."""
        return (self.webhooks if is_webhook(to) else self.mail) is not None

    def check(self) -> bool:
        """Whether the mail server, where one is named, answers and lets us in."""
        return self.mail is None or self.mail.check()
