"""The catalogue clustered by whose recording it is and when, each object once, and a random name for each customer."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

ROWS = 1000
# What SQLite's rows carry over as they are.
CARRIED = (
    "id, account, device, recorded_at, zone, key, version_id, size, sha256, media_type, transcript, speakers, reviews, "
    "false_wake, words, bucket, transcript_key, transcript_version, retain_until"
)


def upgrade() -> None:
    """Lay the recordings in order and give each customer a pseudonym; of what is there nobody knows the length yet."""
    op.create_table(
        "pseudonyms",
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("pseudonym", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_pseudonyms")),
        sa.UniqueConstraint("pseudonym", name=op.f("uq_pseudonyms_pseudonym")),
    )
    _name_customers()
    if op.get_bind().dialect.name == "sqlite":
        _make_anew()
    else:
        _alter()
    op.create_index("ix_recordings_account_recorded_at", "recordings", ["account", "recorded_at", "id"])
    op.create_index("ix_recordings_device_recorded_at", "recordings", ["device", "recorded_at", "id"])


def _name_customers() -> None:
    connection, last = op.get_bind(), ""
    some = sa.text("SELECT DISTINCT account FROM recordings WHERE account > :last ORDER BY account LIMIT :rows")
    while accounts := connection.execute(some, {"last": last, "rows": ROWS}).scalars().all():
        connection.execute(
            sa.text("INSERT INTO pseudonyms (account, pseudonym) VALUES (:account, :pseudonym)"),
            [{"account": account, "pseudonym": secrets.token_hex(10)} for account in accounts],
        )
        last = accounts[-1]


def _make_anew() -> None:
    # SQLite makes a table anew, which it does not while others refer to its rows.
    children = ("held_recordings", "copies")
    for child in children:
        op.execute(f"CREATE TEMPORARY TABLE aside_{child} AS SELECT * FROM {child}")  # noqa: S608 — our own names
        op.execute(f"DELETE FROM {child}")  # noqa: S608 — same
    _clustered("recordings_in_order")
    op.execute(
        f"INSERT INTO recordings_in_order ({CARRIED}, pseudonym) SELECT {CARRIED}, "  # noqa: S608 — same
        "(SELECT named.pseudonym FROM pseudonyms named WHERE named.account = recordings.account) "
        "FROM recordings ORDER BY account, device, recorded_at, id"
    )
    op.drop_table("recordings")
    op.rename_table("recordings_in_order", "recordings")
    with op.batch_alter_table("copies") as copies:
        copies.alter_column("key", type_=sa.String(length=1024))
    for child in children:
        op.execute(f"INSERT INTO {child} SELECT * FROM aside_{child}")  # noqa: S608 — same
        op.execute(f"DROP TABLE aside_{child}")


def _clustered(name: str) -> None:
    op.create_table(
        name,
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("recorded_at", sa.String(length=32), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=1024), nullable=False),
        sa.Column("version_id", sa.String(length=200), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=64), nullable=False),
        sa.Column("transcript", sa.Text(), nullable=False),
        sa.Column("speakers", sa.Text(), nullable=False),
        sa.Column("reviews", sa.Text(), nullable=False),
        sa.Column("false_wake", sa.Boolean(), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("bucket", sa.String(length=63), nullable=False, server_default=""),
        sa.Column("pseudonym", sa.String(length=64), nullable=False, server_default=""),
        sa.Column("transcript_key", sa.String(length=1024), nullable=False, server_default=""),
        sa.Column("transcript_version", sa.String(length=200), nullable=False, server_default=""),
        sa.Column("retain_until", sa.String(length=32), nullable=True),
        sa.Column("seconds", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("account", "device", "recorded_at", "id", name=op.f("pk_recordings")),
        sa.UniqueConstraint("id", name=op.f("uq_recordings_id")),
        sa.UniqueConstraint("bucket", "key", "version_id", name=op.f("uq_recordings_bucket")),
        sqlite_with_rowid=False,
    )


def _alter() -> None:
    for child in ("held_recordings", "copies"):
        op.drop_constraint(f"fk_{child}_recording_id", child, type_="foreignkey")
    op.drop_constraint("pk_recordings", "recordings", type_="primary")
    op.drop_index("ix_recordings_account_recorded_at", "recordings")
    op.add_column("recordings", sa.Column("seconds", sa.Float(), nullable=True))
    op.alter_column("recordings", "size", type_=sa.BigInteger())
    for table, column in (("recordings", "key"), ("recordings", "transcript_key"), ("copies", "key")):
        op.alter_column(table, column, type_=sa.String(length=1024))
    op.execute(
        "UPDATE recordings SET pseudonym = named.pseudonym FROM pseudonyms named "
        "WHERE named.account = recordings.account"
    )
    op.create_unique_constraint("uq_recordings_id", "recordings", ["id"])
    op.create_unique_constraint("uq_recordings_bucket", "recordings", ["bucket", "key", "version_id"])
    op.create_primary_key("pk_recordings", "recordings", ["account", "device", "recorded_at", "id"])
    op.execute("CLUSTER recordings USING pk_recordings")
    for child in ("held_recordings", "copies"):
        op.create_foreign_key(f"fk_{child}_recording_id", child, "recordings", ["recording_id"], ["id"])
