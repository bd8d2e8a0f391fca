"""Create todos.

What it does, as data: migrations/ops/f05dcccf64c5.json
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "f05dcccf64c5"
down_revision = None

TIMESTAMP = sa.DateTime(timezone=True).with_variant(mysql.DATETIME(fsp=6), "mysql")
UUID = sa.Uuid().with_variant(sa.Uuid(native_uuid=False), "mysql")


def upgrade() -> None:
    op.create_table(
        "todos",
        sa.Column("id", UUID, nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("done", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("created_at", TIMESTAMP, nullable=False),
        sa.Column("updated_at", TIMESTAMP, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_todos"),
        sa.CheckConstraint("length(title) >= 1", name="ck_todos_title_9a166d"),
        mysql_engine="InnoDB",
        mysql_collate="utf8mb4_bin",
    )


def downgrade() -> None:
    op.drop_table("todos")
