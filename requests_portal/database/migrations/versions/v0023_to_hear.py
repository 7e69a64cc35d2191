"""Which cases have recordings that reviewers are asked to hear."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    """Nothing is to be heard yet."""
    op.create_table(
        "to_hear",
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("needed", sa.String(length=32), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_to_hear_case_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_to_hear")),
    )
