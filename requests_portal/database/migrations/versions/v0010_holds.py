"""Holds name exact versions with the store's answers, have kinds, scopes and renewals; aliases; probes of the lock."""

import sqlalchemy as sa
from alembic import op

from requests_portal.database.kept_while_held import protect_held

revision = "0010"
down_revision = "0009"

MOMENT = sa.String(length=32)


def upgrade() -> None:
    """What was held before is written down as it is catalogued now; its kind and scopes come with the next round."""
    op.add_column("holds", sa.Column("kind", sa.String(length=16), nullable=False, server_default=""))
    op.add_column("holds", sa.Column("narrowed_at", MOMENT, nullable=True))
    op.add_column("holds", sa.Column("renewal", sa.Text(), nullable=True))
    op.add_column("holds", sa.Column("released_by", sa.String(length=64), nullable=False, server_default=""))
    _write_versions_down()
    op.create_index("ix_held_recordings_state_since", "held_recordings", ["state", "since"])
    op.create_table(
        "hold_scopes",
        sa.Column("hold_id", sa.String(length=36), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("start", MOMENT, nullable=False),
        sa.Column("end", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["hold_id"], ["holds.id"], name=op.f("fk_hold_scopes_hold_id")),
        sa.PrimaryKeyConstraint("hold_id", "account", "device", "start", "end", name=op.f("pk_hold_scopes")),
    )
    op.create_index(op.f("ix_hold_scopes_account"), "hold_scopes", ["account"])
    op.create_table(
        "aliases",
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("alias", sa.String(length=64), nullable=False),
        sa.Column("entered_by", sa.String(length=64), nullable=False),
        sa.Column("entered_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("account", "alias", name=op.f("pk_aliases")),
    )
    op.create_index(op.f("ix_aliases_alias"), "aliases", ["alias"])
    op.create_table(
        "lock_probes",
        sa.Column("bucket", sa.String(length=63), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("denied", sa.Boolean(), nullable=True),
        sa.Column("failure", sa.String(length=300), nullable=False),
        sa.Column("left", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("bucket", "at", name=op.f("pk_lock_probes")),
    )
    protect_held(op.get_bind())


def _write_versions_down() -> None:
    text = {"bucket": 63, "key": 1024, "version_id": 200, "sha256": 64, "since": 32}
    text |= {"transcript_key": 1024, "transcript_version": 200}
    with op.batch_alter_table("held_recordings") as held:
        held.drop_constraint("fk_held_recordings_recording_id", type_="foreignkey")
        for name, length in text.items():
            held.add_column(sa.Column(name, sa.String(length=length), nullable=False, server_default=""))
        held.add_column(sa.Column("size", sa.BigInteger(), nullable=False, server_default="0"))
        held.add_column(sa.Column("answer", sa.String(length=16), nullable=True))
        held.add_column(sa.Column("asked_at", MOMENT, nullable=True))
        held.add_column(sa.Column("contradicted_at", MOMENT, nullable=True))
    named = ("bucket", "key", "version_id", "size", "sha256", "transcript_key", "transcript_version")
    one = "{0} = (SELECT r.{0} FROM recordings r WHERE r.id = recording_id)"
    taken = ", ".join(map(one.format, named))
    since = "since = (SELECT h.placed_at FROM holds h WHERE h.id = hold_id)"
    op.execute(f"UPDATE held_recordings SET {taken}, {since}")  # noqa: S608 — our own names
