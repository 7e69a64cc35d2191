"""Delivery: what protects, ends and renews a release link; until when the vault keeps a document; recalls."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Give releases issues and PINs, and make the tables of envelopes and recalls."""
    op.add_column("documents", sa.Column("kept_until", sa.String(length=32), nullable=True))
    _set_receipts_aside()
    _renew_releases()
    _put_receipts_back()
    op.create_table(
        "envelopes",
        sa.Column("release", sa.String(length=36), nullable=False),
        sa.Column("document", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("version_id", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["release"], ["releases.id"], name=op.f("fk_envelopes_release")),
        sa.PrimaryKeyConstraint("release", "document", name=op.f("pk_envelopes")),
    )
    op.create_table(
        "recalls",
        sa.Column("production", sa.String(length=36), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("replaced_by", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(["production"], ["productions.id"], name=op.f("fk_recalls_production")),
        sa.ForeignKeyConstraint(["replaced_by"], ["productions.id"], name=op.f("fk_recalls_replaced_by")),
        sa.PrimaryKeyConstraint("production", name=op.f("pk_recalls")),
    )
    op.create_table(
        "recall_lists",
        sa.Column("signed_at", sa.String(length=32), nullable=False),
        sa.Column("file", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("signed_at", name=op.f("pk_recall_lists")),
    )


def _renew_releases() -> None:
    # A link of before has no PIN that fits it: its recipient is given a new issue.
    with op.batch_alter_table("releases") as releases:
        releases.drop_constraint("uq_releases_production", type_="unique")
        releases.add_column(sa.Column("issue", sa.Integer(), nullable=False, server_default="1"))
        releases.add_column(sa.Column("live", sa.Integer(), nullable=True, server_default="1"))
        releases.add_column(sa.Column("pin_hash", sa.String(length=200), nullable=False, server_default=""))
        releases.add_column(sa.Column("wrong_pins", sa.Integer(), nullable=False, server_default="0"))
        releases.add_column(sa.Column("certificate", sa.Text(), nullable=False, server_default=""))
        releases.add_column(sa.Column("revoked_at", sa.String(length=32), nullable=True))
        releases.add_column(sa.Column("revoked_by", sa.String(length=64), nullable=False, server_default=""))
        releases.add_column(sa.Column("revoked_because", sa.Text(), nullable=False, server_default=""))
        releases.create_unique_constraint("uq_releases_issue", ["production", "recipient", "issue"])
        releases.create_unique_constraint("uq_releases_live", ["production", "recipient", "live"])
    with op.batch_alter_table("releases") as releases:
        for name in ("issue", "live", "pin_hash", "wrong_pins", "certificate", "revoked_by", "revoked_because"):
            releases.alter_column(name, server_default=None)


def _set_receipts_aside() -> None:
    # SQLite makes the table of releases anew, which it does not while receipts refer to its rows.
    if op.get_bind().dialect.name == "sqlite":
        op.execute("CREATE TEMPORARY TABLE set_aside AS SELECT * FROM receipts")
        op.execute("DELETE FROM receipts")


def _put_receipts_back() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("INSERT INTO receipts SELECT * FROM set_aside")
        op.execute("DROP TABLE set_aside")
