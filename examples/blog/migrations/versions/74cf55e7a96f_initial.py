"""Create tags, users and 6 more.

What it does, as data: migrations/ops/74cf55e7a96f.json
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "74cf55e7a96f"
down_revision = None

TEXT = sa.Text().with_variant(mysql.MEDIUMTEXT(), "mysql")
TIMESTAMP = sa.DateTime(timezone=True).with_variant(mysql.DATETIME(fsp=6), "mysql")
UUID = sa.Uuid().with_variant(sa.Uuid(native_uuid=False), "mysql")


def upgrade() -> None:
    dialect = op.get_context().dialect.name
    op.create_table(
        "tags",
        sa.Column("id", UUID, nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("slug", sa.String(160), nullable=False),
        sa.Column("created_at", TIMESTAMP, nullable=False),
        sa.Column("updated_at", TIMESTAMP, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tags"),
        sa.CheckConstraint("length(name) >= 1", name="ck_tags_name_5b1610"),
        mysql_engine="InnoDB",
        mysql_collate="utf8mb4_bin",
    )
    op.create_index("uq_tags_slug", "tags", ["slug"], unique=True)
    if dialect == "mysql":
        op.add_column("tags", sa.Column("_lower_name", sa.String(40), sa.Computed("lower(name)", persisted=True)))
        op.create_index("uq_tags_name", "tags", ["_lower_name"], unique=True)
    else:
        op.create_index("uq_tags_name", "tags", [sa.text("lower(name)")], unique=True)
    op.create_index("ix_tags_name_id", "tags", ["name", "id"])

    op.create_table(
        "users",
        sa.Column("id", UUID, nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("password", sa.String(255), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("bio", TEXT),
        sa.Column("role", sa.String(32), server_default="reader", nullable=False),
        sa.Column("created_at", TIMESTAMP, nullable=False),
        sa.Column("updated_at", TIMESTAMP, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
        sa.CheckConstraint("length(name) >= 1", name="ck_users_name_5b1610"),
        sa.CheckConstraint("role IN ('reader', 'writer', 'admin')", name="ck_users_role_5a8782"),
        mysql_engine="InnoDB",
        mysql_collate="utf8mb4_bin",
    )
    op.create_index("uq_users_email", "users", ["email"], unique=True)

    op.create_table(
        "api_keys",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("user_id", UUID, nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("key_hash", sa.String(64), nullable=False),
        sa.Column("created_at", TIMESTAMP, nullable=False),
        sa.Column("expires_at", TIMESTAMP),
        sa.Column("last_used_at", TIMESTAMP),
        sa.PrimaryKeyConstraint("id", name="pk_api_keys"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_api_keys_user_id", ondelete="CASCADE"),
        mysql_engine="InnoDB",
        mysql_collate="utf8mb4_bin",
    )
    op.create_index("ix_api_keys_user_id", "api_keys", ["user_id"])

    op.create_table(
        "auth_sessions",
        sa.Column("id", UUID, nullable=False),
        sa.Column("user_id", UUID, nullable=False),
        sa.Column("created_at", TIMESTAMP, nullable=False),
        sa.Column("last_used_at", TIMESTAMP, nullable=False),
        sa.Column("ends_at", TIMESTAMP, nullable=False),
        sa.Column("revoked_at", TIMESTAMP),
        sa.Column("user_agent", sa.String(255)),
        sa.Column("ip_address", sa.String(45)),
        sa.PrimaryKeyConstraint("id", name="pk_auth_sessions"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_auth_sessions_user_id", ondelete="CASCADE"),
        mysql_engine="InnoDB",
        mysql_collate="utf8mb4_bin",
    )
    op.create_index("ix_auth_sessions_user_id", "auth_sessions", ["user_id"])
    op.create_index("ix_auth_sessions_ends_at", "auth_sessions", ["ends_at"])

    op.create_table(
        "posts",
        sa.Column("id", UUID, nullable=False),
        sa.Column("author_id", UUID, nullable=False),
        sa.Column("title", sa.String(160), nullable=False),
        sa.Column("slug", sa.String(160), nullable=False),
        sa.Column("summary", sa.String(300)),
        sa.Column("body", TEXT, nullable=False),
        sa.Column("status", sa.String(32), server_default="draft", nullable=False),
        sa.Column("published_at", TIMESTAMP),
        sa.Column("created_at", TIMESTAMP, nullable=False),
        sa.Column("updated_at", TIMESTAMP, nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_posts"),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name="fk_posts_author_id", ondelete="RESTRICT"),
        sa.CheckConstraint("length(title) >= 1", name="ck_posts_title_9a166d"),
        sa.CheckConstraint("length(body) >= 1", name="ck_posts_body_e5d2dc"),
        sa.CheckConstraint("status IN ('draft', 'published', 'archived')", name="ck_posts_status_8e7ec3"),
        sa.CheckConstraint(
            "NOT (status = 'published') OR published_at IS NOT NULL", name="ck_posts_status_published_at_efca9f"
        ),
        mysql_engine="InnoDB",
        mysql_collate="utf8mb4_bin",
    )
    op.create_index("uq_posts_slug", "posts", ["slug"], unique=True)
    if dialect == "postgresql":
        op.create_index("ix_posts_status_published_at", "posts", ["status", sa.text("published_at DESC NULLS LAST")])
        op.create_index(
            "ix_posts_author_id_published_at_id",
            "posts",
            ["author_id", sa.text("published_at DESC NULLS LAST"), sa.text("id DESC")],
        )
        op.create_index(
            "ix_posts_published_at_id", "posts", [sa.text("published_at DESC NULLS LAST"), sa.text("id DESC")]
        )
    else:
        op.create_index("ix_posts_status_published_at", "posts", ["status", sa.text("published_at DESC")])
        op.create_index(
            "ix_posts_author_id_published_at_id",
            "posts",
            ["author_id", sa.text("published_at DESC"), sa.text("id DESC")],
        )
        op.create_index("ix_posts_published_at_id", "posts", [sa.text("published_at DESC"), sa.text("id DESC")])

    op.create_table(
        "comments",
        sa.Column("id", UUID, nullable=False),
        sa.Column("post_id", UUID, nullable=False),
        sa.Column("author_id", UUID, nullable=False),
        sa.Column("parent_id", UUID),
        sa.Column("body", TEXT, nullable=False),
        sa.Column("hidden", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("created_at", TIMESTAMP, nullable=False),
        sa.Column("updated_at", TIMESTAMP, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_comments"),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name="fk_comments_post_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name="fk_comments_author_id", ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["parent_id"], ["comments.id"], name="fk_comments_parent_id", ondelete="CASCADE"),
        sa.CheckConstraint("length(body) >= 1", name="ck_comments_body_e5d2dc"),
        mysql_engine="InnoDB",
        mysql_collate="utf8mb4_bin",
    )
    op.create_index("ix_comments_author_id_created_at_id", "comments", ["author_id", "created_at", "id"])
    op.create_index("ix_comments_created_at_id", "comments", ["created_at", "id"])
    op.create_index("ix_comments_post_id", "comments", ["post_id"])
    op.create_index("ix_comments_parent_id", "comments", ["parent_id"])

    op.create_table(
        "post_tags",
        sa.Column("post_id", UUID, nullable=False),
        sa.Column("tag_id", UUID, nullable=False),
        sa.PrimaryKeyConstraint("post_id", "tag_id", name="pk_post_tags"),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name="fk_post_tags_post_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["tag_id"], ["tags.id"], name="fk_post_tags_tag_id", ondelete="CASCADE"),
        mysql_engine="InnoDB",
        mysql_collate="utf8mb4_bin",
    )
    op.create_index("ix_post_tags_tag_id", "post_tags", ["tag_id"])

    op.create_table(
        "refresh_tokens",
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("session_id", UUID, nullable=False),
        sa.Column("created_at", TIMESTAMP, nullable=False),
        sa.Column("expires_at", TIMESTAMP, nullable=False),
        sa.Column("used_at", TIMESTAMP),
        sa.PrimaryKeyConstraint("token_hash", name="pk_refresh_tokens"),
        sa.ForeignKeyConstraint(
            ["session_id"], ["auth_sessions.id"], name="fk_refresh_tokens_session_id", ondelete="CASCADE"
        ),
        mysql_engine="InnoDB",
        mysql_collate="utf8mb4_bin",
    )
    op.create_index("ix_refresh_tokens_session_id", "refresh_tokens", ["session_id"])


def downgrade() -> None:
    op.drop_table("refresh_tokens")
    op.drop_table("post_tags")
    op.drop_table("comments")
    op.drop_table("posts")
    op.drop_table("auth_sessions")
    op.drop_table("api_keys")
    op.drop_table("users")
    op.drop_table("tags")
