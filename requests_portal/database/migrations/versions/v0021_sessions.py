"""Who works here, who is signed in, with what they sign in, and what waits for them to do so."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"

Moment = sa.String(length=32)


def upgrade() -> None:
    """Make the tables of signing in, and copy each customer's address to where they are found by it."""
    _people()
    _sessions()
    _passkeys()
    _links()
    _waiting()
    _customers()


def _people() -> None:
    op.create_table(
        "people",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("mail", sa.String(length=254), nullable=False),
        sa.Column("roles", sa.String(length=300), nullable=False),
        sa.Column("issuer", sa.String(length=300)),
        sa.Column("subject", sa.String(length=255)),
        sa.Column("since", Moment, nullable=False),
        sa.Column("left_at", Moment),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("mail", name=op.f("uq_people_mail")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_people_issuer")),
    )


def _sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("customer", sa.Boolean(), nullable=False),
        sa.Column("how", sa.String(length=32), nullable=False),
        sa.Column("browser", sa.String(length=80), nullable=False),
        sa.Column("begun_at", Moment, nullable=False),
        sa.Column("auth_at", Moment, nullable=False),
        sa.Column("seen_at", Moment, nullable=False),
        sa.Column("ended_at", Moment),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_sessions_token_sha256")),
    )
    op.create_index(op.f("ix_sessions_person"), "sessions", ["person"])


def _passkeys() -> None:
    op.create_table(
        "passkeys",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("owner", sa.String(length=64), nullable=False),
        sa.Column("customer", sa.Boolean(), nullable=False),
        sa.Column("user_handle", sa.String(length=86), nullable=False),
        sa.Column("credential_id", sa.Text(), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("added_at", Moment, nullable=False),
        sa.Column("used_at", Moment),
        sa.Column("removed_at", Moment),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_passkeys")),
        sa.UniqueConstraint("id", name=op.f("uq_passkeys_id")),
    )
    op.create_index(op.f("ix_passkeys_owner"), "passkeys", ["owner"])


def _links() -> None:
    op.create_table(
        "one_time_links",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("owner", sa.String(length=64), nullable=False),
        sa.Column("customer", sa.Boolean(), nullable=False),
        sa.Column("made_at", Moment, nullable=False),
        sa.Column("ends_at", Moment, nullable=False),
        sa.Column("used_at", Moment),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_one_time_links")),
    )
    op.create_index(op.f("ix_one_time_links_owner"), "one_time_links", ["owner"])


def _waiting() -> None:
    op.create_table(
        "challenges",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("owner", sa.String(length=64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("ends_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_challenges")),
    )
    op.create_index(op.f("ix_challenges_ends_at"), "challenges", ["ends_at"])
    op.create_table(
        "attempts",
        sa.Column("bucket", sa.String(length=100), nullable=False),
        sa.Column("begins_at", Moment, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("bucket", "begins_at", name=op.f("pk_attempts")),
    )
    op.create_table(
        "sent_forms",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("owner", sa.String(length=64), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("ends_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sent_forms")),
    )
    op.create_index(op.f("ix_sent_forms_owner"), "sent_forms", ["owner"])


def _customers() -> None:
    op.add_column("customers", sa.Column("mail", sa.String(length=254)))
    op.create_index(op.f("ix_customers_mail"), "customers", ["mail"])
    connection = op.get_bind()
    for account, body in connection.execute(sa.text("SELECT account, body FROM customers")).all():
        mail = str(json.loads(body).get("email", "")).strip().lower()
        known = {"account": account, "mail": mail[:254] or None}
        connection.execute(sa.text("UPDATE customers SET mail = :mail WHERE account = :account"), known)
