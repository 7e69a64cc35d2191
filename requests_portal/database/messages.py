"""Messages in SQL: written with the act they are about, sent afterwards."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from requests_portal.database.codec import to_json
from requests_portal.database.moments import from_text, to_text
from requests_portal.database.tables import messages
from requests_portal.model.message import Message, Outgoing


class SqlMessages:
    """Fulfils the Messages port."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, message: Message, *, id: str, at: datetime) -> None:  # noqa: A002 — the word for it
        """Keep a message to be sent; one with its key that is there already makes it superfluous."""
        if self._session.execute(select(messages.c.id).where(messages.c.key == message.key)).first() is None:
            values = {**vars(message), "words": to_json(dict(message.words)), "id": id, "at": to_text(at)}
            self._session.execute(insert(messages).values(**values, next_try_at=to_text(at), tries=0, failure=""))

    def address(self, outgoing: Outgoing, addresses: Mapping[str, str]) -> None:
        """Let a message be one for each address, by the id of each; its own goes to one of them.

        Where another worker did so meanwhile, nothing changes.
        """
        message = outgoing.message
        waits = (messages.c.id == outgoing.id) & (messages.c.to == message.to) & messages.c.sent_at.is_(None)
        first = update(messages).where(waits).values(to=addresses[outgoing.id], tries=0, failure="")
        if self._session.execute(first).rowcount:  # type: ignore[attr-defined]
            for each, to in addresses.items():
                if each != outgoing.id:
                    self.add(replace(message, key=each, to=to), id=each, at=outgoing.at)

    def due(self, at: datetime, *, limit: int) -> Sequence[Outgoing]:
        """What is to be sent by now, the longest due first."""
        waits = messages.c.sent_at.is_(None) & (messages.c.next_try_at <= to_text(at))
        rows = self._session.execute(select(messages).where(waits).order_by(messages.c.next_try_at).limit(limit))
        return [
            Outgoing(
                id=row.id,
                at=from_text(row.at),
                tries=row.tries,
                message=Message(key=row.key, to=row.to, template=row.template, words=json.loads(row.words)),
            )
            for row in rows
        ]

    def sent(self, message_id: str, *, at: datetime) -> None:
        """Record that it was sent."""
        values = {"sent_at": to_text(at), "next_try_at": None, "failure": ""}
        self._session.execute(update(messages).where(messages.c.id == message_id).values(**values))

    def failed(self, message_id: str, *, failure: str, next_try_at: datetime) -> None:
        """Record why it could not be sent, and when it is tried again."""
        values = {"failure": failure[:300], "next_try_at": to_text(next_try_at), "tries": messages.c.tries + 1}
        waits = (messages.c.id == message_id) & messages.c.sent_at.is_(None)
        self._session.execute(update(messages).where(waits).values(**values))
