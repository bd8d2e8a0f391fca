"""Create accounts, account_profiles and 10 more.

What it does, as data: migrations/ops/c623eaa28f5c.json
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql, postgresql

revision = "c623eaa28f5c"
down_revision = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
LOCAL_TIMESTAMP = sa.DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql")
TEXT = sa.Text().with_variant(mysql.MEDIUMTEXT(), "mysql")
TIME = sa.Time().with_variant(mysql.TIME(fsp=6), "mysql")
TIMESTAMP = sa.DateTime(timezone=True).with_variant(mysql.DATETIME(fsp=6), "mysql")
UUID = sa.Uuid().with_variant(sa.Uuid(native_uuid=False), "mysql")


def upgrade() -> None:
    dialect = op.get_context().dialect.name
    op.create_table(
        "accounts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), sa.Identity(), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("password", sa.String(255), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("role", sa.String(32), server_default="customer", nullable=False),
        sa.Column("timezone", sa.String(64), server_default="Europe/Oslo", nullable=False),
        sa.Column("locale", sa.String(35), server_default="en", nullable=False),
        sa.Column("created_at", TIMESTAMP, nullable=False),
        sa.Column("updated_at", TIMESTAMP, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_accounts"),
        sa.CheckConstraint("length(name) >= 1", name="ck_accounts_name_5b1610"),
        sa.CheckConstraint("role IN ('customer', 'clerk', 'admin')", name="ck_accounts_role_f55350"),
        mysql_engine="InnoDB",
        mysql_collate="utf8mb4_bin",
    )
    op.create_index("uq_accounts_email", "accounts", ["email"], unique=True)

    op.create_table(
        "account_profiles",
        sa.Column("profile_id", sa.Integer(), sa.Identity(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("headline", sa.String(120), nullable=False),
        sa.Column("bio", TEXT),
        sa.Column("created_at", TIMESTAMP, nullable=False),
        sa.PrimaryKeyConstraint("profile_id", name="pk_account_profiles"),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name="fk_account_profiles_account_id", ondelete="CASCADE"
        ),
        sa.CheckConstraint("length(headline) >= 1", name="ck_account_profiles_headline_29e79d"),
        mysql_engine="InnoDB",
        mysql_collate="utf8mb4_bin",
    )
    op.create_index("uq_account_profiles_account_id", "account_profiles", ["account_id"], unique=True)
    op.create_index(
        "ix_account_profiles_account_id_created_at_profile_id",
        "account_profiles",
        ["account_id", sa.text("created_at DESC"), sa.text("profile_id DESC")],
    )
    op.create_index(
        "ix_account_profiles_created_at_profile_id",
        "account_profiles",
        [sa.text("created_at DESC"), sa.text("profile_id DESC")],
    )

    op.create_table(
        "api_keys",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("key_hash", sa.String(64), nullable=False),
        sa.Column("created_at", TIMESTAMP, nullable=False),
        sa.Column("expires_at", TIMESTAMP),
        sa.Column("last_used_at", TIMESTAMP),
        sa.PrimaryKeyConstraint("id", name="pk_api_keys"),
        sa.ForeignKeyConstraint(["user_id"], ["accounts.id"], name="fk_api_keys_user_id", ondelete="CASCADE"),
        mysql_engine="InnoDB",
        mysql_collate="utf8mb4_bin",
    )
    op.create_index("ix_api_keys_user_id", "api_keys", ["user_id"])

    op.create_table(
        "auth_sessions",
        sa.Column("id", UUID, nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", TIMESTAMP, nullable=False),
        sa.Column("last_used_at", TIMESTAMP, nullable=False),
        sa.Column("ends_at", TIMESTAMP, nullable=False),
        sa.Column("revoked_at", TIMESTAMP),
        sa.Column("user_agent", sa.String(255)),
        sa.Column("ip_address", sa.String(45)),
        sa.PrimaryKeyConstraint("id", name="pk_auth_sessions"),
        sa.ForeignKeyConstraint(["user_id"], ["accounts.id"], name="fk_auth_sessions_user_id", ondelete="CASCADE"),
        mysql_engine="InnoDB",
        mysql_collate="utf8mb4_bin",
    )
    op.create_index("ix_auth_sessions_user_id", "auth_sessions", ["user_id"])
    op.create_index("ix_auth_sessions_ends_at", "auth_sessions", ["ends_at"])

    op.create_table(
        "categories",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), sa.Identity(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("parent_id", sa.BigInteger()),
        sa.Column("position", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("created_at", TIMESTAMP, nullable=False),
        sa.Column("updated_at", TIMESTAMP, nullable=False),
        sa.Column("deleted_at", TIMESTAMP),
        sa.PrimaryKeyConstraint("id", name="pk_categories"),
        sa.ForeignKeyConstraint(["parent_id"], ["categories.id"], name="fk_categories_parent_id", ondelete="RESTRICT"),
        sa.CheckConstraint("length(name) >= 1", name="ck_categories_name_5b1610"),
        mysql_engine="InnoDB",
        mysql_collate="utf8mb4_bin",
    )
    if dialect == "postgresql":
        op.create_index(
            "uq_categories_parent_id_name",
            "categories",
            ["parent_id", "name"],
            unique=True,
            postgresql_where=sa.text("deleted_at IS NULL"),
            postgresql_nulls_not_distinct=True,
        )
    elif dialect == "mysql":
        op.add_column(
            "categories",
            sa.Column("_key_parent_id", sa.BigInteger(), sa.Computed("coalesce(parent_id, 0)", persisted=True)),
        )
        op.add_column(
            "categories", sa.Column("_null_parent_id", sa.Boolean(), sa.Computed("parent_id IS NULL", persisted=True))
        )
        op.add_column(
            "categories",
            sa.Column("_active", sa.Boolean(), sa.Computed("CASE WHEN deleted_at IS NULL THEN 1 END", persisted=True)),
        )
        op.create_index(
            "uq_categories_parent_id_name",
            "categories",
            ["_key_parent_id", "_null_parent_id", "name", "_active"],
            unique=True,
        )
    else:
        op.create_index(
            "uq_categories_parent_id_name",
            "categories",
            [sa.text("coalesce(parent_id, 0)"), sa.text("parent_id IS NULL"), "name"],
            unique=True,
            sqlite_where=sa.text("deleted_at IS NULL"),
        )
    op.create_index("ix_categories_position_name_id", "categories", ["position", "name", "id"])
    op.create_index("ix_categories_parent_id", "categories", ["parent_id"])

    op.create_table(
        "countries",
        sa.Column("id", sa.String(2), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("population", sa.BigInteger()),
        sa.PrimaryKeyConstraint("id", name="pk_countries"),
        sa.CheckConstraint("length(name) >= 1", name="ck_countries_name_5b1610"),
        sa.CheckConstraint("population >= 0", name="ck_countries_population_923439"),
        mysql_engine="InnoDB",
        mysql_collate="utf8mb4_bin",
    )
    if dialect == "mysql":
        op.add_column("countries", sa.Column("_lower_name", sa.String(80), sa.Computed("lower(name)", persisted=True)))
        op.create_index("uq_countries_name", "countries", ["_lower_name"], unique=True)
    else:
        op.create_index("uq_countries_name", "countries", [sa.text("lower(name)")], unique=True)
    op.create_index("ix_countries_name_id", "countries", ["name", "id"])

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

    op.create_table(
        "samples",
        sa.Column("id", UUID, nullable=False),
        sa.Column("title", sa.String(80), nullable=False),
        sa.Column("code", sa.String(32), nullable=False),
        sa.Column("notes", TEXT),
        sa.Column("tiny", sa.SmallInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("counter", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("ratio", sa.Double()),
        sa.Column("weight", sa.Numeric(10, 3), nullable=False),
        sa.Column("price", sa.Numeric(19, 2), server_default=sa.text("0"), nullable=False),
        sa.Column("discount", sa.Numeric(5, 2)),
        sa.Column("active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("born_on", sa.Date()),
        sa.Column(
            "opens_at",
            TIME,
            server_default=sa.text("'09\\:00\\:00.000000'" if dialect == "sqlite" else "'09\\:00\\:00'"),
            nullable=False,
        ),
        sa.Column(
            "happened_at",
            TIMESTAMP,
            server_default=sa.text("CURRENT_TIMESTAMP(6)" if dialect == "mysql" else "CURRENT_TIMESTAMP"),
            nullable=False,
        ),
        sa.Column("local_at", LOCAL_TIMESTAMP),
        sa.Column("took", sa.BigInteger()),
        sa.Column("token", UUID, nullable=False),
        sa.Column("level", sa.String(32), server_default="normal", nullable=False),
        sa.Column("contact", sa.String(254)),
        sa.Column("website", sa.String(2048)),
        sa.Column("slug", sa.String(160), nullable=False),
        sa.Column("phone", sa.String(16)),
        sa.Column("address", sa.String(45)),
        sa.Column("zone", sa.String(64)),
        sa.Column("language", sa.String(35)),
        sa.Column("country", sa.String(2)),
        sa.Column("currency", sa.String(3)),
        sa.Column("color", sa.String(7), server_default="#336699", nullable=False),
        sa.Column("settings", JSON, server_default=sa.text("('{}')"), nullable=False),
        sa.Column("anything", JSON),
        sa.Column("steps", JSON, server_default=sa.text("('[]')"), nullable=False),
        sa.Column("size", JSON, nullable=False),
        sa.Column("keywords", JSON, server_default=sa.text("('[]')"), nullable=False),
        sa.Column("payload", sa.LargeBinary(1024).with_variant(mysql.VARBINARY(1024), "mysql")),
        sa.Column("secret", sa.String(64)),
        sa.Column("internal", sa.String(20)),
        sa.Column("reviewed_on", sa.Date()),
        sa.Column("nickname", sa.String(20)),
        sa.Column("created_at", TIMESTAMP, nullable=False),
        sa.Column("updated_at", TIMESTAMP, nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_samples"),
        sa.CheckConstraint("length(title) >= 1", name="ck_samples_title_9a166d"),
        sa.CheckConstraint(
            "char_length(code) >= 3" if dialect == "mysql" else "length(code) >= 3", name="ck_samples_code_0681a1"
        ),
        sa.CheckConstraint("tiny >= 0 AND tiny <= 100", name="ck_samples_tiny_a5056f"),
        sa.CheckConstraint("ratio >= 0 AND ratio < 1", name="ck_samples_ratio_5fc138"),
        sa.CheckConstraint("weight > 0", name="ck_samples_weight_9dee46"),
        sa.CheckConstraint("price >= 0", name="ck_samples_price_5e4af9"),
        sa.CheckConstraint("discount >= 0 AND discount <= 100", name="ck_samples_discount_aefd42"),
        sa.CheckConstraint("born_on >= '1900-01-01'", name="ck_samples_born_on_3ca38d"),
        sa.CheckConstraint("took >= 0", name="ck_samples_took_3a1cc7"),
        sa.CheckConstraint("level IN ('low', 'normal', 'high')", name="ck_samples_level_5b3643"),
        sa.CheckConstraint(
            "char_length(secret) >= 8" if dialect == "mysql" else "length(secret) >= 8", name="ck_samples_secret_a142c9"
        ),
        sa.CheckConstraint(
            "char_length(nickname) >= 2" if dialect == "mysql" else "length(nickname) >= 2",
            name="ck_samples_nickname_83a224",
        ),
        sa.CheckConstraint("NOT (level = 'high') OR price > 0", name="ck_samples_high_level_has_price_0cea12"),
        sa.CheckConstraint(
            "CAST(tiny AS decimal(65)) + CAST(amount AS decimal(65)) >= 0"
            if dialect == "mysql"
            else "CAST(tiny AS numeric) + CAST(amount AS numeric) >= 0"
            if dialect == "postgresql"
            else "tiny + amount >= 0",
            name="ck_samples_tiny_amount_cb0a5a",
        ),
        mysql_engine="InnoDB",
        mysql_collate="utf8mb4_bin",
    )
    op.create_index("uq_samples_code", "samples", ["code"], unique=True)
    op.create_index("uq_samples_slug", "samples", ["slug"], unique=True)
    op.create_index("ix_samples_level_happened_at", "samples", ["level", sa.text("happened_at DESC")])
    op.create_index(
        "ix_samples_high",
        "samples",
        ["happened_at"],
        postgresql_where=sa.text("level = 'high'"),
        sqlite_where=sa.text("level = 'high'"),
    )
    op.create_index("ix_samples_happened_at_title_id", "samples", [sa.text("happened_at DESC"), "title", "id"])

    op.create_table(
        "orders",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), sa.Identity(), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("clerk_id", sa.BigInteger()),
        sa.Column("created_by_id", sa.BigInteger()),
        sa.Column("category_id", sa.BigInteger()),
        sa.Column("subject_sample_id", UUID),
        sa.Column("subject_category_id", sa.BigInteger()),
        sa.Column("class", sa.String(40)),
        sa.Column("metadata", JSON, server_default=sa.text("('{}')"), nullable=False),
        sa.Column("schema", sa.String(40)),
        sa.Column("order", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column(
            "date",
            sa.Date(),
            server_default=sa.text("(CURRENT_DATE)" if dialect == "mysql" else "CURRENT_DATE"),
            nullable=False,
        ),
        sa.Column("model_config", sa.String(40)),
        sa.Column("limit", sa.Integer()),
        sa.Column("ship_to_street", sa.String(160), nullable=False),
        sa.Column("ship_to_city", sa.String(80), nullable=False),
        sa.Column("ship_to_postal_code", sa.String(16)),
        sa.Column("ship_to_country", sa.String(2), server_default="NO", nullable=False),
        sa.Column("created_at", TIMESTAMP, nullable=False),
        sa.Column("updated_at", TIMESTAMP, nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_orders"),
        sa.ForeignKeyConstraint(["customer_id"], ["accounts.id"], name="fk_orders_customer_id", ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["clerk_id"], ["accounts.id"], name="fk_orders_clerk_id", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["accounts.id"], name="fk_orders_created_by_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["category_id"], ["categories.id"], name="fk_orders_category_id", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["subject_sample_id"], ["samples.id"], name="fk_orders_subject_sample_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["subject_category_id"], ["categories.id"], name="fk_orders_subject_category_id", ondelete="SET NULL"
        ),
        sa.CheckConstraint("length(number) >= 1", name="ck_orders_number_e4f120"),
        sa.CheckConstraint(
            "num_nonnulls(subject_sample_id, subject_category_id) <= 1"
            if dialect == "postgresql"
            else "(subject_sample_id IS NOT NULL) + (subject_category_id IS NOT NULL) <= 1",
            name="ck_orders_subject_sample_id_subject_category_id_bcf951",
        ).ddl_if(dialect=("postgresql", "sqlite")),
        sa.CheckConstraint("length(ship_to_street) >= 1", name="ck_orders_ship_to_street_c9e695"),
        sa.CheckConstraint("length(ship_to_city) >= 1", name="ck_orders_ship_to_city_f023c1"),
        sa.CheckConstraint("length(ship_to_postal_code) >= 1", name="ck_orders_ship_to_postal_code_338912"),
        sa.CheckConstraint("ship_to_country <> 'XX'", name="ck_orders_ship_to_country_6264cd"),
        mysql_engine="InnoDB",
        mysql_collate="utf8mb4_bin",
    )
    op.create_index("uq_orders_customer_id_number", "orders", ["customer_id", "number"], unique=True)
    op.create_index(
        "ix_orders_customer_id_created_at_id", "orders", ["customer_id", sa.text("created_at DESC"), sa.text("id DESC")]
    )
    op.create_index("ix_orders_clerk_id", "orders", ["clerk_id"])
    op.create_index("ix_orders_created_by_id", "orders", ["created_by_id"])
    op.create_index("ix_orders_category_id", "orders", ["category_id"])
    op.create_index("ix_orders_subject_sample_id", "orders", ["subject_sample_id"])
    op.create_index("ix_orders_subject_category_id", "orders", ["subject_category_id"])

    op.create_table(
        "order_follows",
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("follow_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("order_id", "follow_id", name="pk_order_follows"),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name="fk_order_follows_order_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["follow_id"], ["orders.id"], name="fk_order_follows_follow_id", ondelete="CASCADE"),
        mysql_engine="InnoDB",
        mysql_collate="utf8mb4_bin",
    )
    op.create_index("ix_order_follows_follow_id", "order_follows", ["follow_id"])

    op.create_table(
        "order_related",
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("related_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("order_id", "related_id", name="pk_order_related"),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name="fk_order_related_order_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["related_id"], ["orders.id"], name="fk_order_related_related_id", ondelete="CASCADE"),
        mysql_engine="InnoDB",
        mysql_collate="utf8mb4_bin",
    )
    op.create_index("ix_order_related_related_id", "order_related", ["related_id"])

    op.create_table(
        "order_samples",
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("sample_id", UUID, nullable=False),
        sa.PrimaryKeyConstraint("order_id", "sample_id", name="pk_order_samples"),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name="fk_order_samples_order_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["sample_id"], ["samples.id"], name="fk_order_samples_sample_id", ondelete="CASCADE"),
        mysql_engine="InnoDB",
        mysql_collate="utf8mb4_bin",
    )
    op.create_index("ix_order_samples_sample_id", "order_samples", ["sample_id"])


def downgrade() -> None:
    op.drop_table("order_samples")
    op.drop_table("order_related")
    op.drop_table("order_follows")
    op.drop_table("orders")
    op.drop_table("samples")
    op.drop_table("refresh_tokens")
    op.drop_table("countries")
    op.drop_table("categories")
    op.drop_table("auth_sessions")
    op.drop_table("api_keys")
    op.drop_table("account_profiles")
    op.drop_table("accounts")
