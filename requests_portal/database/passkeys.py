"""Passkeys, links that are used once, and what browsers were asked, in SQL."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.orm import Session

from requests_portal.database.moments import from_text, maybe_moment, to_text
from requests_portal.database.tables import challenges, one_time_links, passkeys
from requests_portal.model.passkey import Credential, OneTimeLink, Passkey


class SqlPasskeys:
    """Fulfils the Passkeys port."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, new: Passkey) -> None:
        """Keep a passkey; a credential is kept once, whoever says it is theirs."""
        self._session.execute(
            insert(passkeys).values(
                sha256=_digest(new.credential.credential_id),
                id=new.id,
                owner=new.owner,
                customer=new.customer,
                user_handle=new.user_handle,
                credential_id=new.credential.credential_id,
                public_key=new.credential.public_key,
                sign_count=new.credential.sign_count,
                name=new.name,
                added_at=to_text(new.added_at),
            )
        )

    def is_known(self, credential_id: str) -> bool:
        """Whether the credential is or was somebody's."""
        query = select(passkeys.c.id).where(passkeys.c.sha256 == _digest(credential_id))
        return self._session.execute(query).first() is not None

    def by_credential(self, credential_id: str) -> Passkey | None:
        """The passkey with this credential, while its owner keeps it."""
        query = select(passkeys).where(passkeys.c.sha256 == _digest(credential_id), passkeys.c.removed_at.is_(None))
        row = self._session.execute(query).first()
        return None if row is None else _passkey(row)

    def of(self, owner: str) -> Sequence[Passkey]:
        """The owner's passkeys, oldest first."""
        query = select(passkeys).where(passkeys.c.owner == owner, passkeys.c.removed_at.is_(None))
        return [_passkey(row) for row in self._session.execute(query.order_by(passkeys.c.added_at))]

    def used(self, passkey: Passkey, *, sign_count: int, at: datetime) -> bool:
        """Remember its use; whether nobody used it in between with a count as high."""
        same = (passkeys.c.id == passkey.id) & (passkeys.c.sign_count == passkey.credential.sign_count)
        done = self._session.execute(update(passkeys).where(same).values(sign_count=sign_count, used_at=to_text(at)))
        return bool(done.rowcount)  # type: ignore[attr-defined]

    def remove(self, passkey_id: str, *, owner: str, at: datetime) -> bool:
        """Let the owner's passkey open nothing more; whether there was one."""
        theirs = (passkeys.c.id == passkey_id) & (passkeys.c.owner == owner) & passkeys.c.removed_at.is_(None)
        done = self._session.execute(update(passkeys).where(theirs).values(removed_at=to_text(at)))
        return bool(done.rowcount)  # type: ignore[attr-defined]


class SqlOneTimeLinks:
    """Fulfils the OneTimeLinks port."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, link: OneTimeLink) -> None:
        """Keep a link's digest; those of the owner's that have ended are forgotten."""
        over = one_time_links.c.ends_at < to_text(link.made_at)
        self._session.execute(delete(one_time_links).where(one_time_links.c.owner == link.owner, over))
        self._session.execute(
            insert(one_time_links).values(
                sha256=link.sha256,
                purpose=link.purpose,
                owner=link.owner,
                customer=link.customer,
                made_at=to_text(link.made_at),
                ends_at=to_text(link.ends_at),
            )
        )

    def use(self, sha256: str, *, at: datetime) -> OneTimeLink | None:
        """The link, if it has not ended and nobody has used it: now somebody has."""
        fits = (one_time_links.c.sha256 == sha256) & (one_time_links.c.ends_at > to_text(at))
        unused = update(one_time_links).where(fits, one_time_links.c.used_at.is_(None))
        if not self._session.execute(unused.values(used_at=to_text(at))).rowcount:  # type: ignore[attr-defined]
            return None
        row = self._session.execute(select(one_time_links).where(one_time_links.c.sha256 == sha256)).one()
        return OneTimeLink(
            sha256=row.sha256,
            purpose=row.purpose,
            owner=row.owner,
            customer=row.customer,
            made_at=from_text(row.made_at),
            ends_at=from_text(row.ends_at),
            used_at=at,
        )

    def end_of(self, owner: str) -> None:
        """Let no link of this owner open anything more."""
        self._session.execute(delete(one_time_links).where(one_time_links.c.owner == owner))


class SqlChallenges:
    """Fulfils the Challenges port."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, challenge: str, *, purpose: str, owner: str, body: str, ends_at: datetime) -> None:
        """Remember what a browser was asked."""
        values = {"purpose": purpose, "owner": owner, "body": body, "ends_at": to_text(ends_at)}
        self._session.execute(insert(challenges).values(sha256=_digest(challenge), **values))

    def take(self, challenge: str, *, purpose: str, owner: str, at: datetime) -> str | None:
        """What was kept with the challenge, if it still waits: then it does no longer."""
        fits = (
            (challenges.c.sha256 == _digest(challenge))
            & (challenges.c.purpose == purpose)
            & (challenges.c.owner == owner)
        )
        row = self._session.execute(select(challenges).where(fits)).first()
        if row is None or not self._session.execute(delete(challenges).where(fits)).rowcount:  # type: ignore[attr-defined]
            return None
        body: str = row.body
        return body if from_text(row.ends_at) > at else None

    def take_some(self, purpose: str, *, at: datetime, limit: int) -> Sequence[str]:
        """What was kept with some that still wait for this purpose: then they do no longer."""
        waiting = (challenges.c.purpose == purpose) & (challenges.c.ends_at > to_text(at))
        some = select(challenges.c.sha256).where(waiting).order_by(challenges.c.ends_at).limit(limit)
        taken = delete(challenges).where(challenges.c.sha256.in_(some)).returning(challenges.c.body)
        return list(self._session.execute(taken).scalars())

    def clear(self, *, ended_before: datetime) -> None:
        """Forget what nobody answered."""
        self._session.execute(delete(challenges).where(challenges.c.ends_at < to_text(ended_before)))


def _passkey(row: Row[Any]) -> Passkey:
    return Passkey(
        id=row.id,
        owner=row.owner,
        customer=row.customer,
        user_handle=row.user_handle,
        credential=Credential(credential_id=row.credential_id, public_key=row.public_key, sign_count=row.sign_count),
        name=row.name,
        added_at=from_text(row.added_at),
        used_at=maybe_moment(row.used_at),
    )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
