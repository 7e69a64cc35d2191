"""Each time that a customer could read who listened is kept, so that what they could read at a moment stays known."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    """Make the table anew, since what tells its rows apart changes; what it holds stays."""
    kept = op.get_bind().execute(sa.text("SELECT case_id, account, at FROM told_hearings")).all()
    op.drop_table("told_hearings")
    told = op.create_table(
        "told_hearings",
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_told_hearings_case_id")),
        sa.PrimaryKeyConstraint("case_id", "account", "at", name=op.f("pk_told_hearings")),
    )
    op.create_index(op.f("ix_told_hearings_account"), "told_hearings", ["account"])
    op.bulk_insert(told, [{"case_id": case, "account": account, "at": at} for case, account, at in kept])
