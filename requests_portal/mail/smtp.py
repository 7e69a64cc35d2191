"""Mail by SMTP: encrypted on its way to any other machine, or not sent."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from requests_portal.errors import Away, Unusable
from requests_portal.mail.addresses import is_loopback, is_mail_address
from requests_portal.mail.texts import Written

SECONDS = 10.0
TLS_FROM_THE_START = 465


class NoMail(Away):
    """The mail server does not take the message for now."""

    code = "no_mail"


@dataclass(frozen=True, kw_only=True)
class MailServer:
    """The house's mail server; `domain` is the right side of every Message-ID."""

    host: str
    port: int
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)
    domain: str
    seconds: float = SECONDS
    trusting: ssl.SSLContext | None = None

    def send(self, written: Written, *, to: str, id: str, at: datetime) -> None:  # noqa: A002 — the word for it
        """Send one message; raises NoMail where the server does not answer or refuses."""
        message = self._message(written, to=to, id=id, at=at)
        with self._connected() as server:
            server.send_message(message)

    def check(self) -> bool:
        """Whether the server answers, encrypts and lets us in."""
        with self._connected() as server:
            return server.noop()[0] == 250  # noqa: PLR2004 — SMTP's word for well

    def _message(self, written: Written, *, to: str, id: str, at: datetime) -> EmailMessage:  # noqa: A002
        if not is_mail_address(to):
            raise Unusable("A message is addressed to something that is no mail address.")
        message = EmailMessage(policy=SMTP)
        message["From"], message["To"], message["Subject"] = self.sender, to, written.subject
        message["Date"], message["Message-ID"] = format_datetime(at), f"<{id}@{self.domain}>"
        # Nobody's absence answers it, and a repetition is told by its id.
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(written.body)
        return message

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        server = None
        try:
            server = self._open()
            yield server
        except smtplib.SMTPRecipientsRefused as error:
            code = next(iter(error.recipients.values()), (0, b""))[0]
            raise NoMail(f"The mail server refuses the recipient ({code}). Look at the roster.") from error
        except smtplib.SMTPAuthenticationError as error:
            raise NoMail(f"The mail server does not let us in ({error.smtp_code}). Look at mail_user.") from error
        except smtplib.SMTPResponseException as error:
            raise NoMail(f"The mail server refuses the message ({error.smtp_code}).") from error
        except (smtplib.SMTPException, OSError) as error:
            raise NoMail("The mail server does not answer.") from error
        finally:
            if server is not None:
                # What was sent is sent, however the conversation ends.
                with suppress(smtplib.SMTPException, OSError):
                    server.quit()
                server.close()

    def _open(self) -> smtplib.SMTP:
        context = self.trusting or ssl.create_default_context()
        if self.port == TLS_FROM_THE_START:
            server: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=self.seconds, context=context)
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=self.seconds)
        try:
            self._greet(server, context)
        except BaseException:
            server.close()
            raise
        return server

    def _greet(self, server: smtplib.SMTP, context: ssl.SSLContext) -> None:
        server.ehlo_or_helo_if_needed()
        if self.port != TLS_FROM_THE_START and (server.has_extn("starttls") or not is_loopback(self.host)):
            if not server.has_extn("starttls"):
                raise NoMail("The mail server offers no encryption, so nothing is sent to it.")
            server.starttls(context=context)
            server.ehlo()
        if self.user:
            server.login(self.user, self.password)
