"""What differs between catalogue and store, and event messages that nobody can read."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Nothing has been looked at yet."""
    op.create_table(
        "store_findings",
        sa.Column("bucket", sa.String(length=63), nullable=False),
        sa.Column("key", sa.String(length=1024), nullable=False),
        sa.Column("version_id", sa.String(length=1024), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=False),
        sa.Column("detail", sa.String(length=300), nullable=False),
        sa.Column("first_seen", sa.String(length=32), nullable=False),
        sa.Column("last_seen", sa.String(length=32), nullable=False),
        sa.Column("resolved_at", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("bucket", "key", "version_id", "kind", name=op.f("pk_store_findings")),
    )
    op.create_index(op.f("ix_store_findings_resolved_at"), "store_findings", ["resolved_at"])
    op.create_table(
        "events_set_aside",
        sa.Column("message_id", sa.String(length=100), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_events_set_aside")),
    )
    some = sa.text("transcript_key <> ''")
    op.create_index(
        "ix_recordings_transcript_key", "recordings", ["transcript_key"], sqlite_where=some, postgresql_where=some
    )
    op.create_index("ix_copies_bucket_key", "copies", ["bucket", "key"])
