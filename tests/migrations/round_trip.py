"""Runs the revisions of a folder on a database: up, compare, down to nothing, up again.

Arguments: the folder, the URL. `expected.json` in the folder says what the last revision must have made.
"""

import asyncio
import json
import re
import sys
from pathlib import Path

import sqlalchemy as sa
from alembic import autogenerate, command
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.dialects import mysql, postgresql
from sqlalchemy.ext.asyncio import create_async_engine

MYSQL_TEXT = {"collation": "utf8mb4_bin"}


def column_type(text):
    word, _, arguments = text.partition("(")
    numbers = [int(number) for number in re.findall(r"\d+", arguments)]
    time = mysql.DATETIME(fsp=6)
    simple = {
        "text": sa.Text().with_variant(mysql.MEDIUMTEXT(**MYSQL_TEXT), "mysql"),
        "smallint": sa.SmallInteger(),
        "int": sa.Integer(),
        "bigint": sa.BigInteger(),
        "double": sa.Double(),
        "boolean": sa.Boolean(),
        "date": sa.Date(),
        "time": sa.Time().with_variant(mysql.TIME(fsp=6), "mysql"),
        "timestamptz": sa.DateTime(timezone=True).with_variant(time, "mysql"),
        "timestamp": sa.DateTime().with_variant(time, "mysql"),
        "duration": sa.BigInteger(),
        "uuid": sa.Uuid().with_variant(sa.Uuid(native_uuid=False), "mysql"),
        "json": sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
    }
    if word in simple:
        return simple[word]
    if word == "varchar":
        return sa.String(numbers[0]).with_variant(mysql.VARCHAR(numbers[0], **MYSQL_TEXT), "mysql")
    if word == "numeric":
        return sa.Numeric(*numbers)
    if numbers:
        return sa.LargeBinary(numbers[0]).with_variant(mysql.VARBINARY(numbers[0]), "mysql")
    return sa.LargeBinary().with_variant(mysql.MEDIUMBLOB(), "mysql")


def metadata_of(expected, dialect):
    """The tables as models would declare them on this database."""
    metadata = sa.MetaData()
    for table in expected["tables"]:
        items = []
        for column in table["columns"]:
            ty = column_type(column["type"])
            extra = [sa.Identity()] if column["identity"] else []
            if column["identity"] and column["type"] == "bigint":
                ty = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
            booleans = {"true": sa.true(), "false": sa.false()}
            sql = column["default"]
            default = None if sql is None else booleans.get(sql, sa.text(sql.replace(":", "\\:")))
            key = column["name"] in table["primary_key"]
            items.append(
                sa.Column(
                    column["name"], ty, *extra, nullable=column["nullable"], server_default=default, primary_key=key
                )
            )
        for key in table["foreign_keys"]:
            items.append(
                sa.ForeignKeyConstraint([key["column"]], [key["target"]], name=key["name"], ondelete=key["on_delete"])
            )
        for name, sql in table["checks"]:
            items.append(sa.CheckConstraint(sql.replace(":", "\\:"), name=name))
        for index in comparable(table["indexes"], dialect):
            parts = [part if kind == "column" else sa.text(part) for kind, part in index["parts"]]
            items.append(sa.Index(index["name"], *parts, unique=index["unique"], **options(index)))
        sa.Table(table["name"], metadata, *items)
    return metadata


def comparable(indexes, dialect):
    """Only PostgreSQL reports directions and expressions, and no model has the hidden columns of MySQL."""
    if dialect == "postgresql":
        return indexes
    return [
        index
        for index in indexes
        if all(kind == "column" and not part.startswith("_") for kind, part in index["parts"])
    ]


def index_columns(connection, table):
    """The plain columns of every index, from the catalogue."""
    if connection.dialect.name == "sqlite":
        names = connection.exec_driver_sql(f'PRAGMA index_list("{table}")').fetchall()
        return {
            row[1]: [
                column[2] for column in connection.exec_driver_sql(f'PRAGMA index_info("{row[1]}")') if column[2]
            ]
            for row in names
            if row[3] == "c"
        }
    return {index["name"]: index["column_names"] for index in sa.inspect(connection).get_indexes(table)}


def check_indexes(connection, expected):
    """What Alembic cannot compare: names and columns of all indexes, hidden ones included."""
    for table in expected["tables"]:
        found = index_columns(connection, table["name"])
        keys = {key["name"] for key in table["foreign_keys"]}
        found = {name: columns for name, columns in found.items() if name not in keys}
        wanted = {index["name"]: [plain(part) for part in index["parts"]] for index in table["indexes"]}
        wanted = {name: [part for part in parts if part] for name, parts in wanted.items()}
        if found != wanted:
            raise SystemExit(f"{table['name']}: {found} is not {wanted}")


def plain(part):
    """The column of a key part, without its direction; none of an expression."""
    kind, sql = part
    if kind == "column":
        return sql
    match = re.fullmatch(r"[`\"]?(\w+)[`\"]? DESC", sql)
    return match and match[1]


def options(index):
    options = dict(index["options"])
    for dialect in ("postgresql", "sqlite"):
        if index["condition"] is not None:
            options[f"{dialect}_where"] = sa.text(index["condition"])
    return options


def is_known_key(connection, metadata, key, reflected):
    """SQLite does not report the name and the action of a foreign key that came with an added column."""
    (column,) = key.column_keys
    if reflected:
        columns = metadata.tables[key.table.name].c
        return key.name is None and column in columns and bool(columns[column].foreign_keys)
    rows = connection.exec_driver_sql(f'PRAGMA foreign_key_list("{key.table.name}")')
    found = {(row[3], row[2], row[6]) for row in rows}
    target = key.elements[0].target_fullname.partition(".")[0]
    return (column, target, key.ondelete or "NO ACTION") in found


def include_object_of(metadata, connection):
    dialect = connection.dialect.name

    def include_object(item, name, kind, reflected, _compared):
        if kind == "foreign_key_constraint" and dialect == "sqlite":
            return not is_known_key(connection, metadata, item, reflected)
        if kind == "column":
            is_counted = dialect != "postgresql" and item.identity is not None
            return not is_counted and not (reflected and name.startswith("_"))
        if kind == "index" and reflected:
            return name in {index.name for index in metadata.tables[item.table.name].indexes}
        return True

    return include_object


def compare_type(context, _column, inspected, _model, model):
    if context.dialect.name != "mysql":
        return None
    pairs = {("LONGTEXT", "JSON"), ("TINYINT", "Boolean")}
    return False if (type(inspected).__name__, type(model).__name__) in pairs else None


def compare_default(context, inspected, _model, found, _wanted, rendered):
    if found is None or rendered is None:
        return False if "TEXT" in str(inspected.type) else None
    return plain_default(found) != plain_default(rendered)


def plain_default(sql):
    text = str(sql).replace("%%", "%")
    while text.startswith("(") and text.endswith(")"):
        text = text[1:-1]
    if text.startswith("'"):
        text = text[1:-1].replace("\\'", "'").replace("''", "'").replace("\\\\", "\\")
    else:
        text = re.sub(r"\(6?\)$", "", text.lower())
    synonyms = {"true": "1", "false": "0", "curdate": "current_date", "curtime": "current_time"}
    text = synonyms.get(text, text)
    return re.sub(r"\.?0+$", "", text) if re.search(r"\d\.\d+$", text) else text


def run(connection, config, action):
    script = ScriptDirectory.from_config(config)
    environment = EnvironmentContext(config, script, fn=action)
    environment.configure(
        connection=connection, transaction_per_migration=True, transactional_ddl=connection.dialect.name != "mysql"
    )
    with environment.begin_transaction():
        environment.run_migrations()


def fill(connection, config, rows):
    """Upgrades to the first revision and fills its tables."""
    script = ScriptDirectory.from_config(config)
    run(connection, config, lambda current, _context: script._upgrade_revs("+1", current))
    for statement in filter(None, map(str.strip, rows.split(";"))):
        connection.exec_driver_sql(statement)
    connection.commit()


def upgrade(connection, config):
    script = ScriptDirectory.from_config(config)
    run(connection, config, lambda current, _context: script._upgrade_revs("heads", current))


def downgrade(connection, config):
    script = ScriptDirectory.from_config(config)
    run(connection, config, lambda current, _context: script._downgrade_revs("base", current))


def differences(connection, metadata):
    context = MigrationContext.configure(
        connection,
        opts={
            "compare_type": compare_type,
            "compare_server_default": compare_default if connection.dialect.name == "mysql" else True,
            "include_object": include_object_of(metadata, connection),
            "target_metadata": metadata,
            "autogenerate_plugins": ["alembic.autogenerate.*", "alembic.ext.checkconstraint_byname"],
        },
    )
    return autogenerate.compare_metadata(context, metadata)


def tables(connection):
    return sorted(set(sa.inspect(connection).get_table_names()) - {"alembic_version"})


def check(connection, folder):
    config = Config()
    config.set_main_option("script_location", str(folder / "migrations"))
    config.set_main_option("path_separator", "os")
    expected = json.loads((folder / "expected.json").read_text())
    metadata = metadata_of(expected, connection.dialect.name)
    rows = folder / "rows.sql"
    for _ in range(2):
        if rows.exists():
            fill(connection, config, rows.read_text())
        upgrade(connection, config)
        found = differences(connection, metadata)
        if found:
            raise SystemExit("\n".join(map(repr, found)))
        if connection.dialect.name != "postgresql":
            check_indexes(connection, expected)
        last = tables(connection)
        downgrade(connection, config)
        if tables(connection):
            raise SystemExit(f"left: {tables(connection)}")
    upgrade(connection, config)
    print(f"{connection.dialect.name}: {len(last)} tables")


async def main():
    folder, url = Path(sys.argv[1]), sys.argv[2]
    arguments = {"isolation_level": None} if url.startswith("sqlite") else {}
    engine = create_async_engine(url, connect_args=arguments, poolclass=sa.NullPool)
    if url.startswith("sqlite"):
        sa.event.listen(engine.sync_engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    async with engine.connect() as connection:
        await connection.run_sync(check, folder)
    await engine.dispose()


asyncio.run(main())
